# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Start and stop the endpoint's server. One server per folder; the folder holds its log and its state."""

from __future__ import annotations

import fcntl
import json
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

from .. import processes

STATE_FILE = "endpoint.json"
SOCKET = "endpoint.sock"
_SERVER = "tests.sandbox.aws_endpoint.server"
_REPOSITORY = Path(__file__).parents[3]
_SECONDS_TO_START = 120


def start(folder: Path) -> str:
    """Start the server in the background unless it runs already, wait until it answers, and return its URL.

    RuntimeError with the end of its log if it does not come up.
    """
    folder.mkdir(parents=True, exist_ok=True)
    with _exclusively(folder):
        running = url(folder)
        if running and _answers(running):
            return running
        stop(folder)
        return _launch(folder)


def url(folder: Path) -> str | None:
    """The URL of the server that runs for `folder`, None if none does."""
    state = _state(folder)
    with _running(state, folder) as process:
        return str(state["url"]) if process is not None else None


def stop(folder: Path) -> None:
    """Stop the server that runs for `folder`, if any."""
    state = _state(folder)
    with _running(state, folder) as process:
        if process is not None:
            processes.end(process)
    _state_file(folder).unlink(missing_ok=True)


def _launch(folder: Path) -> str:
    state_file = _state_file(folder)
    state_file.unlink(missing_ok=True)
    log = folder / "endpoint.log"
    with log.open("ab") as output:
        process = subprocess.Popen(
            [sys.executable, "-m", _SERVER, str(state_file)],
            cwd=_REPOSITORY,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            start_new_session=True,
        )
    deadline = time.monotonic() + _SECONDS_TO_START
    while time.monotonic() < deadline and process.poll() is None:
        running = url(folder)
        if running and _answers(running):
            return running
        time.sleep(0.02)
    process.kill()
    raise RuntimeError(f"the AWS endpoint did not start; the end of {log}:\n{log.read_text()[-2000:]}")


def _answers(running: str) -> bool:
    try:
        with urllib.request.urlopen(f"{running}/_sandbox/controls", timeout=5):  # noqa: S310 - always http
            return True
    except OSError:
        return False


def _state_file(folder: Path) -> Path:
    """Absolute, because the server works in another directory."""
    return folder.resolve() / STATE_FILE


def _state(folder: Path) -> dict[str, str | int]:
    try:
        return json.loads(_state_file(folder).read_text())
    except FileNotFoundError:
        return {}


def _running(state: dict[str, str | int], folder: Path) -> AbstractContextManager[int | None]:
    return processes.running(state.get("pid"), _SERVER, str(_state_file(folder)))


@contextmanager
def _exclusively(folder: Path) -> Iterator[None]:
    """Two test processes that start the same endpoint at once share one."""
    with (folder / "endpoint.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
