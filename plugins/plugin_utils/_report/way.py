# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# Note that this file is private to the collection: do not use it from outside.
"""How whoever reads a report acts: with commands, or in a job of AWX with its templates."""

from __future__ import annotations

import typing as t

from ansible_collections.mlops.studio_local_mode.plugins.module_utils._report.causes import Way


def way_of(variables: t.Mapping[str, t.Any]) -> Way:
    """Return the way of a run with these variables, which AWX adds those of its job to."""
    manager = getattr(variables.get("hostvars"), "_variable_manager", None)
    template = str(variables.get("awx_job_template_name") or variables.get("tower_job_template_name") or "")
    return Way(
        inventories=tuple(str(path) for path in variables.get("ansible_inventory_sources") or ()),
        in_awx="awx_job_id" in variables or "tower_job_id" in variables,
        # The names of all templates begin as that of this job does.
        template_prefix=template.partition("Studio local mode")[0] if "Studio local mode" in template else "",
        answers=frozenset(getattr(manager, "extra_vars", ())),
    )
