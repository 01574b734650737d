# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The pages of the docs: their links lead somewhere, their names exist, and their words are the field's."""

from __future__ import annotations

import re
import subprocess

import pytest

from tests import public_surface
from tests.sandbox import layout

README = layout.ROOT / "README.md"
PAGES = [README, *sorted((layout.ROOT / "docs").glob("*.md")), *sorted((layout.ROOT / "roles").glob("*/README.md"))]
# Names that the collection does not use: issues and reviews found that readers stop at them.
WORDS = r"\b(road|travel|patience|patient|take_away|carried|wanted|hiding)\b"
ALLOWED: dict[str, str] = {}
"""Lines that have such a word in its plain sense, as file and text, with the reason."""


def ids(path):
    return str(path.relative_to(layout.ROOT))


def anchors(text):
    """Return the anchors of a page's headings, as GitHub makes them."""
    headings = re.findall(r"^#+ (.*)$", text, re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


@pytest.mark.parametrize("page", PAGES, ids=ids)
def test_links_lead_to_files_and_headings(page):
    for target in re.findall(r"\]\((?!https?://)([^)]+)\)", page.read_text()):
        path, _, anchor = target.partition("#")
        linked = (page.parent / path).resolve() if path else page
        assert linked.exists(), target
        assert not anchor or anchor in anchors(linked.read_text()), target


@pytest.mark.parametrize("page", PAGES, ids=ids)
def test_playbooks_and_variables_exist(page):
    text = page.read_text()
    plugins = (
        public_surface.connections()
        + public_surface.inventories()
        + public_surface.modules()
        + public_surface.filters()
    )
    names = {path.stem for path in plugins}
    names |= {*public_surface.playbooks(), *public_surface.role_specs(), "aws", "NAME"}
    assert set(re.findall(r"mlops\.studio_local_mode\.(\w+)", text)) - names == set()
    variables = {
        name for specs in public_surface.role_specs().values() for spec in specs.values() for name in spec["options"]
    }
    variables |= {name for spec in public_surface.playbook_specs().values() for name in spec["options"]}
    assert set(re.findall(r"-e '?(\w+)=", text)) - variables == set()


def test_the_readme_lists_every_playbook():
    listed = re.findall(r"^\| `(\w+)` \| [A-Z]", README.read_text().split("## Requirements")[0], re.MULTILINE)
    assert sorted(listed) == sorted(public_surface.playbooks())


def test_the_readme_is_short():
    assert len(README.read_text().splitlines()) < 180


def test_the_architecture_names_files_that_exist():
    text = (layout.ROOT / "docs/architecture.md").read_text()
    paths = re.findall(r"`((?:plugins|playbooks|roles|tests|extensions)(?:/[\w.]+)*)`", text)
    assert [path for path in paths if not (layout.ROOT / path).exists()] == []


def test_no_word_of_our_own():
    command = ["git", "grep", "-niE", WORDS, "--", "plugins", "roles", "playbooks", "docs", "README.md"]
    found = subprocess.run(command, cwd=layout.ROOT, capture_output=True, text=True, check=False).stdout
    lines = [re.sub(r":\d+:\s*", ": ", line, count=1) for line in found.splitlines()]
    assert [line for line in lines if line not in ALLOWED] == []
