# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a role says it takes is what it takes."""

from __future__ import annotations

import re

import pytest
import yaml

from tests.sandbox import layout

ROLES = sorted((layout.ROOT / "roles").iterdir())


def options(role):
    """The options of every entry point; one that two have is the same in both."""
    specs = yaml.safe_load((role / "meta" / "argument_specs.yml").read_text())["argument_specs"]
    return {name: option for entry_point in specs.values() for name, option in entry_point["options"].items()}


@pytest.mark.parametrize("role", ROLES, ids=lambda role: role.name)
class TestRole:
    def test_defaults_are_those_of_the_specification(self, role):
        defaults = yaml.safe_load((role / "defaults" / "main.yml").read_text())
        assert defaults == {name: option["default"] for name, option in options(role).items() if "default" in option}

    def test_variables_have_the_roles_prefix(self, role):
        assert [name for name in options(role) if not name.startswith(f"{role.name}_")] == []

    def test_the_readme_has_every_variable(self, role):
        readme = (role / "README.md").read_text()
        assert [name for name in options(role) if f"`{name}`" not in readme] == []

    def test_the_tasks_use_every_variable_and_no_other(self, role):
        files = [file for folder in ("tasks", "vars", "templates") for file in (role / folder).glob("*")]
        text = "\n".join(path.read_text() for path in files)
        used = set(re.findall(rf"(?<![_\w.]){role.name}_\w+", text))
        facts = set(re.findall(rf"^ +(?:register: )?({role.name}_\w+)(?::|$)", text, re.MULTILINE))
        assert used - facts == set(options(role)) - facts
