# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Take the README's picture of the report: python -m tests.report.picture

The report is that of fleet_report.yml on the sandbox: on the demo's app, which Ansible looks into through a session,
and on more domains and spaces of its AWS endpoint.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from playwright.sync_api import sync_playwright

from tests.browser import CHROMIUM
from tests.integration.prerequisites_world import LOGIN, role
from tests.sandbox import demo, inventory, layout, packages, world
from tests.sandbox.aws_endpoint import process
from tests.sandbox.aws_endpoint.client import Endpoint

PICTURE = layout.ROOT / "docs/readiness_report.png"
SIZE = {"width": 1200, "height": 900}
ACCESS = {"EnableDockerAccess": "ENABLED"}


def main() -> None:
    packages.ensure(CHROMIUM)
    world.up(["aws", "mirror", "app"])
    with tempfile.TemporaryDirectory() as name:
        take(create_report(Endpoint(process.url(layout.AWS)), Path(name) / "report.html"))
    print(f"{PICTURE}: {PICTURE.stat().st_size // 1000} kB")


def create_report(endpoint: Endpoint, path: Path) -> Path:
    """Return the report on four domains, one of which has no Docker access, and on their apps."""
    demo.fresh_world(endpoint)
    role(endpoint, "sandbox-execution", LOGIN)
    gateway = demo.open_session_gateway(endpoint)
    inventory.write_spaces()
    demo.playbook(endpoint, hosts=layout.SPACES_INVENTORY, stdout=subprocess.DEVNULL)
    for name, settings in (("research", ACCESS), ("forecasting", ACCESS), ("production", None)):
        domain_id = endpoint.domain(name, settings, vpc_only=False)
        for profile in ("ada", "bob"):
            endpoint.app(domain_id, profile=profile)
    program = Path(sys.executable).with_name("ansible-playbook")
    command = [program, f"--inventory={layout.SPACES_INVENTORY}", "playbooks/fleet_report.yml"]
    variables = f"report_path={path} report_fail_on=never"
    environment = {**os.environ, **inventory.environment(endpoint.url)}
    subprocess.run([*command, f"--extra-vars={variables}"], cwd=layout.ROOT, env=environment, check=True, timeout=300)
    assert gateway.started(), "Ansible has looked into no app."
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
