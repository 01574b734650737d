# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""`/_sandbox/...`: how tests switch the controls and read the call log. JSON in, JSON out."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from typing import Any

from werkzeug.exceptions import BadRequest, HTTPException, MethodNotAllowed, NotFound
from werkzeug.wrappers import Request, Response

from .front_door import WsgiApp
from .places import EVERY
from .seed import Organization, make
from .state import State

PREFIX = "/_sandbox/"


class ControlApi:
    """Answers requests below PREFIX and passes all others to the app."""

    def __init__(self, app: WsgiApp, state: State) -> None:
        self._app = app
        self._state = state
        self._routes: dict[str, dict[str, Callable[[Request], Any]]] = {
            "controls": {"GET": self._controls, "PUT": self._change_controls},
            "calls": {"GET": self._list_calls, "DELETE": self._clear_calls},
            "organization": {"POST": self._make_organization},
            "regions": {"PUT": self._change_regions},
            "reset": {"POST": self._reset},
        }

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        if not environ.get("PATH_INFO", "").startswith(PREFIX):
            return self._app(environ, start_response)
        try:
            response = _json_response(self._answer(Request(environ)))
        except HTTPException as error:
            response = _json_response({"error": error.description}, error.code)
        return response(environ, start_response)

    def _answer(self, request: Request) -> Any:
        methods = self._routes.get(request.path.removeprefix(PREFIX))
        if methods is None:
            raise NotFound(
                f"{request.path} does not exist; known are {', '.join(PREFIX + name for name in self._routes)}"
            )
        if request.method not in methods:
            raise MethodNotAllowed(description=f"{request.path} takes {', '.join(methods)}, not {request.method}")
        return methods[request.method](request)

    def _controls(self, request: Request) -> dict[str, Any]:
        return self._state.desks.at(*_place(request)).controls.as_dict()

    def _change_controls(self, request: Request) -> dict[str, Any]:
        changes = request.get_json()
        if not isinstance(changes, dict):
            raise BadRequest("the body must be a JSON object of controls")
        try:
            return self._state.desks.change(changes, *_place(request)).as_dict()
        except ValueError as error:
            raise BadRequest(str(error)) from error

    def _list_calls(self, _request: Request) -> list[dict[str, Any]]:
        return self._state.calls.as_list()

    def _clear_calls(self, _request: Request) -> dict[str, Any]:
        self._state.calls.clear()
        return {}

    def _make_organization(self, request: Request) -> dict[str, Any]:
        try:
            return make(Organization(**request.get_json()), self._state)
        except TypeError as error:
            raise BadRequest(str(error)) from error

    def _change_regions(self, request: Request) -> dict[str, Any]:
        """`?account=...`, and a body of regions and their status in Account."""
        account, _region = _place(request)
        self._state.regions.change(account, request.get_json())
        return self._state.regions.statuses(account)

    def _reset(self, _request: Request) -> dict[str, Any]:
        self._state.reset()
        return {}


def _place(request: Request) -> tuple[str, str]:
    """`?account=...&region=...`, where a missing one stands for all."""
    return request.args.get("account", EVERY), request.args.get("region", EVERY)


def _json_response(content: Any, status: int | None = 200) -> Response:
    return Response(json.dumps(content), status=status, mimetype="application/json")
