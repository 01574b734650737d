# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# Note that this file is private to the collection: do not use it from outside.
"""Which domains and spaces the inventory selects. Pure."""

from __future__ import annotations

import typing as t
from dataclasses import dataclass, field

from ansible_collections.mlops.studio_local_mode.plugins.module_utils._spaces import reachability
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._spaces.select import (
    matches,
    matches_any,
    owner_of,
)

if t.TYPE_CHECKING:
    Summary = t.Mapping[str, t.Any]

_SHOWN = 10


@dataclass(frozen=True)
class Selection:
    """The domains by ID, ARN, name or pattern, and by tags; the spaces by app type and owner. Empty selects all."""

    domains: t.Sequence[str] = ()
    domain_tags: t.Mapping[str, str] = field(default_factory=dict)
    app_types: t.Sequence[str] = ()
    owners: t.Sequence[str] = ()

    def has_domain(self, domain: Summary, tags: t.Mapping[str, str]) -> bool:
        """Whether the domain is selected; C(tags) are its own, which count only if the selection has some."""
        named = not self.domains or any(_names_domain(text, domain) for text in self.domains)
        return named and self.domain_tags.items() <= tags.items()

    def has_space(self, space: Summary, app: Summary | None) -> bool:
        """Whether the space of a selected domain is selected; C(app) is its app, if it has one."""
        if self.app_types and reachability.app_type(space, app) not in self.app_types:
            return False
        return matches_any(self.owners or None, owner_of(space))

    def unknown_domains(self, domains: t.Sequence[Summary]) -> list[str]:
        """Return the IDs, ARNs, names and patterns that select none of these domains."""
        return [text for text in self.domains if not any(_names_domain(text, domain) for domain in domains)]


def listed(domains: t.Sequence[Summary]) -> str:
    """Return the names and IDs of the domains for a message, the first ones if they are many."""
    names = ", ".join(f"{domain['DomainName']} ({domain['DomainId']})" for domain in domains[:_SHOWN])
    more = f" and {len(domains) - _SHOWN} more" if len(domains) > _SHOWN else ""
    return f"{names}{more}" if domains else "none"


def _names_domain(text: str, domain: Summary) -> bool:
    return text in (domain["DomainId"], domain["DomainArn"]) or matches(text, domain["DomainName"])
