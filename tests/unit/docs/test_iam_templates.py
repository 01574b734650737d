# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The policies of docs/iam and their templates are those of the table, and the modules' notes name the same actions."""

from __future__ import annotations

import importlib
import json
import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests import iam_templates
from tests.sandbox import layout

PLUGINS = "ansible_collections.mlops.studio_local_mode.plugins"
# An action of the credentials that assume a role, which need none of the others.
ASSUME_ROLE = "sts:AssumeRole"


def test_the_files_are_those_of_the_table() -> None:
    for path, content in iam_templates.files().items():
        assert path.read_text(encoding="utf-8") == content, "Run: python -m tests.iam_templates"
    written = {path for folder in iam_templates.FOLDERS.values() for path in folder.glob("*.json")}
    assert written <= set(iam_templates.files()), "Of no playbook and no module: remove it"


@pytest.mark.parametrize("part", iam_templates.FOLDERS)
def test_cloudformation_has_each_policy_and_names_no_partition(part: str) -> None:
    template = json.loads(iam_templates.cloudformation(part))
    documents = [resource["Properties"]["PolicyDocument"] for resource in template["Resources"].values()]
    assert [_in_aws(document) for document in documents] == [
        iam_templates.policy(name) for name in iam_templates.names(part)
    ]
    assert "arn:aws:" not in json.dumps(template)


def _in_aws(value: Any) -> Any:
    """Resolve Fn::Sub as CloudFormation does in the partition aws."""
    if isinstance(value, dict):
        if set(value) == {"Fn::Sub"}:
            return value["Fn::Sub"].replace("${AWS::Partition}", "aws")
        return {key: _in_aws(item) for key, item in value.items()}
    return [_in_aws(item) for item in value] if isinstance(value, list) else value


@pytest.mark.parametrize("path", sorted((layout.ROOT / "plugins/modules").glob("*.py")), ids=lambda path: path.stem)
def test_the_notes_of_a_module_name_the_actions_of_its_policy(path: Path) -> None:
    notes = " ".join(_notes(path.stem))
    named = set(re.findall(r"\b[a-z0-9]+:[A-Z][a-z]\w+", notes)) - {ASSUME_ROLE, "sagemaker:RemoteAccess"}
    if also := re.search(r"requires the actions of M\(mlops\.studio_local_mode\.(\w+)\)", notes):
        named |= iam_templates.actions(also[1])
    assert named == iam_templates.actions(path.stem), "docs/iam/table.yml differs from the notes"


def _notes(module: str) -> list[str]:
    documentation = yaml.safe_load(importlib.import_module(f"{PLUGINS}.modules.{module}").DOCUMENTATION)
    notes = list(documentation.get("notes", []))
    for name in documentation.get("extends_documentation_fragment", []):
        if name.startswith("mlops.studio_local_mode."):
            fragment, _, part = name.removeprefix("mlops.studio_local_mode.").partition(".")
            text = getattr(
                importlib.import_module(f"{PLUGINS}.doc_fragments.{fragment}").ModuleDocFragment,
                part.upper() or "DOCUMENTATION",
            )
            notes += yaml.safe_load(text).get("notes", [])
    return notes
