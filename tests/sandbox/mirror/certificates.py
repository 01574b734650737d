# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The certificate authority of the sandbox, and the certificates for Docker's name and for AWS's."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from .. import layout
from ..console import run, say

if TYPE_CHECKING:
    from pathlib import Path

_CA_KEY = layout.MIRROR_TLS / "ca.key"
_NEW_KEY = ("-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-noenc", "-days", "3650")


class Certificate(NamedTuple):
    """A certificate and its key, NAME.pem and NAME.key in the sandbox's folder."""

    name: str
    hosts: tuple[str, ...]

    @property
    def path(self) -> Path:
        """The certificate's file."""
        return layout.MIRROR_TLS / f"{self.name}.pem"


SERVER = Certificate("server", ("DNS:download.docker.com", "DNS:localhost", "IP:127.0.0.1"))
# A wildcard matches one label: AWS's global names, the services of a region, S3's buckets, SageMaker and ECR.
_IN_REGION = ("", "s3.", "sagemaker.", "ecr.", "dkr.ecr.")
AWS = Certificate(
    "aws", ("DNS:*.amazonaws.com", *(f"DNS:*.{service}eu-west-1.amazonaws.com" for service in _IN_REGION))
)


def ensure() -> None:
    """Create all that are missing; the keys stay in the sandbox's folder."""
    layout.MIRROR_TLS.mkdir(parents=True, exist_ok=True)
    if not layout.CA.exists():
        say("make a certificate authority")
        authority = ["-subj", "/CN=Sandbox CA", "-addext", "keyUsage=critical,keyCertSign,cRLSign"]
        run(["openssl", "req", "-x509", *_NEW_KEY, *authority, "-keyout", _CA_KEY, "-out", layout.CA])
    for certificate in (SERVER, AWS):
        if not certificate.path.exists():
            _issue(certificate)


def _issue(certificate: Certificate) -> None:
    say(f"make a certificate for {certificate.hosts[0].removeprefix('DNS:')}")
    names = ["-addext", f"subjectAltName={','.join(certificate.hosts)}"]
    server = ["-subj", f"/CN={certificate.name}", *names, "-addext", "basicConstraints=critical,CA:FALSE"]
    signer = ["-CA", layout.CA, "-CAkey", _CA_KEY]
    key = certificate.path.with_suffix(".key")
    run(["openssl", "req", "-x509", *_NEW_KEY, *server, *signer, "-keyout", key, "-out", certificate.path])
