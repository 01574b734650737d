# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# Note that this file is private to the collection: do not use it from outside.
"""AWS's session-manager-plugin in place of the client of this collection, for those who have to use it.

It takes the token from an environment variable, which root and the same user can read while it runs; versions before
1.2.497.0 take it from their arguments, which everybody can read. They are not supported.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import time

from .caller import Caller
from .errors import SessionEnded, SessionError
from .request import Request

_PROGRAM = "session-manager-plugin"
_ENVIRONMENT = "AWS_SSM_START_SESSION_RESPONSE"
_OLDEST = (1, 2, 497, 0)


def find(choice: str) -> str | None:
    """Return the program's path, None if the collection's own client is used. Raises SessionError if it is missing.

    C(choice) is C(never), C(auto) (use it if it is on PATH) or a path.
    """
    if choice == "never":
        return None
    found = shutil.which(_PROGRAM if choice == "auto" else choice)
    if found is None and choice != "auto":
        raise SessionError(
            f"The option session_manager_plugin names {choice}, which is no program on this controller. Install "
            "session-manager-plugin there, or set the option to `never` to use the collection's own client."
        )
    if found is not None:
        _check_version(found)
    return found


def _check_version(program: str) -> None:
    try:
        printed = subprocess.run(
            [program, "--version"], capture_output=True, text=True, errors="replace", check=False, timeout=10
        ).stdout
        version = tuple(int(part) for part in printed.strip().split("."))
    except (OSError, ValueError, subprocess.TimeoutExpired) as error:
        raise SessionError(f"{program} --version does not print a version: {error}.") from error
    if version < _OLDEST:
        raise SessionError(
            f"{program} {printed.strip()} takes the session's token from its arguments, which every user of this "
            "machine can read. Install 1.2.497.0 or later, or set the option session_manager_plugin to `never`."
        )


def run(program: str, session: dict[str, str], request: Request, caller: Caller) -> None:
    """Run the program on this process's input and output until it, ssh or the run of Ansible ends."""
    command = [
        program,
        _ENVIRONMENT,
        request.region,
        "StartSession",
        request.profile or "",
        json.dumps({"ResourceIdentifier": request.space_arn}),
        request.endpoint_url or "",
    ]
    environment = {**os.environ, _ENVIRONMENT: json.dumps(session)}
    with subprocess.Popen(command, env=environment, start_new_session=True) as process:
        while process.poll() is None and not caller.is_gone():
            time.sleep(0.2)
        has_failed = bool(process.returncode)
        process.terminate()
        try:
            process.wait(timeout=5)
        except subprocess.TimeoutExpired:
            process.kill()
    if has_failed:
        raise SessionEnded(f"{program} failed with status {process.returncode}.")
