# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Real runs of ansible-playbook against the sandbox's AWS endpoint."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.sandbox import layout
from tests.sandbox.aws_endpoint import process
from tests.sandbox.aws_endpoint.client import Endpoint

COLLECTION = "mlops.studio_local_mode"


@pytest.fixture(scope="session")
def endpoint_url(tmp_path_factory):
    folder = tmp_path_factory.mktemp("aws")
    yield process.start(folder)
    process.stop(folder)


@pytest.fixture
def endpoint(endpoint_url):
    """A healthy, empty SageMaker in eu-west-1."""
    endpoint = Endpoint(endpoint_url)
    endpoint.reset()
    return endpoint


@dataclass
class Run:
    """One ansible-playbook run of one task, as Ansible's JSON callback tells of it."""

    result: dict
    output: str
    returncode: int

    def __getitem__(self, key):
        return self.result[key]

    @property
    def warnings(self):
        return " ".join(self.result.get("warnings", []))

    @property
    def differences(self):
        """What the diff shows: (before, after) of each changed domain."""
        return [(entry["before"], entry["after"]) for entry in self.result.get("diff", [])]


def _results(output: str) -> list[dict]:
    try:
        tasks = json.loads(output[output.index("{\n") :])["plays"][0]["tasks"]
        return [task["hosts"]["localhost"] for task in tasks]
    except (ValueError, LookupError):
        pytest.fail(f"ansible-playbook gave no result:\n{output}")


class Ansible:
    """Runs tasks through ansible-playbook, as a user's playbook would."""

    def __init__(self, folder: Path, environment: dict[str, str]) -> None:
        self.folder = folder
        self.environment = {
            **os.environ,
            "ANSIBLE_COLLECTIONS_PATH": str(layout.COLLECTIONS),
            "ANSIBLE_STDOUT_CALLBACK": "ansible.posix.json",
            "ANSIBLE_LOCALHOST_WARNING": "false",
            **environment,
        }

    def start(self, module: str, *, check: bool = False, environment=None, **arguments) -> subprocess.Popen:
        return self._start([{f"{COLLECTION}.{module}": arguments}], check, environment)

    def _start(self, tasks: list[dict], check: bool = False, environment=None) -> subprocess.Popen:
        play = {"hosts": "localhost", "gather_facts": False, "tasks": tasks}
        playbook = self.folder / f"playbook-{len(list(self.folder.iterdir()))}.json"
        playbook.write_text(json.dumps([play]))
        command = [Path(sys.executable).with_name("ansible-playbook"), "--diff", *["--check"] * check, playbook]
        return subprocess.Popen(
            command,
            env={**self.environment, **(environment or {})},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )

    @staticmethod
    def finish(running: subprocess.Popen) -> Run:
        output, _ = running.communicate(timeout=300)
        assert "Traceback" not in output
        [result] = _results(output)
        return Run(result, output, running.returncode)

    def attempt(self, tasks: list[dict]) -> list[dict]:
        """Run the tasks in one playbook, each whatever became of the others, and return their results."""
        running = self._start([{**task, "ignore_errors": True} for task in tasks])
        return _results(running.communicate(timeout=600)[0])

    def run(self, module: str, **options) -> Run:
        return self.finish(self.start(module, **options))

    def ok(self, module: str, **options) -> Run:
        run = self.run(module, **options)
        assert run.returncode == 0, run.output
        return run

    def fails(self, module: str, **options) -> str:
        """Run a task that has to fail, and return its message."""
        run = self.run(module, **options)
        assert run.returncode != 0, run.output
        return run["msg"]


@pytest.fixture
def ansible(tmp_path, endpoint):
    return Ansible(tmp_path, endpoint.environment())
