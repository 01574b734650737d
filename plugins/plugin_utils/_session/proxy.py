# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# Note that this file is private to the collection: do not use it from outside.
"""ssh's ProxyCommand: start a session, and be its stream.

This process lives as long as the session, so that it imports little; start_session.py runs in another one.
"""

from __future__ import annotations

import contextlib
import json
import os
import subprocess
import sys
import time
from pathlib import Path

from . import official_plugin
from .caller import Caller
from .data_channel import DataChannel, require_library
from .endings import check_app
from .errors import SessionEnded, SessionError
from .owner import Owner
from .request import Request, from_argument, parse_space_arn
from .signals import StopSignals
from .stream import Stream

# Ansible, too, ends its wait for a password's prompt at this time-out.
_EARLIER_THAN_ANSIBLE = 2.0
_LOOK_EVERY = 0.2


def main(argument: str) -> int:
    """Run until ssh, the session or the run of Ansible ends."""
    request = from_argument(argument)
    _leave_process_group()
    with StopSignals() as signals:
        caller = Caller(signals, Owner(request.owner_pid))
        try:
            _run(request, caller)
        except SessionError as error:
            # A file that nobody reads would stay for ever.
            _report(_explain(error, request), None if caller.is_gone() else request.message_file)
            return 1
        except Exception as error:
            # Nobody would see its traceback.
            _report(f"The proxy of the session failed: {error!r}. Please report it.", request.message_file)
            raise
    return 0


def _explain(error: SessionError, request: Request) -> str:
    space = parse_space_arn(request.space_arn)
    return f"{error} {check_app(space)}" if space and isinstance(error, SessionEnded) else str(error)


def _leave_process_group() -> None:
    """Survive the end of a play, which is not that of the session.

    When a play has ended, Ansible sends SIGTERM to the process group of each worker that still runs, as one may on a
    busy machine. ssh has left the group then; its proxy has not.
    """
    # The leader of a group may not leave it, and need not: the group is its own.
    with contextlib.suppress(PermissionError):
        os.setsid()


def _run(request: Request, caller: Caller) -> None:
    deadline = time.monotonic() + max(request.timeout - _EARLIER_THAN_ANSIBLE, 1.0)
    plugin = official_plugin.find(request.session_manager_plugin)
    if plugin is None:
        require_library()
    session = _start(request, deadline, caller)
    if plugin is not None:
        official_plugin.run(plugin, session, request, caller)
        return
    # The list of addresses may be long, and each gets the whole time-out.
    channel = DataChannel(
        session["StreamUrl"], session["TokenValue"], max(deadline - time.monotonic(), 1.0), session.get("CaBundle")
    )
    Stream(channel, caller).run(ready_by=deadline)


def _start(request: Request, deadline: float, caller: Caller) -> dict[str, str]:
    """StartSession's answer. Raises SessionError."""
    left = max(deadline - time.monotonic(), 1.0)
    launcher = str(Path(__file__).with_name("run.py"))
    command = [sys.executable, launcher, "start", request._replace(timeout=left).to_argument()]
    with subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE) as process:
        try:
            output = _output(process, time.monotonic() + left + 1, caller)
        finally:
            process.kill()
    if output is None:
        raise SessionError(
            f"SageMaker did not answer StartSession within {left:.0f} seconds. Check that the endpoint sagemaker.api "
            "is reachable from here (proxy, VPC endpoint)."
        )
    try:
        answer: dict[str, str] = json.loads(output)
    except ValueError:
        raise SessionError(f"The process that starts the session failed with status {process.returncode}.") from None
    if "error" in answer:
        raise SessionError(answer["error"])
    return answer


def _output(process: subprocess.Popen[bytes], deadline: float, caller: Caller) -> bytes | None:
    """What the process prints; None if it does not end in time.

    Without a caller it is asked to end, but a call to SageMaker that is under way is not cut off: its answer may be a
    session, which only this process can end.
    """
    while time.monotonic() < deadline:
        try:
            return process.communicate(timeout=_LOOK_EVERY)[0]
        except subprocess.TimeoutExpired:
            if caller.is_gone():
                process.terminate()
    return None


def _report(text: str, message_file: str | None) -> None:
    """Tell the user. ssh discards the proxy's standard error where it keeps the connection for later commands."""
    print(text, file=sys.stderr)
    if message_file:
        unfinished = f"{message_file}.{os.getpid()}"
        descriptor = os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w") as handle:
            handle.write(text)
        Path(unfinished).replace(message_file)
