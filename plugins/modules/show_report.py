#!/usr/bin/python
# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: show_report
short_description: Print lines or findings as plain text
version_added: 1.0.0
description:
  - Prints lines as they are, which no callback quotes, wraps or escapes, and fails afterwards if there is a reason.
  - In a job of AWX, the template and its questions take the place of a command of this collection.
  - The lines have colours if the other output of Ansible has them.
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
  lines:
    description:
      - The lines.
      - Exactly one of O(lines) and O(findings) is required.
    type: list
    elements: str
  findings:
    description:
      - The findings about an app, as P(mlops.studio_local_mode.local_mode_report#filter) returns them. The task fails if one has failed.
      - The checks that are ok share a line, as those do that were not made, unless the verbosity is at least 1.
    type: list
    elements: dict
  failures:
    description:
      - Why the task fails after it printed the lines. Empty texts are no reasons.
    type: list
    elements: str
    default: []
notes:
  - With a callback that prints JSON, such as P(ansible.posix.json#callback), the text is only in the result.
seealso:
  - module: mlops.studio_local_mode.fleet_report
author:
  - mlops.studio_local_mode maintainers (@mlops)
"""

EXAMPLES = r"""
- name: Show the report
  mlops.studio_local_mode.show_report:
    lines: "{{ readiness.lines }}"

- name: Show the report, and fail if a domain or an app is not ready
  mlops.studio_local_mode.show_report:
    lines: "{{ readiness.lines }}"
    failures: ["{{ readiness.failure }}"]

- name: Show the findings about the app, and fail if local mode does not work in it
  mlops.studio_local_mode.show_report:
    findings: "{{ app | mlops.studio_local_mode.local_mode_report }}"

- name: Show a text
  mlops.studio_local_mode.show_report:
    lines: "{{ lookup('ansible.builtin.file', 'readiness.txt').splitlines() }}"
"""

RETURN = r"""
lines:
  description: The lines.
  returned: success
  type: list
  elements: str
  sample: ['3 apps: 2 ready, 1 not ready']
"""
