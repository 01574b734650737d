# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import pytest
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._domains.apps import apps_to_restart
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._domains.docker_settings import DockerSettings

ON, OFF = DockerSettings(enable_docker_access=True), DockerSettings()
ACCOUNTS = ("012345678901",)
TRUSTING = DockerSettings(enable_docker_access=True, vpc_only_trusted_accounts=ACCOUNTS)
TRUSTING_WITHOUT_ACCESS = DockerSettings(vpc_only_trusted_accounts=ACCOUNTS)


def app(**changes):
    return {"type": "JupyterLab", "name": "default", "status": "InService", "predates_domain_update": True, **changes}


@pytest.mark.parametrize(
    ("before", "after", "app", "restart"),
    [
        (OFF, ON, app(), True),
        (OFF, ON, app(predates_domain_update=False), True),
        (ON, OFF, app(), True),
        (ON, TRUSTING, app(), True),
        (ON, ON, app(), True),
        (ON, ON, app(predates_domain_update=False), False),
        (OFF, OFF, app(), False),
        # The accounts of a domain without Docker access reach no app.
        (OFF, TRUSTING_WITHOUT_ACCESS, app(), False),
        (None, None, app(), False),
        (OFF, ON, app(status="Deleted"), False),
        (OFF, ON, app(status="Pending"), True),
        (OFF, ON, app(type="Canvas"), False),
        (OFF, ON, app(type="CodeEditor"), True),
    ],
)
def test_apps_to_restart(before, after, app, restart):
    assert apps_to_restart([app], before != after, before, after) == ([app] if restart else [])
