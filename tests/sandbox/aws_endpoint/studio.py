# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The state of Studio in one account and region."""

from __future__ import annotations

import copy
from datetime import datetime

from moto.core.base_backend import BackendDict, BaseBackend

from .errors import not_found
from .lifecycle import Resource
from .stale_reads import Past


class Studio(BaseBackend):
    """A moto backend beside moto's own for SageMaker: moto keeps its accounts and regions apart, and resets it."""

    def __init__(self, region_name: str, account_id: str) -> None:
        super().__init__(region_name, account_id)
        self.domains: dict[str, Resource] = {}
        self.profiles: dict[tuple[str, str], Resource] = {}
        self.spaces: dict[tuple[str, str], Resource] = {}
        self.apps: dict[tuple[str, ...], Resource] = {}
        self.lifecycle_configs: dict[str, Resource] = {}
        self.past: Past[Studio] = Past()

    def arn(self, resource: str) -> str:
        return f"arn:{self.partition}:sagemaker:{self.region_name}:{self.account_id}:{resource}"

    def domain(self, domain_id: str) -> Resource:
        """The domain, or ResourceNotFound in Studio's words."""
        if domain_id not in self.domains:
            raise not_found(f"Domain [{domain_id}] does not exist.")
        return self.domains[domain_id]

    def copied(self) -> Studio:
        """The same state, which no later operation changes."""
        copied = copy.copy(self)
        for name in ("domains", "profiles", "spaces", "apps", "lifecycle_configs"):
            setattr(copied, name, copy.deepcopy(getattr(self, name)))
        return copied

    def finish_transitions(self, now: datetime, modified_at_end_of_update: bool) -> None:
        """Let the time that has passed take its effect on every resource, and forget what is deleted.

        A deleted app stays visible as Deleted, as in Studio; its name can be used again.
        """
        for resources in (self.domains, self.profiles, self.spaces, self.apps):
            for key, resource in list(resources.items()):
                resource.finish_transition(now, modified_at_end_of_update)
                if resource.status == "Deleted" and resources is not self.apps:
                    del resources[key]


studios = BackendDict(Studio, "sagemaker")
