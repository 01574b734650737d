# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A stand-in for the part of AWX's REST API that awx.awx configures. It runs no jobs.

It stores objects and refuses what AWX 24.6 was observed to refuse: a survey against its rules, a playbook that the
project does not offer, an injector with an undefined field, a missing name or required field. AWX ignores unknown
fields; the stand-in refuses them.
"""

from __future__ import annotations

import json
import re
import threading
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl, urlsplit

from tests.awx import api_rules, survey_rules
from tests.awx.api_kinds import KINDS

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

TOKEN = "a-token-only-in-name"  # noqa: S105 - of the stand-in

_UNIFIED = ("job_templates", "workflow_job_templates", "projects", "workflow_approval_templates")
_NOTIFICATIONS = ("notification_templates_error", "notification_templates_approvals")
_NODES = ("success_nodes", "failure_nodes", "always_nodes")
_LINKS = {
    "teams": "teams",
    "labels": "labels",
    "credentials": "credentials",
    **dict.fromkeys(_NODES, "workflow_job_template_nodes"),
    **dict.fromkeys(_NOTIFICATIONS, "notification_templates"),
}
ROLES = ("execute", "read", "approval")
_TEMPLATES = {"job_templates", "workflow_job_templates"}
# What is below an object, by the kinds that have it.
_BELOW = {
    "labels": _TEMPLATES,
    "survey_spec": _TEMPLATES,
    "credentials": {"job_templates"},
    **{name: {"workflow_job_template_nodes"} for name in _NODES},
    "notification_templates_error": _TEMPLATES,
    "notification_templates_approvals": {"workflow_job_templates"},
    "update": {"projects"},
    "teams": {"roles"},
    "create_approval_template": {"workflow_job_template_nodes"},
}


class Refusal(Exception):
    """An answer with the status 400."""


@dataclass
class Awx:
    """The objects of an AWX and the requests that changed them."""

    playbooks: set[str]
    objects: dict[int, dict[str, Any]] = field(default_factory=dict)
    surveys: dict[int, dict[str, Any]] = field(default_factory=dict)
    links: dict[tuple[int, str], list[int]] = field(default_factory=dict)
    changes: list[str] = field(default_factory=list)
    # The next updates of projects fail with this result of a task.
    update_failure: dict[str, Any] = field(default_factory=dict)
    # How often a project is read before its update ends.
    update_reads: int = 3
    updating: dict[int, int] = field(default_factory=dict)
    updates: list[tuple[dict[str, Any], list[dict[str, Any]]]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.create("organizations", {"name": "Default"})
        self.changes.clear()

    def named(self, kind: str) -> dict[str, dict[str, Any]]:
        """Return the objects of a kind by identifier or name."""
        return {item.get("identifier") or item["name"]: item for item in self.of(kind)}

    def of(self, kind: str) -> list[dict[str, Any]]:
        if kind == "unified_job_templates":
            return [item for one in _UNIFIED for item in self.of(one)]
        return [item for item in self.objects.values() if item["type"] == KINDS[kind].type]

    def create(self, kind: str, body: dict[str, Any]) -> dict[str, Any]:
        missing = [name for name in KINDS[kind].required if not body.get(name)]
        if missing:
            raise Refusal({name: ["This field is required."] for name in missing})
        number = len(self.objects) + 1
        url = f"/api/v2/{kind}/{number}/"
        item = {
            **KINDS[kind].optional,
            "id": number,
            "type": KINDS[kind].type,
            "url": url,
            "related": {"survey_spec": f"{url}survey_spec/", "update": f"{url}update/"},
            "summary_fields": {},
        }
        self.objects[number] = item | self._checked(kind, item | body)
        if kind == "projects":
            self.update_project(number)
        if kind in _TEMPLATES:
            roles = {f"{role}_role": {"id": number * 10 + index} for index, role in enumerate(ROLES)}
            self.objects[number]["summary_fields"]["object_roles"] = roles
        return self.objects[number]

    def teams_with(self, role: str, template: dict[str, Any]) -> list[str]:
        """Return the names of the teams that have this role on a template."""
        number = template["summary_fields"]["object_roles"][f"{role}_role"]["id"]
        return [self.objects[team]["name"] for team in self.links.get((number, "teams"), [])]

    def update(self, kind: str, number: int, body: dict[str, Any]) -> dict[str, Any]:
        self.objects[number] = self._checked(kind, self.objects[number] | body)
        if kind == "projects":
            self.update_project(number)
        return self.objects[number]

    def update_project(self, number: int) -> dict[str, Any]:
        """Update a project, as AWX does after a change and on request."""
        status = "failed" if self.update_failure else "successful"
        update = {
            "id": len(self.updates) + 1,
            "status": status,
            "failed": bool(self.update_failure),
            "finished": "2026-11-01T00:00:00Z",
            "scm_revision": "" if self.update_failure else f"revision-{len(self.updates)}",
            "url": f"/api/v2/project_updates/{len(self.updates) + 1}/",
        }
        events = [{"event": "runner_on_failed", "event_data": {"res": self.update_failure}}]
        self.updates.append((update, events if self.update_failure else []))
        self.objects[number] |= {"status": status, "summary_fields": {"last_update": {"id": update["id"]}}}
        self.updating[number] = self.update_reads
        return update

    def read(self, number: int) -> dict[str, Any]:
        """Return an object; a project is at first running its update."""
        if not self.updating.get(number):
            return self.objects[number]
        self.updating[number] -= 1
        return {**self.objects[number], "status": "running"}

    def _checked(self, kind: str, item: dict[str, Any]) -> dict[str, Any]:
        own = {"id", "type", "url", "related", "summary_fields"}
        unknown = set(item) - set(KINDS[kind].required) - set(KINDS[kind].optional) - own
        if unknown:
            raise Refusal({name: ["The stand-in has no such field."] for name in unknown})
        for name, target in KINDS[kind].refers_to.items():
            if item[name] is not None and item[name] not in {there["id"] for there in self.of(target)}:
                raise Refusal({name: [f'Invalid pk "{item[name]}" - object does not exist.']})
        same = [one for one in self.of(kind) if all(one[name] == item[name] for name in KINDS[kind].unique)]
        if KINDS[kind].unique and any(one["id"] != item["id"] for one in same):
            raise Refusal({"__all__": [f"{kind} with this {' and '.join(KINDS[kind].unique)} already exists."]})
        if kind == "job_templates" and not self._offers(item):
            raise Refusal({"playbook": ["Playbook not found for project."]})
        self._check_rules(kind, item)
        return item

    def _check_rules(self, kind: str, item: dict[str, Any]) -> None:
        if kind == "credential_types":
            _refuse("injectors", api_rules.of_credential_type(item))
        if kind == "notification_templates":
            _refuse("notification_configuration", api_rules.of_notification(item))
        if kind == "workflow_approval_templates":
            _refuse("timeout", api_rules.of_approval(item))
        if kind == "schedules":
            _refuse("rrule", api_rules.of_rrule(item["rrule"]))
            survey = self.surveys[item["unified_job_template"]]
            _refuse("extra_data", survey_rules.refusals(survey, item["extra_data"]))
            if set(item["extra_data"]) - {question["variable"] for question in survey["spec"]}:
                raise Refusal({"extra_data": ["Variables that are not in the survey are not allowed on launch."]})

    def _offers(self, template: dict[str, Any]) -> bool:
        return self.objects[template["project"]]["status"] == "successful" and template["playbook"] in self.playbooks

    def survey(self, number: int, spec: dict[str, Any]) -> None:
        problems = survey_rules.problems(spec)
        if problems:
            raise Refusal({"error": "; ".join(problems)})
        self.surveys[number] = spec

    def approve_here(self, node: int, body: dict[str, Any]) -> dict[str, Any]:
        template = self.create("workflow_approval_templates", body)
        self.objects[node]["unified_job_template"] = template["id"]
        self.objects[node]["related"]["unified_job_template"] = template["url"]
        return template

    def link(self, number: int, name: str, body: dict[str, Any]) -> None:
        linked = self.links.setdefault((number, name), [])
        linked.remove(body["id"]) if body.get("disassociate") else linked.append(body["id"])


def _refuse(name: str, reasons: Iterable[str]) -> None:
    if found := list(reasons):
        raise Refusal({name: found})


@contextmanager
def serving(awx: Awx) -> Iterator[str]:
    """Serve the stand-in and yield its URL."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(awx))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


def _answer(awx: Awx, method: str, path: str, query: dict[str, str], body: dict[str, Any]) -> tuple[int, Any]:
    kind, number, below = re.fullmatch(r"/api/v2/(\w+)/(?:(\d+)/)?(?:(\w+)/)?", path).groups()
    if kind == "project_updates":
        update, events = awx.updates[int(number) - 1]
        return 200, _listed(events) if below == "events" else update
    if number is None and method == "GET":
        return 200, _listed([item for item in awx.of(kind) if _matches(item, query)])
    if below and kind not in _BELOW.get(below, ()):
        return 404, {"detail": "Not found."}
    if method != "GET":
        awx.changes.append(f"{method} {path}")
    if number is None:
        return 201, awx.create(kind, body)
    if below is None:
        return 200, awx.read(int(number)) if method == "GET" else awx.update(kind, int(number), body)
    return _answer_below(awx, method, int(number), below, body)


def _answer_below(awx: Awx, method: str, number: int, below: str, body: dict[str, Any]) -> tuple[int, Any]:
    if below == "create_approval_template":
        return 201, awx.approve_here(number, body)
    if below == "update":
        return 202, awx.update_project(number)
    if below == "survey_spec":
        if method == "POST":
            awx.survey(number, body)
        return 200, awx.surveys.get(number, {})
    if method == "GET":
        return 200, _listed([awx.objects[linked] for linked in awx.links.get((number, below), [])])
    if body["id"] not in {item["id"] for item in awx.of(_LINKS[below])}:
        raise Refusal({"error": f"No {below} with that id."})
    awx.link(number, below, body)
    return 204, None


def _matches(item: dict[str, Any], query: dict[str, str]) -> bool:
    either = {name: value for name, value in query.items() if name.startswith("or__")}
    every = {name: value for name, value in query.items() if name not in either}
    return all(str(item.get(name)) == value for name, value in every.items()) and (
        not either or any(str(item.get(name.removeprefix("or__"))) == value for name, value in either.items())
    )


def _listed(items: list[dict[str, Any]]) -> dict[str, Any]:
    return {"count": len(items), "next": None, "previous": None, "results": items}


def _handler(awx: Awx) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def _handle(self) -> None:
            url = urlsplit(self.path)
            content = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            if self.headers.get("Authorization") != f"Bearer {TOKEN}":
                return self._send(401, {"detail": "Invalid token."})
            try:
                body = json.loads(content or "{}")
                return self._send(*_answer(awx, self.command, url.path, dict(parse_qsl(url.query)), body))
            except Refusal as refusal:
                return self._send(400, refusal.args[0])

        do_GET = do_POST = do_PATCH = _handle

        def _send(self, status: int, answer: Any) -> None:
            content = b"" if answer is None else json.dumps(answer).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("X-API-Product-Name", "AWX")
            self.send_header("X-API-Product-Version", "24.6.1")
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, *arguments: object) -> None:
            """Keep quiet."""

    return Handler
