# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# Note that this file is private to the collection: do not use it from outside.
"""Run a module in the account of its credentials, or on many targets at the same time.

::

    fleet = Fleet.of(module, ARGUMENT_SPEC, problem, empty={"domains": []})
    fleet.end(fleet.each(work))

C(work) gets a Member and returns an Outcome. Without the option C(targets) there is one member, and the module returns
what it would return without this file.
"""

from __future__ import annotations

import threading
import typing as t
from dataclasses import replace

from ansible_collections.amazon.aws.plugins.module_utils.botocore import get_aws_connection_info
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._aws.client import RateLimitedClient
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._aws.concurrency import run_concurrently
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._aws.connection import connect
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._aws.deadline import time_limit
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._aws.errors import (
    NothingSelected,
    ResourceError,
    SettingsError,
    aws_error,
    defect,
    failure_values,
)
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._aws.partitions import region_for_sts
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._aws.sagemaker_api import SageMakerApi
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._aws.stop import stop
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._aws.warnings import warnings_of
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._targets import outcome as outcomes
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._targets import target as targets
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._targets.clients import Clients
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._targets.options import OptionsError, params_of
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._targets.outcome import Outcome, TargetResult

if t.TYPE_CHECKING:
    from ansible_collections.amazon.aws.plugins.module_utils.modules import AnsibleAWSModule
    from ansible_collections.mlops.studio_local_mode.plugins.module_utils._targets.target import Target

    Params = t.Dict[str, t.Any]
    _T = t.TypeVar("_T")

# With max_failures, so many targets are begun at a time: all at once would leave nothing to be kept from.
_AT_A_TIME = 10


def argument_spec() -> dict[str, t.Any]:
    """Return the options of the modules that have no C(max_failures) of their own."""
    return {**targets.argument_spec(), "max_failures": {"type": "int"}}


def concurrency_problem(params: Params) -> str | None:
    """Return what is wrong with the option C(concurrency), for modules that check nothing else."""
    return None if params["concurrency"] > 0 else f"concurrency is {params['concurrency']}, it must be at least 1."


class Member:
    """An account and region of the task: a target, or that of the module's own credentials. C(params) are for it."""

    def __init__(
        self, module: AnsibleAWSModule, params: Params, target: Target | None = None, clients: Clients | None = None
    ) -> None:
        # The account of a target is known to the selection of domains, which may have ARNs of others.
        self.params = {**params, "account_id": target.account_id} if target else params
        self.check_mode: bool = module.check_mode
        self.target = target
        self._module = module
        self._clients = clients
        self._credentials: t.Any = None
        self._api: SageMakerApi | None = None

    @property
    def name(self) -> str:
        """The target's name; empty for the module's own account."""
        return self.target.name if self.target else ""

    @property
    def api(self) -> SageMakerApi:
        """SageMaker, at the rate that this account and region accept."""
        if not self._api:
            self._api = self._connected()
        return self._api

    def its_warnings(self) -> t.ContextManager[None]:
        """Name the target in the warnings of this block."""
        return warnings_of(self.name)

    def connect(self, service: str) -> t.Any:
        """Return a client of boto3 for another service. Raises ResourceError."""
        if self.target and self._clients:
            return self._clients.of(self.target, self._credentials_of_target(), service)
        return connect(self._module, service, self.params["concurrency"])

    def _connected(self) -> SageMakerApi:
        concurrency = self.params["concurrency"]
        if not self.target:
            return SageMakerApi.of(self._module, concurrency)
        client = RateLimitedClient(self.connect("sagemaker"), concurrency)
        return SageMakerApi(client, self.target.region, concurrency)

    def _credentials_of_target(self) -> t.Any:
        if not self._credentials:
            self._credentials = t.cast("Clients", self._clients).credentials_of(t.cast("Target", self.target))
        return self._credentials


class Fleet:
    """The members of a task, and the end of the module with the results of all."""

    def __init__(self, module: AnsibleAWSModule, members: list[Member], empty: Params, changes: bool) -> None:
        self._module = module
        self.members = members
        # What the module returns when it fails before it has a result.
        self._empty = empty
        self._nothing_changed = " Nothing was changed." if changes else ""
        self._failed: dict[int, TargetResult] = {}
        # Why nothing is selected, by target. It is a failure if that are all.
        self._nothing: dict[int, str] = {}
        self._lock = threading.Lock()

    @classmethod
    def of(
        cls,
        module: AnsibleAWSModule,
        spec: dict[str, t.Any],
        problem: t.Callable[[Params], str | None],
        empty: Params,
        rules: dict[str, t.Any] | None = None,
        changes: bool = True,
    ) -> Fleet:
        """Return the members of the task; end the module if its options, or those of a target, are invalid.

        C(spec) and C(rules) are the module's own, C(problem) returns what is wrong with the options of one member.
        """
        stop.watch()
        fleet = cls(module, [], {"changed": False, **empty} if changes else empty, changes)
        if module.params["targets"] is None:
            if found := problem(module.params):
                fleet.fail(found)
            fleet.members = [Member(module, module.params)]
            return fleet
        requested = [targets.of(values) for values in module.params["targets"]]
        found_in_targets = [*_problems_of_task(module.params), *targets.problems(requested)]
        params: list[Params] = []
        for target in requested:
            try:
                params.append(params_of(module.params, target.options, spec, rules or {}))
            except OptionsError as error:
                found_in_targets.append(f"{target.name}: {error}")
            else:
                text = problem(params[-1])
                found_in_targets += [f"{target.name}: {text}"] if text else []
        if found_in_targets:
            fleet.fail(f"{' '.join(found_in_targets)}{fleet._nothing_changed}")
        region, endpoint, options = get_aws_connection_info(module)
        of_sts = region or region_for_sts(target.region for target in requested)
        clients = Clients(of_sts, endpoint, options, module.params["target_timeout"])
        requested = fleet._with_present_account(requested, clients)
        fleet.members = [Member(module, own, target, clients) for own, target in zip(params, requested)]
        return fleet

    def fail(self, message: str, error: Exception | None = None) -> None:
        """End the module before it has a result."""
        self._module.fail_json(msg=message, **self._empty, **failure_values(aws_error(error)))

    def each(self, work: t.Callable[[Member], _T]) -> list[tuple[Member, _T]]:
        """Call C(work) for every member concurrently, and return its results in the order of the members.

        A target that fails as a whole has no result here, and is reported by end(). More of them, or of outcomes that
        failed, than the option C(max_failures) begin no further one. In the module's own account, such a failure ends
        the module.
        """
        if not self._has_targets:
            [member] = self.members
            try:
                return [(member, work(member))]
            except (ResourceError, SettingsError) as error:
                self.fail(f"{error}{self._nothing_changed}", error)
                raise
        limit = self._max_failures
        threads = len(self.members) if limit is None else _AT_A_TIME
        failures: list[Member] = []

        def run(member: Member) -> list[tuple[Member, _T]]:
            target = t.cast("Target", member.target)
            with self._lock:
                if limit is not None and len(failures) > limit:
                    reason = f"not started: {len(failures)} target(s) failed, and max_failures is {limit}"
                    self._failed[id(member)] = TargetResult(target, Outcome({}), reason, not_started=True)
                    return []
            timeout = self._module.params["target_timeout"]
            try:
                with warnings_of(target.name), time_limit(timeout, "target_timeout"):
                    result = work(member)
            except NothingSelected as error:
                self._nothing[id(member)] = str(error)
                return []
            except Exception as error:  # A defect in one target must not lose the results of all.
                expected = error if isinstance(error, (ResourceError, SettingsError)) else defect(error)
                cause = aws_error(expected)
                code = cause["code"] if cause else None
                empty = Outcome({}, failure=failure_values(cause))
                self._keep_failure(member, TargetResult(target, empty, str(expected), code), failures)
                return []
            if isinstance(result, Outcome) and result.message:
                with self._lock:
                    failures.append(member)
            return [(member, result)]

        done = {*self._failed, *self._nothing}
        pending = [member for member in self.members if id(member) not in done]
        return [pair for pairs in run_concurrently(run, pending, max(1, threads)) for pair in pairs]

    def end(self, results: t.Sequence[tuple[Member, Outcome]]) -> None:
        """End the module with the results of all members."""
        if not self._has_targets:
            [(_member, outcome)] = results
            self._end(outcome.values, (outcome.message, outcome.failure) if outcome.message else None)
            return
        by_member = {id(member): outcome for member, outcome in results}
        if len(self._nothing) == len(self.members):
            first = self._nothing[id(self.members[0])]
            self.fail(f"Nothing is selected in any target. {first}{self._nothing_changed}")
        of_targets = [
            self._failed.get(id(member))
            or TargetResult(t.cast("Target", member.target), by_member.get(id(member)) or Outcome({}))
            for member in self.members
        ]
        values = {**self._empty, **outcomes.merged(of_targets)}
        self._end(values, outcomes.failure(of_targets))

    @property
    def _has_targets(self) -> bool:
        return self._module.params["targets"] is not None

    @property
    def _max_failures(self) -> int | None:
        # Where an option of this name counts apps, it has a default, and the apps of all targets are counted elsewhere.
        return self._module.params["max_failures"] if "batch_size" not in self._module.params else None

    def _keep_failure(self, member: Member, result: TargetResult, failures: list[Member]) -> None:
        with self._lock:
            self._failed[id(member)] = result
            failures.append(member)

    def _end(self, values: Params, failure: tuple[str, Params] | None) -> None:
        if failure:
            message, error_values = failure
            stop.log(self._module, message)
            self._module.fail_json(msg=message, **values, **error_values)
        self._module.exit_json(**values)

    def _with_present_account(self, requested: list[Target], clients: Clients) -> list[Target]:
        """Complete the targets without a role by the account of the present credentials, and compare it with theirs."""
        without_role = [target for target in requested if not target.role_arn]
        if not without_role:
            return requested
        try:
            with time_limit(self._module.params["target_timeout"], "target_timeout"):
                account = clients.present_account()
        except ResourceError as error:
            self.fail(f"{error}{self._nothing_changed}", error)
        found = [
            f"{target.name}: its account is {target.account_id}, and the present credentials belong to {account}: set "
            "studio_target_role_arn to a role of its account."
            for target in without_role
            if target.account_id not in (None, account)
        ]
        complete = [target if target.role_arn else replace(target, account_id=account) for target in requested]
        found += targets.twice(complete)
        if found:
            self.fail(f"{' '.join(found)}{self._nothing_changed}")
        return complete


def _problems_of_task(params: Params) -> list[str]:
    found = []
    if params["target_timeout"] < 1:
        found.append(f"target_timeout is {params['target_timeout']}, it must be at least 1.")
    if (params.get("max_failures") or 0) < 0:
        found.append(f"max_failures is {params['max_failures']}, it must be at least 0.")
    return found
