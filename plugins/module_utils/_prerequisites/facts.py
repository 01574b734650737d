# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# Note that this file is private to the collection: do not use it from outside.
"""The facts about a domain's prerequisites, and the facts that could not be gathered. Pure data for the checks."""

from __future__ import annotations

import typing as t
from dataclasses import dataclass, field

if t.TYPE_CHECKING:
    _T = t.TypeVar("_T")
    Answer = t.Union[_T, "Unknown"]
    Described = t.Dict[str, t.Any]


@dataclass(frozen=True)
class Unknown:
    """A fact that could not be gathered. C(reason) is for the user and names the missing IAM action, if that is it."""

    reason: str


class UnknownFactError(Exception):
    """A check needs a fact that is Unknown."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


def known(answer: Answer[_T]) -> _T:
    """Return the fact, or raise UnknownFactError."""
    if isinstance(answer, Unknown):
        raise UnknownFactError(answer.reason)
    return answer


@dataclass(frozen=True)
class Decision:
    """The result of IAM's simulation for one action of a role.

    C(missing_context) names the condition keys that the role's policies need and the simulation did not have.
    """

    verdict: str
    role_exists: bool = True
    allowed_by_boundary: bool = True
    allowed_by_organization: bool = True
    missing_context: tuple[str, ...] = ()

    @property
    def allowed(self) -> bool:
        return self.verdict == "allowed"

    @property
    def is_final(self) -> bool:
        """Whether no other policy can allow the action."""
        limits = (self.role_exists, self.allowed_by_boundary, self.allowed_by_organization)
        return self.verdict == "explicitDeny" or not all(limits)


@dataclass(frozen=True)
class Repository:
    """An ECR repository: C(policy) is its document, None without one.

    For a repository that does not exist: C(pull_through_rule) and C(creation_template) are the prefixes of the rule and
    of the template by which ECR creates it at the first pull or push; empty without one.
    """

    exists: bool
    policy: Described | None = None
    pull_through_rule: Answer[str] = ""
    creation_template: Answer[str] = ""


@dataclass(frozen=True)
class Profile:
    """The settings of a user profile that replace or extend those of its domain; empty where it has none."""

    execution_role: str = ""
    security_groups: tuple[str, ...] = ()


@dataclass(frozen=True)
class Network:
    """The domain's part of its VPC, as EC2 describes it."""

    subnets: Answer[list[Described]]
    route_tables: Answer[list[Described]]
    nat_gateways: Answer[list[Described]]
    endpoints: Answer[list[Described]]
    security_groups: Answer[list[Described]]


@dataclass(frozen=True)
class Declared:
    """The paths out of the VPC that the user declares, because EC2 does not show them."""

    central_endpoints: frozenset[str] = frozenset()
    internet_proxy: bool = False


@dataclass(frozen=True)
class Facts:
    """The facts about one domain. A fact that no check needs is not gathered and stays empty or None.

    C(domain) is DescribeDomain's response, C(profiles) the user profiles with settings of their own, C(decisions) what
    IAM allows each role on which ARN, C(repositories) the ECR repositories by ARN. C(of_target): it belongs to one of
    several accounts and regions.
    """

    domain: Described
    profiles: Answer[dict[str, Profile]] = field(default_factory=dict)
    decisions: dict[tuple[str, str], Answer[dict[str, Decision]]] = field(default_factory=dict)
    repositories: dict[str, Answer[Repository]] = field(default_factory=dict)
    network: Network | None = None
    declared: Declared = field(default_factory=Declared)
    of_target: bool = False
