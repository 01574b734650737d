# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from ansible_collections.mlops.studio_local_mode.plugins.module_utils._domains.domain_result import (
    DomainResult,
    state_of,
)

DOMAIN = {"DomainId": "d-abc", "DomainName": "research", "Status": "InService", "AuthMode": "IAM"}


def test_state_of_a_domain_that_is_only_predicted():
    state = state_of({"DomainName": "research", "AuthMode": "IAM"}, {"team": "x"})
    assert (state["domain_id"], state["domain_name"], state["tags"]) == (None, "research", {"team": "x"})


def test_values_of_the_service_are_no_change():
    later = {**DOMAIN, "Status": "Update_Failed", "DomainArn": "arn"}
    result = DomainResult(before=state_of(DOMAIN, {}), after=state_of(later, {}))
    assert not result.changed
    assert result.diff() == []


def test_the_diff_shows_only_the_keys_that_differ():
    result = DomainResult(before=state_of(DOMAIN, {"a": "1"}), after=state_of(DOMAIN, {"a": "2"}))
    assert result.changed
    assert result.diff() == [{"before": {"tags": {"a": "1"}}, "after": {"tags": {"a": "2"}}}]


def test_the_diff_shows_a_created_or_deleted_domain_as_a_whole():
    state = state_of(DOMAIN, {"a": "1"})
    [created] = DomainResult(after=state).diff()
    [deleted] = DomainResult(before=state).diff()
    assert created["before"] == deleted["after"] == {}
    assert created["after"] == deleted["before"]
    assert created["after"]["auth_mode"] == "IAM"
    assert "domain_id" not in created["after"]
    assert not DomainResult().changed
