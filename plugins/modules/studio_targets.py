#!/usr/bin/python
# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: studio_targets
short_description: List the accounts and regions of the inventory, each with its settings
version_added: 1.0.0
description:
  - Makes the option C(targets) of this collection's modules from the hosts of the inventory's group C(studio_targets). Each host is an account and region,
    or an account with several regions.
  - The settings of a target are those that Ansible would use on its host, from extra variables, host and group variables, and the play and role, in
    Ansible's order of precedence.
  - C(--limit) applies to the targets. The play itself may run on localhost alone.
  - In a job of AWX, an answer that its form has by default does not hide the variable of a group.
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
  options:
    description:
      - The name of a variable, a dictionary with options of a module. It is evaluated for each target, so that its templates see the variables of the
        target's host.
    type: str
  condition:
    description:
      - The name of a variable that tells whether a host is one of the targets. It is evaluated for each host.
    type: str
  audited:
    description:
      - The names of variables whose sources are returned.
    type: list
    elements: str
    default: []
notes:
  - Host variables of a target are C(studio_target_region), which is required, C(studio_target_account_id), C(studio_target_role_arn),
    C(studio_target_external_id) and C(studio_target_session_name).
  - A host with C(studio_target_regions) in place of C(studio_target_region) is a target for each region, with the name C(HOST.REGION). Variables of a group
    such as C(region_eu_west_1) are those of the target in that region, whether or not the host is in the group.
author:
  - mlops.studio_local_mode maintainers (@mlops)
"""

EXAMPLES = r"""
- name: List the targets, each with its settings
  mlops.studio_local_mode.studio_targets:
    options: docker_settings
    audited: [docker_access]
  vars:
    docker_settings:
      enable_docker_access: "{{ docker_access }}"
  register: studio_targets_result

- name: Enable or disable Docker access, as the group of each target says
  mlops.studio_local_mode.sagemaker_domain_docker_settings:
    all_domains: true
    targets: "{{ studio_targets_result.targets }}"

- name: Show which group, file or extra variable decides
  ansible.builtin.debug:
    msg: "{{ studio_targets_result.sources }}"
"""

RETURN = r"""
targets:
  description: The targets, as the modules' option C(targets) takes them.
  returned: success
  type: list
  elements: dict
  sample:
    - name: production-eu-west-1
      region: eu-west-1
      role_arn: arn:aws:iam::111122223333:role/studio-local-mode
      options: {enable_docker_access: true}
sources:
  description: Where each variable of O(audited) comes from, of each target for which it is set.
  returned: success
  type: list
  elements: dict
  contains:
    target:
      description: The name of the target.
      returned: always
      type: str
      sample: production-eu-west-1
    variable:
      description: The name of the variable.
      returned: always
      type: str
      sample: docker_access
    value:
      description: Its value for this target.
      returned: always
      type: raw
      sample: true
    source:
      description:
        - The place that decides the value, such as a group, the host or the extra variables, as far as Ansible can tell.
        - It names file and line where Ansible knows them, which it does not for booleans.
      returned: always
      type: str
      sample: group ou_production (/home/ops/inventory/group_vars/ou_production.yml:3)
"""
