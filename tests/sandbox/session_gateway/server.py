# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The gateway's process: `python -m tests.sandbox.session_gateway.server [CERTIFICATE]`.

It prints the port of its control socket, which takes one JSON object a line and answers with one. It ends with its
standard input.
"""

from __future__ import annotations

import asyncio
import json
import sys
from typing import Any

from .gateway import Gateway


async def main(certificate: str | None = None) -> None:
    """Serve until the standard input ends."""
    gateway = Gateway()
    actions = {
        "add_space": gateway.add_space,
        "stop_space": gateway.stop_space,
        "port": gateway.port,
        "start": gateway.start,
        "sessions": gateway.list_sessions,
        "tokens": gateway.tokens,
        "change": gateway.change,
        "reset": gateway.reset,
    }

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while line := await reader.readline():
            request: dict[str, Any] = json.loads(line)
            try:
                response = await actions[request.pop("action")](**request)
            except (KeyError, TypeError, ValueError) as error:
                response = {"refused": repr(error)}
            writer.write(json.dumps(response).encode() + b"\n")
            await writer.drain()
        writer.close()

    control = await asyncio.start_server(answer, "127.0.0.1", 0)
    async with gateway.listen(certificate), control:
        print(control.sockets[0].getsockname()[1], flush=True)
        await asyncio.get_running_loop().run_in_executor(None, sys.stdin.read)


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))
