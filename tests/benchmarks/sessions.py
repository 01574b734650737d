# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The connection studio_ssh beside plain ssh to the same server: `python -m tests.benchmarks.sessions`.

Gateway and ssh server are Python and on this machine, too, so that the throughput is a lower limit of the client's.
"""

from __future__ import annotations

import os
import secrets
import statistics
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

from tests.benchmarks.report import Bound, Row
from tests.integration.studio_ssh_world import PING, PlaybookRun, World, raw
from tests.sandbox import layout
from tests.sandbox.aws_endpoint import process
from tests.sandbox.aws_endpoint.client import Endpoint
from tests.sandbox.session_gateway.client import GatewayProcess

PINGS = 12
MEBIBYTE = 1024 * 1024
SIZE = 20 * MEBIBYTE


def seconds_of_tasks(run: PlaybookRun) -> list[float]:
    """Return how long each task took."""
    durations = [task["task"]["duration"] for task in run.tasks]
    return [(_time(duration["end"]) - _time(duration["start"])).total_seconds() for duration in durations]


def _time(text: str) -> datetime:
    return datetime.fromisoformat(text)


class Bench:
    def __init__(self, world: World) -> None:
        self.world = world
        self.arn = world.space()
        self.port = world.gateway.ask("port", arn=self.arn)["port"]

    def rows(self) -> Iterator[Row]:
        yield self._tasks()
        yield self._set_up()
        yield self._throughput()

    def _tasks(self) -> Row:
        over_session = seconds_of_tasks(self.world.play_ok(*[PING] * PINGS))
        plain = {"ansible_connection": "ansible.builtin.ssh", "ansible_host": "127.0.0.1", "ansible_port": self.port}
        arguments = "-o StrictHostKeyChecking=no -o UserKnownHostsFile=/dev/null"
        variables = {**plain, "ansible_ssh_common_args": arguments, "ansible_pipelining": True}
        options = tuple(f"--extra-vars={name}='{value}'" for name, value in variables.items())
        over_ssh = seconds_of_tasks(self.world.play_ok(*[PING] * PINGS, options=options))
        # The first task opens the connection.
        session, ssh = (statistics.median(times[1:]) for times in (over_session, over_ssh))
        work = f"a ping over a session ({session * 1000:.0f} ms) beside plain ssh ({ssh * 1000:.0f} ms)"
        return Row(work, Counter(), {}, [Bound("ratio", session / ssh, 1.3)])

    def _set_up(self) -> Row:
        first, *others = seconds_of_tasks(self.world.play_ok(*[raw("true")] * 4))
        return Row("a session is set up", Counter(), {}, [Bound("", first - statistics.median(others), 1, " s")])

    def _throughput(self) -> Row:
        data = secrets.token_bytes(SIZE)
        (self.world.home() / "data").write_bytes(data)
        command = self._ssh()
        # The first command opens the session, which stays open for the others.
        subprocess.run([*command, "true"], check=True, env=self.world.environment(), stdin=subprocess.DEVNULL)
        out = self._rate([*command, "cat data"], None)
        into = self._rate([*command, "cat > copied"], data)
        resident, shared = self._memory()
        assert (self.world.home() / "copied").read_bytes() == data
        return Row(
            "20 MiB through a session",
            Counter(),
            {},
            [
                Bound("seconds for 4 MiB out of the app", 4 / out, 1, " s"),
                Bound("seconds for 4 MiB into the app", 4 / into, 1, " s"),
                Bound("memory of the proxy afterwards", resident, 25, " MiB"),
                Bound("with ssh, without what they share with other processes", shared, 25, " MiB"),
            ],
        )

    def _ssh(self) -> list[str]:
        sys.path.insert(0, str(layout.link_collection()))
        from ansible_collections.mlops.studio_local_mode.plugins.plugin_utils._session import ssh_command
        from ansible_collections.mlops.studio_local_mode.plugins.plugin_utils._session.request import Request

        request = Request(self.arn, "eu-west-1", 60.0, owner_pid=os.getpid())
        options = ssh_command.options(request, str(self.world.folder.parent / "socket"))
        return ["ssh", *options, "-o", "ControlMaster=auto", "-o", "ControlPersist=60", "root@ada"]

    def _rate(self, command: list[str], data: bytes | None) -> float:
        """Return MiB a second."""
        before = time.monotonic()
        subprocess.run(command, check=True, input=data, stdout=subprocess.DEVNULL, env=self.world.environment())
        return SIZE / MEBIBYTE / (time.monotonic() - before)

    def _memory(self) -> tuple[float, float]:
        """Return the MiB of the proxy, and those of the proxy and ssh that belong to them alone (PSS)."""
        resident = shared = 0.0
        for path in Path("/proc").glob("[0-9]*/cmdline"):
            try:
                words = path.read_bytes()
                rollup = path.with_name("smaps_rollup").read_text()
            except OSError:
                continue
            sizes = {line.split(":")[0]: int(line.split()[1]) / 1024 for line in rollup.splitlines()[1:]}
            if self.arn.encode() in words and b"run.py\0proxy" in words:
                resident += sizes["Rss"]
                shared += sizes["Pss"]
            elif words.startswith(b"ssh: ") and str(self.world.folder.parent).encode() in words:
                shared += sizes["Pss"]
        return resident, shared


def main() -> int:
    """Print the table; return 1 if a bound is missed."""
    with tempfile.TemporaryDirectory(prefix="ssh-") as folder:
        (Path(folder) / "world").mkdir()
        gateway = GatewayProcess()
        url = process.start(Path(folder) / "aws")
        try:
            rows = []
            for row in Bench(World(Endpoint(url), gateway, Path(folder) / "world")).rows():
                rows.append(row)
                print("\n".join(row.lines()), flush=True)
        finally:
            process.stop(Path(folder) / "aws")
            gateway.stop()
    return 0 if all(row.reached for row in rows) else 1


if __name__ == "__main__":
    sys.exit(main())
