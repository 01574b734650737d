# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# Note that this file is private to the collection: do not use it from outside.
"""The road of a whole domain: find by name, create what is not there, bring it to what is asked, or delete it."""

from __future__ import annotations

import contextlib
import typing as t

try:
    from botocore.exceptions import BotoCoreError, ClientError
except ImportError:
    pass  # AnsibleAWSModule reports the missing library.

from ansible_collections.amazon.aws.plugins.module_utils.botocore import is_boto3_error_code
from ansible_collections.amazon.aws.plugins.module_utils.tagging import ansible_dict_to_boto3_tag_list
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._sagemaker import (
    docker_settings,
    domain_tags,
    domain_wanted,
)
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._sagemaker.api import retrying
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._sagemaker.docker_settings_road import (
    Outcome,
    travel,
)
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._sagemaker.domain_state import Result, state_of
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._sagemaker.errors import DomainError, explain
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._sagemaker.waiting import WrongStatus, wait_for

if t.TYPE_CHECKING:
    from ansible_collections.mlops.studio_local_mode.plugins.module_utils._sagemaker.api import DomainApi
    from ansible_collections.mlops.studio_local_mode.plugins.module_utils._sagemaker.domain_wanted import WantedDomain
    from ansible_collections.mlops.studio_local_mode.plugins.module_utils._sagemaker.waiting import Patience

_BUSY = ("Pending", "Updating", "Deleting")


class DomainRoad:
    """One run for one domain; C(result) is true at every moment, also when a method raises.

    Every method raises DomainError, SettingsError or botocore's exceptions; run() turns them into C(result.error).
    """

    def __init__(self, api: DomainApi, name: str, patience: Patience, check_mode: bool) -> None:
        self.result = Result()
        self._api = api
        self._name = name
        self._patience = patience
        self._check_mode = check_mode

    def run(self, journey: t.Callable[[], None]) -> Result:
        """Go on C(journey), a bound method of this road or a call of one."""
        try:
            journey()
        except (DomainError, docker_settings.SettingsError) as error:
            self.result.error = str(error)
        except (ClientError, BotoCoreError) as error:
            self.result.error = explain(error, self._api.region)
        return self.result

    def present(self, wanted: WantedDomain) -> None:
        """Create the domain unless it is there, and bring it to what is wanted."""
        domain = self._find()
        if domain and domain["Status"] == "Deleting":
            self._see_it_gone(domain["DomainId"])
            domain = None
        if domain:
            self._look(domain["DomainId"])
        elif not self._create(wanted):
            return
        self._bring(wanted)

    def absent(self, home_efs_file_system: str) -> None:
        """Delete the domain, if it is there, and wait until it is gone."""
        domain = self._find()
        if domain is None:
            return
        domain_id = domain["DomainId"]
        if domain["Status"] != "Deleting":
            self._look(domain_id)
            if not self._check_mode:
                retrying(lambda: self._delete(domain_id, home_efs_file_system), "ResourceInUse")
            self.result.after = None
        if self._patience.wait and not self._check_mode:
            self._wait("domain_deleted", domain_id)

    def _find(self) -> dict[str, t.Any] | None:
        """Return the summary of the domain of this name; one being deleted only counts where there is no other."""
        named = [domain for domain in self._api.list_domains() if domain["DomainName"] == self._name]
        staying = [domain for domain in named if domain["Status"] != "Deleting"]
        if len(staying) > 1:
            listed = ", ".join(f"{domain['DomainId']} ({domain['Status']})" for domain in staying)
            raise DomainError(
                f"{len(staying)} domains in {self._api.region} have this name: {listed}. This module knows a domain by "
                "its name: delete those you do not need, `aws sagemaker delete-domain --domain-id ID` does it by ID"
            )
        return next(iter(staying or named), None)

    def _look(self, domain_id: str) -> None:
        self._domain = self._api.describe_domain(domain_id)
        self._tags = self._api.list_tags(self._domain["DomainArn"])
        self.result.before = self.result.after = state_of(self._domain, self._tags)

    def _create(self, wanted: WantedDomain) -> bool:
        """Create the domain; True when it is there to go on with, False when that is predicted or not waited for."""
        domain_wanted.check_creation(wanted, self._api.region)
        request = domain_wanted.create_request(wanted)
        tags = wanted.tags or {}
        self.result.after = state_of({**request, "Status": "InService"}, tags)
        if self._check_mode:
            return False
        self.result.after = None
        domain_id = self._create_once({**request, "Tags": ansible_dict_to_boto3_tag_list(tags)})
        self.result.after = state_of({**request, "DomainId": domain_id, "Status": "Pending"}, tags)
        if self._patience.wait:
            self._wait("domain_in_service", domain_id)
        self._look(domain_id)
        self.result.before = None
        if not self._patience.wait:
            self.result.warnings.append(f"{self._name} ({domain_id}) is still being created (wait is false).")
        return self._patience.wait

    def _create_once(self, request: dict[str, t.Any]) -> str:
        """Create the domain and return its ID, looking by name for one whose answer was lost before trying again."""
        tries = 0

        def attempt() -> str:
            nonlocal tries
            tries += 1
            made = self._find() if tries > 1 else None
            return made["DomainId"] if made else self._api.create_domain(request)

        return t.cast(str, retrying(attempt, "ResourceInUse"))

    def _bring(self, wanted: WantedDomain) -> None:
        """Bring the domain's DockerSettings and tags to what is wanted; what cannot be brought is refused first."""
        if self._domain["Status"] in ("Failed", "Delete_Failed"):
            raise DomainError(
                f"it is {self._domain['Status']}: {self._domain.get('FailureReason') or 'no FailureReason is given'}. "
                "Nothing can be done with such a domain but delete it with state=absent, and then run this again"
            )
        domain_wanted.refuse_changes(wanted, self._domain)
        to_set, to_remove = domain_tags.changes(self._tags, wanted.tags, wanted.purge_tags)
        self._tags_after = domain_tags.after(self._tags, to_set, to_remove)
        self._bring_docker_settings(wanted)
        self._bring_tags(to_set, to_remove)

    def _bring_docker_settings(self, wanted: WantedDomain) -> None:
        outcome = travel(
            self._api,
            Outcome(self._domain["DomainId"], domain=self._domain),
            lambda current: docker_settings.replaced(current, **wanted.docker_settings),
            self._patience,
            self._check_mode,
        )
        self.result.after = state_of(outcome.domain, self._tags)
        if outcome.after:
            self.result.after["docker_settings"] = outcome.after.as_dict()
        if outcome.updating:
            self.result.after["status"] = "Updating"
        if outcome.error:
            raise DomainError(outcome.error)
        self.result.warnings += docker_settings.warnings
