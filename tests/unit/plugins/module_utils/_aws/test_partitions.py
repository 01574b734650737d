# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import boto3
import pytest
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._aws.partitions import (
    must_be_enabled,
    partition_of,
    region_for_sts,
)


@pytest.mark.parametrize(
    "partition", ["aws", "aws-cn", "aws-us-gov", "aws-iso", "aws-iso-b", "aws-iso-e", "aws-iso-f", "aws-eusc"]
)
def test_every_region_has_the_partition_that_botocore_says(partition: str) -> None:
    regions = boto3.Session().get_available_regions("ec2", partition)
    assert {partition_of(region) for region in regions} == {partition}
    assert partition == "aws" or not any(map(must_be_enabled, regions))


def test_a_region_of_an_unknown_form_is_taken_for_one_of_the_commercial_partition() -> None:
    assert partition_of("xx-moon-1") == "aws"


@pytest.mark.parametrize(
    ("regions", "expected"),
    [
        (["eu-south-1", "eu-west-1", "us-east-1"], "eu-west-1"),
        (["eu-south-1", "me-south-1"], "us-east-1"),
        (["cn-north-1", "cn-northwest-1"], "cn-north-1"),
        (["us-gov-east-1"], "us-gov-east-1"),
    ],
)
def test_credentials_are_assumed_where_every_account_may(regions: list[str], expected: str) -> None:
    assert region_for_sts(regions) == expected
