# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import pytest
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._prerequisites.image_uri import (
    ImageError,
    dns_suffix,
    parse,
)

ECR = "123456789012.dkr.ecr.eu-west-1.amazonaws.com"
DIGEST = "sha256:" + "0" * 64


@pytest.mark.parametrize(
    ("uri", "registry", "repository", "account", "region"),
    [
        (f"{ECR}/tools:1", ECR, "tools", "123456789012", "eu-west-1"),
        (f"{ECR}/team/tools@{DIGEST}", ECR, "team/tools", "123456789012", "eu-west-1"),
        (
            "123456789012.dkr.ecr.cn-north-1.amazonaws.com.cn/tools",
            "123456789012.dkr.ecr.cn-north-1.amazonaws.com.cn",
            "tools",
            "123456789012",
            "cn-north-1",
        ),
        (
            "123456789012.dkr.ecr-fips.us-east-1.amazonaws.com/t",
            "123456789012.dkr.ecr-fips.us-east-1.amazonaws.com",
            "t",
            "123456789012",
            "us-east-1",
        ),
        (
            "123456789012.dkr-ecr.eu-west-1.on.aws/tools:1",
            "123456789012.dkr-ecr.eu-west-1.on.aws",
            "tools",
            "123456789012",
            "eu-west-1",
        ),
        ("python", "docker.io", "python", "", ""),
        ("pytorch/pytorch:2.5.1-cuda12.4", "docker.io", "pytorch/pytorch", "", ""),
        ("public.ecr.aws/docker/library/python:3", "public.ecr.aws", "docker/library/python", "", ""),
        ("localhost:5000/tools", "localhost:5000", "tools", "", ""),
        ("12345.dkr.ecr.eu-west-1.amazonaws.com/tools", "12345.dkr.ecr.eu-west-1.amazonaws.com", "tools", "", ""),
    ],
)
def test_the_parts_of_an_image(uri, registry, repository, account, region):
    image = parse(uri)
    assert (image.uri, image.registry, image.repository) == (uri, registry, repository)
    assert (image.account, image.region) == (account, region)
    assert image.is_private_ecr is bool(account)


@pytest.mark.parametrize(
    "uri", ["", "Tools", "https://x.y/tools", "a b", "tools:", "tools:a b", "tools@latest", "x.y/"]
)
def test_text_that_is_not_an_image_uri(uri):
    with pytest.raises(ImageError, match=r"is not an image URI\. Write it like 123456789012\.dkr\.ecr"):
        parse(uri)


def test_the_arn_of_its_repository():
    image = parse("123456789012.dkr.ecr.cn-north-1.amazonaws.com.cn/team/tools:1")
    assert image.arn("aws-cn") == "arn:aws-cn:ecr:cn-north-1:123456789012:repository/team/tools"


@pytest.mark.parametrize(
    ("region", "suffix"),
    [
        ("us-gov-west-1", "amazonaws.com"),
        ("cn-north-1", "amazonaws.com.cn"),
        ("eusc-de-east-1", "amazonaws.eu"),
        ("us-iso-east-1", "c2s.ic.gov"),
        ("us-isob-east-1", "sc2s.sgov.gov"),
    ],
)
def test_ecr_has_another_domain_in_other_partitions(region, suffix):
    image = parse(f"123456789012.dkr.ecr.{region}.{suffix}/tools:1")
    assert (image.account, image.region) == ("123456789012", region)


def test_a_domain_that_is_not_aws_s_is_another_registry():
    assert not parse("123456789012.dkr.ecr.eu-west-1.example.com/tools:1").is_private_ecr


def test_the_domain_of_a_partition():
    assert [dns_suffix(name) for name in ("aws", "aws-cn", "aws-new")] == [
        "amazonaws.com",
        "amazonaws.com.cn",
        "amazonaws.com",
    ]
