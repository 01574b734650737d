# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Run modules against the sandbox's AWS endpoint: with ansible-playbook, or in a process without it.

ansible-playbook takes two CPU seconds to run a module. It is for the behaviour in a playbook (check mode, run, check
mode again, run again); the cases of a module run without it.
"""

from __future__ import annotations

import contextlib
import io
import json
import multiprocessing
import os
import signal
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests import module_process
from tests.endpoint import endpoint, endpoint_url
from tests.integration.studio_ssh_world import World
from tests.sandbox import layout
from tests.sandbox.session_gateway.client import GatewayProcess

__all__ = ["endpoint", "endpoint_url"]

COLLECTION = "mlops.studio_local_mode"

# A shell starts its background jobs with these signals ignored, and every process they start inherits it. A module is
# right to ignore them as well then; the tests are about a playbook that a person started.
for _number in (signal.SIGINT, signal.SIGHUP):
    if signal.getsignal(_number) == signal.SIG_IGN:
        signal.signal(_number, signal.SIG_DFL)

# Each module runs in its own process, forked from one that has loaded the modules and this file.
_PROCESSES = multiprocessing.get_context("forkserver")
_PROCESSES.set_forkserver_preload(
    [
        "tests.integration.conftest",
        *(
            f"ansible_collections.mlops.studio_local_mode.plugins.modules.{path.stem}"
            for path in sorted((layout.ROOT / "plugins/modules").glob("sagemaker_*.py"))
        ),
    ]
)


def pytest_addoption(parser):
    parser.addoption(
        "--every-image",
        action="store_true",
        help="Start apps of every image of Studio, not only of those with the largest differences.",
    )


@dataclass
class Run:
    """One run of a module, and its result."""

    result: dict
    returncode: int
    output: str = ""

    def __getitem__(self, key):
        return self.result[key]

    @property
    def warnings(self):
        return " ".join(self.result.get("warnings", []))

    @property
    def differences(self):
        """The diff: (before, after) of each changed domain."""
        return [(entry["before"], entry["after"]) for entry in self.result.get("diff", [])]


class Modules:
    """Run modules; subclasses start and finish them."""

    def start(self, module: str, *, check: bool = False, **arguments):
        raise NotImplementedError

    def finish(self, running) -> Run:
        raise NotImplementedError

    def run(self, module: str, **options) -> Run:
        return self.finish(self.start(module, **options))

    def ok(self, module: str, **options) -> Run:
        run = self.run(module, **options)
        assert run.returncode == 0, run.output or run.result
        return run

    def fails(self, module: str, **options) -> str:
        """Run a module that must fail, and return its message."""
        run = self.run(module, **options)
        assert run.returncode != 0, run.output or run.result
        return run["msg"]


def _module(sender, environment: dict[str, str], module: str, arguments: dict[str, Any]) -> None:
    """Run a module in its process, and send its output, with a traceback if it has one."""
    os.environ.clear()
    os.environ.update(environment)
    output = io.StringIO()
    try:
        with contextlib.redirect_stdout(output):
            module_process.run(module, arguments)
    except SystemExit as end:
        sender.send((output.getvalue(), end.code))


class Process:
    """A module that runs in its own process."""

    def __init__(self, environment: dict[str, str], module: str, arguments: dict[str, Any]) -> None:
        self._receiver, sender = _PROCESSES.Pipe(duplex=False)
        self._process = _PROCESSES.Process(target=_module, args=(sender, environment, module, arguments))
        self._process.start()
        sender.close()

    def alive(self) -> bool:
        return self._process.is_alive()

    def kill(self) -> None:
        self._process.kill()
        self._process.join()

    def interrupt(self) -> None:
        os.kill(self._process.pid, signal.SIGINT)

    def finish(self) -> Run:
        try:
            output, code = self._receiver.recv()
        except EOFError:
            pytest.fail("The module ended without a result; its traceback is above.")
        finally:
            self._process.join()
        result = json.loads(output)
        # ansible-playbook converts them to text.
        result["warnings"] = [warning["event"]["msg"] for warning in result.get("warnings", [])]
        return Run(result, code or 0)


class Direct(Modules):
    """Run a module without ansible-playbook, in its own process."""

    def __init__(self, environment: dict[str, str]) -> None:
        self.environment = {**os.environ, **environment}

    def start(self, module: str, *, check: bool = False, environment=None, **arguments) -> Process:
        arguments |= {"_ansible_check_mode": check, "_ansible_diff": True}
        return Process({**self.environment, **(environment or {})}, module, arguments)

    def finish(self, running: Process) -> Run:
        return running.finish()


class Playbooks(Modules):
    """Run a module with ansible-playbook, as in a user's playbook."""

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
        task = {f"{COLLECTION}.{module}": arguments}
        playbook = self.folder / f"playbook-{len(list(self.folder.iterdir()))}.json"
        playbook.write_text(json.dumps([{"hosts": "localhost", "gather_facts": False, "tasks": [task]}]))
        command = [Path(sys.executable).with_name("ansible-playbook"), "--diff", *["--check"] * check, playbook]
        return subprocess.Popen(
            command,
            env={**self.environment, **(environment or {})},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )

    def finish(self, running: subprocess.Popen) -> Run:
        output, _ = running.communicate(timeout=600)
        assert "Traceback" not in output
        try:
            [task] = json.loads(output[output.index("{\n") :])["plays"][0]["tasks"]
            return Run(task["hosts"]["localhost"], running.returncode, output)
        except (ValueError, LookupError):
            pytest.fail(f"ansible-playbook returned no result:\n{output}")


@pytest.fixture
def ansible(tmp_path, endpoint):
    return Playbooks(tmp_path, endpoint.environment())


@pytest.fixture
def direct(endpoint):
    return Direct(endpoint.environment())


@pytest.fixture
def runner(request):
    """`ansible` or `direct`, by the test's parameter."""
    return request.getfixturevalue(request.param)


@pytest.fixture(scope="session")
def session_gateway():
    gateway = GatewayProcess()
    yield gateway
    gateway.stop()


@pytest.fixture
def world(endpoint, session_gateway):
    """A domain whose spaces `studio_ssh` can reach."""
    # A socket's path must be short, which those of pytest's folders are not.
    with tempfile.TemporaryDirectory(prefix="ssh-") as folder:
        (Path(folder) / "world").mkdir()
        yield World(endpoint, session_gateway, Path(folder) / "world")
