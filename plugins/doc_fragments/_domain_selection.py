# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# Note that this file is private to the collection: do not use it from outside.
"""Options that select domains, and bound the work on them."""

from __future__ import annotations


class ModuleDocFragment:
    DOCUMENTATION = r"""
options:
  domains:
    description:
      - The domains to work on, by ID (V(d-...)) or by name, mixed as you like.
      - A domain that is unknown, or a name that two domains share, ends the task before anything is changed.
      - Names cost a look at the list of all domains; IDs do not.
      - Mutually exclusive with O(all_domains). One of them is required.
    type: list
    elements: str
  all_domains:
    description:
      - Whether to work on every domain of the region.
      - Mutually exclusive with O(domains). One of them is required.
    type: bool
  wait_timeout:
    description:
      - How long to wait for each domain, user profile or app, in seconds, before a change and again after it.
    type: int
    default: 600
  concurrency:
    description:
      - How many calls to SageMaker may be in flight at the same time.
      - What is only being waited for does not count.
    type: int
    default: 10
"""
