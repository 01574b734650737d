# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# Note that this file is private to the collection: do not use it from outside.
"""What changed since an earlier report. Pure."""

from __future__ import annotations

import typing as t

from ansible_collections.mlops.studio_local_mode.plugins.module_utils._report import model

Item = t.Mapping[str, t.Any]


def changes(earlier: Item, report: Item) -> dict[str, t.Any]:
    """Return the domains and apps that are new, gone, or in another state."""
    return {
        "since": earlier["run"]["time"],
        "domains": _changes(earlier["domains"], report["domains"], _domain_key, model.domain_name),
        "apps": _changes(earlier["apps"], report["apps"], _app_key, model.app_name),
    }


def _changes(
    before: t.Iterable[Item],
    after: t.Iterable[Item],
    key: t.Callable[[Item], t.Any],
    name: t.Callable[[Item], str],
) -> dict[str, t.Any]:
    old, new = {key(item): item for item in before}, {key(item): item for item in after}
    return {
        "added": [_named(item, name) for identity, item in new.items() if identity not in old],
        "removed": [_named(item, name) for identity, item in old.items() if identity not in new],
        "changed": [
            {**_named(item, name), "before": old[identity]["state"]}
            for identity, item in new.items()
            if identity in old and old[identity]["state"] != item["state"]
        ],
    }


def _named(item: Item, name: t.Callable[[Item], str]) -> dict[str, str]:
    return {"name": name(item), "domain_id": item["domain_id"], "state": item["state"]}


def _domain_key(domain: Item) -> tuple[str, str]:
    return domain["region"], domain["domain_id"]


def _app_key(app: Item) -> tuple[str, ...]:
    # An app of Studio Classic has no space, and a host of a hand-written inventory may say nothing of its own.
    names = (app["space"] or app["owner"], "") if app["space"] or app["owner"] else ("", app["host"])
    return (app["region"], app["domain_id"], *names)
