# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import pytest
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._prerequisites.image_uri import ImageError, parse

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
def test_what_is_no_image(uri):
    with pytest.raises(ImageError, match=r"is no image URI: it must be like 123456789012\.dkr\.ecr"):
        parse(uri)


def test_the_arn_that_iam_judges_by():
    image = parse("123456789012.dkr.ecr.cn-north-1.amazonaws.com.cn/team/tools:1")
    assert image.arn("aws-cn") == "arn:aws-cn:ecr:cn-north-1:123456789012:repository/team/tools"
