# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""SageMaker may leave out every member of an answer (botocore's model requires none): the code expects only names."""

from __future__ import annotations

import ast

import pytest

from tests.sandbox import layout
from tests.unit.scripted_sagemaker import meta

OPERATIONS = (
    "DescribeDomain",
    "DescribeUserProfile",
    "DescribeSpace",
    "DescribeApp",
    "DescribeStudioLifecycleConfig",
)
# What identifies a resource, its status, and the content that a lifecycle configuration is made of.
EXPECTED = {
    "DomainId",
    "DomainName",
    "DomainArn",
    "UserProfileName",
    "UserProfileArn",
    "SpaceName",
    "SpaceArn",
    "AppArn",
    "AppType",
    "AppName",
    "StudioLifecycleConfigArn",
    "StudioLifecycleConfigName",
    "StudioLifecycleConfigAppType",
    "StudioLifecycleConfigContent",
    "Status",
}
FILES = sorted(
    path
    for folder in ("_aws", "_apps", "_domains", "_domain_changes", "_lifecycle_configs", "_spaces", "_report")
    for path in (layout.ROOT / "plugins").glob(f"*_utils/{folder}/*.py")
)


def optional_members() -> set[str]:
    members = set()
    for name in OPERATIONS:
        shape = meta().service_model.operation_model(name).output_shape
        members |= set(shape.members) - set(shape.required_members)
    return members - EXPECTED


def subscripts(source: str) -> list[tuple[int, str]]:
    """(line, key) of each value that is read by a constant key."""
    return [
        (node.lineno, node.slice.value)
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.Subscript) and isinstance(node.ctx, ast.Load) and isinstance(node.slice, ast.Constant)
    ]


@pytest.mark.parametrize("path", FILES, ids=lambda path: f"{path.parent.name}/{path.stem}")
def test_an_optional_member_is_read_with_get(path):
    assert [found for found in subscripts(path.read_text()) if found[1] in optional_members()] == []
