# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Runs that are measured: a whole ansible-playbook, a command of the AWS CLI, a module's own process."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.benchmarks.processes import Usage, measured
from tests.sandbox import layout
from tests.sandbox.aws_endpoint.client import Endpoint

_COLLECTION = "mlops.studio_local_mode"
_BIN = Path(sys.executable).parent
_MODULE_PROCESS = "tests.module_process"


@dataclass(frozen=True)
class Surroundings:
    """The endpoint that everything is measured against, and a folder for what the runs need."""

    endpoint: Endpoint
    folder: Path

    def environment(self) -> dict[str, str]:
        return {
            **os.environ,
            **self.endpoint.environment(),
            "ANSIBLE_COLLECTIONS_PATH": str(layout.link_collection()),
            "ANSIBLE_LOCALHOST_WARNING": "false",
        }

    def playbook(self, module: str, **arguments: Any) -> float:
        """Run one task, of this collection unless its module is fully named; returns the seconds of the whole run."""
        return self._seconds(_BIN / "ansible-playbook", self._written(module, arguments))

    def collection_playbook(self, name: str, inventory: Path) -> Usage:
        """Run a playbook of the collection, and return what the whole run uses."""
        return measured(
            [_BIN / "ansible-playbook", f"{_COLLECTION}.{name}", f"--inventory={inventory}"], self.environment()
        )

    def inventory(self, source: Path) -> float:
        """List the hosts of an inventory source; returns the seconds of the whole run."""
        return self._seconds(_BIN / "ansible-inventory", "--list", "--inventory", source)

    def start_playbook(self, module: str, **arguments: Any) -> subprocess.Popen[bytes]:
        """Start one task, in a session of its own like a job of a shell."""
        command = [_BIN / "ansible-playbook", self._written(module, arguments)]
        return subprocess.Popen(
            command, env=self.environment(), start_new_session=True, stdout=subprocess.DEVNULL, stderr=subprocess.STDOUT
        )

    def _written(self, module: str, arguments: dict[str, Any]) -> Path:
        name = module if "." in module else f"{_COLLECTION}.{module}"
        play = {"hosts": "localhost", "gather_facts": False, "tasks": [{name: arguments}]}
        playbook = self.folder / "playbook.json"
        playbook.write_text(json.dumps([play]))
        return playbook

    def cli(self, *arguments: str) -> float:
        """Run `aws sagemaker ...`; returns the seconds it took."""
        return self._seconds(_BIN / "aws", "sagemaker", *arguments)

    def cli_output(self, *arguments: str) -> str:
        return self._run(_BIN / "aws", "sagemaker", *arguments, "--output", "text").strip()

    def peak_memory(self, module: str, **arguments: Any) -> float:
        """Run the module in a process of its own, as Ansible does; returns the most memory it held, in MiB (RSS)."""
        command = [sys.executable, "-m", _MODULE_PROCESS, module, json.dumps(arguments)]
        process = subprocess.Popen(command, cwd=layout.ROOT, env=self.environment(), stdout=subprocess.DEVNULL)
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode:
            raise RuntimeError(f"{module} failed; run it again without stdout=DEVNULL to see why")
        return usage.ru_maxrss / 1024

    def _seconds(self, *command: str | Path) -> float:
        started = time.perf_counter()
        self._run(*command)
        return time.perf_counter() - started

    def _run(self, *command: str | Path) -> str:
        done = subprocess.run(command, env=self.environment(), capture_output=True, text=True, check=False)
        if done.returncode:
            raise RuntimeError(f"{' '.join(map(str, command))} failed:\n{done.stdout[-2000:]}{done.stderr[-2000:]}")
        return done.stdout
