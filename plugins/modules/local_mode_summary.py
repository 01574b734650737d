#!/usr/bin/python
# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: local_mode_summary
short_description: Print the summary of a playbook on local mode
version_added: 0.1.0
description:
  - Prints the results for domains and apps, and the next step for each, as plain text.
  - The playbooks of this collection end with it.
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
  domains:
    description:
      - The fact C(domain_docker_access_report) of the role P(mlops.studio_local_mode.domain_docker_access#role).
    type: list
    elements: dict
    default: []
  restarts:
    description:
      - The results of M(mlops.studio_local_mode.sagemaker_studio_app) in a loop.
    type: list
    elements: dict
    default: []
  restart_variable:
    description:
      - The variable with which the playbook itself restarts apps. The summary names it where apps need a restart.
    type: str
    default: ''
  lifecycle_config:
    description:
      - The result of M(mlops.studio_local_mode.sagemaker_studio_lifecycle_config).
    type: dict
    default: {}
  apps_to_restart:
    description:
      - The apps that an earlier job of an AWX workflow named, as lists by domain ID.
    type: dict
    default: {}
  remote_access:
    description:
      - The result of M(mlops.studio_local_mode.sagemaker_studio_space).
    type: dict
    default: {}
  unreachable_apps:
    description:
      - The inventory names of the spaces that Ansible cannot reach, from the inventory P(mlops.studio_local_mode.studio_spaces#inventory).
      - Of each, the action reads C(studio_unreachable_because) and C(studio_domain_id). If O(domains) has some, spaces of other domains are left out.
    type: list
    elements: str
    default: []
  prerequisites:
    description:
      - The result of M(mlops.studio_local_mode.sagemaker_domain_prerequisites_info).
    type: dict
    default: {}
  apps:
    description:
      - The inventory names of the Studio apps.
      - Of each app, the action reads the variables C(docker_cli_result), C(local_mode_check_result) and C(local_mode_check_report). An app that is not
        in C(ansible_play_hosts) has failed.
    type: list
    elements: str
    default: []
notes:
  - In a job of AWX, which has the variable C(awx_job_id), the summary names the form's question instead of a command.
  - With a callback that prints JSON, such as P(ansible.posix.json#callback), the text is only in the result.
seealso:
  - plugin: mlops.studio_local_mode.local_mode_report_text
    plugin_type: filter
author:
  - mlops.studio_local_mode maintainers (@mlops)
"""

EXAMPLES = r"""
- name: Summarize a change of domains
  mlops.studio_local_mode.local_mode_summary:
    domains: "{{ domain_docker_access_report }}"
    restarts: "{{ domain_docker_access_restarts.results | default([]) }}"
    restart_variable: restart_apps=true

- name: Summarize the apps
  mlops.studio_local_mode.local_mode_summary:
    apps: "{{ groups['studio_apps'] }}"
  run_once: true

- name: Summarize a check of AWS prerequisites
  mlops.studio_local_mode.local_mode_summary:
    prerequisites: "{{ prerequisites }}"
  register: summary
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
"""
