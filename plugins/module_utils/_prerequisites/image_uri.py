# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# Note that this file is private to the collection: do not use it from outside.
"""An image URI and its parts."""

from __future__ import annotations

import functools
import re
from dataclasses import dataclass

from ansible_collections.mlops.studio_local_mode.plugins.module_utils._aws.partitions import partitions

_DOCKER_HUB = "docker.io"
# ECR user guide, "Private registry": ACCOUNT.dkr.ecr.REGION.SUFFIX, also with -fips, and dkr-ecr for IPv6.
_PRIVATE_ECR = r"(?P<account>[0-9]{{12}})\.dkr[.-]ecr(-fips)?\.(?P<region>[a-z0-9-]+)\.({suffixes})"
# The IPv6 domains of ECR, which botocore's partitions do not have.
_DUAL_STACK = ("on.aws", "on.amazonwebservices.com.cn")
_REPOSITORY = re.compile(r"[a-z0-9]+(?:(?:[._/]|__|-+)[a-z0-9]+)*")
_TAG = re.compile(r"[\w][\w.-]{0,127}", re.ASCII)
_DIGEST = re.compile(r"[a-z0-9+._-]+:[0-9a-f]{32,}")


class ImageError(ValueError):
    """The text is not an image URI; the message has an example."""


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
        """Return the ARN of the ECR repository, as it is in IAM policies."""
        return f"arn:{partition}:ecr:{self.region}:{self.account}:repository/{self.repository}"


def parse(uri: str) -> Image:
    """Return the image of this URI, or raise ImageError."""
    name, dummy, digest = uri.partition("@")
    first, slash, rest = name.partition("/")
    # Docker's rule for a registry, as opposed to a namespace of Docker Hub.
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
            f"images: {uri!r} is not an image URI. Write it like 123456789012.dkr.ecr.eu-west-1.amazonaws.com/tools:1, "
            "without a scheme and in lower case."
        )
    ecr = _private_ecr().fullmatch(registry)
    if not ecr:
        return Image(uri, registry, repository)
    return Image(uri, registry, repository, ecr.group("account"), ecr.group("region"))


@functools.lru_cache(maxsize=None)
def _private_ecr() -> re.Pattern[str]:
    """Return the pattern of a private ECR registry in any partition that botocore knows."""
    suffixes = [partition["outputs"]["dnsSuffix"] for partition in partitions()]
    return re.compile(_PRIVATE_ECR.format(suffixes="|".join(map(re.escape, [*suffixes, *_DUAL_STACK]))))


@functools.lru_cache(maxsize=None)
def dns_suffix(partition: str) -> str:
    """Return the domain of AWS's services in this partition."""
    return next((p["outputs"]["dnsSuffix"] for p in partitions() if p["id"] == partition), "amazonaws.com")
