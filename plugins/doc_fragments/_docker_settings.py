# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# Note that this file is private to the collection: do not use it from outside.
"""Options and return values of the modules that change the DockerSettings of SageMaker domains."""

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
  wait:
    description:
      - Whether to wait until the domain is C(InService), before an update if it is busy and after it.
      - With V(false) a domain that is busy is an error, and the new settings are requested but not proven.
    type: bool
    default: true
  wait_timeout:
    description:
      - How long to wait for each domain, in seconds, before the update and again after it.
    type: int
    default: 600
  concurrency:
    description:
      - How many calls to SageMaker may be in flight at the same time.
      - A domain that is only being waited for does not count.
    type: int
    default: 10
notes:
  - The settings reach only apps that are created B(after) the update. Use M(mlops.studio_local_mode.sagemaker_domain_info)
    with O(mlops.studio_local_mode.sagemaker_domain_info#module:include_apps=true) to find the running apps that have to be restarted.
  - Needs the IAM actions C(sagemaker:DescribeDomain) and C(sagemaker:UpdateDomain), and C(sagemaker:ListDomains) where domains are selected by name
    or O(all_domains=true), or to say which domains there are when one is not found.
  - Only C(DomainId) and C(DomainSettingsForUpdate.DockerSettings) are sent. All its keys are, so that the result is the same whether the service
    replaces or merges, and the domain is described again to prove it.
  - Updates by others at the same time are kept. While one is under way the service refuses a second one; this module then waits, describes
    the domain again and starts from what it finds.
"""
