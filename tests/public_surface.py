# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The public surface of the collection, read from its code.

`python -m tests.public_surface` renews the table in the docs.
"""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, Any

import yaml

from tests.sandbox import layout

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

PAGE = layout.ROOT / "docs" / "public_surface.md"
MARKS = ("<!-- begin table -->\n", "<!-- end table -->\n")
_PREFIX = "mlops.studio_local_mode."


def module_documents(path: Path) -> dict[str, Any]:
    """Return the documentation blocks of a Python plugin by name, parsed."""
    found = {}
    for node in ast.parse(path.read_text()).body:
        if isinstance(node, ast.Assign) and isinstance(node.value, ast.Constant):
            name = getattr(node.targets[0], "id", "")
            if name in ("DOCUMENTATION", "RETURN"):
                found[name] = yaml.safe_load(node.value.value) or {}
    return found


def modules() -> list[Path]:
    """Return the files of the modules."""
    return sorted((layout.ROOT / "plugins/modules").glob("*.py"))


def inventories() -> list[Path]:
    """Return the files of the inventory plugins."""
    return sorted((layout.ROOT / "plugins/inventory").glob("*.py"))


def connections() -> list[Path]:
    """Return the files of the connection plugins."""
    return sorted((layout.ROOT / "plugins/connection").glob("*.py"))


def filters() -> list[Path]:
    """Return the documentation files of the filters."""
    return sorted((layout.ROOT / "plugins/filter").glob("*.yml"))


def role_specs() -> dict[str, dict[str, Any]]:
    """Return the argument specs of the roles: entry points by name, by role."""
    files = sorted((layout.ROOT / "roles").glob("*/meta/argument_specs.yml"))
    return {file.parents[1].name: yaml.safe_load(file.read_text())["argument_specs"] for file in files}


def playbook_specs() -> dict[str, dict[str, Any]]:
    """Return the specs of the playbooks' own variables by playbook."""
    files = sorted((layout.ROOT / "playbooks").glob("*.meta.yml"))
    return {name: spec for file in files for name, spec in yaml.safe_load(file.read_text())["argument_specs"].items()}


def playbooks() -> list[str]:
    """Return the names of the playbooks that users run."""
    files = sorted((layout.ROOT / "playbooks").glob("*.yml"))
    return [file.stem for file in files if "\n  hosts:" in file.read_text()]


def options(documentation: dict[str, Any]) -> list[str]:
    """Return the options of a module, those of the collection's own fragments included."""
    found = set(documentation.get("options", {}))
    for fragment in documentation.get("extends_documentation_fragment", []):
        if fragment.startswith(_PREFIX):
            found |= set(_fragment(fragment.removeprefix(_PREFIX)).get("options", {}))
        elif fragment == "amazon.aws.tags":
            found |= {"tags", "purge_tags"}
    return sorted(found)


def _fragment(name: str) -> dict[str, Any]:
    file, _, part = name.partition(".")
    tree = ast.parse((layout.ROOT / f"plugins/doc_fragments/{file}.py").read_text())
    texts = {
        node.targets[0].id: node.value.value
        for node in ast.walk(tree)
        if isinstance(node, ast.Assign)
        and isinstance(node.targets[0], ast.Name)
        and isinstance(node.value, ast.Constant)
    }
    return yaml.safe_load(texts[(part or "documentation").upper()])


def table() -> str:
    """Render the table."""
    rows = [*_connection_rows(), *_inventory_rows(), *_module_rows(), *_filter_rows(), *_role_rows(), *_playbook_rows()]
    return "\n".join(["| | name | options or variables | return values |", "|---|---|---|---|", *rows]) + "\n"


def _connection_rows() -> Iterable[str]:
    # Without those of ansible-core's own connection, which are its surface.
    for path in connections():
        yield _row("connection", path.stem, module_documents(path)["DOCUMENTATION"]["options"], {})


def _inventory_rows() -> Iterable[str]:
    for path in inventories():
        yield _row("inventory", path.stem, options(module_documents(path)["DOCUMENTATION"]), {})


def _module_rows() -> Iterable[str]:
    for path in modules():
        documents = module_documents(path)
        yield _row("module", path.stem, options(documents["DOCUMENTATION"]), documents["RETURN"])


def _filter_rows() -> Iterable[str]:
    for path in filters():
        documentation = yaml.safe_load(path.read_text())["DOCUMENTATION"]
        yield _row("filter", path.stem, set(options(documentation)) - {"_input"}, {})


def _role_rows() -> Iterable[str]:
    for role, entry_points in role_specs().items():
        for entry_point, spec in entry_points.items():
            name = role if entry_point == "main" else f"{role}, {entry_point}"
            yield _row("role", name, spec.get("options", {}), {})


def _playbook_rows() -> Iterable[str]:
    specs = playbook_specs()
    for name in playbooks():
        yield _row("playbook", name, specs.get(name, {}).get("options", {}), {})


def _row(kind: str, name: str, taken: Iterable[str], returned: dict[str, Any]) -> str:
    return f"| {kind} | {name} | {_names(taken)} | {'; '.join(_returned(returned))} |"


def _returned(returned: dict[str, Any]) -> Iterable[str]:
    """Yield each return value with the keys that it contains."""
    for name, described in sorted(returned.items()):
        contains = described.get("contains", {})
        yield f"`{name}`: {_names(contains)}" if contains else f"`{name}`"


def _names(names: Iterable[str]) -> str:
    return ", ".join(f"`{name}`" for name in sorted(names))


def page() -> str:
    """Return the page with a renewed table."""
    text = PAGE.read_text()
    start, end = text.index(MARKS[0]) + len(MARKS[0]), text.index(MARKS[1])
    return text[:start] + table() + text[end:]


if __name__ == "__main__":
    PAGE.write_text(page())
