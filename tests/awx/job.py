# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A job as AWX runs it: ansible-runner transmit | worker | process, with AWX's environment and extra vars."""

from __future__ import annotations

import itertools
import json
import re
import shutil
import subprocess
import sys
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

import ansible_runner
import yaml

# A command to type, or an option of one; Ansible itself says that "--limit leaves us with no hosts to target".
_SHELL = re.compile(r"ansible-playbook |ansible localhost |--limit (?!leaves)|-e \w+=")


@dataclass
class Job:
    """The result of a job."""

    folder: Path

    @property
    def status(self) -> str:
        return (self.folder / "status").read_text()

    @property
    def output(self) -> str:
        return (self.folder / "stdout").read_text()

    @cached_property
    def events(self) -> list[dict[str, Any]]:
        files = sorted((self.folder / "job_events").iterdir(), key=lambda file: int(file.name.partition("-")[0]))
        return [json.loads(file.read_text()) for file in files]

    @property
    def artifacts(self) -> dict[str, Any]:
        """The data that AWX passes to the next nodes of a workflow."""
        return self.events[-1]["event_data"].get("artifact_data", {})

    @property
    def changed(self) -> dict[str, int]:
        return self.events[-1]["event_data"]["changed"]

    @property
    def hosts(self) -> set[str]:
        """The hosts that the job ran tasks on."""
        return set(self.events[-1]["event_data"]["processed"])

    @property
    def messages(self) -> str:
        """The messages of the failed tasks, and of the items of those that have some."""
        kinds = ("runner_on_failed", "runner_item_on_failed")
        failed = [event["event_data"]["res"] for event in self.events if event["event"] in kinds]
        return "\n".join(str(result.get("msg")) for result in failed)

    def shown(self) -> str:
        """Return what AWX shows of the job: the output and the events. AWX masks the environment."""
        return self.output + json.dumps(self.events)


@dataclass
class Controller:
    """A stand-in for AWX's controller, with the cloned project and the installed collections."""

    project: Path
    collections: Path
    folder: Path
    # Jobs may be launched at the same time.
    _numbers: itertools.count[int] = field(default_factory=itertools.count)

    def run(self, playbook: str, extra_vars: dict[str, Any], **options: Any) -> Job:
        """Run a job and assert that it succeeds."""
        job = self.launch(playbook, extra_vars, **options)
        assert job.status == "successful", job.output
        return job

    def launch(
        self,
        playbook: str,
        extra_vars: dict[str, Any],
        *,
        inventory: dict[str, Any] | None = None,
        environment: dict[str, str] | None = None,
        arguments: str = "--diff",
    ) -> Job:
        """Run a job. Its credentials inject the environment."""
        number = next(self._numbers)
        here = self.folder / str(number)
        sent, home, worked, back = (here / name for name in ("sent", "home", "worked", "back"))
        home.mkdir(parents=True)
        shutil.copytree(self.project, sent / "project")
        self._write(sent, extra_vars, inventory or {}, environment or {}, home)
        # A container of AWX has nothing of the shell that runs the tests.
        process = {"HOME": str(home), "PATH": f"{Path(sys.executable).parent}:/usr/bin:/bin", "LC_ALL": "C.UTF-8"}
        # As in awx/main/tasks/receptor.py, only the worker is a process of its own.
        options = {"ident": str(number), "playbook": playbook, "cmdline": f"-u root {arguments}", "quiet": True}
        with (here / "transmitted").open("w+b") as transmitted, (here / "results").open("w+b") as results:
            ansible_runner.interface.run(streamer="transmit", _output=transmitted, private_data_dir=sent, **options)
            transmitted.seek(0)
            worker = [sys.executable, "-m", "ansible_runner", "worker", "--private-data-dir", worked]
            subprocess.run(worker, stdin=transmitted, stdout=results, env=process, check=False, timeout=600)
            results.seek(0)
            ansible_runner.interface.run(
                streamer="process", _input=results, private_data_dir=back, ident=str(number), quiet=True
            )
        assert (back / "artifacts" / str(number) / "status").exists(), (here / "results").read_text()
        job = Job(back / "artifacts" / str(number))
        # Nobody has a shell there.
        assert not _SHELL.search(job.output), job.output
        return job

    def _write(
        self, sent: Path, extra_vars: dict[str, Any], inventory: dict[str, Any], environment: dict[str, str], home: Path
    ) -> None:
        (sent / "env").mkdir()
        (sent / "inventory").mkdir()
        (sent / "env/extravars").write_text(as_unsafe(extra_vars | {"awx_job_id": 7, "awx_job_launch_type": "manual"}))
        variables = {
            "ANSIBLE_COLLECTIONS_PATH": f"{self.collections}:{home}/.ansible/collections",
            "ANSIBLE_ROLES_PATH": f"{home}/requirements_roles",
            "ANSIBLE_HOST_KEY_CHECKING": "False",
            "ANSIBLE_RETRY_FILES_ENABLED": "False",
            "ANSIBLE_FORCE_COLOR": "True",
            "ANSIBLE_INVENTORY_UNPARSED_FAILED": "True",
            "ANSIBLE_UNSAFE_WRITES": "1",
            **environment,
        }
        (sent / "env/envvars").write_text(json.dumps(variables))
        script = sent / "inventory/hosts"
        script.write_text(f"#!/usr/bin/env python3\nprint('''{json.dumps(_listed(inventory))}''')\n")
        script.chmod(0o755)


class _Unsafe(yaml.SafeDumper):
    """A dumper that marks every string and key as unsafe, as awx/main/utils/safe_yaml.py does."""

    def represent_data(self, data: Any) -> yaml.Node:
        return self.represent_scalar("!unsafe", data) if isinstance(data, str) else super().represent_data(data)


def as_unsafe(extra_vars: dict[str, Any]) -> str:
    """Return the file of extra vars as AWX writes it, with marked strings that Ansible never renders as templates.

    ansible-core 2.19 and later parse marked strings as YAML, quoted or not: true is a boolean, 20.10 a number and an
    empty string null.
    """
    return yaml.dump(extra_vars, Dumper=_Unsafe, default_flow_style=False)


def _listed(groups: dict[str, Any]) -> dict[str, Any]:
    """Return an inventory as AWX's script prints it, with the variables that AWX adds to each host."""
    known = groups.get("_meta", {"hostvars": {}})["hostvars"]
    groups = {name: group for name, group in groups.items() if name != "_meta"}
    hosts = dict.fromkeys(host for group in groups.values() for host in group.get("hosts", ()))
    ungrouped = groups.pop("all", {})
    meta = {
        host: {**known.get(host, {}), "remote_tower_id": index, "remote_tower_enabled": "true"}
        for index, host in enumerate(hosts, 1)
    }
    return {"all": {**ungrouped, "children": list(groups)}, "_meta": {"hostvars": meta}, **groups}


def slice_of(inventory: dict[str, Any], number: int, count: int) -> dict[str, Any]:
    """Return a slice of what ansible-inventory listed, as get_script_data of awx/main/models/inventory.py does.

    It has every n-th host, and all groups.
    """
    hostvars = inventory["_meta"]["hostvars"]
    hosts = sorted(hostvars)[number - 1 :: count]
    names = dict.fromkeys([*inventory["all"]["children"], *inventory])
    groups = {name: inventory.get(name, {}) for name in names if name not in ("_meta", "all", "ungrouped")}
    kept = {
        name: {**group, "hosts": [host for host in group.get("hosts", ()) if host in hosts]}
        for name, group in groups.items()
    }
    return {**kept, "_meta": {"hostvars": {host: hostvars[host] for host in hosts}}}
