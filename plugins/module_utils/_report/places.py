# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# Note that this file is private to the collection: do not use it from outside.
"""Many accounts and regions: the results of a task by its targets, and the totals by account. Pure."""

from __future__ import annotations

import typing as t

from ansible_collections.mlops.studio_local_mode.plugins.module_utils._report import model
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._report.sections import count_line

Item = t.Mapping[str, t.Any]


def of_target(result: Item, name: str) -> dict[str, t.Any]:
    """Return what a module returned for one of its targets, in the form that it has without targets."""
    own: dict[str, t.Any] = {
        key: [element for element in value if element.get("target") == name]
        for key, value in result.items()
        if key in ("domains", "spaces")
    }
    failed: Item = next((target for target in result.get("targets", ()) if target["name"] == name), {})
    return {**own, "msg": failed["error"]} if failed.get("error") else own


def targets_of(*results: Item) -> list[dict[str, t.Any]]:
    """Return the targets of these results, each once."""
    found = {target["name"]: target for result in results for target in result.get("targets", ())}
    return list(found.values())


def by_account(domains: t.Sequence[Item], apps: t.Sequence[Item], names: t.Mapping[str, str]) -> list[model.Account]:
    """Return the totals of each account that is known; C(names) are the names of accounts."""
    accounts = sorted({item["account"] for item in (*domains, *apps) if item["account"]})
    return [
        {
            "account": account,
            "name": names.get(account, ""),
            "domains": model.counts(domain for domain in domains if domain["account"] == account),
            "apps": model.counts(app for app in apps if app["account"] == account),
        }
        for account in accounts
    ]


def account_lines(accounts: t.Sequence[model.Account]) -> list[str]:
    """Return a line for each account if there are several."""
    if len(accounts) < 2:
        return []
    return [
        f"{account_name(a)}: {count_line(a['domains'], 'domains')}; {count_line(a['apps'], 'apps')}" for a in accounts
    ]


def account_name(account: model.Account) -> str:
    return f"{account['account']} {account['name']}".rstrip()


def columns(report: model.Report) -> list[str]:
    """Return account and region, as far as there are several: only then they are worth a column."""
    items: list[t.Any] = [*report["domains"], *report["apps"], *report["regions"]]
    return [place for place in ("account", "region") if len({item[place] for item in items if item[place]}) > 1]


def place_of(item: Item, shown: t.Sequence[str]) -> str:
    """Return what C(columns) has of a domain or app, such as " (eu-west-1)"."""
    places = [item[place] for place in shown if item[place]]
    return f" ({', '.join(places)})" if places else ""
