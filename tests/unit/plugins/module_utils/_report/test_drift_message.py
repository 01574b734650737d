# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from ansible_collections.mlops.studio_local_mode.plugins.module_utils._report.outcome import drifts
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._report.summary import DomainsRun


def message(count: int, **members: str) -> str:
    domains = [{"domain_name": f"team-{number}", "changed": True, **members} for number in range(count)]
    [text] = drifts(DomainsRun([*domains, {"domain_name": "right", "changed": False}]))
    return text


def test_the_domains_that_differ_are_named() -> None:
    assert message(2) == "Drift: 2 of 3 domains do not have the requested settings: team-0, team-1."


def test_a_domain_of_a_target_has_its_name() -> None:
    assert message(1, target="prod-eu").endswith("settings: team-0 in prod-eu.")


def test_of_many_domains_the_first_are_named() -> None:
    assert message(600).endswith("team-19 and 580 more.")


def test_no_drift_is_no_message() -> None:
    assert drifts(DomainsRun([{"domain_name": "right", "changed": False}])) == []
