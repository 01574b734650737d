# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The filter's process: one socket for each policy, all in front of the same engine.

Usage: python -m tests.sandbox.studio_filter.server ENGINE_SOCKET FOLDER STATE_FILE INPUTS
"""

from __future__ import annotations

import asyncio
import json
import os
import signal
import socket
import sys
from functools import partial
from pathlib import Path

from .policy import POLICIES
from .proxy import StudioProxy
from .record import Recorder

SOCKET = "proxy.sock"
# sagemaker-user's group in every image of Studio.
_GROUP = 100


async def serve(engine: Path, folder: Path, state_file: Path, inputs: str) -> None:
    """Serve until SIGTERM; write `inputs` to the state file as soon as every socket exists."""
    stop = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, stop.set)
    servers = []
    recorder = Recorder(folder)
    for name, policy in POLICIES.items():
        log = partial(print, f"{name}:", flush=True)
        proxy = StudioProxy(engine, policy, log, record=partial(recorder.record, name))
        servers.append(await asyncio.start_unix_server(proxy.serve, sock=_listen(folder / name)))
    state_file.write_text(json.dumps({"pid": os.getpid(), "inputs": inputs}))
    # Open connections, such as a `logs --follow`, end with the process.
    await stop.wait()


def _listen(folder: Path) -> socket.socket:
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / SOCKET
    path.unlink(missing_ok=True)
    listening = socket.socket(socket.AF_UNIX)
    listening.bind(str(path))
    os.chown(path, 0, _GROUP)
    path.chmod(0o660)
    return listening


if __name__ == "__main__":
    asyncio.run(serve(*map(Path, sys.argv[1:4]), sys.argv[4]))
