# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A job template can name the playbooks for users and no other file of the project."""

from __future__ import annotations

import pytest

from tests.awx import checkout, discovery
from tests.sandbox import layout


def test_awx_offers_only_the_playbooks():
    offered = set(discovery.playbooks(layout.ROOT, checkout.files()))
    expected = {
        "playbooks/audit_drift.yml",
        "playbooks/check_execution_environment.yml",
        "playbooks/check_local_mode.yml",
        "playbooks/disable_local_mode.yml",
        "playbooks/enable_local_mode.yml",
        "playbooks/fleet_report.yml",
        "playbooks/install_docker_cli.yml",
        "playbooks/report_denial.yml",
        "playbooks/report_failure.yml",
        "playbooks/restart_apps.yml",
        "playbooks/roll_back_domains.yml",
        "playbooks/show_settings.yml",
        "playbooks/stage_docker_debs.yml",
        "playbooks/trusted_accounts.yml",
    }
    assert expected - offered == set(), "AWX searches for a line that begins with hosts: without quotes"
    assert offered - expected == set(), 'not for users: write "hosts": in quotes, so that AWX does not offer the file'


@pytest.mark.parametrize(
    ("text", "listed"),
    [
        ("- name: Play\n  hosts: all\n", True),
        ("- hosts: all\n", True),
        ("- import_playbook: ns.coll.playbook\n", True),
        ("- name: Report\n  ansible.builtin.import_playbook: report.yml\n", True),
        ("$ANSIBLE_VAULT;1.1;AES256\n6162\n", True),
        ("hosts: data and not a play\n", True),
        ("- {hosts: all}\n", False),
        ('- name: Play\n  "hosts": all\n', False),
        ("- name: A task\n  ansible.builtin.ping:\n", False),
    ],
)
def test_the_rule_of_awx(text, listed):
    assert discovery.could_be_playbook(text) is listed


@pytest.mark.parametrize(
    "name", ["roles/x/a.yml", "playbooks/tasks/a.yml", ".config/a.yml", "group_vars/a.yml", "a.txt"]
)
def test_awx_skips_folders_and_endings(tmp_path, name):
    (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
    (tmp_path / name).write_text("- hosts: all\n")
    assert list(discovery.playbooks(tmp_path, [name])) == []
