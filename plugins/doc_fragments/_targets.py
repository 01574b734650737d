# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# Note that this file is private to the collection: do not use it from outside.
"""Options of the modules that work on many accounts and regions in one task."""

from __future__ import annotations


class ModuleDocFragment:
    DOCUMENTATION = r"""
options:
  targets:
    description:
      - Accounts and regions to work in, all in this one task and at the same time. Without this option, the module works in the account and region of its
        credentials.
      - The action M(mlops.studio_local_mode.studio_targets) makes this list from the inventory.
      - A target that fails, for whatever reason, does not keep the others from being done. The module fails at its end, with the results of all.
      - The task fails before it changes anything if the list is empty, if two targets are the same account and region, or if the account, the role and the
        region of a target do not fit together.
    type: list
    elements: dict
    suboptions:
      name:
        description: The name of the target in results and messages.
        type: str
        required: true
      region:
        description: The region.
        type: str
        required: true
      account_id:
        description:
          - The account, 12 digits in quotes. It is the account of O(targets[].role_arn) or, without a role, that of the present credentials. A target
            whose credentials belong to another account is refused.
        type: str
      role_arn:
        description:
          - The ARN of the IAM role to assume with the module's credentials, once for each target. The credentials of the role are renewed before they end.
          - Without it, the module's own credentials are used.
        type: str
      external_id:
        description: The external ID that the role's trust policy requires.
        type: str
      session_name:
        description: The name of the role's session, which CloudTrail shows.
        type: str
        default: studio-local-mode
      options:
        description:
          - Options of this module that the target has in place of the task's.
          - A target that selects domains with C(domains), C(all_domains) or C(domain_tags) replaces the task's selection as a whole.
          - Patterns and tags that select nothing in a target select nothing there. The module fails if they select nothing in any target.
          - C(state), C(batch_size), C(max_failures) and C(target_timeout) are the task's alone.
        type: dict
        default: {}
  target_timeout:
    description:
      - The maximum time in seconds to assume the role of a target and to find its domains, with every retry. The time starts with the first call.
      - A change of a domain or app has its own time limit.
    type: int
    default: 600
notes:
  - With O(targets), each element of the module's results has the keys C(target), C(account_id) and C(region), and RV(targets) tells the outcome of each target.
  - O(targets) requires the IAM action sts:AssumeRole on the roles, and in each role the actions that the module requires.
  - Each account and region has a rate of its own. One that AWS throttles does not make the others slower.
"""

    # For modules that have no max_failures of their own.
    MAX_FAILURES = r"""
options:
  max_failures:
    description:
      - How many of the O(targets) may fail, as a whole or with one of their domains, before no further target is begun.
      - By default, all targets are begun, and at the same time. With this option, 10 targets are worked on at a time.
    type: int
"""
