# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import pytest
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._domains.apps import apps_to_restart
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._domains.docker_settings import DockerSettings

ON, OFF = DockerSettings(enable_docker_access=True), DockerSettings()


def app(**changes):
    return {"type": "JupyterLab", "name": "default", "status": "InService", "predates_domain_update": True, **changes}


@pytest.mark.parametrize(
    ("changed", "settings", "app", "restart"),
    [
        (True, ON, app(), True),
        (True, ON, app(predates_domain_update=False), True),
        (True, OFF, app(), True),
        (False, ON, app(), True),
        (False, ON, app(predates_domain_update=False), False),
        (False, OFF, app(), False),
        (False, None, app(), False),
        (True, ON, app(status="Deleted"), False),
        (True, ON, app(status="Pending"), True),
        (True, ON, app(type="Canvas"), False),
        (True, ON, app(type="CodeEditor"), True),
    ],
)
def test_apps_to_restart(changed, settings, app, restart):
    assert apps_to_restart([app], changed, settings) == ([app] if restart else [])
