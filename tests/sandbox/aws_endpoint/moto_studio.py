# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The only place that changes moto.

moto (5.2) has Create/Describe/List/DeleteDomain only, without states, real IDs or pages to speak of, and nothing of
profiles, spaces, apps and lifecycle configurations. So moto's SageMaker response class is extended by the operations of
this package, and moto routes SageMaker to it. IAM, ECR and EC2 are extended likewise
(iam_and_ecr.py, ecr_creation.py, shared_vpc.py), and so are STS, Organizations, Account and CloudTrail for many
accounts (sts.py, organizations.py, account_regions.py, lookup_events.py). Everything else, SageMaker's other operations
included, stays moto's.
"""

from __future__ import annotations

import json
import threading
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from moto.core.responses import ActionResult
from moto.ecr.responses import ECRResponse
from moto.iam.responses import IamResponse
from moto.sagemaker import urls
from moto.sagemaker.responses import SageMakerResponse

from . import (
    account_regions,
    domains,
    ecr_creation,
    iam_and_ecr,
    lifecycle_configs,
    lookup_events,
    organizations,
    sessions,
    shared_vpc,
    sts,
    studio_apps,
    tags,
)
from .controls import ControlDesk
from .front_door import arrange_time
from .lifecycle import Moment
from .places import Desks
from .state import State
from .studio import Studio, studios

_READING = ("describe_", "list_")

Operation = Callable[[Studio, dict[str, Any], Moment], dict[str, Any]]


class StudioResponse(SageMakerResponse):
    """moto's answers to SageMaker calls, with Studio's operations added by `install`."""

    desks = Desks()
    # One operation at a time: each is short, and the real service is atomic per domain.
    _one_at_a_time = threading.Lock()

    def run(self, operation: Operation) -> ActionResult:
        moment = self._moment()
        request = json.loads(self.body or "{}")
        with self._one_at_a_time:
            studio = studios[self.current_account][self.region]
            now, controls = datetime.now(UTC), self._desk().controls
            studio.finish_transitions(now, controls.modified_at_end_of_update)
            if not operation.__name__.startswith(_READING):
                self._remember(studio, now, controls.stale_read_seconds)
                return ActionResult(operation(studio, request, moment))
            shown = studio.past.shown(studio, now, controls.stale_read_seconds)
            return ActionResult(operation(shown, request, moment))

    def _remember(self, studio: Studio, now: datetime, stale_read_seconds: float) -> None:
        if arrange_time(self.normalized_request.environ) is not None:
            # What a test arranges is there at once.
            studio.past.forget()
        elif stale_read_seconds:
            studio.past.remember(studio.copied(), now)

    def _moment(self) -> Moment:
        arranged = arrange_time(self.normalized_request.environ)
        if arranged is None:
            return Moment(datetime.now(UTC), self._desk())
        return Moment(datetime.fromtimestamp(arranged, UTC), _AT_ONCE)

    def _desk(self) -> ControlDesk:
        return self.desks.at(self.current_account, self.region)


_AT_ONCE = ControlDesk()
_AT_ONCE.change(
    {
        "transition_seconds": 0,
        "create_classic_apps": True,
        "require_security_groups": False,
        "require_docker_access_for_rootless": False,
    }
)


def install(state: State) -> None:
    """Make moto's server, before its first SageMaker request, answer Studio's operations under these controls."""
    StudioResponse.desks = state.desks
    for operation in (
        *domains.OPERATIONS,
        *studio_apps.OPERATIONS,
        *lifecycle_configs.OPERATIONS,
        *sessions.OPERATIONS,
    ):
        setattr(StudioResponse, operation.__name__, _answer(operation))
    for operation in tags.OPERATIONS:
        setattr(StudioResponse, operation.__name__, _answer_for_own(operation))
    urls.url_paths["{0}/$"] = StudioResponse.dispatch
    IamResponse.simulate_principal_policy = lambda response: iam_and_ecr.simulate_principal_policy(
        response, state.desks.at(response.current_account, response.region).controls.service_control_policies
    )
    ECRResponse.get_repository_policy = iam_and_ecr.get_repository_policy
    for ecr_operation in ecr_creation.OPERATIONS:
        setattr(ECRResponse, ecr_operation.__name__, ecr_operation)
    shared_vpc.install(state.desks)
    sts.install(state)
    organizations.install()
    account_regions.install(state)
    lookup_events.install(state)


def _answer(operation: Operation) -> Callable[[StudioResponse], ActionResult]:
    return lambda response: response.run(operation)


def _answer_for_own(operation: Operation) -> Callable[[StudioResponse], ActionResult]:
    """Tags exist for every resource of SageMaker: those that moto keeps are moto's to answer for."""
    of_moto = getattr(SageMakerResponse, operation.__name__)

    def answer(response: StudioResponse) -> ActionResult:
        own = tags.keeps(response._get_param("ResourceArn"))
        return response.run(operation) if own else of_moto(response)

    return answer
