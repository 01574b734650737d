# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# Note that this file is private to the collection: do not use it from outside.
"""The parts of ssh's command that make a session of it: ProxyCommand, socket, host keys."""

from __future__ import annotations

import hashlib
import multiprocessing
import os
import shlex
import sys
from pathlib import Path

from .request import Request, parse_space_arn

# A server that has gone is noticed after 75 seconds. Ansible's time-out does not count from the banner on.
KEEPALIVE = ("-o", "ServerAliveInterval=15", "-o", "ServerAliveCountMax=4")

# What boto3 takes the credentials from: another value is another caller.
_CREDENTIAL_VARIABLES = ("AWS_ACCESS_KEY_ID", "AWS_PROFILE", "AWS_DEFAULT_PROFILE", "AWS_ROLE_ARN")

_LATER_THAN_PROXY = 10


def ansible_pid() -> int:
    """Return the process of the run of Ansible. Tasks run in its workers, which it starts by multiprocessing."""
    main = multiprocessing.parent_process()
    return os.getpid() if main is None or main.pid is None else main.pid


def host_alias(request: Request) -> str:
    """Return a name for ssh's messages. Whatever the inventory says, it has no character that ssh interprets."""
    space = parse_space_arn(request.space_arn)
    return f"{space.space}.{space.domain_id}" if space else "space"


def rename_host(argument: bytes | str, host: str, alias: str) -> bytes | str:
    """Return the argument, with the alias in place of the host of the inventory."""
    word = os.fsdecode(argument)
    if word == host:
        return alias
    # scp's and sftp's form.
    if word.startswith(f"[{host}]"):
        return f"[{alias}]{word[len(host) + 2 :]}"
    return argument


def control_path(folder: str, request: Request, user: str, access_key: str | None) -> str:
    """Return the path of the shared connection's socket: one for each space, caller, user and run of Ansible.

    ssh's own C(%h) is in lower case, and would give two spaces one socket.
    """
    caller = [os.environ.get(name) for name in _CREDENTIAL_VARIABLES]
    # A task that waits longer is no other caller.
    identity = repr((request._replace(message_file=None, timeout=0.0), user, access_key, caller))
    # A socket's path has at most 104 bytes on some systems, and ssh adds 17 while it creates one.
    name = hashlib.sha256(identity.encode()).hexdigest()[:16]
    return str(Path(folder).expanduser() / f"s-{name}")


def options(request: Request, socket: str) -> list[str]:
    """Return ssh's options for the session."""
    settings = {
        "ProxyCommand": proxy_command(request._replace(message_file=f"{socket}.message")),
        "ProxyUseFdpass": "no",
        # The first of several counts. The proxy keeps the time, and says why it is over; ssh would say only that.
        "ConnectTimeout": str(round(request.timeout) + _LATER_THAN_PROXY),
        "ControlPath": f'"{_escaped(socket)}"',
        # Each app has a new host key, and there is nothing to compare it with: IAM and TLS protect the session.
        "StrictHostKeyChecking": "no",
        "UserKnownHostsFile": "/dev/null",
        "GlobalKnownHostsFile": "/dev/null",
        "HostKeyAlias": host_alias(request),
        "CheckHostIP": "no",
        # ssh would warn of a new host key in each command's errors.
        "LogLevel": "ERROR",
    }
    return [word for name, value in settings.items() for word in ("-o", f"{name}={value}")]


def proxy_command(request: Request) -> str:
    """Return the command that ssh's shell executes: this collection's proxy, with Ansible's own Python."""
    program = str(Path(__file__).with_name("run.py"))
    words = [sys.executable, program, "proxy", request.to_argument()]
    return _escaped(" ".join(shlex.quote(word) for word in words))


def _escaped(text: str) -> str:
    """ssh expands C(%h) and its like in both options."""
    return text.replace("%", "%%")


class MessageFile:
    """Where the proxy leaves its last words: ssh discards them where it keeps the connection for later commands."""

    def __init__(self, path: str) -> None:
        self._path = Path(path)

    def discard(self) -> None:
        """Remove the words of an earlier session."""
        self._path.unlink(missing_ok=True)

    def take(self) -> str | None:
        """Return the words and remove them; None if there are none."""
        try:
            text = self._path.read_text(encoding="utf-8")
        except OSError:
            return None
        self.discard()
        return text
