# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import pytest
from ansible_collections.mlops.studio_local_mode.plugins.plugin_utils._spaces.select import Selection, listed

ARN = "arn:aws:sagemaker:eu-west-1:123456789012:domain/d-a"
DOMAIN = {"DomainId": "d-a", "DomainName": "team-a", "DomainArn": ARN}
SPACE = {
    "SpaceSettingsSummary": {"AppType": "CodeEditor"},
    "OwnershipSettingsSummary": {"OwnerUserProfileName": "ada"},
}


@pytest.mark.parametrize(
    ("options", "tags", "selected"),
    [
        ({}, {}, True),
        ({"domains": ["d-a"]}, {}, True),
        ({"domains": [ARN]}, {}, True),
        ({"domains": ["other", "team-*"]}, {}, True),
        ({"domains": ["team"]}, {}, False),
        ({"domain_tags": {"k": "v"}}, {"k": "v", "x": "y"}, True),
        ({"domain_tags": {"k": "v"}}, {"k": "w"}, False),
        ({"domains": ["d-a"], "domain_tags": {"k": "v"}}, {}, False),
    ],
)
def test_domains(options, tags, selected):
    assert Selection(**options).has_domain(DOMAIN, tags) is selected


@pytest.mark.parametrize(
    ("options", "space", "selected"),
    [
        ({}, {}, True),
        ({"app_types": ["CodeEditor"]}, SPACE, True),
        ({"app_types": ["JupyterLab"]}, SPACE, False),
        ({"owners": ["a?a"]}, SPACE, True),
        ({"owners": ["bob"]}, SPACE, False),
        ({"owners": ["*"]}, {}, False),
    ],
)
def test_spaces(options, space, selected):
    assert Selection(**options).has_space(space, None) is selected


def test_unknown_domains():
    assert Selection(["d-a", "x", "y-*"]).unknown_domains([DOMAIN]) == ["x", "y-*"]


def test_many_domains_are_not_all_listed():
    assert listed([]) == "none"
    assert listed([DOMAIN] * 12).endswith("team-a (d-a) and 2 more")
