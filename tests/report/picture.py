# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Take the README's picture of the report: python -m tests.report.picture

The report is that of fleet_report.yml on a fleet of the sandbox's AWS endpoint.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from playwright.sync_api import sync_playwright

from tests.sandbox import layout, packages
from tests.sandbox.aws_endpoint import process
from tests.sandbox.aws_endpoint.client import Endpoint

PICTURE = layout.ROOT / "docs/readiness_report.png"
SIZE = {"width": 1200, "height": 900}
ACCESS = {"EnableDockerAccess": "ENABLED"}


def main() -> None:
    packages.ensure({"chromium": "chromium"})
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        url = process.start(folder)
        try:
            report = create_report(Endpoint(url), folder / "report.html")
        finally:
            process.stop(folder)
        take(report)
    print(f"{PICTURE}: {PICTURE.stat().st_size // 1000} kB")


def create_report(endpoint: Endpoint, path: Path) -> Path:
    """Return the report on three domains, one of which has no Docker access."""
    endpoint.reset()
    for name, settings in (("research", ACCESS), ("forecasting", ACCESS), ("production", None)):
        domain_id = endpoint.domain(name, settings, vpc_only=False)
        for profile in ("ada", "bob"):
            endpoint.app(domain_id, profile=profile)
    program = Path(sys.executable).with_name("ansible-playbook")
    variables = f"report_path={path} report_fail_on=never"
    environment = {**os.environ, "ANSIBLE_COLLECTIONS_PATH": str(layout.COLLECTIONS), **endpoint.environment()}
    command = [program, "playbooks/fleet_report.yml", f"--extra-vars={variables}"]
    subprocess.run(command, cwd=layout.ROOT, env=environment, check=True, timeout=300)
    return path


def take(report: Path) -> None:
    with sync_playwright() as playwright:
        # Chromium's own sandbox refuses root.
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
        page = browser.new_page(viewport=SIZE, color_scheme="light")
        page.goto(report.as_uri())
        page.screenshot(path=PICTURE)
        browser.close()


if __name__ == "__main__":
    main()
