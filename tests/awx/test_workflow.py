# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The paths through the workflow: which jobs run, whether the workflow has failed, what its limit reaches."""

from __future__ import annotations

import pytest

from tests.awx import configuration
from tests.awx.workflow import Ended, Workflow

GOOD = ["audit", "approve", "enable", "install", "check"]
AFTER_FAILURE = ["check_after_failure", "failed"]
APPROVED = {"domain_docker_access_domain_ids": ["d-approved00000"]}
ANSWERS = {"domain_docker_access_domains": "research"}
MANY_ACCOUNTS = {"studio_awx_accounts_credential": "AWS"}


def run(*failing, settings=None, limit=""):
    """Run the workflow in which these nodes fail; return its status and what each node was started with."""
    started = {}

    def start(node):
        started[node.node] = node
        failed = node.node in failing or (node.template or {}).get("playbook") == "playbooks/report_failure.yml"
        return Ended("failed" if failed else "successful", APPROVED if node.node == "audit" else {})

    status = Workflow(configuration.with_settings(settings or {})).run(start, ANSWERS, limit)
    return status, started


@pytest.mark.parametrize(
    ("failing", "status", "nodes"),
    [
        ([], "successful", GOOD),
        (["approve"], "successful", ["audit", "approve", "denied"]),
        (["audit"], "failed", ["audit"]),
        (["enable"], "failed", [*GOOD[:3], *AFTER_FAILURE]),
        (["enable", "check_after_failure"], "failed", [*GOOD[:3], *AFTER_FAILURE]),
        (["install"], "failed", [*GOOD[:4], *AFTER_FAILURE]),
        (["install", "check_after_failure"], "failed", [*GOOD[:4], *AFTER_FAILURE]),
        (["check"], "failed", GOOD),
        (["approve", "denied"], "failed", ["audit", "approve", "denied"]),
    ],
)
def test_a_workflow_with_a_failed_job_has_failed(failing, status, nodes):
    found, started = run(*failing)
    assert found == status
    assert list(started) == nodes


def test_the_jobs_after_a_failure_know_the_approved_domains():
    _status, started = run("enable")
    for name in ("check_after_failure", "failed"):
        assert started[name].extra_vars["domain_docker_access_domain_ids"] == ["d-approved00000"]
        assert started[name].extra_vars["require_approved_domains"] is True


@pytest.mark.parametrize("failing", [[], ["install"]])
def test_a_limit_of_the_workflow_reaches_only_the_jobs_in_apps(failing):
    _status, started = run(*failing, limit="app-1")
    limited = {name for name, node in started.items() if node.limit == "app-1"}
    assert limited == {name for name in started if name in ("install", "check", "check_after_failure")}


def test_with_accounts_a_limit_of_the_workflow_reaches_the_jobs_of_domains_too():
    _status, started = run(settings=MANY_ACCOUNTS, limit="localhost:account_111122223333")
    assert {name for name, node in started.items() if node.limit} == set(GOOD) - {"approve"}


@pytest.mark.parametrize("settings", [{}, MANY_ACCOUNTS])
def test_a_template_asks_for_a_limit_only_where_its_inventory_has_a_host(settings):
    """Without a host, Ansible skips every play of a run with a limit, and succeeds."""
    there = configuration.with_settings(settings)
    with_hosts = {host["inventory"] for host in there["controller_hosts"]}
    with_hosts |= {source["inventory"] for source in there["controller_inventory_sources"] if source["credential"]}
    asking = [template for template in there["controller_templates"] if template.get("ask_limit_on_launch")]
    assert {template["inventory"] for template in asking} <= with_hosts
