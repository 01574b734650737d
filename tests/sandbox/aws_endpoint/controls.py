# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The controls that a test may set, by `PUT /_sandbox/controls` or `Endpoint.controls()`."""

from __future__ import annotations

import threading
from collections import Counter
from dataclasses import asdict, dataclass, field, fields, replace
from typing import Any

from .rates import RateLimits


@dataclass(frozen=True)
class Controls:
    """The service's behaviour; the defaults are a healthy service.

    Every `..._every` counts the SageMaker calls since the controls were last changed; 0 is never.
    A selection of domains is a list of domain IDs, where `*` stands for all of them.
    """

    latency_ms: int = 0
    """Milliseconds before each AWS call is answered."""
    transition_seconds: float = 0.3
    """How long Pending, Updating and Deleting last."""
    app_deletion_seconds: float = 0.0
    """How long the deletion of an app lasts, which AWS reports to take up to 20 minutes; 0 is transition_seconds."""
    modified_at_end_of_update: bool = True
    """Whether LastModifiedTime is the end of an update; otherwise its beginning. AWS does not document which."""
    stale_read_seconds: float = 0.0
    """For so many seconds after a write, SageMaker's Describe and List operations show the state before it. AWS does
    not document that they show a write at once."""
    update_semantics: str = "replace"
    """How an update treats unsent keys of DockerSettings or of a block of app settings: `replace` removes them, `merge`
    keeps them."""
    ignored_docker_settings: list[str] = field(default_factory=list)
    """Keys of DockerSettings that an update silently leaves as they were."""
    dropped_docker_settings: list[str] = field(default_factory=list)
    """Keys of DockerSettings that an update silently loses."""
    ignored_app_settings: list[str] = field(default_factory=list)
    """Keys of app settings (JupyterLabAppSettings, ...) that an update silently leaves as they were."""
    report_unset_rootless: bool = False
    """Whether DescribeDomain has RootlessDocker (DISABLED) when it was never set."""
    report_unset_domain_settings: bool = True
    """Whether DescribeDomain has DomainSettings before any were set."""
    missing_domain_members: dict[str, list[str]] = field(default_factory=dict)
    """Domain ID: members that its summary and description lack; AWS's model requires none of them."""
    update_failures: dict[str, str] = field(default_factory=dict)
    """Domain ID or `*`: FailureReason with which its next update, and that one only, ends in Update_Failed."""
    create_failure: str = ""
    """FailureReason with which CreateDomain ends in Failed."""
    delete_failure: str = ""
    """FailureReason with which DeleteDomain ends in Delete_Failed."""
    app_failures: dict[str, str] = field(default_factory=dict)
    """Name of a space or user profile, or `*`: FailureReason with which its next app, and that one only, ends in
    Failed."""
    app_quotas: dict[str, int] = field(default_factory=dict)
    """Instance type or `*`: how many apps of each type may run on it; CreateApp refuses more."""
    create_classic_apps: bool = False
    """Whether CreateApp accepts the app types of Studio Classic; AWS no longer does."""
    keep_app_creation_time: bool = False
    """Whether an app that is created again keeps its CreationTime, as botocore's documentation of it hints."""
    require_security_groups: bool = True
    """Whether a VPC-only domain needs security groups in DefaultUserSettings."""
    require_docker_access_for_rootless: bool = True
    """Whether RootlessDocker is refused without EnableDockerAccess. AWS documents the rule, not that it refuses."""
    refuse_user_settings_while_apps_run: bool = False
    """Whether UpdateDomain refuses DefaultUserSettings while an app is InService (aws/aws-sdk#367: custom images)."""
    refuse_space_updates_while_apps_run: bool = False
    """Whether UpdateSpace refuses a space with a running app (ResourceInUse); AWS does not document it."""
    guard_lifecycle_configs: bool = True
    """Whether DeleteStudioLifecycleConfig refuses a configuration that is attached or used by an app."""
    stuck_domains: list[str] = field(default_factory=list)
    """Domains that stay in whatever state they enter: Pending, Updating or Deleting."""
    forgotten_domains: list[str] = field(default_factory=list)
    """Domains that ListDomains still shows, and that no other operation knows: they were just deleted."""
    denied_actions: dict[str, str] = field(default_factory=dict)
    """IAM action of any service: pattern of the ARNs it is denied on (`{"sagemaker:UpdateDomain": "*"}`). Passed roles
    (`iam:PassRole`) and tags of a creation (`sagemaker:AddTags`) are actions, too."""
    denial_reasons: dict[str, str] = field(default_factory=dict)
    """Denied action: the end of AWS's text, for another kind of policy (`with an explicit deny in a ...`)."""
    service_control_policies: list[dict[str, Any]] = field(default_factory=list)
    """The policies of an organization that SimulatePrincipalPolicy evaluates."""
    vpc_owner: str = ""
    """The account that shares its VPC with this one, whose NAT gateways and endpoints EC2 does not show then."""
    proxy_pages: dict[str, int] = field(default_factory=dict)
    """IAM action of any service: HTTP status of the page with which a proxy answers it."""
    expired_credentials: bool = False
    """Whether every SageMaker call finds its session token expired."""
    wrong_clock: bool = False
    """Whether every SageMaker call finds that the caller's clock is wrong."""
    disabled_region: bool = False
    """Whether every SageMaker call is answered as in a region that the account has not enabled."""
    rate_limits: dict[str, float] = field(default_factory=dict)
    """Operation or `*`: calls a second in each account and region, beyond which a call is throttled; refused calls
    count, too. The operations of other services have its name in front: `organizations:ListAccounts`, `sts:*`."""
    rate_bursts: dict[str, float] = field(default_factory=dict)
    """Operation or `*`: how many calls its bucket holds, in place of those of one second."""
    session_seconds: float = 0.0
    """How long the credentials of AssumeRole last; 0 is as long as the caller asks for."""
    trail_delay_seconds: float = 0.0
    """How old an event must be before CloudTrail's LookupEvents finds it; AWS: about 5 minutes on average."""
    throttle_every: int = 0
    """Every n-th call is a ThrottlingException."""
    error_every: int = 0
    """Every n-th call is an HTTP 500 InternalFailure."""
    drop_every: int = 0
    """Every n-th call gets no answer: the connection is closed."""
    drop_moment: str = "before"
    """A dropped call is closed `before` or `after` it had its effect."""
    busy_updates: int = 0
    """The first n calls of UpdateDomain, UpdateUserProfile and UpdateSpace are ResourceInUse."""
    session_gateway: str = ""
    """Control address of the session gateway (HOST:PORT) that StartSession opens its sessions in."""
    session_failures: int = 0
    """The first n calls of StartSession are an InternalFailure: the agent in the app is not up yet."""
    busy_calls: dict[str, int] = field(default_factory=dict)
    """Operation: its first n calls are ResourceInUse."""

    def changed(self, changes: dict[str, Any]) -> Controls:
        """These controls with `changes`; ValueError names an unknown control or a wrong type."""
        known = {item.name for item in fields(self)}
        if unknown := sorted(set(changes) - known):
            raise ValueError(f"unknown controls {', '.join(unknown)}; known are {', '.join(sorted(known))}")
        for name, value in changes.items():
            _check_type(name, value, getattr(self, name))
        for name, choices in _CHOICES.items():
            if name in changes and changes[name] not in choices:
                raise ValueError(f"{name} is one of {', '.join(choices)}, not {changes[name]!r}")
        return replace(self, **changes)

    def as_dict(self) -> dict[str, Any]:
        return asdict(self)


_UPDATES = ("UpdateDomain", "UpdateUserProfile", "UpdateSpace")
_CHOICES = {"update_semantics": ("replace", "merge"), "drop_moment": ("before", "after")}


def _check_type(name: str, value: Any, present: Any) -> None:
    expected = (int, float) if isinstance(present, float) else type(present)
    is_number_by_accident = isinstance(value, bool) and not isinstance(present, bool)
    if not isinstance(value, expected) or is_number_by_accident:
        raise ValueError(f"{name} is of type {type(present).__name__}, not {value!r}")


def selects(selection: list[str], domain_id: str) -> bool:
    return "*" in selection or domain_id in selection


class ControlDesk:
    """The controls in force and their counters; one for the whole server."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._set(Controls())

    def _set(self, controls: Controls) -> None:
        self.controls = controls
        self._calls = 0
        self._updates = 0
        self._calls_of: Counter[str] = Counter()
        self._update_failures = dict(controls.update_failures)
        self._app_failures = dict(controls.app_failures)
        self._session_failures = controls.session_failures
        self._rates: dict[tuple[str, str], RateLimits] = {}

    def change(self, changes: dict[str, Any]) -> Controls:
        """Put `changes` in force, leave the other controls as they are, start every count again."""
        with self._lock:
            self._set(self.controls.changed(changes))
            return self.controls

    def replace(self, controls: Controls) -> None:
        """Put all of `controls` in force, start every count again."""
        with self._lock:
            self._set(controls)

    def reset(self) -> None:
        self.replace(Controls())

    def count(self, operation: str) -> tuple[Controls, int, bool]:
        """The controls for this call, its number, and whether its resource is busy."""
        with self._lock:
            self._calls += 1
            self._calls_of[operation] += 1
            self._updates += operation in _UPDATES
            busy = self._calls_of[operation] <= self.controls.busy_calls.get(operation, 0)
            busy_update = operation in _UPDATES and self._updates <= self.controls.busy_updates
            return self.controls, self._calls, busy or busy_update

    def within_rate(self, service: str, operation: str, place: tuple[str, str]) -> bool:
        """Whether the call is within the rate limits of its account and region. Counts the call."""
        with self._lock:
            if place not in self._rates:
                self._rates[place] = RateLimits(self.controls.rate_limits, self.controls.rate_bursts)
            return self._rates[place].admit(service, operation)

    def take_update_failure(self, domain_id: str) -> str | None:
        """The FailureReason waiting for this domain's next update; each is used once."""
        return self._take(self._update_failures, domain_id)

    def take_app_failure(self, owner: str) -> str | None:
        """The FailureReason waiting for the next app of this space or user profile; each is used once."""
        return self._take(self._app_failures, owner)

    def take_session_failure(self) -> bool:
        """Whether this StartSession comes too early for the agent in the app."""
        with self._lock:
            self._session_failures -= 1
            return self._session_failures >= 0

    def _take(self, failures: dict[str, str], name: str) -> str | None:
        with self._lock:
            return failures.pop(name if name in failures else "*", None)
