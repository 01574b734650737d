# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The modules against a busy or faulty service: the final state is correct, and nothing is done twice."""

from __future__ import annotations

import time
from collections import Counter

import pytest

SETTINGS, TRUSTED, INFO = (
    "sagemaker_domain_docker_settings",
    "sagemaker_domain_trusted_accounts",
    "sagemaker_domain_info",
)
ON = {"enable_docker_access": True}


def settings(endpoint, domain_id):
    return endpoint.boto3().describe_domain(DomainId=domain_id).get("DomainSettings", {}).get("DockerSettings", {})


def effective_updates(endpoint):
    """The number of successful updates of each domain."""
    return Counter(call.parameters["DomainId"] for call in endpoint.calls("UpdateDomain") if call.status == 200)


@pytest.mark.parametrize(
    "faults",
    [
        {"throttle_every": 3},
        {"busy_updates": 3},
        {"drop_every": 4},
        {"drop_every": 4, "drop_moment": "after"},
        {"error_every": 4},
        {"throttle_every": 3, "drop_every": 7, "error_every": 11, "busy_updates": 3},
    ],
    ids=["throttled", "busy", "dropped-before", "dropped-after", "500", "all-of-it"],
)
def test_transient_faults(endpoint, direct, faults):
    ids = [endpoint.domain(f"domain-{number}") for number in range(4)]
    endpoint.controls(**faults)
    run = direct.ok(SETTINGS, domains=ids, **ON)
    # Count only the calls that were made while the service was faulty.
    effective = effective_updates(endpoint)
    endpoint.controls(throttle_every=0, drop_every=0, error_every=0, busy_updates=0)
    assert [settings(endpoint, domain_id)["EnableDockerAccess"] for domain_id in ids] == ["ENABLED"] * 4
    assert [domain["changed"] for domain in run["domains"]] == [True] * 4
    assert all(count <= 1 for count in effective.values())
    assert not direct.ok(SETTINGS, domains=ids, **ON)["changed"]


def test_eight_processes_add_accounts_to_one_domain_at_the_same_time(endpoint, direct):
    domain_id = endpoint.domain("research", {"EnableDockerAccess": "ENABLED"})
    endpoint.controls(transition_seconds=0.5)
    accounts = [f"{number:012}" for number in range(8)]
    running = [direct.start(TRUSTED, domains=[domain_id], accounts=[account]) for account in accounts]
    runs = [direct.finish(process) for process in running]
    assert [run.returncode for run in runs] == [0] * 8
    assert sorted(settings(endpoint, domain_id)["VpcOnlyTrustedAccounts"]) == accounts
    assert effective_updates(endpoint) == {domain_id: 8}


@pytest.mark.parametrize("transition_seconds", [0.3, 3.0], ids=["after-the-update", "while-updating"])
def test_a_run_after_a_killed_run_reaches_the_desired_state(endpoint, direct, transition_seconds):
    domain_id = endpoint.domain()
    endpoint.controls(transition_seconds=transition_seconds)
    running = direct.start(SETTINGS, domains=[domain_id], **ON)
    while not endpoint.calls("UpdateDomain"):
        assert running.alive()
    running.kill()
    again = direct.ok(SETTINGS, domains=[domain_id], **ON)
    assert again["domains"][0]["docker_settings"]["enable_docker_access"]
    assert effective_updates(endpoint) == {domain_id: 1}


def test_the_module_waits_for_a_busy_domain(endpoint, direct):
    domain_id = endpoint.domain()
    endpoint.controls(transition_seconds=2.0)
    endpoint.boto3().update_domain(DomainId=domain_id, DomainSettingsForUpdate={"DockerSettings": {}})
    assert direct.ok(SETTINGS, domains=[domain_id], **ON)["changed"]
    assert settings(endpoint, domain_id)["EnableDockerAccess"] == "ENABLED"


def test_wait_timeout_limits_all_retries_of_a_domain(endpoint, direct):
    domain_id = endpoint.domain()
    endpoint.controls(busy_calls={"UpdateDomain": 1000})
    started = time.monotonic()
    run = direct.run(SETTINGS, domains=[domain_id], wait_timeout=3, **ON)
    assert time.monotonic() - started < 60
    assert "it still answered ResourceInUse after 3 s (wait_timeout 3 s)" in run["msg"]
    assert run["error"]["code"] == run["domains"][0]["error_code"] == "ResourceInUse"


def test_without_waiting_a_busy_domain_is_an_error_at_once(endpoint, direct):
    domain_id = endpoint.domain()
    endpoint.controls(busy_calls={"UpdateDomain": 1000})
    run = direct.run(SETTINGS, domains=[domain_id], wait=False, **ON)
    assert run["error"]["code"] == "ResourceInUse"
    assert len(endpoint.calls("UpdateDomain")) == 1


def test_many_domains_under_a_low_rate_take_the_time_of_the_needed_calls(endpoint, direct):
    for number in range(30):
        endpoint.domain(f"domain-{number}")
    endpoint.controls(rate_limits={"*": 10})
    assert direct.ok(SETTINGS, all_domains=True, **ON)["changed"]
    calls = endpoint.calls()
    # DescribeDomain, UpdateDomain and DescribeDomain for each. The benchmarks hold the ratio to less.
    assert calls[-1].time - calls[0].time < 4 * 3 * 30 / 10
    assert sum(call.error == "ThrottlingException" for call in calls) < 0.25 * len(calls)
    assert sum(call.status == 200 and call.operation != "ListDomains" for call in calls) == 3 * 30


def test_many_waiting_domains_are_listed_and_not_described(endpoint, direct):
    ids = [endpoint.domain(f"domain-{number}") for number in range(20)]
    endpoint.controls(transition_seconds=4)
    direct.ok(SETTINGS, domains=ids, **ON)
    assert len(endpoint.calls("DescribeDomain")) == 2 * 20
    assert len(endpoint.calls("ListDomains")) <= 5


def test_without_the_permission_to_list_ids_work_all_the_same(endpoint, direct):
    ids = [endpoint.domain(f"domain-{number}") for number in range(12)]
    endpoint.controls(denied_actions={"sagemaker:ListDomains": "*"})
    assert direct.ok(SETTINGS, domains=ids, **ON)["changed"]
    assert len(endpoint.calls("ListDomains")) == 2


def test_a_domain_that_has_the_settings_needs_no_status(endpoint, direct):
    domain_id = endpoint.domain("research", {"EnableDockerAccess": "ENABLED"})
    endpoint.controls(delete_failure="The file system is in use.")
    endpoint.boto3().delete_domain(DomainId=domain_id)
    run = direct.ok(SETTINGS, domains=[domain_id], **ON)
    assert not run["changed"]
