# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The pattern for Ansible Automation Platform has the job templates and surveys of the configuration."""

from __future__ import annotations

import json

import yaml

from tests import awx_pattern
from tests.sandbox import layout


def test_the_definition_is_the_one_of_the_configuration():
    assert awx_pattern.FILE.read_text(encoding="utf-8") == awx_pattern.pattern(), "Run: python -m tests.awx_pattern"


def test_each_playbook_of_the_pattern_has_one_job_template():
    templates = json.loads(awx_pattern.pattern())["aap_resources"]["controller_job_templates"]
    assert sorted(template["playbook"] for template in templates) == sorted(
        path.name for path in awx_pattern.PLAYBOOKS.iterdir()
    )
    assert [template["playbook"] for template in templates if template.get("primary")] == [awx_pattern.PRIMARY]


def test_each_playbook_of_the_pattern_imports_the_one_of_the_collection():
    for path in awx_pattern.PLAYBOOKS.iterdir():
        imported = [
            play["ansible.builtin.import_playbook"] for play in yaml.safe_load(path.read_text(encoding="utf-8"))
        ]
        assert [(path.parent / name).resolve() for name in imported] == [layout.ROOT / "playbooks" / path.name]
