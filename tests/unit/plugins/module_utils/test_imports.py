# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The folders of module_utils: what runs on the controller and what runs in an app never import each other."""

from __future__ import annotations

import ast
import sys
from pathlib import Path

import pytest

from tests.sandbox import layout

COLLECTION = "ansible_collections.mlops.studio_local_mode.plugins.module_utils."
# In the order of use: a folder imports only itself and those before it in its wing, and the report's.
REPORT = ["_report"]
CONTROLLER = [
    "_aws",
    "_targets",
    "_domains",
    "_domain_changes",
    "_lifecycle_configs",
    "_apps",
    "_spaces",
    "_prerequisites",
]
APP = ["_docker", "_docker_repository", "_docker_bundle", "_studio_facts", "_docker_cli", "_studio_checks"]
MODULE_UTILS = layout.ROOT / "plugins" / "module_utils"
FILES = sorted(MODULE_UTILS.glob("*/*.py"))


def imports(path: Path) -> set[str]:
    names = set()
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            names |= {f"{node.module}.{alias.name}" for alias in node.names}
    return names


def imported_folders(path: Path) -> set[str]:
    return {name[len(COLLECTION) :].split(".")[0] for name in imports(path) if name.startswith(COLLECTION)}


def test_every_folder_has_its_place() -> None:
    assert {path.parent.name for path in FILES} == {*REPORT, *CONTROLLER, *APP}


@pytest.mark.parametrize("path", FILES, ids=lambda path: f"{path.parent.name}/{path.stem}")
def test_no_import_points_back(path: Path) -> None:
    folder = path.parent.name
    wing = next(wing for wing in (REPORT, CONTROLLER, APP) if folder in wing)
    assert imported_folders(path) <= {*REPORT, *wing[: wing.index(folder) + 1]}


@pytest.mark.parametrize(
    "path",
    [path for path in FILES if path.parent.name in (*APP, *REPORT)],
    ids=lambda path: f"{path.parent.name}/{path.stem}",
)
def test_an_app_needs_the_standard_library_only(path: Path) -> None:
    foreign = {name for name in imports(path) if name.split(".")[0] not in sys.stdlib_module_names}
    assert {name for name in foreign if not name.startswith((COLLECTION, "ansible.module_utils."))} == set()
