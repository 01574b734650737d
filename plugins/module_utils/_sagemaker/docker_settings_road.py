# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# Note that this file is private to the collection: do not use it from outside.
"""The road of every change to a domain's DockerSettings: describe, merge, compare, update, wait, describe, prove."""

from __future__ import annotations

import typing as t
from dataclasses import dataclass, field

try:
    from botocore.exceptions import BotoCoreError, ClientError
except ImportError:
    pass  # AnsibleAWSModule reports the missing library.

from ansible_collections.mlops.studio_local_mode.plugins.module_utils._sagemaker import docker_settings
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._sagemaker.api import retrying
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._sagemaker.docker_settings import DockerSettings
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._sagemaker.errors import (
    DomainError,
    explain,
    was_refused,
)
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._sagemaker.waiting import WrongStatus, wait_for

if t.TYPE_CHECKING:
    from ansible_collections.mlops.studio_local_mode.plugins.module_utils._sagemaker.api import DomainApi
    from ansible_collections.mlops.studio_local_mode.plugins.module_utils._sagemaker.waiting import Patience

    Desired = t.Callable[[DockerSettings], DockerSettings]

# A domain may be busy with somebody else's updates for a while: each attempt waits for it to settle first.
_UPDATE_ATTEMPTS = 30


@dataclass
class Outcome:
    """What became of one domain; C(before) and C(after) are None until it could be described.

    C(denied): the error is that the credentials lack an IAM action. C(sent): an update was sent whose effect is not
    known to be none. C(updating): nobody waited for its end.
    """

    domain_id: str
    domain: dict[str, t.Any] = field(default_factory=dict)
    before: DockerSettings | None = None
    after: DockerSettings | None = None
    error: str | None = None
    denied: bool = False
    sent: bool = False
    updating: bool = False

    @property
    def differences(self) -> list[tuple[str, t.Any, t.Any]]:
        if self.before is None or self.after is None:
            return []
        return docker_settings.differences(self.before, self.after)

    @property
    def changed(self) -> bool:
        return bool(self.differences)


def travel(api: DomainApi, outcome: Outcome, desired: Desired, patience: Patience, check_mode: bool) -> Outcome:
    """Bring one described domain to what C(desired) makes of its settings; errors end in C(outcome.error).

    C(outcome.domain) is the DescribeDomain response the decision starts from. In check mode C(outcome.after) is the
    prediction. A domain that needs nothing costs no call.
    """
    outcome.before = outcome.after = docker_settings.from_api(outcome.domain)
    try:
        _settle(api, outcome, patience)
        outcome.before = outcome.after = docker_settings.from_api(outcome.domain)
        wanted = desired(outcome.before)
        if wanted == outcome.before:
            return outcome
        if check_mode:
            outcome.after = wanted
            return outcome
        wanted = retrying(lambda: _update(api, outcome, desired, patience), "ResourceInUse", attempts=_UPDATE_ATTEMPTS)
        if wanted != outcome.before:
            _prove(api, outcome, desired, wanted, patience)
    except WrongStatus as error:
        outcome.after, outcome.error = docker_settings.from_api(error.description), str(error)
    except (DomainError, docker_settings.SettingsError) as error:
        outcome.error = str(error)
    except (ClientError, BotoCoreError) as error:
        outcome.error = explain(error, api.region)
    return outcome


def _update(api: DomainApi, outcome: Outcome, desired: Desired, patience: Patience) -> DockerSettings:
    """One attempt: look, merge and send back to back, so that nobody else's update falls in between.

    The service itself refuses an update while another is under way (ResourceInUse); the next attempt then starts from
    a fresh description and keeps what the other one wrote.
    """
    outcome.domain = api.describe_domain(outcome.domain_id)
    _settle(api, outcome, patience)
    current = docker_settings.from_api(outcome.domain)
    if not outcome.sent:
        outcome.before = outcome.after = current
    wanted = desired(current)
    if wanted == current:
        return wanted
    outcome.sent = True
    try:
        api.update_docker_settings(outcome.domain_id, docker_settings.to_api(wanted, outcome.domain))
    except ClientError as error:
        outcome.sent = not was_refused(error)
        raise
    return wanted


def _settle(api: DomainApi, outcome: Outcome, patience: Patience) -> None:
    """Wait until the domain can be updated, leaving its newest description in C(outcome.domain)."""
    status = outcome.domain["Status"]
    if status in ("InService", "Update_Failed"):
        return
    if status in ("Pending", "Updating") and not patience.wait:
        raise DomainError(
            f"it is {status}, and wait is false: run this again when it is InService, or set wait to true"
        )
    wait_for(api, "domain_settled", {"DomainId": outcome.domain_id}, patience)
    outcome.domain = api.describe_domain(outcome.domain_id)


def _prove(api: DomainApi, outcome: Outcome, desired: Desired, wanted: DockerSettings, patience: Patience) -> None:
    """Wait for the update and compare what the domain then says with what was asked."""
    outcome.after = wanted
    outcome.updating = True
    if not patience.wait:
        return
    wait_for(api, "domain_in_service", {"DomainId": outcome.domain_id}, patience)
    outcome.domain = api.describe_domain(outcome.domain_id)
    outcome.updating = False
    outcome.after = described = docker_settings.from_api(outcome.domain)
    wrong = docker_settings.unproven(wanted, described, desired(described))
    if wrong:
        listed = "; ".join(f"{key} was to be {asked!r} and is {seen!r}" for key, asked, seen in wrong)
        raise DomainError(
            f"SageMaker took the update and then describes something else: {listed}. Somebody else may have changed "
            "the domain meanwhile (CloudTrail has the UpdateDomain calls); otherwise run this again"
        )
