# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A call of Docker's API, as far as the filter reads it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

_VERSIONED = re.compile(r"/v\d+\.\d+(/.*)")
# feedback#161 is about /version. The CLI reads the engine's API version from an unversioned /_ping, which must work:
# otherwise it would use API 1.24, which lacks `docker build --network`, and that is reported to work.
_UNVERSIONED = ("/_ping",)


@dataclass(frozen=True)
class Call:
    """One call of Docker's API. `path` is without the API version."""

    method: str
    path: str
    versioned: bool = True
    query: Mapping[str, str] = field(default_factory=dict)
    # The content of the call, if a limit needs it (see `operations.Operation.reads`).
    body: Mapping[str, Any] = field(default_factory=dict)
    base_images: tuple[str, ...] = ()

    @classmethod
    def of(cls, method: str, target: str) -> Call:
        """Return the call of a request line."""
        url = urlsplit(target)
        versioned = _VERSIONED.fullmatch(url.path)
        path = versioned.group(1) if versioned else url.path
        return cls(method, unquote(path), bool(versioned), dict(parse_qsl(url.query, keep_blank_values=True)))

    @property
    def is_redirected(self) -> bool:
        """Whether the response is 301, because the path has no version (amazon-sagemaker-feedback#161)."""
        return not self.versioned and self.path not in _UNVERSIONED

    @property
    def host_config(self) -> Mapping[str, Any]:
        """The part of a container's creation that concerns the engine's machine."""
        return self.body.get("HostConfig") or {}
