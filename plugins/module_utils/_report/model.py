# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# Note that this file is private to the collection: do not use it from outside.
"""The report on a fleet: its form, which every output is made of. docs/readiness_report.schema.json describes it."""

from __future__ import annotations

import typing as t

# The first number changes if a reader of an earlier report would misread a new one.
SCHEMA_VERSION = "1.1"

READY, AFTER_RESTART, NOT_READY, NOT_CHECKED = "ready", "ready_after_restart", "not_ready", "not_checked"
STATES = (READY, AFTER_RESTART, NOT_READY, NOT_CHECKED)
# A state is a word and a shape, so that nobody needs to see its colour.
LABELS = {
    READY: "ready",
    AFTER_RESTART: "ready after a restart",
    NOT_READY: "not ready",
    NOT_CHECKED: "not looked at",
}
SHAPES = {READY: "✔", AFTER_RESTART: "↻", NOT_READY: "✘", NOT_CHECKED: "○"}

Finding = t.Dict[str, str]


class Run(t.TypedDict):
    """When and how the report was made."""

    time: str
    collection_version: str
    ansible_version: str
    # What was looked at: "aws", "apps", "aws_and_apps" or "none".
    sources: str
    awx_job_id: int | None


class Region(t.TypedDict):
    """A region of an account, and why AWS did not show all of it; the error is empty if it did."""

    account: str
    region: str
    # The name of the target, if the run has targets.
    target: str
    error: str


class Account(t.TypedDict):
    """The totals of an account, and its name if the inventory has it."""

    account: str
    name: str
    domains: dict[str, int]
    apps: dict[str, int]


class Domain(t.TypedDict):
    account: str
    region: str
    target: str
    domain_id: str
    domain_name: str
    status: str
    # None where AWS did not show it.
    docker_access: bool | None
    state: str
    error: str
    findings: list[Finding]
    passed: list[str]


class App(t.TypedDict):
    """An app, or a space without one. A text is empty where its value is not known."""

    host: str
    account: str
    region: str
    target: str
    domain_id: str
    domain_name: str
    space: str
    owner: str
    app_type: str
    status: str
    instance_type: str
    image: str
    remote_access: bool | None
    docker_access: bool | None
    docker_cli: str
    compose: str
    engine: str
    creation_time: str
    predates_domain_update: bool | None
    state: str
    findings: list[Finding]
    passed: list[str]


class Step(t.TypedDict):
    """What to do about one cause, and how many domains and apps it concerns."""

    cause: str
    status: str
    reason: str
    remediation: str
    domains: int
    apps: int
    # The first names; the numbers above count all.
    examples: list[str]
    commands: list[str]


class Report(t.TypedDict):
    schema_version: str
    run: Run
    accounts: list[str]
    regions: list[Region]
    summary: dict[str, dict[str, int]]
    by_account: list[Account]
    next_steps: list[Step]
    domains: list[Domain]
    apps: list[App]
    # None without an earlier report.
    changes: dict[str, t.Any] | None


def counts(items: t.Iterable[t.Mapping[str, t.Any]]) -> dict[str, int]:
    """Return the number of domains or apps in total and in each state."""
    states = [item["state"] for item in items]
    return {"total": len(states), **{state: states.count(state) for state in STATES}}


def domain_name(domain: t.Mapping[str, t.Any]) -> str:
    """Return the name with the ID, or the one that is known."""
    if domain["domain_name"] and domain["domain_id"]:
        return f"{domain['domain_name']} ({domain['domain_id']})"
    return str(domain["domain_name"] or domain["domain_id"] or "unknown domain")


def app_name(app: t.Mapping[str, t.Any]) -> str:
    """Return the space's name, or that of the host, which a hand-written inventory has."""
    name = app["space"] or app["host"] or app["owner"] or "unknown app"
    host = f" (host {app['host']})" if app["host"] and app["host"] != name else ""
    return f"{name}{host}"
