# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Settings of single domains in place of those for all."""

from __future__ import annotations

import pytest
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._aws.errors import SettingsError
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._domains.settings_of_domains import (
    requested_for,
    requested_for_domains,
)

GENERAL = {"enable_docker_access": True}


@pytest.mark.parametrize(
    ("name", "domain_id", "expected"),
    [
        ("research", "d-1", {"enable_docker_access": True}),
        ("production-eu", "d-1", {"enable_docker_access": False}),
        ("production-us", "d-1", {"enable_docker_access": True, "rootless_docker": True}),
        ("production-us", "d-9", {"enable_docker_access": False, "rootless_docker": True}),
    ],
)
def test_an_id_is_over_a_name_and_a_name_over_a_pattern(name, domain_id, expected):
    by_domain = requested_for_domains(
        {
            "d-9": {"enable_docker_access": "no"},
            "production-us": {"enable_docker_access": True, "rootless_docker": "true"},
            "production-*": {"enable_docker_access": False},
        }
    )
    assert requested_for({"DomainName": name, "DomainId": domain_id}, GENERAL, by_domain) == expected


@pytest.mark.parametrize(
    ("settings", "text"),
    [
        ("enabled", "domain_settings of research: it is no dictionary"),
        ({"enabled": True}, "domain_settings of research: enabled is none of enable_docker_access"),
        ({"enable_docker_access": "perhaps"}, "enable_docker_access is 'perhaps', it must be true or false"),
        ({"vpc_only_trusted_accounts": "111122223333"}, "it must be a list"),
        ({"vpc_only_trusted_accounts": [12345]}, "has 5 digits, YAML drops the leading zeros"),
        ({"enable_docker_access": False, "rootless_docker": True}, "domain_settings of research: "),
    ],
)
def test_invalid_settings_name_the_domain(settings, text):
    with pytest.raises(SettingsError, match=text):
        requested_for_domains({"research": settings})
