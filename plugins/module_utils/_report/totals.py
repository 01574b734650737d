# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# Note that this file is private to the collection: do not use it from outside.
"""The first lines of a summary: how many domains and apps, by what became of them."""

from __future__ import annotations

import typing as t
from collections import Counter

from ansible_collections.mlops.studio_local_mode.plugins.module_utils._report import model
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._report.sections import count_line, plural

if t.TYPE_CHECKING:
    from ansible_collections.mlops.studio_local_mode.plugins.module_utils._report.summary import AppRun, Described


def totals(
    domains: t.Sequence[Described], checked: t.Sequence[Described], apps: t.Sequence[AppRun], check_mode: bool
) -> list[str]:
    """Return a line for the domains and one for the apps, such as "100 domains: 97 unchanged, 2 changed, 1 failed"."""
    handled = [app for app in apps if app.was_handled]
    changed = "would change" if check_mode else "changed"
    lines = []
    if domains:
        words = ["failed" if "error" in d else changed if d["changed"] else "unchanged" for d in domains]
        lines.append(_line(words, "domains"))
        lines += _by_account(domains, words)
    elif checked:
        lines.append(count_line(model.counts(checked), "domains"))
    if handled:
        words = ["failed" if app.failed else "ready" if app.findings else "done" for app in handled]
        lines.append(_line(words, "apps"))
    return lines


def _by_account(domains: t.Sequence[Described], words: t.Sequence[str]) -> list[str]:
    """Return a line for each account if there are several: whoever approves an AWX workflow reads them first."""
    by_account: dict[str, list[str]] = {}
    for domain, word in zip(domains, words):
        by_account.setdefault(domain.get("account_id") or "", []).append(word)
    lines = [f"  {account}: {_line(found, 'domains')}" for account, found in sorted(by_account.items())]
    return lines if len(lines) > 1 else []


def _line(words: list[str], kind: str) -> str:
    # What failed comes last here and below.
    counted = sorted(Counter(words).items(), key=lambda item: (item[0] == "failed", -item[1]))
    return f"{plural(len(words), kind)}: {', '.join(f'{number} {word}' for word, number in counted)}"
