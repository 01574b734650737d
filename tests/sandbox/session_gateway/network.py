# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The network between client and agent: it loses, doubles, reorders and delays frames as the controls request."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Awaitable, Callable

from .controls import Controls

Deliver = Callable[[bytes], Awaitable[None]]


class Direction:
    """One direction. Frames keep their order, unless the controls request another."""

    def __init__(self, deliver: Deliver, controls: Callable[[], Controls], seed: int) -> None:
        self._deliver = deliver
        self._controls = controls
        # Each test has the same faults in every run.
        self._chance = random.Random(seed)  # noqa: S311 - no secret
        self._held: bytes | None = None
        self._queue: asyncio.Queue[tuple[float, bytes]] = asyncio.Queue()

    async def carry(self, frame: bytes) -> None:
        """Take a frame."""
        controls = self._controls()
        if self._chance.random() < controls.loss:
            return
        if self._held is None and self._chance.random() < controls.reordering:
            self._held = frame
            return
        copies = 2 if self._chance.random() < controls.duplication else 1
        held, self._held = self._held, None
        for each in [frame] * copies + ([held] if held is not None else []):
            if controls.delay:
                self._queue.put_nowait((asyncio.get_running_loop().time() + controls.delay, each))
            else:
                await self._deliver(each)

    async def run(self) -> None:
        """Deliver the delayed frames, for ever."""
        while True:
            due, frame = await self._queue.get()
            await asyncio.sleep(due - asyncio.get_running_loop().time())
            await self._deliver(frame)
