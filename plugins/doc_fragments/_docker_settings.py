# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# Note that this file is private to the collection: do not use it from outside.
"""Options and return values of the modules that change the DockerSettings of SageMaker domains."""

from __future__ import annotations


class ModuleDocFragment:
    DOCUMENTATION = r"""
options:
  include_apps:
    description:
      - Whether to return the apps of each domain, too, as M(mlops.studio_local_mode.sagemaker_domain_info) does. Those that run have to be
        restarted to get settings that were changed.
    type: bool
    default: false
  wait:
    description:
      - Whether to wait until the domain is C(InService), before an update if it is busy and after it.
      - With V(false) a domain that is busy is an error, and the new settings are requested but not proven.
    type: bool
    default: true
notes:
  - The settings reach only apps that are created B(after) the update. Use O(include_apps=true) to find the running apps that have to be restarted.
  - Needs the IAM actions C(sagemaker:DescribeDomain) and C(sagemaker:UpdateDomain), and C(sagemaker:ListDomains) where domains are selected by name
    or O(all_domains=true), or to say which domains there are when one is not found. O(include_apps=true) needs C(sagemaker:ListApps).
  - Only C(DomainId) and C(DomainSettingsForUpdate.DockerSettings) are sent. All its keys are, so that the result is the same whether the service
    replaces or merges, and the domain is described again to prove it.
  - Updates by others at the same time are kept. While one is under way the service refuses a second one; this module then waits, describes
    the domain again and starts from what it finds.
"""
