# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The filter as a process of the sandbox: started before the apps, and restarted if its sources have changed."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

from .. import layout, processes, waiting
from ..console import SandboxError, say
from ..inputs import fingerprint
from . import record
from .policy import POLICIES

_SERVER = "tests.sandbox.studio_filter.server"
_STATE = layout.PROXIES / "filter.json"
_LOG = layout.PROXIES / "filter.log"


def start() -> None:
    """Start the filter, also before the engine is up."""
    inputs = fingerprint(Path(__file__).parent)
    if _is_up() and _state().get("inputs") == inputs:
        return
    stop()
    say("start the stand-in for Studio's proxy")
    layout.PROXIES.mkdir(parents=True, exist_ok=True)
    (layout.PROXIES / record.FILE).unlink(missing_ok=True)
    with _LOG.open("w") as log:
        server = subprocess.Popen(
            [sys.executable, "-m", _SERVER, layout.ENGINE_SOCKET, layout.PROXIES, _STATE, inputs],
            cwd=layout.ROOT,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    waiting.until(lambda: server.poll() is not None or _is_up(), seconds=120)
    if not _is_up():
        raise SandboxError(f"The filter did not start; the end of {_LOG}:\n{_LOG.read_text()[-2000:]}")


def stop() -> None:
    """Stop the filter; the apps' sockets then refuse connections."""
    with processes.running(_state().get("pid"), _SERVER, str(_STATE)) as process:
        if process is not None:
            processes.end(process)
    _STATE.unlink(missing_ok=True)


def status() -> str:
    """Describe the filter in a few words."""
    return f"up, {', '.join(POLICIES)}" if _is_up() else "down"


def folder(policy: str) -> Path:
    """Return the folder that an app of a domain with that policy mounts at /docker.

    It is the folder and not the socket, so that running apps can use a restarted filter.
    """
    return layout.PROXIES / policy


def calls(policy: str) -> set[str]:
    """Return the operations that the apps of a domain with that policy have called since the filter's start."""
    recorded = layout.PROXIES / record.FILE
    return set(json.loads(recorded.read_text()).get(policy, ())) if recorded.exists() else set()


def _is_up() -> bool:
    with processes.running(_state().get("pid"), _SERVER, str(_STATE)) as process:
        return process is not None


def _state() -> dict[str, int | str]:
    try:
        return json.loads(_STATE.read_text())
    except (FileNotFoundError, ValueError):
        return {}
