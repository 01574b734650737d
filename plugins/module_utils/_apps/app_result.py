# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# Note that this file is private to the collection: do not use it from outside.
"""What sagemaker_studio_app returns and says of the apps. Pure."""

from __future__ import annotations

import typing as t

from ansible_collections.mlops.studio_local_mode.plugins.module_utils._apps import recreate

if t.TYPE_CHECKING:
    from ansible_collections.mlops.studio_local_mode.plugins.module_utils._apps.restart import AppResult


def label(result: AppResult) -> str:
    """The app as messages name it."""
    app = result.app
    kind = "space" if app.get("SpaceName") else "user profile"
    return f"{app['AppType']} {app['AppName']} of {kind} {recreate.owner_of(app)} in {_domain(result)}"


def _domain(result: AppResult) -> str:
    return f"{result.domain['DomainName']} ({result.domain['DomainId']})"


def as_result(result: AppResult) -> dict[str, t.Any]:
    """One element of the module's return value C(apps)."""
    app = result.app
    created = app.get("CreationTime")
    values = {
        "domain_id": result.domain["DomainId"],
        "domain_name": result.domain["DomainName"],
        "type": app["AppType"],
        "name": app["AppName"],
        "owner": recreate.owner_of(app),
        "owner_type": "space" if app.get("SpaceName") else "user_profile",
        "creation_time": recreate.moment(created) if created else None,
        "changed": result.changed,
        "status": result.status,
        "specification": result.specification,
    }
    return {**values, "error": result.error} if result.error else values


def diff(result: AppResult, state: str) -> dict[str, t.Any]:
    """The difference of one app as Ansible shows it."""
    app = result.app
    before = {"status": app["Status"], "created": recreate.moment(app["CreationTime"])}
    # Failed to come back: the diff tells what became of it, not what was hoped for.
    end = result.status if result.error else {"restarted": "InService", "absent": "Deleted"}[state]
    after = {"status": end, "created": "by this task"} if end in recreate.RUNNING else {"status": end}
    header = label(result)
    return {"before_header": header, "after_header": header, "before": before, "after": after}


def warnings(results: t.Iterable[AppResult], owners: t.Iterable[str] | None) -> list[str]:
    """What the user should know; C(results) are those of all apps that are of a type and owner selected."""
    results = list(results)
    found = [f"{label(result)}: {warning}." for result in results for warning in result.warnings]
    seen = {recreate.owner_of(result.app) for result in results}
    missing = [owner for owner in owners or [] if owner not in seen]
    if missing:
        found.append(f"No app that was selected belongs to a space or user profile named {', '.join(missing)}.")
    return found


def failure_message(chosen: t.Sequence[AppResult], domains: t.Mapping[str, str], state: str) -> str:
    """Say what failed and why, what became of the others, and how a restart that was begun is finished.

    C(domains) has the error of each domain whose apps could not be listed.
    """
    failed = [result for result in chosen if result.error]
    parts = []
    if domains:
        parts.append(f"The apps of {len(domains)} domain(s) are not known.")
        parts += [f"{domain}: {error}." for domain, error in domains.items()]
    if failed:
        parts.append(f"{len(failed)} of {len(chosen)} app(s) failed.")
        parts += [f"{label(result)}: {result.error}." for result in failed]
    done = [label(result) for result in chosen if result.changed and not result.error]
    parts.append(f"{state.capitalize()}: {', '.join(done) or 'none'}.")
    if any(result.changed for result in failed) and state == "restarted":
        parts.append(
            "What was deleted and is not back is finished by running this task again within 24 hours; or save its "
            "specification from the values as app.json: aws sagemaker create-app --cli-input-json file://app.json"
        )
    return " ".join(part.replace("..", ".") for part in parts)
