# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# Note that this file is private to the collection: do not use it from outside.
"""User names and passwords of a mirror: from the options, or from a netrc file."""

from __future__ import annotations

import base64
import netrc
import os
import urllib.request
from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple
from urllib.parse import urlsplit

from ansible_collections.mlops.studio_local_mode.plugins.module_utils._docker.errors import PackageError


class Login(NamedTuple):
    """A user name and password for the URLs that begin with this one. Never put it into a message."""

    url: str
    user: str
    password: str


class LoginHandler(urllib.request.BaseHandler):
    """Sends the logins with the first request, since a mirror may answer 404 without one.

    The header does not follow a redirection to another server.
    """

    def __init__(self, logins: Iterable[Login]) -> None:
        self._logins = tuple(logins)

    def http_request(self, req: urllib.request.Request) -> urllib.request.Request:
        for login in self._logins:
            if req.full_url.lower().startswith(login.url):
                text = base64.b64encode(f"{login.user}:{login.password}".encode()).decode()
                req.add_unredirected_header("Authorization", f"Basic {text}")
        return req

    https_request = http_request


def logins(urls: Iterable[str], user: str | None, password: str | None) -> list[Login]:
    """Return the logins for some URLs: the given one for the host of the first URL, for the others those of netrc.

    Raises PackageError if a needed netrc file cannot be read.
    """
    places = [(urlsplit(url), url) for url in urls]
    if not places:
        return []
    if user is None and password is None:
        return [Login(_base(url), *found) for parts, url in places for found in _from_netrc(parts.hostname or "")]
    first = places[0][0]
    return [Login(_base(url), user or "", password or "") for parts, url in places if parts[:2] == first[:2]]


def _base(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}/".lower()


def _from_netrc(host: str) -> list[tuple[str, str]]:
    path = Path(os.environ.get("NETRC") or Path("~/.netrc")).expanduser()
    try:
        entries = netrc.netrc(str(path)).hosts if path.is_file() else {}
    except netrc.NetrcParseError as error:
        raise PackageError(f"Cannot read {path}: {error}.") from error
    except (OSError, UnicodeDecodeError) as error:
        raise PackageError(f"Cannot read {path}: {error}.") from error
    # Only an entry of this host: that of "default" is for any server.
    found = entries.get(host)
    return [(found[0] or "", found[2] or "")] if found else []
