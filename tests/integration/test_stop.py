# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A playbook that is interrupted or killed: its module starts nothing more, and finishes what is half done."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.sandbox.aws_endpoint.client import ROLE, SECURITY_GROUP, SUBNETS, VPC

DOMAIN, SETTINGS, ACCOUNTS, APP, CONFIG = (
    "sagemaker_domain",
    "sagemaker_domain_docker_settings",
    "sagemaker_domain_trusted_accounts",
    "sagemaker_studio_app",
    "sagemaker_studio_lifecycle_config",
)
NEW_DOMAIN = {
    "name": "research",
    "auth_mode": "IAM",
    "vpc_id": VPC,
    "subnet_ids": SUBNETS,
    "security_groups": [SECURITY_GROUP],
    "execution_role": ROLE,
}
DOMAINS = 60
# The work takes many times as long as a module may need to stop.
SLOW = {"latency_ms": 150, "transition_seconds": 0.5}


class Running:
    """An ansible-playbook with one task, in a session of its own like a shell's job."""

    def __init__(self, folder: Path, environment: dict[str, str], module: str, **arguments):
        task = {f"mlops.studio_local_mode.{module}": arguments}
        playbook = folder / "playbook.json"
        playbook.write_text(json.dumps([{"hosts": "localhost", "gather_facts": False, "tasks": [task]}]))
        self.process = subprocess.Popen(
            [Path(sys.executable).with_name("ansible-playbook"), playbook],
            env=environment,
            start_new_session=True,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
        )

    def stop(self, how: str) -> None:
        """End it as Ctrl-C, `kill` or `kill -9` do."""
        if how == "ctrl-c":
            os.killpg(self.process.pid, signal.SIGINT)
        else:
            self.process.send_signal(signal.SIGTERM if how == "kill" else signal.SIGKILL)


def until(condition, seconds=300):
    """Wait for the condition and return its value."""
    deadline = time.monotonic() + seconds
    while not (value := condition()):
        assert time.monotonic() < deadline
        time.sleep(0.02)
    return value


def modules(endpoint):
    """The processes of modules that use this endpoint."""
    found = []
    for folder in Path("/proc").iterdir():
        try:
            words = (folder / "cmdline").read_text().split("\0") if folder.name.isdigit() else []
            uses_endpoint = bool(words) and f"AWS_ENDPOINT_URL={endpoint.url}" in (folder / "environ").read_text()
        except (OSError, UnicodeDecodeError):
            continue
        # Neither Ansible and its workers, nor the shell between a worker and the module.
        if uses_endpoint and "python" in words[0] and not any("ansible-playbook" in word for word in words):
            found.append(int(folder.name))
    return found


@pytest.fixture
def playbook(tmp_path, ansible):
    """Start a playbook; whatever is left of it ends with the test."""
    started = []

    def start(module, **arguments):
        started.append(Running(tmp_path, ansible.environment, module, **arguments))
        return started[-1]

    yield start
    for running in started:
        running.process.kill()
        running.process.communicate()


def writes(endpoint):
    return [call for call in endpoint.calls() if call.mutating]


@pytest.mark.parametrize("how", ["ctrl-c", "kill", "kill -9"])
def test_no_domain_is_updated_after_the_playbook_has_ended(endpoint, playbook, how):
    ids = [endpoint.domain(f"domain-{number}") for number in range(DOMAINS)]
    endpoint.controls(**SLOW)
    running = playbook(SETTINGS, domains=ids, enable_docker_access=True, concurrency=2)
    until(lambda: len(writes(endpoint)) >= 5)
    assert modules(endpoint)
    stopped_at = time.time()
    running.stop(how)
    until(lambda: not modules(endpoint))
    done = writes(endpoint)
    assert max(call.time for call in done) - stopped_at < 60
    assert len(done) < DOMAINS / 2


@pytest.mark.parametrize("how", ["ctrl-c", *(pytest.param(how, marks=pytest.mark.slow) for how in ("kill", "kill -9"))])
def test_every_app_that_was_deleted_is_created_again(endpoint, playbook, how):
    domain_id = endpoint.domain()
    for number in range(DOMAINS):
        endpoint.app(domain_id, profile=f"user-{number}")
    endpoint.controls(**SLOW)
    running = playbook(APP, domains=[domain_id], concurrency=2)
    until(lambda: len(endpoint.calls("DeleteApp")) >= 3)
    stopped_at = time.time()
    running.stop(how)
    until(lambda: not modules(endpoint))
    deleted = {json.dumps(call.parameters, sort_keys=True) for call in endpoint.calls("DeleteApp")}
    assert max(call.time for call in endpoint.calls("DeleteApp")) - stopped_at < 60
    assert len(deleted) < DOMAINS / 2
    assert len(endpoint.calls("CreateApp")) == len(deleted)
    running_apps = [app for app in endpoint.boto3().list_apps(MaxResults=100)["Apps"] if app["Status"] != "Deleted"]
    assert len(running_apps) == DOMAINS


@pytest.mark.parametrize(
    ("module", "arguments"),
    [
        ("sagemaker_domain_info", {"include_apps": True, "concurrency": 2}),
        (CONFIG, {"name": "docker", "content": "#!/bin/bash\n:\n", "all_domains": True, "concurrency": 2}),
        ("sagemaker_domain_prerequisites_info", {"concurrency": 2}),
    ],
)
def test_every_module_ends_with_a_result(endpoint, ansible, module, arguments):
    ids = [endpoint.domain(f"domain-{number}") for number in range(DOMAINS)]
    if module == "sagemaker_domain_prerequisites_info":
        arguments = {**arguments, "domains": ids}
    endpoint.controls(**SLOW)
    running = ansible.start(module, **arguments)
    until(lambda: len(endpoint.calls("DescribeDomain")) >= 5)
    for pid in modules(endpoint):
        os.kill(pid, signal.SIGTERM)
    run = ansible.finish(running)
    assert "the task was stopped because it received SIGTERM" in run.output


@pytest.mark.parametrize(
    ("module", "options", "name"),
    [
        (SETTINGS, {"enable_docker_access": True}, "SIGINT"),
        (SETTINGS, {"enable_docker_access": True}, "SIGTERM"),
        (ACCOUNTS, {"accounts": ["012345678901"]}, "SIGHUP"),
    ],
)
def test_a_signal_to_the_module_ends_in_a_result_that_says_what_was_not_done(endpoint, ansible, module, options, name):
    ids = [endpoint.domain(f"domain-{number}") for number in range(DOMAINS)]
    endpoint.controls(**SLOW)
    running = ansible.start(module, domains=ids, concurrency=2, **options)
    until(lambda: len(writes(endpoint)) >= 5)
    for pid in modules(endpoint):
        os.kill(pid, getattr(signal, name))
    run = ansible.finish(running)
    assert run.returncode != 0
    updated = {call.parameters["DomainId"] for call in writes(endpoint)}
    for domain in run["domains"]:
        assert domain["changed"] == (domain["domain_id"] in updated)
        if domain["domain_id"] not in updated:
            assert domain["error"] == f"not started: the task was stopped because it received {name}"
    [listed] = re.findall(r"Not started: ([^.]*)\.", run["msg"])
    assert len(listed.split(", ")) == DOMAINS - len(updated)


def test_a_stopped_creation_says_so_and_the_next_run_completes_it(endpoint, ansible, direct):
    # Long enough for the signal to come first; the next run waits for the rest of it.
    endpoint.controls(transition_seconds=15.0)
    running = ansible.start(DOMAIN, **NEW_DOMAIN)
    until(lambda: writes(endpoint))
    for pid in modules(endpoint):
        os.kill(pid, signal.SIGTERM)
    run = ansible.finish(running)
    assert run["msg"] == (
        "Domain research: the change was sent and is not verified: the task was stopped because it received SIGTERM"
    )
    assert run["changed"]
    assert run["domain"]["status"] == "Pending"
    endpoint.controls(transition_seconds=0.0)
    assert direct.ok(DOMAIN, **NEW_DOMAIN)["domain"]["status"] == "InService"
    assert [call.operation for call in writes(endpoint)] == ["CreateDomain"]


@pytest.mark.parametrize("how", ["ctrl-c", "kill -9"])
def test_a_domain_is_not_changed_after_the_playbook_has_ended(endpoint, playbook, how):
    domain_id = endpoint.domain("research")
    endpoint.controls(stuck_domains=[domain_id])
    endpoint.boto3().update_domain(DomainId=domain_id, DomainSettingsForUpdate={"DockerSettings": {}})
    endpoint.clear_calls()
    running = playbook(DOMAIN, name="research", docker_settings={"enable_docker_access": True}, tags={"team": "x"})
    until(lambda: endpoint.calls("DescribeDomain"))
    running.stop(how)
    until(lambda: not modules(endpoint))
    assert not writes(endpoint)
