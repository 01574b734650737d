# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# Note that this file is private to the collection: do not use it from outside.
"""Restart many apps with a small blast radius: one first, then batches, while the apps get into service again."""

from __future__ import annotations

import threading
import typing as t
from dataclasses import dataclass, field

from ansible_collections.mlops.studio_local_mode.plugins.module_utils._aws.concurrency import run_concurrently
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._aws.stop import stop
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._report.progress import progress

if t.TYPE_CHECKING:
    from ansible_collections.mlops.studio_local_mode.plugins.module_utils._apps.app_result import AppResult


@dataclass
class RollingRestart:
    """Restarts apps in batches; more than C(max_failures) apps that do not get into service again end it.

    At most C(batch_size) apps are down at the same time, besides those that failed.
    """

    restart: t.Callable[[AppResult], None]
    batch_size: int
    max_failures: int
    _failures: int = 0
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def run(self, results: t.Sequence[AppResult]) -> None:
        """Restart the apps; those that are not started set C(skip_reason).

        Apps that an earlier run deleted come first: nothing is lost by creating them, and it shows whether apps can be
        created. Then the others are restarted one at a time until one of them was deleted and is in service again, and
        then in batches: an app that its user stopped meanwhile, or that could not be deleted, is no trial.
        """
        unfinished = [result for result in results if result.unfinished]
        running = [result for result in results if not result.unfinished]
        progress.expect("apps", len(results))
        run_concurrently(self._restart_unless_ended, unfinished, self.batch_size)
        while running:
            trial = running.pop(0)
            self._restart_unless_ended(trial)
            if trial.changed and not trial.error:
                break
        run_concurrently(self._restart_unless_ended, running, self.batch_size)

    def _restart_unless_ended(self, result: AppResult) -> None:
        result.skip_reason = self._reason_to_end()
        if result.skip_reason:
            return
        self.restart(result)
        progress.done("apps")
        # An app that was not deleted still runs.
        if result.error and result.status != "InService":
            with self._lock:
                self._failures += 1

    def _reason_to_end(self) -> str | None:
        if stop.reason:
            return f"the task was stopped because {stop.reason}"
        if self._failures > self.max_failures:
            return f"{self._failures} app(s) did not get into service again, and max_failures is {self.max_failures}"
        return None
