# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The certificate authority of the sandbox and the mirror's certificate for Docker's name."""

from __future__ import annotations

from .. import layout
from ..console import run, say

_CA_KEY = layout.MIRROR_TLS / "ca.key"
CERTIFICATE = layout.MIRROR_TLS / "server.pem"
KEY = layout.MIRROR_TLS / "server.key"

_NAMES = "subjectAltName=DNS:download.docker.com,DNS:localhost,IP:127.0.0.1"
_NEW_KEY = ("-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-noenc", "-days", "3650")


def ensure() -> None:
    """Create both unless they exist; the keys stay in the sandbox's folder."""
    if CERTIFICATE.exists():
        return
    say("make a certificate authority and a certificate for download.docker.com")
    layout.MIRROR_TLS.mkdir(parents=True, exist_ok=True)
    authority = ["-subj", "/CN=Sandbox CA", "-addext", "keyUsage=critical,keyCertSign,cRLSign"]
    run(["openssl", "req", "-x509", *_NEW_KEY, *authority, "-keyout", _CA_KEY, "-out", layout.CA])
    server = ["-subj", "/CN=download.docker.com", "-addext", _NAMES, "-addext", "basicConstraints=critical,CA:FALSE"]
    signer = ["-CA", layout.CA, "-CAkey", _CA_KEY]
    run(["openssl", "req", "-x509", *_NEW_KEY, *server, *signer, "-keyout", KEY, "-out", CERTIFICATE])
