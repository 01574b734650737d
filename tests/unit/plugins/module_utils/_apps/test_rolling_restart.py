# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import threading
import time

import pytest
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._apps.app_result import AppResult
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._apps.rolling_restart import RollingRestart

from tests.unit.studio_apps import DOMAIN, LAB


class Restarts:
    """Stands for AppReconciler.restart: records the order and how many run at the same time."""

    def __init__(self, failing=(), status="Deleted", together=1, stopped=()):
        self.failing = failing
        self.stopped = stopped
        self.status = status
        self.order = []
        self.alone = []
        self.most = self.running = 0
        self._lock = threading.Lock()
        self._batch = threading.Barrier(together)

    def __call__(self, result):
        name = result.app["SpaceName"]
        with self._lock:
            self.order.append(name)
            self.running += 1
            self.most = max(self.most, self.running)
            self.alone += [name] if self.running == 1 else []
        time.sleep(0.01)  # Those of a batch overlap.
        if len(self.order) > 1 + len(self.stopped):
            self._batch.wait(5)
        result.status = "InService"
        if name in self.failing:
            result.error, result.status = "it failed", self.status
        if name in self.stopped:
            result.skip_reason, result.status = "it is Deleted by now", "Deleted"
        result.changed = not result.skip_reason and (not result.error or result.status == "Deleted")
        with self._lock:
            self.running -= 1


def results(*names, unfinished=()):
    return [
        AppResult(DOMAIN, {**LAB, "SpaceName": name}, "InService", selected=True, unfinished=name in unfinished)
        for name in names
    ]


def run(restarts, apps, batch_size=2, max_failures=0):
    RollingRestart(restarts, batch_size, max_failures).run(apps)
    return [app.app["SpaceName"] for app in apps if app.skip_reason]


def test_one_app_is_restarted_first_and_then_a_batch_at_a_time():
    restarts = Restarts(together=3)
    assert run(restarts, results(*"abcdefg"), batch_size=3) == []
    assert restarts.order[0] == "a"
    assert set(restarts.order) == set("abcdefg")
    assert restarts.most == 3


def test_an_app_that_its_user_stopped_meanwhile_is_no_trial():
    restarts = Restarts(together=2, stopped="ab")
    assert run(restarts, results(*"abcdefg"), batch_size=2) == ["a", "b"]
    assert restarts.order[:3] == restarts.alone[:3] == ["a", "b", "c"]
    assert restarts.most == 2


def test_as_long_as_no_app_can_be_deleted_they_are_tried_one_at_a_time():
    restarts = Restarts(failing="abcdefg", status="InService")
    assert run(restarts, results(*"abcdefg"), batch_size=3) == []
    assert restarts.most == 1


def test_no_app_follows_a_first_one_that_fails():
    restarts = Restarts(failing="a")
    assert run(restarts, results(*"abcd")) == ["b", "c", "d"]
    assert restarts.order == ["a"]


def test_apps_that_an_earlier_run_deleted_come_first():
    restarts = Restarts(failing="c")
    apps = results(*"abcd", unfinished="c")
    assert run(restarts, apps) == ["a", "b", "d"]
    assert restarts.order == ["c"]
    assert apps[0].skip_reason == "1 app(s) did not get into service again, and max_failures is 0"


@pytest.mark.parametrize(("max_failures", "restarted"), [(0, 1), (1, 2), (2, 5)])
def test_more_failures_than_allowed_end_it(max_failures, restarted):
    restarts = Restarts(failing="ab")
    run(restarts, results(*"abcde"), batch_size=1, max_failures=max_failures)
    assert len(restarts.order) == restarted


def test_an_app_that_could_not_be_deleted_still_runs_and_is_no_failure():
    restarts = Restarts(failing="abc", status="InService")
    assert run(restarts, results(*"abcd"), batch_size=1) == []
