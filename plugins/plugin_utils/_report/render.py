# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# Note that this file is private to the collection: do not use it from outside.
"""The report as one HTML file, with its styles, its script and its data. Runs on the controller, which has Jinja2."""

from __future__ import annotations

import base64
import hashlib
import json
import typing as t
from pathlib import Path

from ansible_collections.mlops.studio_local_mode.plugins.module_utils._report import model, places
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._report.finding import FAILED, WARNING
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._report.printable import printable
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._report.sections import concerns, plural
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

_FOLDER = Path(__file__).parent
# In a script element of HTML these would end it or begin a comment.
_ESCAPES = {ord("<"): "\\u003c", ord(">"): "\\u003e", ord("&"): "\\u0026"}


def as_html(report: model.Report) -> str:
    """Return the page. Jinja2 escapes every value: Ansible's own templating would not."""
    styles, script = (_FOLDER.joinpath(name).read_text(encoding="utf-8") for name in ("report.css", "report.js"))
    environment = Environment(
        loader=FileSystemLoader(_FOLDER),
        autoescape=True,
        # Before it escapes them, no text of a user has characters that HTML forbids or that turn the direction.
        finalize=_finalize,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters.update(problems=_problems, concerns=concerns, plural=plural)
    environment.globals.update(app_name=model.app_name, domain_name=model.domain_name, account_name=places.account_name)
    page = environment.get_template("report.html.j2").render(
        report=report,
        places=places.columns(report),
        states=[(state, model.LABELS[state], model.SHAPES[state]) for state in model.STATES],
        labels=model.LABELS,
        shapes=model.SHAPES,
        # They are files of the collection; nothing of a user is in them.
        styles=Markup(styles),  # noqa: S704
        script=Markup(script),  # noqa: S704
        policy=_policy(styles, script),
        data=Markup(_data(report)),  # noqa: S704
    )
    return str(page)


def _finalize(value: t.Any) -> t.Any:
    # Markup is escaped already, or ours.
    return printable(value) if isinstance(value, str) and not isinstance(value, Markup) else value


def _policy(styles: str, script: str) -> str:
    """Return the Content-Security-Policy: nothing but these styles and this script, and no request."""
    return (
        f"default-src 'none'; style-src '{_hash(styles)}'; script-src '{_hash(script)}'; img-src data:; "
        "base-uri 'none'; form-action 'none'"
    )


def _hash(text: str) -> str:
    return f"sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}"


def _data(report: model.Report) -> str:
    """Return the report as JSON for a script element. The names of passed checks stand for their findings."""
    small = {**report, **{kind: [_without_passed(item) for item in report[kind]] for kind in ("domains", "apps")}}
    return json.dumps(small, separators=(",", ":")).translate(_ESCAPES)


def _without_passed(item: t.Mapping[str, t.Any]) -> dict[str, t.Any]:
    return {**item, "findings": _problems(item["findings"])}


def _problems(findings: t.Iterable[t.Mapping[str, str]]) -> list[t.Mapping[str, str]]:
    """Return the findings to act on, and what nobody could look into."""
    return [
        f for f in findings if f["status"] in (FAILED, WARNING) or f["check"] in ("app_checks", "domain_description")
    ]
