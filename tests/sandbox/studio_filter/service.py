# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The filter as a process of the sandbox: started before the apps, and again when its sources have changed."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

from .. import layout, processes, waiting
from ..console import SandboxError, say
from ..inputs import fingerprint
from .policy import POLICIES

_SERVER = "tests.sandbox.studio_filter.server"
_STATE = layout.PROXIES / "filter.json"
_LOG = layout.PROXIES / "filter.log"


def start() -> None:
    """Have the filter before the engine, which need not be up yet."""
    inputs = fingerprint(Path(__file__).parent)
    if _is_up() and _state().get("inputs") == inputs:
        return
    stop()
    say("start the filter that stands before the engine in Studio")
    layout.PROXIES.mkdir(parents=True, exist_ok=True)
    with _LOG.open("w") as log:
        server = subprocess.Popen(
            [sys.executable, "-m", _SERVER, layout.ENGINE_SOCKET, layout.PROXIES, _STATE, inputs],
            cwd=layout.ROOT,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    waiting.until(lambda: server.poll() is not None or _is_up(), seconds=30)
    if not _is_up():
        raise SandboxError(f"The filter did not come up; the end of {_LOG}:\n{_LOG.read_text()[-2000:]}")


def stop() -> None:
    """Stop the filter; apps find nobody listening at their sockets."""
    with processes.running(_state().get("pid"), _SERVER, str(_STATE)) as process:
        if process is not None:
            processes.end(process)
    _STATE.unlink(missing_ok=True)


def status() -> str:
    """Describe the filter in a few words."""
    return f"up, {', '.join(POLICIES)}" if _is_up() else "down"


def folder(policy: str) -> Path:
    """Return what an app of a domain with that policy has as /docker.

    The folder and not the socket, so that a filter that is started again is there for the apps that run.
    """
    return layout.PROXIES / policy


def _is_up() -> bool:
    with processes.running(_state().get("pid"), _SERVER, str(_STATE)) as process:
        return process is not None


def _state() -> dict[str, int | str]:
    try:
        return json.loads(_STATE.read_text())
    except (FileNotFoundError, ValueError):
        return {}
