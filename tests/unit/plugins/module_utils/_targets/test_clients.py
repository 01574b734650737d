# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Where the roles of targets are assumed."""

from __future__ import annotations

import pytest
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._targets.clients import Clients
from botocore import configprovider

OPTION = "sts_regional_endpoints"


@pytest.mark.parametrize(
    ("set_by_the_user", "host"), [("", "sts.eu-west-1.amazonaws.com"), ("legacy", "sts.amazonaws.com")]
)
def test_tokens_are_of_the_region_so_that_regions_that_must_be_enabled_accept_them(monkeypatch, set_by_the_user, host):
    """As before botocore 1.40, where the global endpoint is the default."""
    variables = configprovider.BOTOCORE_DEFAUT_SESSION_VARIABLES
    monkeypatch.setitem(variables, OPTION, (*variables[OPTION][:2], "legacy", None))
    monkeypatch.delenv("AWS_STS_REGIONAL_ENDPOINTS", raising=False)
    if set_by_the_user:
        monkeypatch.setenv("AWS_STS_REGIONAL_ENDPOINTS", set_by_the_user)
    clients = Clients("eu-west-1", None, {"aws_access_key_id": "x", "aws_secret_access_key": "y"}, 60)
    assert clients._client_of_sts()._client.meta.endpoint_url == f"https://{host}"
