# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The inventory studio_spaces and the connection studio_ssh together: what the one lists, the other reaches."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from tests.integration.studio_ssh_world import World


@pytest.mark.parametrize("named_in", ["environment", "file"])
def test_the_spaces_that_the_inventory_calls_reachable_answer_a_ping_and_a_role_is_assumed_for_both(
    world: World, named_in
) -> None:
    for name in ("Ada-Lab", "bob"):
        world.space(name)
    world.endpoint.app(world.domain_id, space="off")
    source = world.folder / "studio_spaces.yml"
    # The commands of these apps run on this machine, as its user and with its Python.
    here = {"ansible_python_interpreter": repr(sys.executable), "ansible_user": "'root'"}
    options = {"plugin": "mlops.studio_local_mode.studio_spaces", "include_unreachable": True, "compose": here}
    role, external_id = "arn:aws:iam::123456789012:role/studio", "of-the-team"
    environment = {}
    if named_in == "file":
        options |= {"assume_role_arn": role, "assume_role_external_id": external_id}
    else:
        environment = {"STUDIO_ROLE_ARN": role, "STUDIO_ROLE_EXTERNAL_ID": external_id}
    source.write_text(yaml.safe_dump(options))
    playbook = world.folder / "ping.json"
    play = {"hosts": "studio_apps", "gather_facts": False, "tasks": [{"ansible.builtin.ping": None}]}
    playbook.write_text(json.dumps([play]))
    done = subprocess.run(
        [Path(sys.executable).with_name("ansible-playbook"), f"--inventory={source}", playbook],
        env=world.environment() | environment,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
        timeout=240,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    [task] = json.loads(done.stdout[done.stdout.index("{\n") :])["plays"][0]["tasks"]
    assert {host: result["ping"] for host, result in task["hosts"].items()} == {"Ada-Lab": "pong", "bob": "pong"}
    # The keys of the role differ from those of the environment, which only assumed it.
    used = {call.principal for call in world.endpoint.calls() if call.operation in ("ListSpaces", "StartSession")}
    assert {call.principal for call in world.endpoint.calls("AssumeRole")} & used == set()
    assert len(world.endpoint.calls("StartSession")) == 2
