# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import queue
import signal
import time

import pytest
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._aws.concurrency import run_concurrently
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._report import progress as progress_file
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._report.progress import Progress
from ansible_collections.mlops.studio_local_mode.plugins.plugin_utils._report.followed_action import Follower


@pytest.fixture
def path(tmp_path):
    path = tmp_path / "progress"
    path.touch()
    return path


def test_the_newest_line_is_shown_while_the_work_lasts(path):
    shown = queue.Queue()
    progress = Progress(str(path))
    with Follower(path, shown.put, seconds=0.01):
        progress.expect("apps", 3)
        assert shown.get(timeout=60).startswith("0 of 3 apps after 0 s")
        progress.expect("domains", 1)
        progress.done("apps")
        while not (line := shown.get(timeout=60)).startswith("1 of 3 apps, 0 of 1 domain after"):
            assert line.startswith("0 of 3 apps")
    assert shown.empty()


def test_a_line_that_does_not_change_is_repeated_only_after_a_silence(path):
    Progress(str(path)).expect("apps", 3)
    for silence, number in ((0.0, 2), (600.0, 1)):
        shown = queue.Queue()
        with Follower(path, shown.put, seconds=0.01, silence=silence):
            for _ in range(number):
                shown.get(timeout=60)
            if number == 1:
                time.sleep(0.1)
        assert silence == 0.0 or shown.empty()


def test_short_work_shows_nothing(path):
    shown = queue.Queue()
    with Follower(path, shown.put):
        Progress(str(path)).expect("apps", 3)
    assert shown.empty()


def test_the_thread_receives_no_signal_of_the_worker(path):
    masks = queue.Queue()
    Progress(str(path)).expect("apps", 3)
    mask = signal.pthread_sigmask(signal.SIG_BLOCK, [])
    with Follower(path, lambda _line: masks.put(signal.pthread_sigmask(signal.SIG_BLOCK, [])), seconds=0.01):
        assert masks.get(timeout=60) >= {signal.SIGINT, signal.SIGTERM, signal.SIGHUP}
        assert signal.pthread_sigmask(signal.SIG_BLOCK, []) == mask


def test_without_the_file_the_work_goes_on(tmp_path):
    (tmp_path / "target").touch()
    (tmp_path / "link").symlink_to("target")
    for name in ("", "missing", "link"):
        progress = Progress(str(tmp_path / name) if name else "")
        progress.expect("apps", 3)
        progress.done("apps")
    assert (tmp_path / "target").read_text() == ""
    assert not (tmp_path / "missing").exists()


def test_concurrent_work_is_counted_also_if_it_fails(path, monkeypatch):
    progress = Progress(str(path))
    for module in (progress_file, __import__(run_concurrently.__module__, fromlist=["progress"])):
        monkeypatch.setattr(module, "progress", progress)
    run_concurrently(lambda item: item, [1], counted="domains")
    run_concurrently(str, [1, 2], counted="domains")
    run_concurrently(str, [1, 2])
    with pytest.raises(ZeroDivisionError):
        run_concurrently(lambda item: 1 // item, [0], counted="domains")
    assert path.read_text().splitlines()[-1] == "4 of 4 domains"
