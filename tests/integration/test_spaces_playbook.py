# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""enable_local_mode with the inventory studio_spaces: the order of the changes, whose apps it works in, and its report.

The apps are a port of this machine that refuses the connection: which hosts the playbook tries to reach is what counts.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from tests.sandbox import layout

LARGE = {"InstanceType": "ml.m5.large"}
NOWHERE = {"ansible_connection": "'ansible.builtin.ssh'", "ansible_host": "'127.0.0.1'", "ansible_port": "1"}


@pytest.fixture
def enable(endpoint, tmp_path):
    """Run enable_local_mode with the inventory; return the exit status and the output."""
    source = tmp_path / "studio_spaces.yml"
    options = {"plugin": "mlops.studio_local_mode.studio_spaces", "include_unreachable": True, "compose": NOWHERE}
    source.write_text(yaml.safe_dump(options))

    def run(*arguments, **variables):
        variables = {"domain_docker_access_domains": "research", **variables}
        command = [
            Path(sys.executable).with_name("ansible-playbook"),
            "playbooks/enable_local_mode.yml",
            f"--inventory={source}",
            f"--extra-vars={json.dumps(variables)}",
            *arguments,
        ]
        environment = {
            **os.environ,
            **endpoint.environment(),
            "ANSIBLE_COLLECTIONS_PATH": str(layout.COLLECTIONS),
            "ANSIBLE_SSH_RETRIES": "0",
        }
        done = subprocess.run(
            command, cwd=layout.ROOT, env=environment, capture_output=True, text=True, check=False, timeout=600
        )
        return done.returncode, done.stdout + done.stderr

    return run


def test_from_the_domain_to_every_app_of_it_and_the_report_names_the_others(endpoint, enable):
    research, other = endpoint.domain("research"), endpoint.domain("other")
    endpoint.app(research, space="ready", remote_access=True, ResourceSpec=LARGE)
    endpoint.app(research, space="off", ResourceSpec=LARGE)
    endpoint.app(research, space="small", ResourceSpec={"InstanceType": "ml.t3.medium"})
    endpoint.space(research, "empty", SpaceSettings={"AppType": "JupyterLab", "RemoteAccess": "ENABLED"})
    endpoint.app(other, space="theirs", remote_access=True, ResourceSpec=LARGE)
    endpoint.app(other, space="theirs-off", ResourceSpec=LARGE)
    code, output = enable(enable_remote_access=True, restart_apps=True)
    assert code != 0
    summary = output[output.index("TASK [Summary]") : output.index("PLAY RECAP")]
    assert "off in research: on, app restarted" in summary
    assert re.search(r"UNREACHABLE  2 apps: (off, ready|ready, off)\n", summary), summary
    assert "app_checks (1 app): ml.t3.medium has less than the 8 GiB" in summary
    assert "app_checks (1 app): it has no running app" in summary
    assert {"     Where: small", "     Where: empty"} <= set(summary.splitlines())
    assert "theirs" not in summary
    # Each app was restarted once for all changes.
    deleted = sorted(call.parameters["SpaceName"] for call in endpoint.calls("DeleteApp"))
    assert deleted == ["off", "ready", "small"]
    assert {call.parameters["DomainId"] for call in endpoint.mutating_calls() if "DomainId" in call.parameters} == {
        research
    }


@pytest.mark.slow
def test_check_mode_names_what_would_be_switched(endpoint, enable):
    research = endpoint.domain("research", {"EnableDockerAccess": "ENABLED"})
    endpoint.app(research, space="off", ResourceSpec=LARGE, created_before_update=False)
    code, output = enable("--check", enable_remote_access=True, restart_apps=True)
    assert code == 0, output
    assert "off in research: would be on, app would be restarted" in output
    assert "app_checks (1 app): remote access is off" in output
    assert "     Where: off\n" in output
    assert endpoint.mutating_calls() == []
