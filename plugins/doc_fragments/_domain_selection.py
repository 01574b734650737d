# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# Note that this file is private to the collection: do not use it from outside.
"""Options that select domains and limit the work on them."""

from __future__ import annotations


class ModuleDocFragment:
    DOCUMENTATION = r"""
options:
  domains:
    description:
      - The domains to work on, each by its ID (V(d-...)) or by its name.
      - The task fails before any change when a domain does not exist or when two domains share a name.
      - Names need the permission to list all domains; IDs do not.
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
      - The number of seconds to wait for each domain, user profile or app, before a change and again after it.
    type: int
    default: 600
  concurrency:
    description:
      - The number of calls to SageMaker that may be in flight at the same time.
      - Waiting for a domain or an app does not count.
    type: int
    default: 10
"""
