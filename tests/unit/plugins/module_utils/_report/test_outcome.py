# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import pytest
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._report import outcome
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._report.summary import AppRun, DomainsRun


def finding(check, status):
    return {"check": check, "status": status, "observed": "", "expected": "", "reason": "", "remediation": ""}


def test_apps_by_outcome():
    apps = [
        AppRun("right", findings=[finding("engine", "ok")]),
        AppRun("wrong", failed=True, findings=[finding("engine", "failed")]),
        AppRun("broken", failed=True),
        AppRun("installed"),
    ]
    assert outcome.artifacts(apps, ["off"]) == {
        "studio_apps_by_outcome": {
            "works": ["right"],
            "does_not_work": ["wrong"],
            "not_checked": ["installed"],
            "failed": ["broken"],
            "not_reachable": ["off"],
        },
        "studio_app_counts": {
            "works": 1,
            "does_not_work": 1,
            "not_checked": 1,
            "failed": 1,
            "not_reachable": 1,
            "total": 5,
        },
    }
    assert outcome.artifacts([], []) == {}


def domain(name, changed=False, account="1", **fields):
    return {"domain_name": name, "changed": changed, "account_id": account, **fields}


def test_domains_by_account_if_there_are_several():
    domains = [domain("a", True), domain("b"), domain("c", account="2", error="no")]
    assert outcome.domains_by_account(domains) == {
        "studio_domain_counts_by_account": {
            "1": {"total": 2, "changed": 1, "unchanged": 1, "failed": 0},
            "2": {"total": 1, "changed": 0, "unchanged": 0, "failed": 1},
        }
    }
    assert outcome.domains_by_account(domains[:2]) == {}
    assert outcome.domains_by_account([]) == {}


def test_drifts():
    config = {"changed": True}
    assert outcome.drifts(DomainsRun([domain("a", True), domain("b")], lifecycle_config=config)) == [
        "Drift: 1 of 2 domains does not have the requested settings: a.",
        "Drift: the lifecycle configuration is not attached as requested.",
    ]
    assert outcome.drifts(DomainsRun([domain("a")])) == []


def test_drifts_of_targets_and_of_many_domains():
    [text] = outcome.drifts(DomainsRun([domain(f"team-{number}", True, target="prod") for number in range(600)]))
    assert "requested settings: team-0 in prod, team-1 in prod," in text
    assert text.endswith("team-19 in prod and 580 more.")


CHECKED = {"findings": [finding("docker_access", "failed"), finding("ecr_login", "ok")], "unchecked": ["role_pull"]}


@pytest.mark.parametrize(
    ("result", "are_required", "reasons"),
    [
        ({}, True, []),
        ({"domains": [CHECKED, CHECKED]}, False, ["Failed: docker_access."]),
        ({"domains": [CHECKED]}, True, ["Failed: docker_access.", "Could not be checked: role_pull."]),
        ({"msg": "No region."}, True, ["No region."]),
        ({"msg": "No region."}, False, []),
    ],
)
def test_prerequisites_that_fail_the_run(result, are_required, reasons):
    assert outcome.unmet_prerequisites(result, are_required) == reasons


def test_a_run_without_the_group_of_the_apps_names_an_inventory():
    assert "-i ~/this_app.yml" in outcome.no_group(in_awx=False)
    in_awx = outcome.no_group(in_awx=True)
    assert "'Studio apps'" in in_awx
    assert "-i " not in in_awx
