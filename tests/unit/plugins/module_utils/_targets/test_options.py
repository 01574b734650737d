# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The options of a target in place of the task's."""

from __future__ import annotations

import pytest
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._targets.options import OptionsError, params_of

SPEC = {
    "domains": {"type": "list", "elements": "str"},
    "all_domains": {"type": "bool"},
    "domain_tags": {"type": "dict"},
    "state": {"type": "str", "choices": ["present", "absent"], "default": "present"},
    "wait_timeout": {"type": "int", "default": 600},
    "name": {"type": "str", "required": True},
    "batch_size": {"type": "int", "default": 10},
}
RULES = {"mutually_exclusive": [("domains", "all_domains")]}
TASK = {
    "domains": None,
    "all_domains": True,
    "domain_tags": None,
    "state": "present",
    "wait_timeout": 600,
    "name": "x",
    "batch_size": 10,
}


def params(**own):
    return params_of(TASK, own, SPEC, RULES)


def test_without_options_the_task_decides():
    assert params() == TASK


def test_options_are_converted_like_those_of_the_task():
    assert params(wait_timeout="30", name=7) == {**TASK, "wait_timeout": 30, "name": "7"}


def test_a_selection_replaces_the_tasks_as_a_whole():
    assert params(domains="a,b") == {**TASK, "domains": ["a", "b"], "all_domains": None}
    assert params(domain_tags={"team": "vision"}) == {**TASK, "domain_tags": {"team": "vision"}, "all_domains": None}


def test_null_is_no_option():
    assert params(domains=None, wait_timeout=None) == TASK


@pytest.mark.parametrize(
    ("own", "text"),
    [
        ({"domain": "a"}, "domain. Supported parameters include"),
        ({"wait_timeout": "soon"}, "wait_timeout"),
        ({"domains": ["a"], "all_domains": True}, "mutually exclusive: domains.*domain_docker_access_all_domains"),
        ({"state": "absent"}, "state. Supported parameters include"),
        ({"batch_size": 5}, "batch_size. Supported parameters include"),
        ({"targets": []}, "targets. Supported parameters include"),
    ],
)
def test_what_a_target_cannot_have_is_refused(own, text):
    with pytest.raises(OptionsError, match=text):
        params(**own)
