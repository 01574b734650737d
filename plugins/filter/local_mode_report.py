# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Check whether local mode can work in a Studio app, with the reason and the remediation of each failure."""

from __future__ import annotations

import typing as t

from ansible.errors import AnsibleFilterError
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._studio_checks.findings import report


def local_mode_report(
    app: dict[str, t.Any],
    min_free_gib: float = 1,
    enough_free_gib: float = 5,
    container: t.Mapping[str, t.Any] | None = None,
    jobs: t.Iterable[t.Mapping[str, t.Any]] = (),
) -> list[dict[str, str]]:
    """Return the findings about the facts of studio_app_info. Raises AnsibleFilterError for any other input."""
    if not isinstance(app, t.Mapping) or "installed_packages" not in app:
        raise AnsibleFilterError(
            "The input of local_mode_report must be the return value app of mlops.studio_local_mode.studio_app_info."
        )
    return report(app, float(min_free_gib), float(enough_free_gib), container, {job["item"]: job for job in jobs})


class FilterModule:
    def filters(self) -> dict[str, t.Callable[..., t.Any]]:
        return {"local_mode_report": local_mode_report}
