# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._report.drift import compare, with_drift

WISHED = {"enable_docker_access": True, "rootless_docker": False, "vpc_only_trusted_accounts": ["210987654321"]}
OFF = {
    "check": "docker_access",
    "status": "failed",
    "observed": "off",
    "expected": "on",
    "reason": "r",
    "remediation": "m",
}
WHO = {"domains": [{"domain_id": "d-1", "last_change": None, "unknown_because": "The last one is older."}]}
SENTENCE = "CloudTrail does not show who changed the Docker settings last. The last one is older."


def added(before: dict[str, Any], changes: Any = None, findings: Any = (), **members: Any) -> list[dict[str, str]]:
    domain = {"domain_id": "d-1", "changed": bool(before), "docker_settings": WISHED, **members}
    drift = {"domains": [domain], "previous_docker_settings": {"d-1": before}}
    return with_drift(findings, compare(drift, changes or {})["d-1"])


@pytest.mark.parametrize(
    ("before", "observed", "expected"),
    [
        ({"enable_docker_access": False}, "enable_docker_access false", "enable_docker_access true"),
        ({"vpc_only_trusted_accounts": []}, "vpc_only_trusted_accounts none", "vpc_only_trusted_accounts 210987654321"),
        ({"rootless_docker": True, "target": "one"}, "rootless_docker true", "rootless_docker false"),
    ],
)
def test_a_domain_that_differs_fails_with_what_is_there_and_what_is_requested(
    before: dict[str, Any], observed: str, expected: str
) -> None:
    [finding] = added(before)
    assert (finding["check"], finding["status"]) == ("drift", "failed")
    assert (finding["observed"], finding["expected"]) == (observed, expected)


def test_who_changed_it_is_part_of_what_is_observed() -> None:
    [finding] = added({"rootless_docker": True}, WHO)
    assert finding["observed"] == f"rootless_docker true. {SENTENCE}"


def test_that_docker_access_is_off_is_told_once() -> None:
    assert added({"enable_docker_access": False}, WHO, [OFF]) == [{**OFF, "observed": f"off. {SENTENCE}"}]


def test_other_settings_are_told_beside_it() -> None:
    found = added({"enable_docker_access": False, "rootless_docker": True}, findings=[OFF])
    assert [finding["check"] for finding in found] == ["docker_access", "drift"]


def test_a_domain_as_requested_and_one_that_could_not_be_compared() -> None:
    assert [finding["status"] for finding in added({})] == ["ok"]
    [finding] = added({}, error="No rights.")
    assert (finding["status"], finding["reason"]) == ("skipped", "No rights.")


def test_without_a_comparison_the_findings_are_as_they_were() -> None:
    assert compare({}, {}) == {}
    assert with_drift([OFF], None) == [OFF]
