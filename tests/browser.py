# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""One browser for all tests of a page: Debian's Chromium, without a window."""

from __future__ import annotations

import shutil

import pytest
from playwright.sync_api import sync_playwright

from tests.sandbox import packages

# Playwright's own node requires the library.
CHROMIUM = {"chromium": "chromium", "libatomic.so.1": "libatomic1"}


@pytest.fixture(scope="session")
def browser():
    packages.ensure(CHROMIUM)
    with sync_playwright() as playwright:
        # Chromium's own sandbox refuses root, as whom the tests run.
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
        yield browser
        browser.close()
