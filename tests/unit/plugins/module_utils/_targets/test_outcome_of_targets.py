# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The results of all targets as one, and the message of those that failed."""

from __future__ import annotations

from ansible_collections.mlops.studio_local_mode.plugins.module_utils._targets.outcome import (
    Outcome,
    TargetResult,
    failure,
    merged,
)
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._targets.target import Target

ONE = Target("one", "eu-west-1", "111122223333")
TWO = Target("two", "us-east-1", "444455556666")
DIFF = {"before_header": "studio", "after_header": "studio", "before": {}, "after": {}}
CHANGED = Outcome(
    {
        "changed": True,
        "domains": [{"domain_id": "d-1"}],
        "diff": [DIFF],
        "previous_docker_settings": {"d-1": {"enable_docker_access": False}},
        "apps_to_restart": {"d-1": []},
        "removed": ["script-1"],
    }
)
SAME = Outcome({"changed": False, "domains": [{"domain_id": "d-2"}], "apps_to_restart": {"d-2": []}})


def test_every_result_says_whose_it_is():
    values = merged([TargetResult(ONE, CHANGED), TargetResult(TWO, SAME)])
    assert values["changed"]
    assert values["domains"] == [
        {"target": "one", "account_id": "111122223333", "region": "eu-west-1", "domain_id": "d-1"},
        {"target": "two", "account_id": "444455556666", "region": "us-east-1", "domain_id": "d-2"},
    ]
    assert values["previous_docker_settings"] == {"d-1": {"enable_docker_access": False, "target": "one"}}
    assert values["apps_to_restart"] == {"d-1": [], "d-2": []}
    assert values["removed"] == ["script-1"]
    assert values["diff"][0]["before_header"] == "one: studio"
    assert [target["changed"] for target in values["targets"]] == [True, False]


def test_all_is_well():
    assert failure([TargetResult(ONE, CHANGED), TargetResult(TWO, SAME)]) is None


def test_the_message_names_each_target_that_failed_and_those_that_changed():
    denied = {"error": {"code": "AccessDenied", "message": "no"}}
    results = [
        TargetResult(ONE, CHANGED),
        TargetResult(TWO, Outcome({}, failure=denied), "The role cannot be assumed.", "AccessDenied"),
        TargetResult(Target("three", "eu-west-1"), Outcome({}, "1 of 2 domain(s) failed.")),
        TargetResult(Target("four", "eu-west-1"), Outcome({}), "not started: 2 target(s) failed", not_started=True),
    ]
    message, values = failure(results)
    assert message == (
        "2 of 4 target(s) failed. two (444455556666, us-east-1): The role cannot be assumed. three (the account of the "
        "present credentials, eu-west-1): 1 of 2 domain(s) failed. 1 target(s) not started: 2 target(s) failed: four. "
        "Targets with changes: one."
    )
    assert values == denied
    assert [target["failed"] for target in merged(results)["targets"]] == [False, True, True, True]
