# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The HTML report in a real browser: with and without JavaScript, on a phone and a desktop."""

from __future__ import annotations

import json

import html5lib
import pytest
from ansible_collections.mlops.studio_local_mode.plugins.plugin_utils._report.render import as_html

from tests.report.conftest import DESKTOP, PHONE
from tests.unit.readiness import HOSTILE, fleet, hostile, report

SIZES = pytest.mark.parametrize("viewport", [PHONE, DESKTOP], ids=["phone", "desktop"])
SHOWN = "#app-table tbody:not([hidden])"


@SIZES
def test_filter_unfold_and_sort(open_report, viewport):
    page = open_report(viewport=viewport)
    assert page.locator(SHOWN).count() == 500
    page.get_by_label("Filter").fill("space-42 team-42")
    assert page.locator(SHOWN).count() == 1
    assert page.locator("#shown").inner_text() == "1 of 500 shown"
    page.get_by_label("Filter").fill("")
    page.get_by_label("State").select_option("not_ready")
    states = page.locator(f"{SHOWN} .state").all_inner_texts()
    assert states
    assert all("not ready" in state for state in states)

    findings = page.locator(f"{SHOWN} details").first
    assert not findings.locator("dl").first.is_visible()
    findings.locator("summary").press("Enter")
    assert findings.locator("dl").first.is_visible()

    header = page.locator("#app-table thead th", has_text="Owner")
    header.get_by_role("button").press("Enter")
    owners = page.locator(f"{SHOWN} tr:first-child td:nth-child(4)").all_inner_texts()
    assert header.get_attribute("aria-sort") == "ascending"
    assert owners == sorted(owners, key=lambda owner: int(owner.rpartition("-")[2]))


def test_the_page_itself_never_scrolls_sideways_on_a_phone(open_report):
    page = open_report(viewport=PHONE)
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]


def test_copy_puts_the_command_onto_the_clipboard(open_report):
    page = open_report(permissions=["clipboard-read", "clipboard-write"])
    command = page.locator(".command").first
    command.get_by_role("button").click()
    command.get_by_role("button", name="Copied").wait_for()
    assert page.evaluate("navigator.clipboard.readText()") == command.locator("code").inner_text()


@SIZES
def test_without_javascript_everything_is_there_and_nothing_is_dead(open_report, viewport):
    page = open_report(viewport=viewport, java_script_enabled=False)
    assert page.locator("#app-table tbody").count() == 500
    assert page.locator("button").count() == 0
    assert not page.locator("#tools").is_visible()
    page.locator("#app-table summary").first.press("Enter")
    assert page.locator("#app-table dl").first.is_visible()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing(open_report, axe, scheme, tmp_path):
    # The structure repeats with each row, and axe looks at every cell.
    small = tmp_path / "small.html"
    small.write_text(as_html(fleet(30)))
    page = open_report(small, color_scheme=scheme)
    page.evaluate("document.querySelectorAll('details').forEach((details) => { details.open = true; })")
    page.evaluate(f"() => {{ {axe} }}")
    violations = page.evaluate("async () => (await axe.run()).violations")
    assert [(v["id"], [node["html"] for node in v["nodes"]][:3]) for v in violations] == []


def test_it_prints_with_everything_unfolded_and_without_controls(open_report):
    page = open_report()
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    page.emulate_media(media="print")
    assert page.locator("#app-table details:not([open])").count() == 0
    assert not page.locator("#tools").is_visible()
    assert not page.get_by_role("button", name="Copy").first.is_visible()


def test_the_html_is_valid(report_file, tmp_path):
    html5lib.HTMLParser(strict=True).parse(report_file.read_text())
    html5lib.HTMLParser(strict=True).parse(as_html(report()))


def test_a_hostile_name_does_nothing(open_report, tmp_path):
    for number, name in enumerate(HOSTILE):
        path = tmp_path / f"{number}.html"
        path.write_text(as_html(hostile(name)))
        dialogs = []
        page = open_report(path)
        page.on("dialog", lambda dialog, found=dialogs: (found.append(dialog.message), dialog.dismiss()))
        page.locator("summary").first.click()
        assert dialogs == []
        assert page.locator("img, svg, a").count() == 0
        data = json.loads(page.locator("#report").text_content())
        assert data["domains"][0]["domain_name"] == name
