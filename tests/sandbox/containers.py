# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The sandbox's containers: replaced unless they run from the current image with the current settings."""

from __future__ import annotations

from typing import TYPE_CHECKING

from docker.errors import NotFound

from . import engine
from .console import SandboxError
from .images.recipe import INPUTS_LABEL

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from docker.models.containers import Container, ExecResult


def is_current(name: str, image: str, inputs: str) -> bool:
    """Return whether the container runs, from that image and with those inputs."""
    client = engine.client()
    try:
        container = client.containers.get(name)
    except NotFound:
        return False
    # A container's labels include those of its image.
    same = container.labels.get(INPUTS_LABEL) == inputs
    return same and container.status == "running" and container.attrs["Image"] == client.images.get(image).id


def replace(
    name: str,
    image: str,
    inputs: str,
    *,
    network: str = engine.NETWORK,
    address: str | None = None,
    aliases: Sequence[str] = (),
    mounts: Mapping[Path | str, str] | None = None,
    **options: object,
) -> Container:
    """Start a container in place of one of that name. `mounts` maps host paths and volumes to "/path" or "/path:ro"."""
    client = engine.client()
    remove(name)
    endpoint = client.api.create_endpoint_config(aliases=list(aliases), ipv4_address=address)
    return client.containers.run(
        image,
        name=name,
        hostname=name,
        detach=True,
        labels={**engine.LABELS, INPUTS_LABEL: inputs},
        network=network,
        networking_config={network: endpoint},
        volumes=[f"{source}:{target}" for source, target in (mounts or {}).items()],
        **options,
    )


def shell(container: Container, script: str, user: str = "") -> ExecResult:
    """Run a script; its standard output and errors are in the order of printing."""
    # The engine separates the two streams, and keeps the order only within one of them.
    return container.exec_run(["bash", "-c", f"exec 2>&1\n{script}"], user=user)


def remove(name: str) -> None:
    """Remove the container of that name with its volumes, if it exists.

    Raises SandboxError if it belongs to another sandbox: several may share an engine.
    """
    try:
        container = engine.client().containers.get(name)
    except NotFound:
        return
    owner = container.labels.get(engine.LABEL)
    if owner != engine.LABELS[engine.LABEL]:
        raise SandboxError(
            f"Container {name} belongs to {owner or 'another program'} and not to this sandbox; remove it first"
        )
    engine.remove_container(container)
