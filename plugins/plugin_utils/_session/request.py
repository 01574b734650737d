# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# Note that this file is private to the collection: do not use it from outside.
"""What the connection plugin tells the processes of a session: a JSON object, their argument. It has no secret."""

from __future__ import annotations

import json
import re
import typing as t

_SPACE = re.compile(
    r"arn:aws[a-z-]*:sagemaker:([a-z0-9-]+):[0-9]{12}:space/(d-[A-Za-z0-9-]+)/([A-Za-z0-9][A-Za-z0-9-]*)"
)


class SpaceName(t.NamedTuple):
    """The parts of a space's ARN."""

    region: str
    domain_id: str
    space: str

    @property
    def list_apps(self) -> str:
        """The command that shows the app of the space."""
        return (
            f"aws sagemaker list-apps --region {self.region} --domain-id-equals {self.domain_id} "
            f"--space-name-equals {self.space}"
        )


class Request(t.NamedTuple):
    """A session to start: for which space, with which credentials, until when it has to be ready."""

    space_arn: str
    region: str
    timeout: float
    owner_pid: int | None = None
    message_file: str | None = None
    profile: str | None = None
    role_arn: str | None = None
    external_id: str | None = None
    endpoint_url: str | None = None
    session_manager_plugin: str = "never"

    def to_argument(self) -> str:
        """Return the argument of a process."""
        return json.dumps({name: value for name, value in self._asdict().items() if value is not None})


def from_argument(argument: str) -> Request:
    """Read the argument of a process."""
    return Request(**json.loads(argument))


def parse_space_arn(arn: str) -> SpaceName | None:
    """Return the parts of the ARN; None if it is not a space's."""
    found = _SPACE.fullmatch(arn)
    return SpaceName(*found.groups()) if found else None
