# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# Note that this file is private to the collection: do not use it from outside.
"""What a playbook on local mode passes to AWX about its apps, and why it fails. Pure."""

from __future__ import annotations

import typing as t

from ansible_collections.mlops.studio_local_mode.plugins.module_utils._report.finding import FAILED
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._report.sections import plural

if t.TYPE_CHECKING:
    from ansible_collections.mlops.studio_local_mode.plugins.module_utils._report.summary import (
        AppRun,
        Described,
        DomainsRun,
    )

# The summary has all names; the message of a failed task is also that of a notification.
_MOST_NAMES = 20
# Ansible only warns of a group that does not exist. An inventory that found no app has the group.
_NO_GROUP = "The inventory has no group studio_apps: this run had no app and did nothing."
_WITH_GROUP = (
    "In the app, name its inventory: -i ~/this_app.yml, which docs/in_the_app.md of this collection creates. "
    "Elsewhere, use an inventory with that group, such as studio_spaces (docs/reach_the_apps.md)."
)
_WITH_GROUP_IN_AWX = "Launch it with an inventory that has this group, such as 'Studio apps'."
NO_APP = (
    "No app in this run: the inventory's group studio_apps is empty, "
    "or the limit or the approved domains leave its apps out."
)


def artifacts(apps: t.Sequence[AppRun], not_reachable: t.Sequence[str]) -> dict[str, t.Any]:
    """Return the apps by outcome and their numbers; nothing without an app."""
    outcomes: dict[str, list[str]] = {name: [] for name in ("works", "does_not_work", "not_checked", "failed")}
    for app in apps:
        outcomes[_outcome(app)].append(app.host)
    outcomes["not_reachable"] = list(not_reachable)
    numbers = {name: len(hosts) for name, hosts in outcomes.items()}
    total = sum(numbers.values())
    return {"studio_apps_by_outcome": outcomes, "studio_app_counts": {**numbers, "total": total}} if total else {}


def domains_by_account(domains: t.Sequence[Described]) -> dict[str, t.Any]:
    """Return the numbers of the domains of each account, for whoever approves; nothing with one account."""
    numbers: dict[str, dict[str, int]] = {}
    for domain in domains:
        counts = numbers.setdefault(
            domain.get("account_id") or "", {"total": 0, "changed": 0, "unchanged": 0, "failed": 0}
        )
        outcome = "failed" if "error" in domain else "changed" if domain["changed"] else "unchanged"
        counts["total"] += 1
        counts[outcome] += 1
    return {"studio_domain_counts_by_account": numbers} if len(numbers) > 1 else {}


def no_group(in_awx: bool) -> str:
    """Return why a run for apps fails if no group has them."""
    return f"{_NO_GROUP} {_WITH_GROUP_IN_AWX if in_awx else _WITH_GROUP}"


def _outcome(app: AppRun) -> str:
    if app.findings:
        return "does_not_work" if any(finding["status"] == FAILED for finding in app.findings) else "works"
    return "failed" if app.failed else "not_checked"


def drifts(run: DomainsRun) -> list[str]:
    """Return what does not have the requested settings, as check mode found it."""
    differing = [_name(domain) for domain in run.domains if domain["changed"]]
    more = f" and {len(differing) - _MOST_NAMES} more" if len(differing) > _MOST_NAMES else ""
    found = []
    if differing:
        found.append(
            f"Drift: {len(differing)} of {plural(len(run.domains), 'domains')} "
            f"{'does' if len(differing) == 1 else 'do'} not have the requested settings: "
            f"{', '.join(differing[:_MOST_NAMES])}{more}."
        )
    if run.lifecycle_config.get("changed"):
        found.append("Drift: the lifecycle configuration is not attached as requested.")
    return found


def _name(domain: Described) -> str:
    return f"{domain['domain_name']} in {domain['target']}" if domain.get("target") else str(domain["domain_name"])


def unmet_prerequisites(result: Described, are_required: bool) -> list[str]:
    """Return why the run fails for the AWS prerequisites of its domains.

    The domain of an app that cannot reach Docker is checked without a request: that app has failed the run.
    """
    domains = result.get("domains", [])
    failed = {f["check"]: None for domain in domains for f in domain["findings"] if f["status"] == FAILED}
    reasons = [f"Failed: {', '.join(failed)}."] if failed else []
    if not are_required:
        return reasons
    unchecked = {check: None for domain in domains for check in domain["unchecked"]}
    if unchecked:
        reasons.append(f"Could not be checked: {', '.join(unchecked)}.")
    return [str(result["msg"]), *reasons] if result.get("msg") else reasons
