# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The relay's container, on a network of its own at the address where AWS serves the credentials of containers."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from docker.types import IPAMConfig, IPAMPool

from .. import containers, engine, images, layout
from ..aws_endpoint.process import SOCKET
from ..console import say
from ..inputs import fingerprint
from ..mirror import certificates
from . import ADDRESS, REGION

if TYPE_CHECKING:
    from docker.models.containers import Container

NAME = NETWORK = "studio-sandbox-aws"
_SUBNET = "169.254.170.0/24"
_MODULE = "aws_relay.server"
_SOURCES = Path(__file__).parent


def start() -> None:
    """Start the relay unless it runs; the endpoint behind it may start later."""
    inputs = fingerprint(_SOURCES, certificates.AWS.path)
    if containers.is_current(NAME, images.PYTHON.tag, inputs):
        return
    say("serve AWS's names to the apps")
    networks = engine.client().networks
    if not networks.list(names=[f"^{NETWORK}$"]):
        pool = IPAMPool(subnet=_SUBNET)
        networks.create(NETWORK, internal=True, ipam=IPAMConfig(pool_configs=[pool]), labels=engine.LABELS)
    containers.replace(
        NAME,
        images.PYTHON.tag,
        inputs,
        network=NETWORK,
        address=ADDRESS,
        command=["python3", "-m", _MODULE, ADDRESS, f"/aws/{SOCKET}", "/tls/aws.pem", "/tls/aws.key"],
        environment={"PYTHONPATH": "/sandbox", "PYTHONDONTWRITEBYTECODE": "1"},
        mounts={_SOURCES: "/sandbox/aws_relay:ro", layout.AWS: "/aws", layout.MIRROR_TLS: "/tls:ro"},
    )


def connect(app: Container) -> None:
    """Connect an app to the relay."""
    engine.client().networks.get(NETWORK).connect(app)


def options() -> dict[str, object]:
    """Return the options of an app's container with which AWS's names lead to the relay."""
    return {"dns": [ADDRESS]}


def environment(ca_path: str) -> dict[str, str]:
    """Return the variables that Studio sets in an app, and the one with which a user trusts a private CA."""
    return {
        "AWS_REGION": REGION,
        "AWS_DEFAULT_REGION": REGION,
        "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI": "/_sagemaker-instance-credentials/sandbox",
        "AWS_CA_BUNDLE": ca_path,
        # The SDK asks for an instance's credentials, too, and would wait for an address that nobody has.
        "AWS_EC2_METADATA_DISABLED": "true",
    }
