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
      - The domains, by ID (V(d-...)) or by name.
      - The task fails before it changes anything if a domain is unknown or if two domains share the name.
      - A name requires one more call, which lists all domains.
      - Mutually exclusive with O(all_domains). One of both is required.
    type: list
    elements: str
  all_domains:
    description:
      - Whether to select every domain of the region.
      - Mutually exclusive with O(domains). One of both is required.
    type: bool
  wait_timeout:
    description:
      - The maximum time in seconds to wait for each domain, user profile or app, before a change and again after it.
    type: int
    default: 600
  concurrency:
    description:
      - The maximum number of concurrent calls to SageMaker.
      - A domain, user profile or app that the module only waits for does not count.
    type: int
    default: 10
"""
