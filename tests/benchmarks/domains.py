# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The modules of domains and apps at 100 ms a call, beside the AWS CLI doing the same.

`python -m tests.benchmarks.domains` runs it.

Of several runs the best counts, for both sides alike: what others do on the machine only ever adds to a run. A shell
loop over 100 domains would take minutes: single commands are measured, and their time is multiplied.
"""

from __future__ import annotations

import os
import signal
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

from tests.benchmarks.report import Bound, Row
from tests.benchmarks.runs import Surroundings
from tests.sandbox.aws_endpoint import process
from tests.sandbox.aws_endpoint.client import Endpoint

MODULE = "sagemaker_domain_docker_settings"
LATENCY_MS = 100
FLEET = 100
LARGE_FLEET = 500
UPDATE_SECONDS = 5.0
LONG_UPDATE_SECONDS = 20.0
CALLS_PER_SECOND = 10.0
THROTTLED_FLEETS = (60, 300)
BURSTS = (CALLS_PER_SECOND, 3.0)
# DescribeDomain, UpdateDomain, DescribeDomain.
CALLS_PER_DOMAIN = 3
APPS = 50
APP_SECONDS = 5.0
SPACES = 500
RUNS = 5
ENABLED = {"EnableDockerAccess": "ENABLED"}
UPDATE_BY_CLI = ("--domain-settings-for-update", '{"DockerSettings": {"EnableDockerAccess": "ENABLED"}}')


class Bench:
    def __init__(self, here: Surroundings) -> None:
        self.here = here
        self.endpoint = here.endpoint

    def rows(self) -> Iterator[Row]:
        yield self._ansible_alone()
        yield self._unchanged_by_id()
        yield self._unchanged("100 domains by name, nothing to change", lambda ids, names: {"domains": names})
        yield self._unchanged("all_domains (100), nothing to change", lambda ids, names: {"all_domains": True})
        yield self._changed()
        yield self._changed_slowly()
        yield from (self._throttled(size, burst) for size in THROTTLED_FLEETS for burst in BURSTS)
        yield self._interrupted()
        yield self._one_domain()
        yield self._memory()
        yield self._apps_restarted()
        yield self._spaces_listed()

    def _ansible_alone(self) -> Row:
        """What is in every playbook below, and says how fast or busy the machine is; there is no bound to it."""
        self._fleet(0)
        seconds, calls = self._best(lambda: self.here.playbook("ansible.builtin.ping"))
        return Row(f"for comparison, one ansible.builtin.ping: {seconds:.2f} s", calls, {}, [])

    def _unchanged_by_id(self) -> Row:
        ids = self._fleet(FLEET, ENABLED)
        describe, _calls = self._best(lambda: self.here.cli("describe-domain", "--domain-id", ids[0]))
        loop = FLEET * describe
        seconds, calls = self._best(lambda: self.here.playbook(MODULE, domains=ids, enable_docker_access=True))
        return Row(
            "100 domains by ID, nothing to change",
            calls,
            {"DescribeDomain": FLEET, "ListDomains": 0, "UpdateDomain": 0},
            [
                Bound("whole playbook", seconds, 3, " s"),
                Bound(f"of the shell loop ({loop:.0f} s = 100 x the best)", seconds / loop, 0.04),
            ],
        )

    def _unchanged(self, work: str, selection: Callable[[list[str], list[str]], dict]) -> Row:
        ids = self._fleet(FLEET, ENABLED)
        names = [f"domain-{number}" for number in range(FLEET)]
        arguments = {**selection(ids, names), "enable_docker_access": True}
        seconds, calls = self._best(lambda: self.here.playbook(MODULE, **arguments))
        expected = {"DescribeDomain": FLEET, "ListDomains": 1, "UpdateDomain": 0}
        return Row(work, calls, expected, [Bound("whole playbook", seconds, 4, " s")])

    def _changed(self) -> Row:
        loop = FLEET * min(self._update_and_poll_by_cli() for _ in range(2))
        ids = self._fleet(FLEET, transition_seconds=UPDATE_SECONDS)
        seconds = self.here.playbook(MODULE, domains=ids, enable_docker_access=True)
        return Row(
            f"100 domains to change, updates taking {UPDATE_SECONDS:g} s",
            self._calls(),
            {"UpdateDomain": FLEET},
            [
                Bound("whole playbook", seconds, 20, " s"),
                Bound(f"of the shell loop, update and poll ({loop:.0f} s = 100 x the best of 2)", seconds / loop, 0.05),
            ],
        )

    def _changed_slowly(self) -> Row:
        ids = self._fleet(FLEET, transition_seconds=LONG_UPDATE_SECONDS)
        seconds = self.here.playbook(MODULE, domains=ids, enable_docker_access=True)
        calls = self._calls()
        per_domain = (calls.total() - calls["ListDomains"]) / FLEET
        return Row(
            f"100 domains to change, updates taking {LONG_UPDATE_SECONDS:g} s",
            calls,
            {"UpdateDomain": FLEET},
            [
                Bound("calls for each domain, beside ListDomains", per_domain, CALLS_PER_DOMAIN),
                Bound("whole playbook, of one update", seconds / LONG_UPDATE_SECONDS, 1.5),
            ],
        )

    def _throttled(self, size: int, burst: float) -> Row:
        """Under a bucket that the refused calls drain as well, and that holds so many calls."""
        self._fleet(size)
        self.endpoint.controls(rate_limits={"*": CALLS_PER_SECOND}, rate_bursts={"*": burst})
        self.here.playbook(MODULE, all_domains=True, enable_docker_access=True)
        calls = self.endpoint.calls()
        seconds = calls[-1].time - calls[0].time
        needed = CALLS_PER_DOMAIN * size / CALLS_PER_SECOND
        refused = sum(call.error == "ThrottlingException" for call in calls)
        return Row(
            f"all_domains ({size}) to change, {CALLS_PER_SECOND:g} calls a second and {burst:g} at once allowed, "
            f"{refused} refused",
            self._calls(),
            {},
            [Bound(f"of the time that the needed calls take ({needed:.0f} s)", seconds / needed, 1.3)],
        )

    def _interrupted(self) -> Row:
        """Ctrl-C in a terminal: SIGINT for ansible-playbook and its process group."""
        ids = self._fleet(LARGE_FLEET, transition_seconds=UPDATE_SECONDS)
        playbook = self.here.start_playbook(MODULE, domains=ids, enable_docker_access=True, concurrency=2)
        while len(self.endpoint.calls("UpdateDomain")) < CALLS_PER_SECOND:
            time.sleep(0.1)
        os.killpg(playbook.pid, signal.SIGINT)
        interrupted_at = time.time()
        playbook.wait()
        time.sleep(3)
        last = max(call.time for call in self.endpoint.mutating_calls())
        return Row(
            f"{LARGE_FLEET} domains to change, interrupted",
            self._calls(),
            {},
            [Bound("from Ctrl-C to the last update", max(0.0, last - interrupted_at), 2, " s")],
        )

    def _update_and_poll_by_cli(self) -> float:
        """What people write: update, then ask every two seconds until the domain is InService."""
        [domain_id] = self._fleet(1, transition_seconds=UPDATE_SECONDS)
        started = time.perf_counter()
        self.here.cli("update-domain", "--domain-id", domain_id, *UPDATE_BY_CLI)
        status = ("describe-domain", "--domain-id", domain_id, "--query", "Status")
        while self.here.cli_output(*status) != "InService":
            time.sleep(2)
        return time.perf_counter() - started

    def _one_domain(self) -> Row:
        [domain_id] = self._fleet(1, ENABLED)
        arguments = {"domains": [domain_id], "enable_docker_access": True}
        playbook, calls = self._best(lambda: self.here.playbook(MODULE, **arguments))
        by_cli, _calls = self._best(
            lambda: (
                self.here.cli("describe-domain", "--domain-id", domain_id)
                + self.here.cli("update-domain", "--domain-id", domain_id, *UPDATE_BY_CLI)
            )
        )
        return Row(
            "one domain, nothing to change",
            calls,
            {"DescribeDomain": 1, "ListDomains": 0, "UpdateDomain": 0},
            [Bound(f"{playbook:.2f} s, of describe-domain + update-domain ({by_cli:.2f} s)", playbook / by_cli, 1.5)],
        )

    def _apps_restarted(self) -> Row:
        [domain_id] = self._fleet(1)
        for number in range(APPS):
            self.endpoint.app(domain_id, profile=f"user-{number}")
        self.endpoint.controls(transition_seconds=APP_SECONDS)
        self.endpoint.clear_calls()
        seconds = self.here.playbook("sagemaker_studio_app", domains=[domain_id], batch_size=APPS)
        return Row(
            f"1 app to restart and then {APPS - 1}, {APP_SECONDS:g} s to delete and {APP_SECONDS:g} s to create each",
            self._calls(),
            {"DeleteApp": APPS, "CreateApp": APPS},
            [Bound("whole playbook", seconds, 45, " s")],
        )

    def _spaces_listed(self) -> Row:
        ids = self._fleet(5)
        for number in range(SPACES):
            self.endpoint.app(ids[number % len(ids)], space=f"space-{number}", remote_access=True)
        source = self.here.folder / "studio_spaces.yml"
        source.write_text("plugin: mlops.studio_local_mode.studio_spaces\n")
        seconds, calls = self._best(lambda: self.here.inventory(source))
        return Row(
            f"{SPACES} spaces with an app in {len(ids)} domains, as an inventory",
            calls,
            {"ListDomains": 1, "ListSpaces": SPACES // 100, "ListApps": SPACES // 100},
            [Bound("ansible-inventory --list", seconds, 4, " s"), Bound("calls", calls.total(), 20)],
        )

    def _memory(self) -> Row:
        self._fleet(LARGE_FLEET, transition_seconds=UPDATE_SECONDS)
        memory = self.here.peak_memory(MODULE, all_domains=True, enable_docker_access=True)
        return Row(
            "all_domains (500), all to change",
            self._calls(),
            {"UpdateDomain": LARGE_FLEET},
            [Bound("the module's process", memory, 250, " MiB")],
        )

    def _fleet(
        self, size: int, docker_settings: dict[str, str] | None = None, transition_seconds: float = 0.3
    ) -> list[str]:
        """An endpoint with so many domains and an empty call log; returns the domains' IDs."""
        self.endpoint.reset()
        ids = [self.endpoint.domain(f"domain-{number}", docker_settings) for number in range(size)]
        self.endpoint.controls(latency_ms=LATENCY_MS, transition_seconds=transition_seconds)
        return ids

    def _best(self, run: Callable[[], float]) -> tuple[float, Counter[str]]:
        """The shortest of several runs, in seconds, and the calls that the last of them made."""
        seconds = []
        for _ in range(RUNS):
            self.endpoint.clear_calls()
            seconds.append(run())
        return min(seconds), self._calls()

    def _calls(self) -> Counter[str]:
        return Counter(call.operation for call in self.endpoint.calls())


def main() -> int:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        url = process.start(folder)
        try:
            reached = [_show(row) for row in Bench(Surroundings(Endpoint(url), folder)).rows()]
        finally:
            process.stop(folder)
    return 0 if all(reached) else 1


def _show(row: Row) -> bool:
    print(*row.lines(), sep="\n", flush=True)
    return row.reached


if __name__ == "__main__":
    sys.exit(main())
