# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The templates of docs/drift: the CloudFormation template has a copy of the rule's function.

`python -m tests.drift_templates` renews the copy; a unit test compares them.
"""

from __future__ import annotations

import importlib.util
import json
import re
from types import ModuleType
from typing import Any

import yaml

from tests.sandbox import layout

FOLDER = layout.ROOT / "docs/drift/templates"
_TEMPLATE = FOLDER / "cloudformation.yml"
_FUNCTION = FOLDER / "config_rule.py"
_COPY = re.compile(r"(?<=        ZipFile: \|\n).*?(?=^  \w)", re.DOTALL | re.MULTILINE)


def cloudformation() -> dict[str, Any]:
    """Return the template."""
    return yaml.safe_load(_TEMPLATE.read_text(encoding="utf-8"))


def event_pattern() -> dict[str, Any]:
    """Return the pattern of EventBridge."""
    return json.loads((FOLDER / "event_pattern.json").read_text(encoding="utf-8"))


def config_rule() -> ModuleType:
    """Return the function of the Config rule, as AWS Lambda imports it."""
    spec = importlib.util.spec_from_file_location("config_rule", _FUNCTION)
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def event_of(record: dict[str, Any]) -> dict[str, Any]:
    """Return the event of EventBridge for a record of CloudTrail."""
    return {
        "source": "aws." + record["eventSource"].partition(".")[0],
        "detail-type": "AWS API Call via CloudTrail",
        "account": record["recipientAccountId"],
        "region": record["awsRegion"],
        "detail": record,
    }


def transformed(target: dict[str, Any], event: dict[str, Any]) -> str:
    """Return what EventBridge sends to a target with an input transformer."""
    text = target["InputTransformer"]["InputTemplate"]
    for name, path in target["InputTransformer"]["InputPathsMap"].items():
        value: Any = event
        for part in path.removeprefix("$.").split("."):
            value = (value or {}).get(part)
        # A variable whose path the event does not have is not in the output.
        text = text.replace(f"<{name}>", "" if value is None else str(value))
    return text


def targets(rule: str) -> dict[str, dict[str, Any]]:
    """Return the targets of a rule by ID, with every condition true."""
    found = cloudformation()["Resources"][rule]["Properties"]["Targets"]
    return {target["Id"]: target for target in (item["Fn::If"][1] if "Fn::If" in item else item for item in found)}


if __name__ == "__main__":
    function = "".join(f"          {line}" if line.strip() else line for line in _FUNCTION.open(encoding="utf-8"))
    template = _TEMPLATE.read_text(encoding="utf-8")
    _TEMPLATE.write_text(_COPY.sub(lambda _found: function, template), encoding="utf-8")
