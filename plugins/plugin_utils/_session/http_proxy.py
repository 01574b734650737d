# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# Note that this file is private to the collection: do not use it from outside.
"""The HTTP proxy of the environment for a WebSocket, by the rules of botocore, which reads the same variables.

Those of websocket-client differ: it does not know a proxy without a scheme (C(HTTPS_PROXY=proxy:3128)), and its older
versions no NO_PROXY without a leading dot.
"""

from __future__ import annotations

import os
import sys
import typing as t
from urllib.parse import SplitResult, unquote, urlsplit

from .errors import SessionError

# The library reads the environment itself unless it is told which hosts need no proxy: all of them, or this one.
_EVERY_HOST = "*"
_NO_HOST = "no-host.invalid"
_SCHEMES = {"wss": "https", "ws": "http"}


def options(url: str) -> dict[str, t.Any]:
    """Return the arguments of create_connection for this URL. Raises SessionError for a proxy that cannot be used."""
    if sys.platform == "linux" and not any(name.lower().endswith("_proxy") for name in os.environ):
        return {"http_no_proxy": [_EVERY_HOST]}
    # Only where it is needed: it takes 2 MiB of each session's memory.
    from urllib.request import getproxies, proxy_bypass

    server = urlsplit(url)
    scheme = _SCHEMES.get(server.scheme, server.scheme)
    found = getproxies().get(scheme)
    if not found or proxy_bypass(server.netloc):
        return {"http_no_proxy": [_EVERY_HOST]}
    proxy = _parsed(found, scheme)
    auth = (unquote(proxy.username), unquote(proxy.password or "")) if proxy.username else None
    return {
        "http_proxy_host": proxy.hostname,
        "http_proxy_port": proxy.port or 80,
        "http_proxy_auth": auth,
        "http_no_proxy": [_NO_HOST],
    }


def _parsed(text: str, scheme: str) -> SplitResult:
    # As in botocore, which takes what has no scheme for http.
    proxy = urlsplit(text if "://" in text else f"http://{text.removeprefix('//')}")
    try:
        is_usable = proxy.scheme == "http" and bool(proxy.hostname) and proxy.port != 0
    except ValueError:
        is_usable = False
    if not is_usable:
        # It may have a password, which is not repeated.
        raise SessionError(
            f"The proxy in {scheme.upper()}_PROXY cannot be used for the session's WebSocket. Set one as "
            "http://HOST:PORT, or name the host of ssmmessages in NO_PROXY."
        )
    return proxy
