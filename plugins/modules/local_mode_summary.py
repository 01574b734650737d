#!/usr/bin/python
# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: local_mode_summary
short_description: Gather the outcome of a playbook on local mode
version_added: 1.0.0
description:
  - Returns the summary of a playbook, which has the results for domains and apps and the next step for each, and the reasons to fail.
  - Passes the outcome of the apps to AWX as artifacts, as M(ansible.builtin.set_stats) does.
  - The playbooks of this collection end with it, and with M(mlops.studio_local_mode.show_report), which prints the summary and fails.
  - 'It reads what the roles leave: of C(localhost) the facts C(domain_docker_access_report), C(domain_docker_access_target_report),
    C(domain_docker_access_restarts), C(domain_docker_access_changes), C(domain_docker_access_lifecycle_config_result) and
    C(domain_docker_access_remote_access_result); of the apps C(docker_cli_result), C(local_mode_check_result) and
    C(local_mode_check_report). C(domain_prerequisites) is the result of
    M(mlops.studio_local_mode.sagemaker_domain_prerequisites_info).'
attributes:
  action:
    description: This is an action plugin that runs on the controller.
    support: full
  check_mode:
    description: The action runs in check mode without a change.
    support: full
  diff_mode:
    description: The action has no difference to show.
    support: N/A
    details:
      - This action does not modify state.
  idempotent:
    description: When run twice in a row, the second run reports no change.
    support: full
    details:
      - This action does not modify state.
options:
  apps_required:
    description:
      - Whether the playbook works on apps alone. It fails then if the inventory has no group C(studio_apps), and its summary says that
        the group has no app.
    type: bool
    default: false
  restart_variable:
    description:
      - The variable with which the playbook itself restarts apps. The summary names it where apps need a restart.
    type: str
    default: ''
  apps_to_restart:
    description:
      - The apps that an earlier job of an AWX workflow named, as lists by domain ID.
    type: dict
    default: {}
  fail_on_drift:
    description:
      - Whether a domain that does not have the requested settings is a reason to fail in check mode.
    type: bool
    default: false
  prerequisites_required:
    description:
      - Whether a prerequisite that could not be checked is a reason to fail. One that is not met always is.
    type: bool
    default: false
notes:
  - The apps are the hosts of the play in the inventory's group C(studio_apps). An app that is not in C(ansible_play_hosts) has failed.
  - In a job of AWX, which has the variable C(awx_job_id), the summary names templates and the questions of their forms instead of commands.
seealso:
  - module: mlops.studio_local_mode.show_report
  - plugin: mlops.studio_local_mode.local_mode_report_text
    plugin_type: filter
author:
  - mlops.studio_local_mode maintainers (@mlops)
"""

EXAMPLES = r"""
- name: Gather the outcome
  mlops.studio_local_mode.local_mode_summary:
    restart_variable: restart_apps=true
  register: outcome
  run_once: true

- name: Summary
  mlops.studio_local_mode.show_report:
    lines: "{{ outcome.lines }}"
    failures: "{{ outcome.failures }}"
  run_once: true

- name: Gather the outcome of an audit
  mlops.studio_local_mode.local_mode_summary:
    fail_on_drift: true
  check_mode: true
  register: audit
"""

RETURN = r"""
lines:
  description: The lines of the summary.
  returned: success
  type: list
  elements: str
  sample:
    - Domains
    - '  research (d-abcdefghijkl): changed'
failures:
  description: Why the playbook fails. It is empty if it does not.
  returned: success
  type: list
  elements: str
  sample: ['Drift: 1 of 3 domains does not have the requested settings: research.']
"""
