# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# Note that this file is private to the collection: do not use it from outside.
"""Where an image comes from, read off its URI."""

from __future__ import annotations

import re
from dataclasses import dataclass

_DOCKER_HUB = "docker.io"
# AWS's guide to ECR: registries are ACCOUNT.dkr.ecr.REGION.amazonaws.com, also -fips, dual-stack and in China.
_PRIVATE_ECR = re.compile(
    r"(?P<account>[0-9]{12})\.dkr[.-]ecr(-fips)?\.(?P<region>[a-z0-9-]+)\.(amazonaws\.com(\.cn)?|on\.aws|on\.amazonwebservices\.com\.cn)"
)
_REPOSITORY = re.compile(r"[a-z0-9]+(?:(?:[._/]|__|-+)[a-z0-9]+)*")
_TAG = re.compile(r"[\w][\w.-]{0,127}", re.ASCII)
_DIGEST = re.compile(r"[a-z0-9+._-]+:[0-9a-f]{32,}")


class ImageError(ValueError):
    """Text that is no image URI; the message says what would be one."""


@dataclass(frozen=True)
class Image:
    """An image URI in its parts; C(account) and C(region) are those of a private ECR registry, empty for any other."""

    uri: str
    registry: str
    repository: str
    account: str = ""
    region: str = ""

    @property
    def is_private_ecr(self) -> bool:
        return bool(self.account)

    def arn(self, partition: str) -> str:
        """The ARN of the ECR repository, which IAM judges by."""
        return f"arn:{partition}:ecr:{self.region}:{self.account}:repository/{self.repository}"


def parse(uri: str) -> Image:
    """Return the image of this URI, or raise ImageError."""
    name, dummy, digest = uri.partition("@")
    first, slash, rest = name.partition("/")
    # Docker's rule for what is a registry and what a folder of Docker Hub.
    has_registry = bool(slash) and ("." in first or ":" in first or first == "localhost")
    registry, path = (first, rest) if has_registry else (_DOCKER_HUB, name)
    repository, colon, tag = path.partition(":")
    valid = (
        _REPOSITORY.fullmatch(repository)
        and (not colon or _TAG.fullmatch(tag))
        and (not dummy or _DIGEST.fullmatch(digest))
    )
    if not valid:
        raise ImageError(
            f"{uri!r} is no image URI: it must be like 123456789012.dkr.ecr.eu-west-1.amazonaws.com/tools:1, without "
            "a scheme and in lower case."
        )
    ecr = _PRIVATE_ECR.fullmatch(registry)
    if not ecr:
        return Image(uri, registry, repository)
    return Image(uri, registry, repository, ecr.group("account"), ecr.group("region"))
