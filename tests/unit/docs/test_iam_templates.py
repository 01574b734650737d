# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The templates of docs/iam have the policies that the integration tests compare with the calls."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests import iam_templates


@pytest.mark.parametrize("file_name", iam_templates.TEMPLATES)
def test_a_template_is_the_one_of_the_policies(file_name: str) -> None:
    written = (iam_templates.FOLDER / file_name).read_text(encoding="utf-8")
    assert written == iam_templates.TEMPLATES[file_name](), "Run: python -m tests.iam_templates"


def test_cloudformation_has_each_policy_and_names_no_partition() -> None:
    template = json.loads(iam_templates.cloudformation())
    documents = [resource["Properties"]["PolicyDocument"] for resource in template["Resources"].values()]
    assert [_in_aws(document) for document in documents] == [
        iam_templates.policy(name) for name in iam_templates.names()
    ]
    assert "arn:aws:" not in json.dumps(template)


def _in_aws(value: Any) -> Any:
    """Resolve Fn::Sub as CloudFormation does in the partition aws."""
    if isinstance(value, dict):
        if set(value) == {"Fn::Sub"}:
            return value["Fn::Sub"].replace("${AWS::Partition}", "aws")
        return {key: _in_aws(item) for key, item in value.items()}
    return [_in_aws(item) for item in value] if isinstance(value, list) else value
