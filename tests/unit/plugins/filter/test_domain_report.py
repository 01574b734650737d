# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import pytest
from ansible.errors import AnsibleFilterError
from ansible_collections.mlops.studio_local_mode.plugins.filter.domain_report import domain_report


def domain(changed, enabled=True):
    return {"domain_id": "d-1", "changed": changed, "docker_settings": {"enable_docker_access": enabled}}


def app(**changes):
    return {"type": "JupyterLab", "name": "default", "status": "InService", "predates_domain_update": True, **changes}


@pytest.mark.parametrize(
    ("domain", "app", "restart"),
    [
        (domain(changed=True), app(), True),
        (domain(changed=True), app(predates_domain_update=False), True),
        (domain(changed=True, enabled=False), app(), True),
        (domain(changed=False), app(), True),
        (domain(changed=False), app(predates_domain_update=False), False),
        (domain(changed=False, enabled=False), app(), False),
        (domain(changed=True), app(status="Deleted"), False),
        (domain(changed=True), app(status="Pending"), True),
        (domain(changed=True), app(type="Canvas"), False),
        (domain(changed=True), app(type="CodeEditor"), True),
    ],
)
def test_apps_to_restart(domain, app, restart):
    [reported] = domain_report([{**domain, "apps": [app]}])
    assert reported == {**domain, "apps_to_restart": [app] if restart else []}


def test_without_the_apps_it_says_what_to_ask_the_module_for():
    with pytest.raises(AnsibleFilterError, match="include_apps: true"):
        domain_report([domain(changed=True)])
