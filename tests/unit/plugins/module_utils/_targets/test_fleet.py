# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What becomes of one target among others when its work fails."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._aws.errors import ResourceError
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._targets.fleet import Fleet, Member
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._targets.outcome import Outcome
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._targets.target import Target


class Module(SimpleNamespace):
    """Keeps the result that a module ends with."""

    def fail_json(self, **result: Any) -> None:
        self.result = result
        raise SystemExit

    exit_json = fail_json

    def log(self, _message: str) -> None:
        pass


@pytest.fixture
def module() -> Module:
    params = {"targets": [], "max_failures": None, "target_timeout": 60}
    return Module(params=params, check_mode=False, result={})


@pytest.mark.parametrize(
    ("error", "text"),
    [
        (ResourceError("The domain is gone."), "The domain is gone"),
        (AttributeError("no attribute 'get'"), "AttributeError: no attribute 'get' (test_fleet.py:"),
    ],
)
def test_a_target_that_fails_in_any_way_is_one_target(module: Module, error: Exception, text: str) -> None:
    members = [Member(module, {}, Target(name, "eu-west-1", "111122223333")) for name in ("one", "two")]

    def work(member: Member) -> Outcome:
        if member.name == "one":
            raise error
        return Outcome({"changed": True, "domains": [{"domain_id": "d-1"}]})

    fleet = Fleet(module, members, {"domains": []}, changes=True)
    with pytest.raises(SystemExit):
        fleet.end(fleet.each(work))
    assert [(target["name"], target["failed"]) for target in module.result["targets"]] == [
        ("one", True),
        ("two", False),
    ]
    assert [domain["domain_id"] for domain in module.result["domains"]] == ["d-1"]
    assert text in module.result["msg"]
    assert ("This is a defect" in module.result["msg"]) is isinstance(error, AttributeError)
