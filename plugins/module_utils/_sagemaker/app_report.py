# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# Note that this file is private to the collection: do not use it from outside.
"""What sagemaker_studio_app returns and says of the apps. Pure."""

from __future__ import annotations

import typing as t

from ansible_collections.mlops.studio_local_mode.plugins.module_utils._sagemaker import app_decisions

if t.TYPE_CHECKING:
    from ansible_collections.mlops.studio_local_mode.plugins.module_utils._sagemaker.app_road import AppOutcome


def label(outcome: AppOutcome) -> str:
    """The app as messages name it."""
    app = outcome.app
    kind = "space" if app.get("SpaceName") else "user profile"
    return f"{app['AppType']} {app['AppName']} of {kind} {app_decisions.owner_of(app)} in {_domain(outcome)}"


def _domain(outcome: AppOutcome) -> str:
    return f"{outcome.domain['DomainName']} ({outcome.domain['DomainId']})"


def as_result(outcome: AppOutcome) -> dict[str, t.Any]:
    """One element of the module's return value C(apps)."""
    app = outcome.app
    created = app.get("CreationTime")
    result = {
        "domain_id": outcome.domain["DomainId"],
        "domain_name": outcome.domain["DomainName"],
        "type": app["AppType"],
        "name": app["AppName"],
        "owner": app_decisions.owner_of(app),
        "owner_type": "space" if app.get("SpaceName") else "user_profile",
        "creation_time": app_decisions.moment(created) if created else None,
        "changed": outcome.changed,
        "status": outcome.status,
        "specification": outcome.specification,
    }
    return {**result, "error": outcome.error} if outcome.error else result


def diff(outcome: AppOutcome, state: str) -> dict[str, t.Any]:
    """The difference of one app as Ansible shows it."""
    app = outcome.app
    before = {"status": app["Status"], "created": app_decisions.moment(app["CreationTime"])}
    # Failed to come back: the diff tells what became of it, not what was hoped for.
    end = outcome.status if outcome.error else {"restarted": "InService", "absent": "Deleted"}[state]
    after = {"status": end, "created": "by this task"} if end in app_decisions.RUNNING else {"status": end}
    header = label(outcome)
    return {"before_header": header, "after_header": header, "before": before, "after": after}


def warnings(outcomes: t.Iterable[AppOutcome], owners: t.Iterable[str] | None) -> list[str]:
    """What the user should know; C(outcomes) are those of all apps that are of a type and owner selected."""
    outcomes = list(outcomes)
    found = [f"{label(outcome)}: {warning}." for outcome in outcomes for warning in outcome.warnings]
    seen = {app_decisions.owner_of(outcome.app) for outcome in outcomes}
    missing = [owner for owner in owners or [] if owner not in seen]
    if missing:
        found.append(f"No app that was selected belongs to a space or user profile named {', '.join(missing)}.")
    return found


def failure_message(chosen: t.Sequence[AppOutcome], domains: t.Mapping[str, str], state: str) -> str:
    """Say what failed and why, what became of the others, and how a restart that was begun is finished.

    C(domains) has the error of each domain whose apps could not be listed.
    """
    failed = [outcome for outcome in chosen if outcome.error]
    parts = []
    if domains:
        parts.append(f"The apps of {len(domains)} domain(s) are not known.")
        parts += [f"{domain}: {error}." for domain, error in domains.items()]
    if failed:
        parts.append(f"{len(failed)} of {len(chosen)} app(s) failed.")
        parts += [f"{label(outcome)}: {outcome.error}." for outcome in failed]
    done = [label(outcome) for outcome in chosen if outcome.changed and not outcome.error]
    parts.append(f"{state.capitalize()}: {', '.join(done) or 'none'}.")
    if any(outcome.changed for outcome in failed) and state == "restarted":
        parts.append(
            "What was deleted and is not back is finished by running this task again within 24 hours; or save its "
            "specification from the result as app.json: aws sagemaker create-app --cli-input-json file://app.json"
        )
    return " ".join(part.replace("..", ".") for part in parts)
