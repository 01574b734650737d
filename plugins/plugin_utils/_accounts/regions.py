# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# Note that this file is private to the collection: do not use it from outside.
"""The regions of an account that become targets. Pure."""

from __future__ import annotations

import difflib
import typing as t

from ansible_collections.mlops.studio_local_mode.plugins.module_utils._aws.partitions import (
    COMMERCIAL,
    must_be_enabled,
    partition_of,
)
from ansible_collections.mlops.studio_local_mode.plugins.plugin_utils._accounts.errors import SelectionError

ALL = "all"
# Organizations and Account have one endpoint in a partition, which botocore finds from any of its regions.
_ANY_REGION = "us-east-1"
_ENABLED = ("ENABLED", "ENABLED_BY_DEFAULT")

if t.TYPE_CHECKING:
    Statuses = t.Mapping[str, str]


def of_the_organization(regions: t.Iterable[str]) -> str:
    """Return a region in the partition of the organization whose accounts have these regions."""
    return next((region for region in regions if partition_of(region) != COMMERCIAL), _ANY_REGION)


def must_be_asked(regions: t.Sequence[str], only_enabled: bool) -> bool:
    """Whether the status of the regions in each account matters and is not known without a call.

    Only a region that AWS does not enable in every account can be missing in one.
    """
    return ALL in regions or (only_enabled and any(must_be_enabled(region) for region in regions))


def regions_of(regions: t.Sequence[str], statuses: Statuses | None) -> list[str]:
    """Return the regions of one account; C(statuses) as ListRegions returns them, None where it was not asked."""
    if statuses is None:
        return [region for region in regions if region != ALL]
    if ALL in regions:
        return [region for region, status in statuses.items() if status in _ENABLED]
    return [region for region in regions if statuses.get(region) in _ENABLED]


def refuse_unused(regions: t.Sequence[str], statuses: t.Sequence[Statuses]) -> None:
    """Raise SelectionError for a region that none of the accounts has enabled."""
    for region in regions:
        if region == ALL or any(found.get(region) in _ENABLED for found in statuses):
            continue
        similar = difflib.get_close_matches(region, sorted(set().union(*statuses)), 3)
        if region in similar or not similar:
            hint = f"Enable it with `aws account enable-region --region-name {region}`, or remove it from regions."
        else:
            hint = f"Did you mean {' or '.join(similar)}?"
        raise SelectionError(f"regions: none of the {len(statuses)} selected accounts has enabled {region}. {hint}")
