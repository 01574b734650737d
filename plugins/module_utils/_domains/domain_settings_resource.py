# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# Note that this file is private to the collection: do not use it from outside.
"""The updatable settings of one domain, as a resource of the reconcile loop."""

from __future__ import annotations

import typing as t

from ansible_collections.mlops.studio_local_mode.plugins.module_utils._domains import domain_settings

if t.TYPE_CHECKING:
    from ansible_collections.mlops.studio_local_mode.plugins.module_utils._aws.sagemaker_api import SageMakerApi
    from ansible_collections.mlops.studio_local_mode.plugins.module_utils._domains.domain_settings import DomainSettings


class DomainSettingsResource:
    """Implements reconcile.Resource."""

    waiters = "domain"
    operation = "UpdateDomain"

    def __init__(self, api: SageMakerApi, domain_id: str) -> None:
        self.api = api
        self.identifier = {"DomainId": domain_id}

    def describe(self) -> dict[str, t.Any]:
        return self.api.describe_domain(self.identifier["DomainId"])

    def read(self, description: dict[str, t.Any]) -> DomainSettings:
        return domain_settings.from_api(description)

    def send(self, desired: DomainSettings, description: dict[str, t.Any]) -> None:
        self.api.update_domain(self.identifier["DomainId"], domain_settings.update_request(desired, description))

    def mismatches(
        self, sent: DomainSettings, described: DomainSettings, desired_now: DomainSettings
    ) -> list[tuple[str, t.Any, t.Any]]:
        return domain_settings.mismatches(sent, described, desired_now)
