# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The HTML report of a fleet, in a browser."""

from __future__ import annotations

import shutil
import subprocess

import pytest
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._report.compare import changes
from ansible_collections.mlops.studio_local_mode.plugins.plugin_utils._report.render import as_html

from tests.browser import browser
from tests.sandbox import layout, packages
from tests.unit.readiness import fleet

__all__ = ["browser"]

FOLDER = layout.ROOT / "tests/report"
PHONE, DESKTOP = {"width": 390, "height": 844}, {"width": 1400, "height": 1000}


@pytest.fixture(scope="session")
def report_file(tmp_path_factory):
    """The report on 500 spaces of 100 domains, with what changed since it had 490."""
    report = fleet(500, domains=100)
    report["changes"] = changes(fleet(490, domains=100), report)
    path = tmp_path_factory.mktemp("report") / "report.html"
    path.write_text(as_html(report))
    return path


@pytest.fixture
def open_report(browser, report_file):
    """Returns a function that opens the report and fails afterwards if the page logged an error or sent a request."""
    contexts, problems = [], []

    def open_it(path=None, **options):
        context = browser.new_context(viewport=options.pop("viewport", DESKTOP), **options)
        contexts.append(context)
        page = context.new_page()
        page.on("console", lambda message: problems.append(message.text) if message.type == "error" else None)
        page.on("pageerror", lambda error: problems.append(str(error)))
        page.on("request", lambda request: request.url.startswith("file:") or problems.append(request.url))
        page.goto((path or report_file).as_uri())
        return page

    yield open_it
    for context in contexts:
        context.close()
    assert [problem for problem in problems if not problem.startswith("data:")] == []


@pytest.fixture(scope="session")
def axe():
    """The source of axe-core, by the checksum in package-lock.json."""
    packages.ensure({"npm": "npm"})
    folder = layout.SANDBOX / "axe"
    folder.mkdir(parents=True, exist_ok=True)
    for name in ("package.json", "package-lock.json"):
        shutil.copy(FOLDER / name, folder)
    command = ["npm", "ci", "--no-audit", "--no-fund", "--ignore-scripts"]
    subprocess.run(command, cwd=folder, check=True, capture_output=True, text=True, timeout=300)
    return (folder / "node_modules/axe-core/axe.min.js").read_text()
