# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import pytest
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._studio_checks.symptoms import (
    SYMPTOMS,
    as_markdown,
    explain,
)

from tests.sandbox import layout


def test_the_docs_have_the_table():
    """To update it, copy the return value of as_markdown() to docs/troubleshooting.md."""
    docs = (layout.ROOT / "docs/troubleshooting.md").read_text()
    assert [line for line in as_markdown().splitlines() if line not in docs.splitlines()] == []


@pytest.mark.parametrize("symptom", SYMPTOMS, ids=lambda symptom: symptom.text)
def test_no_symptom_is_shadowed_by_an_earlier_one(symptom):
    assert explain(f"Error: {symptom.text.upper()} and so on") is symptom


def test_an_unknown_message():
    assert explain("something new") is None
