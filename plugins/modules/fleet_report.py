#!/usr/bin/python
# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: fleet_report
short_description: Create a readiness report of Studio domains and apps
version_added: 1.0.0
description:
  - Builds one report out of the results of other modules, and writes it to files as HTML, JSON, Markdown, text or JUnit XML.
  - The playbook C(mlops.studio_local_mode.fleet_report) gathers the results and uses this module.
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
      - The files are reports, not configuration.
  idempotent:
    description: When run twice in a row, the second run reports no change.
    support: none
    details:
      - Each report has its own time.
options:
  regions:
    description:
      - For each region a dictionary with its name as C(region), and the registered results of M(mlops.studio_local_mode.sagemaker_domain_info) with
        C(include_apps) as C(domains), of M(mlops.studio_local_mode.sagemaker_studio_space) as C(spaces), and of
        M(mlops.studio_local_mode.sagemaker_domain_prerequisites_info) as C(prerequisites).
      - To report drift, also the result of M(mlops.studio_local_mode.sagemaker_domain_docker_settings) in check mode as C(drift), and of
        M(mlops.studio_local_mode.sagemaker_domain_changes_info) as C(changes).
      - A result that failed is part of the report.
    type: list
    elements: dict
    default: []
  apps:
    description:
      - The inventory names of the Studio apps. They can have the host variables of P(mlops.studio_local_mode.studio_spaces#inventory).
    type: list
    elements: str
    default: []
  inspection:
    description:
      - The name of the variable in which each app has the registered result of M(mlops.studio_local_mode.studio_app_info).
    type: str
    default: fleet_report_inspection
  path:
    description:
      - The files to write. The suffix selects the format, C(.html), C(.json), C(.md), C(.txt), or C(.xml) for JUnit.
      - An address C(s3://BUCKET/KEY) is not uploaded by this module. RV(uploads) has a file for it.
    type: list
    elements: str
    default: []
  mode:
    description:
      - The mode of the files, octal and in quotes.
    type: raw
    default: '0600'
  compare_to:
    description:
      - An earlier report as JSON or HTML. The report then has what changed since.
      - Without such a file there is nothing to compare with, and a line says so.
    type: path
  fail_on:
    description:
      - What RV(failure) is about. V(failed) is a domain or an app that is not ready, or a domain or a region that AWS did not show. V(warning) is
        everything that is not ready, too, and every warning. V(never) is nothing.
    type: str
    choices: [failed, warning, never]
    default: failed
  validate_only:
    description:
      - Whether to only check O(path), O(mode) and O(compare_to), before anything is gathered.
    type: bool
    default: false
seealso:
  - module: mlops.studio_local_mode.show_report
author:
  - mlops.studio_local_mode maintainers (@mlops)
"""

EXAMPLES = r"""
- name: Describe the domains
  mlops.studio_local_mode.sagemaker_domain_info:
    include_apps: true
  register: domains
  failed_when: false

- name: Create a report from AWS alone
  mlops.studio_local_mode.fleet_report:
    regions:
      - region: eu-west-1
        domains: "{{ domains }}"
    path: [readiness.html, readiness.json]
  register: readiness

- name: Create a report on the apps, and what changed since the last one
  mlops.studio_local_mode.fleet_report:
    apps: "{{ groups['studio_apps'] }}"
    path: [readiness.html]
    compare_to: last_week.json
  register: readiness

- name: Show the report, and fail if a domain or an app is not ready
  mlops.studio_local_mode.show_report:
    lines: "{{ readiness.lines }}"
    failures: ["{{ readiness.failure }}"]
"""

RETURN = r"""
lines:
  description: The report as text.
  returned: unless O(validate_only=true)
  type: list
  elements: str
  sample: ['3 apps: 2 ready, 1 not ready']
summary:
  description: The numbers of domains and apps by state.
  returned: unless O(validate_only=true)
  type: dict
  sample: {'apps': {'total': 3, 'ready': 2, 'ready_after_restart': 0, 'not_ready': 1, 'not_checked': 0}}
artifact:
  description: The numbers, the causes, and at most 100 names for each state, for C(set_stats) or a webhook.
  returned: unless O(validate_only=true)
  type: dict
  sample: {'schema_version': '1.0', 'summary': {}}
failure:
  description: Why a run must fail by O(fail_on); empty if it must not.
  returned: unless O(validate_only=true)
  type: str
  sample: 'report_fail_on is failed. 3 apps: 2 ready, 1 not ready.'
uploads:
  description: For each address of S3 its C(bucket), C(key) and C(address), and the file on the controller to upload as C(src).
  returned: unless O(validate_only=true)
  type: list
  elements: dict
  sample: []
"""
