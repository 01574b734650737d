# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Studio apps: containers like those that AWS runs for a space."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from docker.errors import NotFound

from . import containers, engine, images, layout, sdk
from .aws_relay import service as aws_relay
from .console import say
from .inputs import fingerprint
from .studio_filter import service as studio_filter

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from docker.models.containers import Container

NAME = "studio-app"
# The demo's domain is VPC-only and trusts one account besides the domain's account.
DOMAIN_POLICY = "vpc-only"
USER, UID, GID = "sagemaker-user", 1000, 100
# The path of the sandbox's CA certificate in an app, which trusts it as it would a private CA.
CA_PATH = "/etc/ssl/sandbox-ca.pem"


def create(
    name: str,
    *,
    image: str = images.APP.tag,
    home: Path | None = None,
    network: str = engine.NETWORK,
    environment: Mapping[str, str] | None = None,
    policy: str = "internet",
    mounts: Mapping[Path | str, str] | None = None,
    aws: bool = False,
) -> Container:
    """Start an app, and replace an existing one of that name.

    Without `home`, the home is the image's and is removed with the container. `policy` is the domain's, one of
    studio_filter's. `mounts` are in addition to those of every app: paths of the host, or names of volumes. With `aws`
    the app has Studio's region and credentials and reaches the sandbox's AWS endpoint.
    """
    mounts = _mounts(home, policy, mounts)
    variables = {**(aws_relay.environment(CA_PATH) if aws else {}), **(environment or {})}
    settings = _settings(image, network, variables, mounts)
    resolver = aws_relay.options() if aws else {}
    created = containers.replace(
        name, image, settings, network=network, mounts=mounts, environment=variables, **resolver
    )
    if aws:
        aws_relay.connect(created)
    return created


def start() -> None:
    """Start the demo app unless it runs; its home has the same path in the app and for the engine."""
    mounts = _mounts(layout.APP_HOME, DOMAIN_POLICY, sdk.mounts())
    settings = _settings(images.APP.tag, engine.NETWORK, aws_relay.environment(CA_PATH), mounts)
    if not containers.is_current(NAME, images.APP.tag, settings):
        restart()


def restart(policy: str = DOMAIN_POLICY) -> None:
    """Replace the demo app as a restart of its space does: only the home stays. `policy` is its domain's."""
    say(f"start the Studio app {NAME}")
    create(NAME, home=layout.APP_HOME, policy=policy, mounts=sdk.mounts(), aws=True)


def status() -> str:
    """Describe the demo app in a few words."""
    try:
        return f"{engine.client().containers.get(NAME).status}, {NAME}"
    except NotFound:
        return "down"


def make_home() -> None:
    """Make the folder that the engine's namespaces have as the user's home."""
    layout.APP_HOME.mkdir(parents=True, exist_ok=True)
    os.chown(layout.APP_HOME, UID, GID)


def _mounts(home: Path | None, policy: str, besides: Mapping[Path | str, str] | None) -> dict[Path | str, str]:
    of_home = {home: f"/home/{USER}"} if home else {}
    return {studio_filter.folder(policy): "/docker", layout.CA: f"{CA_PATH}:ro", **(besides or {}), **of_home}


def _settings(image: str, network: str, environment: Mapping[str, str], mounts: Mapping[Path | str, str]) -> str:
    where = sorted((str(source), target) for source, target in mounts.items())
    return fingerprint(image, network, sorted(environment.items()), where)
