# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# Note that this file is private to the collection: do not use it from outside.
"""What AWS told of a domain's prerequisites, and what it did not tell. Pure data: the checks decide on it."""

from __future__ import annotations

import typing as t
from dataclasses import dataclass, field

if t.TYPE_CHECKING:
    _T = t.TypeVar("_T")
    Answer = t.Union[_T, "Unknown"]
    Described = t.Dict[str, t.Any]


@dataclass(frozen=True)
class Unknown:
    """What could not be asked. C(because) says so to the user, with the IAM action that is missing."""

    because: str


class NotTold(Exception):
    """A check needs what is Unknown; C(because) is that one's."""

    def __init__(self, because: str) -> None:
        super().__init__(because)
        self.because = because


def told(answer: Answer[_T]) -> _T:
    """Return what AWS told, or raise NotTold."""
    if isinstance(answer, Unknown):
        raise NotTold(answer.because)
    return answer


@dataclass(frozen=True)
class Decision:
    """What IAM's simulation says of one action of a role.

    C(unsure_of) names the condition keys the policies ask for and a simulation cannot know.
    """

    verdict: str
    blocked_by: str = ""
    unsure_of: tuple[str, ...] = ()

    @property
    def allowed(self) -> bool:
        return self.verdict == "allowed"

    @property
    def forbidden(self) -> bool:
        """Whether no other policy can make up for it."""
        return self.verdict == "explicitDeny" or bool(self.blocked_by)


@dataclass(frozen=True)
class Repository:
    """An ECR repository: C(policy) is its document, None where it has none."""

    exists: bool
    policy: Described | None = None


@dataclass(frozen=True)
class Network:
    """The domain's part of its VPC, as EC2 describes it."""

    subnets: Answer[list[Described]]
    route_tables: Answer[list[Described]]
    nat_gateways: Answer[list[Described]]
    endpoints: Answer[list[Described]]
    security_groups: Answer[list[Described]]


@dataclass(frozen=True)
class Facts:
    """All that is known of one domain. What was not needed is not asked and stays empty or None.

    C(domain) is DescribeDomain's response, C(profiles) the execution role of each user profile that has its own,
    C(decisions) what each role may do on which ARN, C(repositories) the ECR repositories by ARN.
    """

    domain: Described
    profiles: Answer[dict[str, str]] = field(default_factory=dict)
    decisions: dict[tuple[str, str], Answer[dict[str, Decision]]] = field(default_factory=dict)
    repositories: dict[str, Answer[Repository]] = field(default_factory=dict)
    network: Network | None = None
