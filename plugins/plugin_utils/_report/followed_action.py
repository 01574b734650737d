# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# Note that this file is private to the collection: do not use it from outside.
"""Show how far a module is while it runs: the base of the actions of modules that may take minutes."""

from __future__ import annotations

import signal
import tempfile
import threading
import time
import typing as t
from pathlib import Path

from ansible import constants as C
from ansible.plugins.action.normal import ActionModule as NormalAction
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._report.progress import VARIABLE
from ansible_collections.mlops.studio_local_mode.plugins.plugin_utils._payload.garbage_collector import (
    paused_collector,
)
from ansible_collections.mlops.studio_local_mode.plugins.plugin_utils._report.printer import prints_json
from ansible_collections.mlops.studio_local_mode.plugins.plugin_utils._report.way import way_of

# A line so often, if something changed, and one in between where nothing does for long.
_SECONDS, _SILENCE = 10.0, 60.0


class Follower:
    """Calls C(show) with the newest line of a file from time to time, as long as the context lasts."""

    def __init__(
        self, path: Path, show: t.Callable[[str], None], seconds: float = _SECONDS, silence: float = _SILENCE
    ) -> None:
        self._path = path
        self._show = show
        self._seconds = seconds
        self._silence = silence
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._follow, daemon=True)

    def __enter__(self) -> None:
        # The thread must receive no signal: Ansible's handler ends the module, and runs in the main thread, which would
        # go on waiting for the module.
        before = signal.pthread_sigmask(signal.SIG_BLOCK, signal.valid_signals())
        try:
            self._thread.start()
        finally:
            signal.pthread_sigmask(signal.SIG_SETMASK, before)

    def __exit__(self, *_error: object) -> None:
        self._ended.set()
        self._thread.join()

    def _follow(self) -> None:
        started = shown_at = time.monotonic()
        shown = ""
        while not self._ended.wait(self._seconds):
            line, now = self._newest(), time.monotonic()
            if line and (line != shown or now - shown_at >= self._silence):
                self._show(f"{line} after {_duration(now - started)}")
                shown, shown_at = line, now

    def _newest(self) -> str:
        lines = self._path.read_text(encoding="utf-8").splitlines()
        return lines[-1] if lines else ""


def _duration(seconds: float) -> str:
    minutes, rest = divmod(round(seconds), 60)
    return f"{minutes} min {rest} s" if minutes else f"{rest} s"


class FollowedAction(NormalAction):
    """Runs the module as Ansible runs any other, and shows its progress if it runs on the controller.

    A failure in a job of AWX names the questions of the form that it is about.
    """

    def run(self, tmp: str | None = None, task_vars: dict[str, t.Any] | None = None) -> dict[str, t.Any]:
        module = self._task.action.rpartition(".")[2]
        with paused_collector():
            result = self._followed(tmp, task_vars)
        return way_of(task_vars or {}).result(result, module)

    def _followed(self, tmp: str | None, task_vars: dict[str, t.Any] | None) -> dict[str, t.Any]:
        if self._connection.transport != "local" or self._task.async_val:
            return dict(super().run(tmp, task_vars))
        with tempfile.NamedTemporaryFile(dir=C.DEFAULT_LOCAL_TMP, prefix="progress") as file:
            environment = self._task.environment or []
            environments = environment if isinstance(environment, list) else [environment]
            self._task.environment = [*environments, {VARIABLE: file.name}]
            name = (task_vars or {}).get("inventory_hostname", "localhost")
            # Standard output may have to stay JSON.
            with Follower(
                Path(file.name), lambda line: self._display.display(f"[{name}] {line}", stderr=prints_json())
            ):
                return dict(super().run(tmp, task_vars))
