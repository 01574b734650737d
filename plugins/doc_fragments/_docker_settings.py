# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# Note that this file is private to the collection: do not use it from outside.
"""Options and notes of the modules that change the DockerSettings of SageMaker domains."""

from __future__ import annotations


class ModuleDocFragment:
    DOCUMENTATION = r"""
options:
  include_apps:
    description:
      - Whether to return the running apps of each domain that must be restarted to get its settings.
    type: bool
    default: false
  wait:
    description:
      - Whether to wait until the domain is C(InService), before an update if it is busy, and after the update.
      - With V(false) a busy domain is an error at once, and the module does not verify the new settings.
    type: bool
    default: true
notes:
  - The settings reach only apps that are created B(after) the update. Use O(include_apps=true) to find the running apps that must be restarted.
  - Required IAM actions are C(sagemaker:DescribeDomain) and C(sagemaker:UpdateDomain); C(sagemaker:ListDomains) if domains are selected by name or
    with O(all_domains=true), or if an ID is unknown; and C(sagemaker:ListApps) with O(include_apps=true).
  - If IAM allows it, the module calls C(sagemaker:ListDomains) before the first change to one of more than ten IDs, to know whether all of them exist,
    and to poll several updating domains. That saves calls.
  - The module sends C(DomainId) and C(DomainSettingsForUpdate.DockerSettings) only. It sends all keys of DockerSettings, so that the result is the same
    whether the service replaces or merges them, and describes the domain again to verify the result.
  - Concurrent updates by others are kept. The service refuses an update while another one is in progress. The module then waits, describes the
    domain again, and recomputes the desired settings.
"""
