# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# Note that this file is private to the collection: do not use it from outside.
"""ssh's ProxyCommand: start a session, and be its stream.

This process lives as long as the session, so that it imports little; start_session.py runs in another one.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from pathlib import Path

from . import official_plugin
from .data_channel import DataChannel, require_library
from .errors import SessionError
from .owner import Owner
from .request import Request, from_argument
from .stream import Stream

# ssh would end the proxy at its own time-out, and its message would say only that.
_EARLIER_THAN_SSH = 2.0


def main(argument: str) -> int:
    """Run until ssh, the session or the run of Ansible ends."""
    request = from_argument(argument)
    try:
        _run(request)
    except SessionError as error:
        _report(str(error), request.message_file)
        return 1
    except Exception as error:
        # Nobody would see its traceback.
        _report(f"The proxy of the session failed: {error!r}. Please report it.", request.message_file)
        raise
    return 0


def _run(request: Request) -> None:
    deadline = time.monotonic() + max(request.timeout - _EARLIER_THAN_SSH, 1.0)
    plugin = official_plugin.find(request.session_manager_plugin)
    if plugin is None:
        require_library()
    session = _start(request, deadline)
    owner = Owner(request.owner_pid)
    if plugin is not None:
        official_plugin.run(plugin, session, request, owner)
        return
    # The list of addresses may be long, and each gets the whole time-out.
    channel = DataChannel(session["StreamUrl"], session["TokenValue"], max(deadline - time.monotonic(), 1.0))
    Stream(channel, owner).run(ready_by=deadline)


def _start(request: Request, deadline: float) -> dict[str, str]:
    """StartSession's answer. Raises SessionError."""
    left = max(deadline - time.monotonic(), 1.0)
    launcher = str(Path(__file__).with_name("run.py"))
    command = [sys.executable, launcher, "start", request._replace(timeout=left).to_argument()]
    with subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE) as process:
        try:
            output, _errors = process.communicate(timeout=left + 1)
        except subprocess.TimeoutExpired:
            raise SessionError(
                f"SageMaker did not answer StartSession within {left:.0f} seconds. Check that the endpoint "
                "sagemaker.api is reachable from here (proxy, VPC endpoint)."
            ) from None
        finally:
            process.kill()
    try:
        answer: dict[str, str] = json.loads(output)
    except ValueError:
        raise SessionError(f"The process that starts the session failed with status {process.returncode}.") from None
    if "error" in answer:
        raise SessionError(answer["error"])
    return answer


def _report(text: str, message_file: str | None) -> None:
    """Tell the user. ssh discards the proxy's standard error where it keeps the connection for later commands."""
    print(text, file=sys.stderr)
    if message_file:
        unfinished = f"{message_file}.{os.getpid()}"
        descriptor = os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w") as handle:
            handle.write(text)
        Path(unfinished).replace(message_file)
