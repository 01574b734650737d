# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""120 targets of 5 domains at 100 ms a call, beside a shell loop of the AWS CLI over the same.

`python -m tests.benchmarks.targets` runs it.

The loop would take an hour. A part of it is measured, a target and its domains, and multiplied; each line says so.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from tests.benchmarks.report import Bound, Row
from tests.benchmarks.runs import Surroundings
from tests.sandbox.aws_endpoint import process
from tests.sandbox.aws_endpoint.client import Endpoint

MODULE = "sagemaker_domain_docker_settings"
LATENCY_MS = 100
ACCOUNTS = 40
REGIONS = ("eu-west-1", "us-east-1", "eu-central-1")
DOMAINS = 5
UPDATE_SECONDS = 5.0
CALLS_PER_SECOND = 2.0
TARGETS = ACCOUNTS * len(REGIONS)
ALL = TARGETS * DOMAINS
RUNS = 3
PLAYBOOKS = ("enable_local_mode", "audit_drift")
ENABLED = {"EnableDockerAccess": "ENABLED"}
WISH = {"all_domains": True, "enable_docker_access": True}


class Bench:
    def __init__(self, here: Surroundings) -> None:
        self.here = here
        self.endpoint = here.endpoint
        self.accounts: list[dict[str, Any]] = []

    def rows(self) -> Iterator[Row]:
        yield self._unchanged()
        for name in PLAYBOOKS:
            yield self._playbook(name)
        yield self._changed()
        yield self._one_throttled()

    def _playbook(self, name: str) -> Row:
        """What the user runs: the whole playbook, with the targets as hosts of an inventory."""
        targets = self._fleet(ENABLED)
        loop = TARGETS * min(self._one_target_by_cli() for _ in range(RUNS))
        runs = []
        for _ in range(RUNS):
            self.endpoint.clear_calls()
            runs.append(self.here.collection_playbook(name, self._inventory(targets)))
        seconds = min(run.seconds for run in runs)
        return Row(
            f"{name}, {TARGETS} targets of {DOMAINS} domains, nothing to change",
            self._calls(),
            {"AssumeRole": TARGETS, "DescribeDomain": ALL, "UpdateDomain": 0},
            [
                Bound("whole playbook", seconds, 30, " s"),
                Bound("all processes together", max(run.mebibytes for run in runs), 400, " MiB"),
                Bound(f"of the shell loop ({loop:.0f} s = {TARGETS} x the best of {RUNS})", seconds / loop, 0.05),
            ],
        )

    def _inventory(self, targets: list[dict[str, Any]]) -> Path:
        """The targets in a group for each account and region, as the inventory plugin makes them."""
        hosts = {
            target["name"]: {f"studio_target_{key}": target[key] for key in ("region", "role_arn")}
            for target in targets
        }
        groups: dict[str, dict[str, Any]] = {}
        for target in targets:
            for group in (
                f"account_{target['role_arn'].split(':')[4]}",
                f"region_{target['region'].replace('-', '_')}",
            ):
                groups.setdefault(group, {"hosts": {}})["hosts"][target["name"]] = {}
        group = {"hosts": hosts, "vars": {"domain_docker_access_all_domains": True}}
        path = self.here.folder / "inventory.json"
        path.write_text(json.dumps({"all": {"children": {"studio_targets": group, **groups}}}))
        return path

    def _unchanged(self) -> Row:
        targets = self._fleet(ENABLED)
        loop = TARGETS * min(self._one_target_by_cli() for _ in range(RUNS))
        seconds, calls = [], Counter()
        for _ in range(RUNS):
            self.endpoint.clear_calls()
            seconds.append(self.here.playbook(MODULE, targets=targets, **WISH))
            calls = self._calls()
        memory = self.here.peak_memory(MODULE, targets=targets, **WISH)
        return Row(
            f"{TARGETS} targets of {DOMAINS} domains, nothing to change",
            calls,
            {"AssumeRole": TARGETS, "ListDomains": TARGETS, "DescribeDomain": ALL, "UpdateDomain": 0},
            [
                Bound("whole playbook", min(seconds), 30, " s"),
                Bound("the module's process", memory, 400, " MiB"),
                Bound(f"of the shell loop ({loop:.0f} s = {TARGETS} x the best of {RUNS})", min(seconds) / loop, 0.05),
            ],
        )

    def _changed(self) -> Row:
        targets = self._fleet(None)
        seconds = self.here.playbook(MODULE, targets=targets, **WISH)
        return Row(
            f"{ALL} domains of {TARGETS} targets to change, updates taking {UPDATE_SECONDS:g} s",
            self._calls(),
            {"UpdateDomain": ALL},
            [Bound("whole playbook", seconds, 90, " s")],
        )

    def _one_throttled(self) -> Row:
        """How long the other accounts take, compared with a run in which no account is throttled."""
        pairs = [
            (self._seconds_of_others(throttled=False), self._seconds_of_others(throttled=True)) for _ in range(RUNS)
        ]
        alone, beside = (min(seconds) for seconds in zip(*pairs, strict=True))
        return Row(
            f"{ALL} domains to change, one account of {ACCOUNTS} throttled to {CALLS_PER_SECOND:g} calls a second "
            f"(best of {RUNS})",
            self._calls(),
            {},
            [Bound(f"the other {ACCOUNTS - 1}, of their time without it ({alone:.1f} s)", beside / alone, 1.1)],
        )

    def _seconds_of_others(self, *, throttled: bool) -> float:
        targets = self._fleet(None)
        first = self.accounts[0]["id"]
        if throttled:
            self.endpoint.controls(account=first, rate_limits={"*": CALLS_PER_SECOND})
        self.here.playbook(MODULE, targets=targets, **WISH)
        times = [call.time for call in self.endpoint.calls() if call.account != first]
        return max(times) - min(times)

    def _one_target_by_cli(self) -> float:
        """What people write: assume the role, list the domains, describe each."""
        account, region = self.accounts[0], REGIONS[0]
        environment = {**self.here.environment(), "AWS_REGION": region, "AWS_DEFAULT_REGION": region}
        role = ("sts", "assume-role", "--role-arn", account["role_arn"], "--role-session-name", "loop")
        spent, answer = self._cli(environment, *role)
        keys = json.loads(answer)["Credentials"]
        environment |= {
            "AWS_ACCESS_KEY_ID": keys["AccessKeyId"],
            "AWS_SECRET_ACCESS_KEY": keys["SecretAccessKey"],
            "AWS_SESSION_TOKEN": keys["SessionToken"],
        }
        spent += self._cli(environment, "sagemaker", "list-domains")[0]
        describe = [
            self._cli(environment, "sagemaker", "describe-domain", "--domain-id", domain_id)[0]
            for domain_id in account["domains"][region]
        ]
        return spent + sum(describe)

    def _cli(self, environment: dict[str, str], *arguments: str) -> tuple[float, str]:
        command = [Path(sys.executable).with_name("aws"), *arguments, "--output", "json"]
        before = os.times().elapsed
        done = subprocess.run(command, env=environment, capture_output=True, text=True, check=True)
        return os.times().elapsed - before, done.stdout

    def _fleet(self, docker_settings: dict[str, str] | None) -> list[dict[str, Any]]:
        """An organization and an empty call log; returns the targets."""
        self.endpoint.reset()
        request = {"accounts": ACCOUNTS, "domains": DOMAINS, "regions": list(REGIONS)}
        self.accounts = self.endpoint.organization(**request, docker_settings=docker_settings)["accounts"]
        self.endpoint.controls(latency_ms=LATENCY_MS, transition_seconds=UPDATE_SECONDS)
        self.endpoint.clear_calls()
        return [
            {"name": f"{account['name']}-{region}", "region": region, "role_arn": account["role_arn"]}
            for account in self.accounts
            for region in REGIONS
        ]

    def _calls(self) -> Counter[str]:
        return Counter(call.operation for call in self.endpoint.calls())


def main() -> int:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        url = process.start(folder)
        try:
            reached = []
            for row in Bench(Surroundings(Endpoint(url), folder)).rows():
                print(*row.lines(), sep="\n", flush=True)
                reached.append(row.reached)
        finally:
            process.stop(folder)
    return 0 if all(reached) else 1


if __name__ == "__main__":
    sys.exit(main())
