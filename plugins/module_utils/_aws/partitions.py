# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# Note that this file is private to the collection: do not use it from outside.
"""The partitions of AWS, and the regions that an account has without enabling them; botocore knows the partitions."""

from __future__ import annotations

import functools
import re
import typing as t

try:
    from botocore.loaders import create_loader
except ImportError:
    pass  # AnsibleAWSModule reports the missing library.

COMMERCIAL = "aws"
# Regions that every account has; all later ones have to be enabled ("AWS Regions and Availability Zones").
_ALWAYS_ENABLED = frozenset(
    {
        "us-east-1",
        "us-east-2",
        "us-west-1",
        "us-west-2",
        "ca-central-1",
        "sa-east-1",
        "eu-central-1",
        "eu-west-1",
        "eu-west-2",
        "eu-west-3",
        "eu-north-1",
        "ap-south-1",
        "ap-northeast-1",
        "ap-northeast-2",
        "ap-northeast-3",
        "ap-southeast-1",
        "ap-southeast-2",
    }
)


@functools.cache
def partitions() -> tuple[dict[str, t.Any], ...]:
    """Return the partitions as botocore describes them."""
    return tuple(create_loader().load_data("partitions")["partitions"])


def partition_of(region: str) -> str:
    """Return the partition of a region; that of most regions where botocore does not know the form of the name."""
    return next((p["id"] for p in partitions() if re.match(p["regionRegex"], region)), COMMERCIAL)


def must_be_enabled(region: str | None) -> bool:
    """Whether an account has this region of the commercial partition only after it was enabled."""
    return bool(region) and region not in _ALWAYS_ENABLED and partition_of(str(region)) == COMMERCIAL


def region_for_sts(regions: t.Iterable[str]) -> str:
    """Return the region in which the credentials of these regions are assumed, where the user has named none.

    STS answers in a region only if the caller's account has it, whichever regions the other accounts have enabled.
    """
    return next((region for region in regions if not must_be_enabled(region)), "us-east-1")
