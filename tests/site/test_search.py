# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The search of the documentation site finds guides and plugins, without the internet."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect


@pytest.mark.parametrize(
    ("words", "title", "heading"),
    [
        ("trusted accounts", "sagemaker_domain_trusted_accounts module", "sagemaker_domain_trusted_accounts"),
        ("lifecycle configurations", "Lifecycle configurations", "Lifecycle configurations"),
        ("EnableDockerAccess", "sagemaker_domain_docker_settings module", "sagemaker_domain_docker_settings"),
    ],
)
def test_the_search_leads_to_the_page(site, page, words, title, heading):
    page.goto(f"{site}/index.html")
    page.locator("input[name=q]").first.fill(words)
    page.locator("input[name=q]").first.press("Enter")
    found = page.locator("ul.search a", has_text=title).first
    expect(found).to_be_visible(timeout=60_000)
    found.click()
    expect(page.locator("h1").first).to_contain_text(heading)


def test_a_word_that_no_page_has_finds_nothing(site, page):
    page.goto(f"{site}/search.html?q=xyzzyplugh")
    expect(page.locator("#search-results")).to_contain_text("did not match any documents", timeout=60_000)
