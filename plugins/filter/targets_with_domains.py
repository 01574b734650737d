# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Set the domains of each target from the results of an earlier task."""

from __future__ import annotations

import typing as t

if t.TYPE_CHECKING:
    Target = t.Dict[str, t.Any]


def targets_with_domains(
    targets: t.Iterable[Target], results: t.Iterable[t.Mapping[str, t.Any]], keep_options: bool = False
) -> list[Target]:
    """Return the targets that have one of the results, each with the IDs of its domains in place of its options.

    C(keep_options): beside them.
    """
    domains: dict[str, list[str]] = {}
    for result in results:
        domains.setdefault(str(result.get("target")), []).append(str(result["domain_id"]))
    return [
        {
            **target,
            "options": {
                **(target["options"] if keep_options else {}),
                "domains": list(dict.fromkeys(domains[target["name"]])),
            },
        }
        for target in targets
        if target["name"] in domains
    ]


class FilterModule:
    def filters(self) -> dict[str, t.Callable[..., t.Any]]:
        return {"targets_with_domains": targets_with_domains}
