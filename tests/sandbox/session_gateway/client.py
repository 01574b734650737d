# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The gateway as tests and the AWS endpoint use it."""

from __future__ import annotations

import json
import socket
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

_REPOSITORY = Path(__file__).parents[3]


class GatewayClient:
    """A running gateway, by its control address HOST:PORT."""

    def __init__(self, address: str) -> None:
        self.address = address

    def ask(self, action: str, **parameters: Any) -> dict[str, Any]:
        """Send one request. ValueError if the gateway refuses it."""
        host, _, port = self.address.partition(":")
        with socket.create_connection((host, int(port)), timeout=30) as connection, connection.makefile("rw") as lines:
            lines.write(json.dumps({"action": action, **parameters}) + "\n")
            lines.flush()
            answer = json.loads(lines.readline())
        if "refused" in answer:
            raise ValueError(answer["refused"])
        return answer

    def add_space(self, arn: str, **place: Any) -> int:
        """Start the app of a space in a place (ssh_server.Place), or with another server's `port`; return the port."""
        return int(self.ask("add_space", arn=arn, **place)["port"])

    def stop_space(self, arn: str) -> None:
        """Stop the app of a space."""
        self.ask("stop_space", arn=arn)

    def change(self, **controls: Any) -> None:
        """Change controls (controls.Controls)."""
        self.ask("change", **controls)

    def started(self, arn: str | None = None) -> int:
        """Return how many sessions were started, for a space or in all."""
        return len([space for space, _open in self._sessions() if arn in (None, space)])

    def open(self, arn: str | None = None) -> int:
        """Return how many sessions are open."""
        return len([space for space, is_open in self._sessions() if is_open and arn in (None, space)])

    def wait_until_closed(self, seconds: float) -> bool:
        """Wait until no session is open; return whether that was within the time."""
        deadline = time.monotonic() + seconds
        while self.open():
            if time.monotonic() > deadline:
                return False
            time.sleep(0.05)
        return True

    def _sessions(self) -> list[list[Any]]:
        return self.ask("sessions")["sessions"]


class GatewayProcess(GatewayClient):
    """A gateway of one's own; it ends with `stop`, or with the process that started it."""

    def __init__(self, certificate: Path | None = None) -> None:
        options = [str(certificate)] if certificate else []
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.sandbox.session_gateway.server", *options],
            cwd=_REPOSITORY,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        assert self._process.stdout is not None
        super().__init__(f"127.0.0.1:{int(self._process.stdout.readline())}")

    def stop(self) -> None:
        """End the process."""
        assert self._process.stdin is not None
        self._process.stdin.close()
        self._process.wait(timeout=60)
