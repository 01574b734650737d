# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Spaces with remote access at the sandbox's AWS endpoint and session gateway, and playbooks that run in them.

The commands of an app run on this machine, in a folder of their own as HOME, so that no container is needed.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

from tests.sandbox import layout
from tests.sandbox.aws_endpoint.client import Endpoint
from tests.sandbox.session_gateway.client import GatewayClient

CONNECTION = "mlops.studio_local_mode.studio_ssh"


class PlaybookRun:
    """A finished playbook."""

    def __init__(self, output: str, returncode: int) -> None:
        self.output = output
        self.returncode = returncode
        start = output.find("{\n")
        assert start >= 0, output
        plays = json.JSONDecoder().raw_decode(output[start:])[0]["plays"]
        self.tasks: list[dict[str, Any]] = [task for play in plays for task in play["tasks"]]

    def of(self, host: str) -> list[dict[str, Any]]:
        """Return the results of a host, in the order of the tasks."""
        return [task["hosts"][host] for task in self.tasks if host in task["hosts"]]

    def unreachable(self, host: str) -> str:
        """Return the message of a host whose last result is that it is unreachable."""
        last = self.of(host)[-1]
        assert last.get("unreachable"), self.output
        return str(last["msg"])


class World:
    """One domain; its spaces are the hosts."""

    def __init__(self, endpoint: Endpoint, gateway: GatewayClient, folder: Path) -> None:
        self.endpoint = endpoint
        self.gateway = gateway
        self.folder = folder
        self.domain_id = endpoint.domain()
        self.hosts: dict[str, dict[str, Any]] = {}
        self.sockets = folder.parent / "cp"
        endpoint.controls(session_gateway=gateway.address)
        gateway.ask("reset")

    def space(self, name: str = "ada", *, remote_access: bool = True, home: bool = True, **variables: Any) -> str:
        """Create a space with a running app. Returns its ARN."""
        self.endpoint.app(self.domain_id, space=name, remote_access=remote_access)
        arn = f"arn:aws:sagemaker:eu-west-1:123456789012:space/{self.domain_id}/{name}"
        self.hosts[name] = {"studio_space_arn": arn, **variables}
        folder = self.home(name)
        folder.mkdir(parents=True)
        self.gateway.add_space(arn, environment={"HOME": str(folder)} if home else {}, directory=str(folder))
        return arn

    def home(self, name: str = "ada") -> Path:
        """Return the home of a space's app."""
        return self.folder / "homes" / name

    def environment(self) -> dict[str, str]:
        """Return the environment of Ansible."""
        return {
            **os.environ,
            **self.endpoint.environment(),
            "ANSIBLE_COLLECTIONS_PATH": str(layout.COLLECTIONS),
            "ANSIBLE_STDOUT_CALLBACK": "ansible.posix.json",
            "ANSIBLE_SSH_CONTROL_PATH_DIR": str(self.sockets),
        }

    def start(
        self, *tasks: dict[str, Any], forks: int = 5, plays: int = 1, options: tuple[str, ...] = (), **environment: str
    ) -> Any:
        """Start a playbook with these tasks in all spaces, in so many plays."""
        shared = {
            "ansible_connection": CONNECTION,
            "ansible_python_interpreter": sys.executable,
            "ansible_user": "root",
        }
        inventory = self.folder / "inventory.json"
        inventory.write_text(json.dumps({"studio_apps": {"hosts": self.hosts, "vars": shared}}))
        playbook = self.folder / f"playbook-{time.monotonic_ns()}.json"
        play = {"hosts": "studio_apps", "gather_facts": False, "tasks": list(tasks)}
        playbook.write_text(json.dumps([play] * plays))
        command = ["ansible-playbook", f"--inventory={inventory}", f"--forks={forks}", *options, str(playbook)]
        return subprocess.Popen(
            [str(Path(sys.executable).with_name(command[0])), *command[1:]],
            env=self.environment() | environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )

    def play(self, *tasks: dict[str, Any], **how: Any) -> PlaybookRun:
        """Run a playbook with these tasks in all spaces."""
        with self.start(*tasks, **how) as process:
            output, _ = process.communicate(timeout=240)
        return PlaybookRun(output, process.returncode)

    def play_ok(self, *tasks: dict[str, Any], **how: Any) -> PlaybookRun:
        """Run a playbook that must succeed."""
        run = self.play(*tasks, **how)
        assert run.returncode == 0, run.output
        return run


def raw(command: str, **keywords: Any) -> dict[str, Any]:
    """Return a task that runs a command without Python."""
    return {"ansible.builtin.raw": command, **keywords}


PING = {"ansible.builtin.ping": None}
