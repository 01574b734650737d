# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Every module, filter, role and playbook has complete documentation in the form of Ansible's own."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from tests import public_surface
from tests.sandbox import layout

VERBS = {
    *(
        "Add",
        "Attach",
        "Change",
        "Check",
        "Collect",
        "Convert",
        "Create",
        "Delete",
        "Download",
        "Enable",
        "Format",
        "Gather",
    ),
    *("Install", "List", "Manage", "Print", "Read", "Recreate", "Render", "Report", "Restart", "Set", "Show", "Split"),
    *("Run", "Stage", "Update", "Verify", "Write"),
}
SUBORDINATE = {
    *(
        "because",
        "how",
        "if",
        "so",
        "that",
        "what",
        "when",
        "where",
        "whether",
        "which",
        "while",
        "who",
        "whose",
        "why",
    ),
}
ATTRIBUTES = {"check_mode", "diff_mode", "idempotent"}


def returned_values():
    for path in public_surface.modules():
        documents = public_surface.module_documents(path)
        for name, described in documents.get("RETURN", {}).items():
            yield pytest.param(described, id=f"{path.stem}-{name}")


def short_descriptions():
    for path in public_surface.connections() + public_surface.inventories() + public_surface.modules():
        yield path.stem, public_surface.module_documents(path)["DOCUMENTATION"]["short_description"]
    for path in public_surface.filters():
        yield path.stem, yaml.safe_load(path.read_text())["DOCUMENTATION"]["short_description"]
    for role, specs in public_surface.role_specs().items():
        yield from ((f"{role}-{entry_point}", spec["short_description"]) for entry_point, spec in specs.items())
    yield from ((name, spec["short_description"]) for name, spec in public_surface.playbook_specs().items())


def incomplete(described, path=""):
    """Yield the return values that lack `returned`, and the leaves that lack `sample`."""
    if "returned" not in described:
        yield f"{path}: returned"
    contains = described.get("contains", {})
    if not contains and "sample" not in described:
        yield f"{path}: sample"
    for name, inner in contains.items():
        yield from incomplete(inner, f"{path}.{name}")


@pytest.mark.parametrize("described", list(returned_values()))
def test_every_return_value_has_returned_and_a_sample(described):
    assert list(incomplete(described)) == []


@pytest.mark.parametrize("text", [pytest.param(text, id=name) for name, text in short_descriptions()])
def test_a_short_description_is_one_imperative_sentence(text):
    first, *others = text.replace(",", "").split()
    assert first in VERBS
    assert {word.lower() for word in others} & SUBORDINATE == set()
    assert not text.endswith(".")


@pytest.mark.parametrize("role", list(public_surface.role_specs()))
class TestRole:
    def test_every_entry_point_has_attributes(self, role):
        for spec in public_surface.role_specs()[role].values():
            assert set(spec.get("attributes", {})) >= ATTRIBUTES
            assert all(attribute["support"] for attribute in spec["attributes"].values())

    def test_it_has_metadata(self, role):
        metadata = yaml.safe_load((layout.ROOT / "roles" / role / "meta/main.yml").read_text())["galaxy_info"]
        assert metadata["description"] == public_surface.role_specs()[role]["main"]["short_description"]
        assert metadata["license"] == "GPL-3.0-or-later"


@pytest.mark.parametrize("plugin", [path.stem for path in public_surface.filters()])
def test_every_filter_has_a_plugin_file(plugin):
    assert Path(layout.ROOT / "plugins/filter" / f"{plugin}.py").exists()


def test_the_docs_have_the_table_of_the_public_surface():
    """To renew it: python -m tests.public_surface."""
    assert public_surface.page() == public_surface.PAGE.read_text(), "run: python -m tests.public_surface"
