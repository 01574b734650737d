# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""docs/local_mode_jobs.md, snippet for snippet: the real SDKs and Docker's CLI in an app that the playbook prepared.

A run is a process of the app: it imports the SDK once. Each policy of a domain has a run at least.
"""

from __future__ import annotations

import json
import re
import subprocess

import pytest

from tests.end_to_end import page_of_jobs as page
from tests.sandbox import demo, engine, images, sdk, world
from tests.sandbox.aws_endpoint.client import Endpoint

SDK_2, SDK_3 = page.of("SDK 2", "python"), page.of("SDK 3", "python")
ROOTLESS = page.of("Rootless Docker", "python")
SHELL = page.of("Docker by hand", "shell")
DENIED = re.findall(r"^\| `(docker .+?)` \| `(.+?)` \| .+ \|$", page.PAGE.read_text(), re.MULTILINE)
PYTHONPATH = {"PYTHONPATH": sdk.SDK_3}


def only(snippets, *words):
    """Return the snippets that have one of the words, and the first, which has the imports."""
    return [snippet for snippet in snippets if snippet is snippets[0] or any(word in snippet.code for word in words)]


RUNS = {
    "vpc-only, SDK 2": ("vpc-only", SDK_2, {}),
    "vpc-only, SDK 3": ("vpc-only", only(SDK_3, "def train"), PYTHONPATH),
    "internet, SDK 3": ("internet", SDK_3, PYTHONPATH),
    "internet, SDK 2": ("internet", only(SDK_2, "local_code", "deploy("), {}),
    "rootless, SDK 2": ("rootless", only(SDK_2, "local_code", "deploy("), {}),
    "rootless, SDK 3": ("rootless", ROOTLESS + only(SDK_3, "def train", "create_endpoint"), PYTHONPATH),
}
# Each policy and each SDK has another run.
SLOW = ("vpc-only, SDK 3", "internet, SDK 2", "rootless, SDK 2")
# Whether the domain is VPC-only, and what its playbook sets besides the demo's variables. `documented` denies also what
# the SDK's jobs need beside AWS's table of operations: Docker by hand must not.
DOMAINS = {
    "vpc-only": (True, {}),
    "internet": (False, {}),
    "rootless": (True, {"domain_docker_access_rootless": True}),
    "documented": (False, {}),
}


@pytest.fixture(scope="module")
def prepare(endpoint_url):
    """Run enable_local_mode.yml for a domain with the policy and a fresh app of it, unless that was the last one."""
    world.up(["aws", "mirror", "app"])
    endpoint = Endpoint(endpoint_url)
    prepared = []

    def run(policy):
        if prepared[-1:] == [policy]:
            return
        vpc_only, variables = DOMAINS[policy]
        demo.fresh_world(endpoint, policy, vpc_only=vpc_only)
        arguments = [f"--extra-vars={json.dumps(variables)}"]
        done = demo.playbook(endpoint, *arguments, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
        assert done.returncode == 0, done.stdout
        prepared.append(policy)

    return run


@pytest.fixture(scope="module")
def outputs(prepare):
    """Return a function that returns what the snippets of a run printed, and starts the run at its first call."""
    printed = {}

    def of(run):
        if run not in printed:
            policy, snippets, environment = RUNS[run]
            prepare(policy)
            printed[run] = page.run_python(snippets, environment)
        return printed[run]

    return of


SNIPPETS = [
    pytest.param(run, number, id=f"{run}: {snippet}", marks=[pytest.mark.slow] if run in SLOW else [])
    for run, (_, snippets, _) in RUNS.items()
    for number, snippet in enumerate(snippets)
]


@pytest.mark.parametrize(("run", "number"), SNIPPETS)
def test_python(outputs, run, number):
    expected, output = RUNS[run][1][number].expected, outputs(run)[number]
    assert page.FAILED not in output, output
    assert page.prints(output, expected), f"{expected} is not in:\n{output}"


@pytest.fixture(scope="module")
def files(prepare):
    """Write the page's files to an app that may do only what AWS documents."""
    prepare("documented")
    page.run_python([])


@pytest.mark.parametrize("snippet", SHELL, ids=str)
def test_shell(files, snippet):
    output = page.run_shell(snippet)
    assert page.prints(output, snippet.expected), f"{snippet.expected} is not in:\n{output}"


@pytest.fixture(scope="module")
def names(files):
    """Return what stands for the words of the table."""
    container = f"docker run --detach --rm --network sagemaker {images.JOB.tag} sleep 300"
    started = page.run_shell(page.Snippet("", "shell", container)).strip()
    yield {"IMAGE": images.JOB.tag, "CONTAINER": started, "\\|": "|"}
    engine.client().containers.get(started).remove(force=True)


@pytest.mark.parametrize(("command", "message"), DENIED, ids=[command for command, _ in DENIED])
def test_denials(names, command, message):
    for word, name in names.items():
        command = command.replace(word, name)
    assert message in page.run_shell(page.Snippet("", "shell", command))


def test_no_container_of_a_job_still_runs():
    """The SDK itself leaves the containers of its jobs behind, stopped."""
    assert engine.client().containers.list(filters={"label": "com.docker.compose.project"}) == []
