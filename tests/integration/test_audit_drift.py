# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""audit_drift: what it compares, whom it names, and its exit status."""

from __future__ import annotations

import pytest

from tests.integration.test_domain_playbooks import playbook
from tests.integration.test_domain_selection import unusable

__all__ = ["playbook"]

ALICE = "arn:aws:sts::123456789012:assumed-role/Admin/alice@example.org"
ALL = {"domain_docker_access_all_domains": True}
DRIFT = "Drift: 1 of 2 domains does not have the requested settings: research."


@pytest.fixture
def drifted(endpoint):
    """Two domains, one of which somebody changed an hour ago; returns its ID."""
    endpoint.domain("production", {"EnableDockerAccess": "ENABLED"})
    domain_id = endpoint.domain("research", {"EnableDockerAccess": "ENABLED"})
    settings = {"DockerSettings": {"EnableDockerAccess": "DISABLED"}}
    endpoint.update("update_domain", DomainId=domain_id, age=3600, by=ALICE, DomainSettingsForUpdate=settings)
    endpoint.clear_calls()
    return domain_id


@pytest.mark.parametrize("arguments", [(), ("--check",)])
def test_drift_fails_the_playbook_and_changes_nothing(endpoint, playbook, drifted, arguments):
    code, output = playbook("audit_drift", "--diff", *arguments, **ALL)
    assert code == 2
    assert DRIFT in output
    assert "-    enable_docker_access: false" in output
    assert "+    enable_docker_access: true" in output
    assert f"research ({drifted}): would change, Docker access on" in output
    assert endpoint.mutating_calls() == []
    assert endpoint.calls("LookupEvents") == []


@pytest.mark.slow
def test_drift_may_be_reported_only(endpoint, playbook, drifted):
    code, output = playbook("audit_drift", **ALL, fail_on_drift=False)
    assert code == 0
    assert f"research ({drifted}): would change" in output


def test_no_drift_asks_nobody_and_succeeds(endpoint, playbook):
    endpoint.domain("production", {"EnableDockerAccess": "ENABLED"})
    code, output = playbook("audit_drift", **ALL, look_up_changes=True)
    assert code == 0, output
    assert endpoint.calls("LookupEvents") == []


def test_the_audit_names_who_changed_the_domain(endpoint, playbook, drifted):
    code, output = playbook("audit_drift", **ALL, look_up_changes=True)
    assert (code, DRIFT in output) == (2, True)
    assert "    Last changed by Admin/alice@example.org (AssumedRole) with " in output
    assert [call.parameters["LookupAttributes"][0]["AttributeValue"] for call in endpoint.calls("LookupEvents")] == [
        "UpdateDomain"
    ]


@pytest.mark.slow
def test_a_denied_look_up_is_part_of_the_result(endpoint, playbook, drifted):
    endpoint.controls(denied_actions={"cloudtrail:LookupEvents": "*"})
    code, output = playbook("audit_drift", **ALL, look_up_changes=True)
    assert (code, DRIFT in output) == (2, True)
    assert (
        "CloudTrail does not show who changed the Docker settings last. The credentials lack the IAM action" in output
    )
    code, _output = playbook("audit_drift", **ALL, look_up_changes=True, fail_on_drift=False)
    assert code == 0


@pytest.mark.slow
def test_a_domain_that_cannot_be_compared_fails_after_the_others(endpoint, playbook, drifted):
    endpoint.controls(denied_actions={"sagemaker:DescribeDomain": f"*{drifted}"})
    code, output = playbook("audit_drift", **ALL, fail_on_drift=False)
    assert code == 2
    assert "production (" in output
    assert "lack the IAM action sagemaker:DescribeDomain" in output


@pytest.mark.slow
def test_a_domain_in_which_nothing_can_be_changed_is_no_drift(endpoint, playbook):
    unusable(endpoint, "bad", "Failed")
    endpoint.domain("production", {"EnableDockerAccess": "ENABLED"})
    code, output = playbook("audit_drift", **ALL)
    assert code == 0
    assert "is skipped: it is Failed." in output
