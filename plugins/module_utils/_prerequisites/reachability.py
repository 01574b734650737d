# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# Note that this file is private to the collection: do not use it from outside.
"""Whether the apps of a domain reach a destination, with the evidence for it."""

from __future__ import annotations

import typing as t
from dataclasses import dataclass

REACHABLE, UNREACHABLE, UNKNOWN = "reachable", "unreachable", "unknown"


@dataclass(frozen=True)
class Reachability:
    """The state, the evidence, and what would settle a state that is unknown."""

    state: str
    observed: str
    settled_by: str = ""


def worst(paths: t.Iterable[Reachability]) -> Reachability:
    """Join paths that must all be open: an app may run in any of the domain's subnets."""
    paths = list(paths)
    for state in (UNREACHABLE, UNKNOWN, REACHABLE):
        found = [path for path in paths if path.state == state]
        if found:
            observed = "; ".join(dict.fromkeys(path.observed for path in found))
            return Reachability(state, observed, next((path.settled_by for path in found if path.settled_by), ""))
    return Reachability(UNKNOWN, "the domain has no subnets")
