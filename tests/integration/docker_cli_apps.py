# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Studio apps of one test process, and the playbooks that work on several of them at once."""

from __future__ import annotations

import json
import os
import shlex
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from docker.models.containers import Container

from tests.sandbox import app, containers, engine, images, inventory, layout

PLAYBOOK = "playbooks/install_docker_cli.yml"
CHECK = "playbooks/check_local_mode.yml"
HOME = f"/home/{app.USER}"
_BIN = Path(sys.executable).parent
_MOUNTS = {layout.CA: f"{app.CA_PATH}:ro"}
# The pause is shorter than anything that is waited for, and leaves the core to what brings it about.
_KILL_AT = """
import glob, os, signal, time
while not glob.glob({pattern!r}):
    time.sleep(0.001)
for pid in filter(str.isdigit, os.listdir("/proc")):
    try:
        name = open(f"/proc/{{pid}}/comm").read().strip()
        if int(pid) not in (1, os.getpid()) and name.startswith({programs!r}):
            os.kill(int(pid), signal.SIGKILL)
    except OSError:
        pass
"""


@dataclass
class ResourceResult:
    """What the role did on one host: the result of its module, or of the task that failed."""

    result: dict[str, Any]

    @property
    def failed(self) -> bool:
        return bool(self.result.get("failed"))

    @property
    def changed(self) -> bool:
        return bool(self.result.get("changed"))

    @property
    def packages(self) -> dict[str, str]:
        return {package["name"]: package["version"] for package in self.result["packages"]}

    @property
    def warnings(self) -> str:
        return " ".join(self.result.get("warnings", []))

    def __getitem__(self, key: str) -> Any:
        return self.result[key]


@dataclass
class Apps:
    """Apps with names of this process; they go when the test module ends."""

    folder: Path
    hosts: dict[str, Container] = field(default_factory=dict)
    _unpacking: threading.Lock = field(default_factory=threading.Lock)

    def create(
        self,
        *names: str,
        image: str = images.APP.tag,
        network: str = engine.NETWORK,
        mounts: Mapping[Path, str] | None = None,
        besides: Mapping[Path | str, str] | None = None,
        programs: Mapping[str, str] | None = None,
        **options: Any,
    ) -> None:
        """Start apps; with `mounts` or further options, which are the engine's, without Docker access.

        `besides` is mounted besides what gives the Docker access. `programs` says of which packages of the sandbox the
        app has what their programs call, as what goes to its home needs it: distribution, codename and cli.
        """
        besides = {**(besides or {}), **({} if programs is None else self._called_programs(**programs))}

        def start(name: str) -> Container:
            if options or mounts is not None:
                wanted = {**_MOUNTS, **besides, **(mounts or {})}
                return containers.replace(self.name(name), image, "", network=network, mounts=wanted, **options)
            return app.create(self.name(name), image=image, network=network, mounts=besides)

        with ThreadPoolExecutor(max_workers=4) as pool:
            self.hosts |= dict(zip(names, pool.map(start, names), strict=True))

    def remove(self) -> None:
        """Remove every app."""
        for container in self.hosts.values():
            container.remove(force=True, v=True)

    def shell(self, name: str, script: str, user: str = app.USER) -> str:
        """Run a script in an app; returns what it printed."""
        done = containers.shell(self.hosts[name], script, user)
        assert done.exit_code == 0, done.output.decode()
        return done.output.decode().strip()

    def put(self, name: str, source: Path, target: str) -> None:
        """Copy a folder to an app."""
        archive = subprocess.run(["tar", "--create", "--directory", source, "."], capture_output=True, check=True)
        self.shell(name, f"mkdir -p {shlex.quote(target)}")
        assert self.hosts[name].put_archive(target, archive.stdout)
        self.shell(name, f"chown -R {app.USER} {shlex.quote(target)}", user="root")

    def _called_programs(
        self, distribution: str = "ubuntu", codename: str = "jammy", cli: str = "20.10.24"
    ) -> dict[Path, str]:
        """Return the mounts of what the programs of the sandbox's packages call.

        Docker's own programs are one file each; those of the sandbox are Debian's behind a script that tells Docker's
        version.
        """
        pool = layout.MIRROR_REPOSITORY / f"linux/{distribution}/dists/{codename}/pool/stable/amd64"
        folder = self.folder / f"programs-{codename}-{cli}"
        with self._unpacking:
            if not folder.exists():
                for deb in [*pool.glob(f"docker-ce-cli_{cli}*"), *pool.glob("docker-compose-plugin_2.*")]:
                    subprocess.run(["dpkg-deb", "--extract", deb, folder], check=True)
        return {path: f"/usr/lib/{path.name}:ro" for path in (folder / "usr/lib").iterdir()}

    def group(self) -> dict[str, Any]:
        """Return the apps as a group of an inventory of AWX, which connects as root without ansible_user."""
        names = sorted(container.name for container in self.hosts.values())
        return {"hosts": names, "vars": {**inventory.inventory()["studio_apps"]["vars"], "ansible_user": app.USER}}

    def in_background(self, name: str, script: str) -> None:
        """Start a script of Python as root in an app, and leave it running."""
        self.hosts[name].exec_run(["/opt/conda/bin/python3", "-c", script], user="root", detach=True)

    def kill_at(self, name: str, pattern: str, programs: tuple[str, ...]) -> None:
        """Kill every process of those programs in an app as soon as there is a file of that pattern (glob's)."""
        self.in_background(name, _KILL_AT.format(pattern=pattern, programs=programs))

    def run(self, hosts: Mapping[str, dict[str, Any]], *arguments: str, **variables: Any) -> dict[str, ResourceResult]:
        """Run the playbook on those hosts, each with variables of its own; returns the result of each."""
        return self.finish(self.start(hosts, *arguments, **variables))

    def start(
        self, hosts: Mapping[str, dict[str, Any]], *arguments: str, playbook: str | Path = PLAYBOOK, **variables: Any
    ) -> subprocess.Popen:
        """Start the playbook on those hosts; its output is in Ansible's JSON."""
        group = inventory.inventory()["studio_apps"]
        group["hosts"] = {self.name(name): {"test_name": name, **own} for name, own in hosts.items()}
        group["vars"] |= variables
        return self._start("ansible-playbook", group, playbook, *arguments)

    def ping(self, names: list[str]) -> None:
        """Ping those hosts with Ansible, as their playbooks reach them."""
        group = inventory.inventory()["studio_apps"]
        group["hosts"] = {self.name(name): {} for name in names}
        running = self._start("ansible", group, "studio_apps", "--module-name=ansible.builtin.ping")
        output, _ = running.communicate(timeout=300)
        assert running.returncode == 0, output

    def _start(self, program: str, group: dict[str, Any], *arguments: str | Path) -> subprocess.Popen:
        path = self.folder / f"inventory-{time.monotonic_ns()}.json"
        path.write_text(json.dumps({"studio_apps": group}))
        environment = {
            **os.environ,
            **inventory.environment(None),
            "ANSIBLE_STDOUT_CALLBACK": "ansible.posix.json",
            "ANSIBLE_FORKS": "6",
        }
        return subprocess.Popen(
            [_BIN / program, f"--inventory={path}", *arguments],
            cwd=layout.ROOT,
            env=environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )

    def facts(self, hosts: Mapping[str, dict[str, Any]]) -> dict[str, dict[str, Any]]:
        """Return what studio_app_info finds in those hosts."""
        playbook = self.folder / "facts.json"
        task = {"mlops.studio_local_mode.studio_app_info": {}}
        playbook.write_text(json.dumps([{"hosts": "studio_apps", "gather_facts": False, "tasks": [task]}]))
        results = self.finish(self.start(hosts, playbook=str(playbook)), returned="app")
        return {name: result["app"] for name, result in results.items()}

    def finish(self, running: subprocess.Popen, returned: str = "reasons") -> dict[str, ResourceResult]:
        output, _ = running.communicate(timeout=600)
        assert "Traceback" not in output, output
        plays = json.loads(output[output.index("{\n") :])["plays"]
        tasks = [task for play in plays for task in play["tasks"]]
        names = {container.name: name for name, container in self.hosts.items()}
        results: dict[str, ResourceResult] = {}
        for task in tasks:
            for host, result in task["hosts"].items():
                if returned in result or result.get("failed") or result.get("unreachable"):
                    results.setdefault(names[host], ResourceResult(result))
        return results

    @staticmethod
    def name(name: str) -> str:
        """Return the container's name, which is also the host's."""
        return f"{name}-{os.getpid()}"


def stage(dest: Path, *targets: tuple[str, str]) -> Path:
    """Stage for (distribution, codename) with the role, from the sandbox's mirror; returns the folder."""
    variables = inventory.environment(None)
    options = {
        "docker_debs_dest": str(dest),
        "docker_debs_repository_url": f"{variables['SANDBOX_MIRROR_URL']}/linux",
        "docker_debs_ca_path": variables["SANDBOX_CA"],
        "docker_debs_key_fingerprint": variables["SANDBOX_KEY_FINGERPRINT"],
        "docker_debs_targets": [{"distribution": name, "codename": codename} for name, codename in targets],
    }
    subprocess.run(
        [_BIN / "ansible-playbook", "playbooks/stage_docker_debs.yml", f"--extra-vars={json.dumps(options)}"],
        cwd=layout.ROOT,
        env={**os.environ, **variables},
        check=True,
        timeout=600,
        stdout=subprocess.DEVNULL,
    )
    return dest


def on_all(check: Callable[[str], None], names: list[str]) -> None:
    """Run a check for each app, several at a time."""
    with ThreadPoolExecutor(max_workers=4) as pool:
        list(pool.map(check, names))
