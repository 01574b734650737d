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
      - The domains, by ID (V(d-...)), ARN, name, or pattern of names as in shells (V(team-*), V(?), V([ab])).
      - The task fails before it changes anything if an ID, ARN or name is unknown, if two domains share the name, or if a pattern matches no domain. A
        domain in C(Failed), C(Deleting) or C(Delete_Failed) does not make the name of another domain ambiguous.
      - Everything but an ID or ARN requires one more call, which lists all domains.
      - Mutually exclusive with O(all_domains).
    type: list
    elements: str
  all_domains:
    description:
      - Whether to select every domain of the region.
      - Mutually exclusive with O(domains). One of O(domains), O(all_domains) and O(domain_tags) is required.
    type: bool
  domain_tags:
    description:
      - Select only domains that have all of these tags. Without O(domains), all domains of the region are searched.
      - A domain is skipped with a warning if SageMaker does not return its tags, as of one that has failed or is deleted.
    type: dict
  exclude:
    description:
      - Domains to leave out, in the same forms as O(domains).
      - The task fails before it changes anything if an ID, ARN or name is unknown.
    type: list
    elements: str
    default: []
  wait_timeout:
    description:
      - The maximum time in seconds for all the work on each domain, user profile or app, with every wait and every retry.
      - The time starts with the first call for it. A domain that waits for its turn among many loses no time.
    type: int
    default: 600
  concurrency:
    description:
      - The maximum number of concurrent calls to SageMaker.
      - A domain, user profile or app that the module only waits for does not count.
      - When SageMaker throttles the calls, all of them together are made more slowly, updates first and polls last.
    type: int
    default: 20
notes:
  - The module skips a domain with a warning if nothing can be changed in it, because it is C(Failed), C(Deleting) or C(Delete_Failed), and if
    Amazon SageMaker Unified Studio manages it. It works on such a domain only if O(domains) has its ID, ARN or name; then a domain in which nothing can be
    changed fails, and the other domains do not.
  - O(domain_tags) requires the IAM action sagemaker:ListTags on the domains.
  - The module stops when it receives SIGINT, SIGTERM or SIGHUP, and when ansible-playbook ends before it. It then starts nothing more, creates every
    app again that it deleted for a restart, and fails with a message that lists what was not started.
"""
