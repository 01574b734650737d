# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import errno
import shutil
import subprocess
import sys
import threading

import pytest
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._docker.errors import PackageError
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._docker_cli import lock

HOLD = "import fcntl, sys; file = open(sys.argv[1], 'ab'); fcntl.flock(file, fcntl.LOCK_EX); print(flush=True); input()"


@pytest.fixture
def held(tmp_path):
    """A lock that another process holds until its input ends."""
    path = tmp_path / "a" / ".lock"
    path.parent.mkdir()
    command = [sys.executable, "-c", HOLD, path]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        process.stdout.readline()
        yield path, process
        process.kill()


def test_a_free_lock(tmp_path):
    path = tmp_path / "a" / "b" / "c" / ".lock"
    for _time in range(2):
        with lock.exclusive(path, 5) as waited:
            assert (waited, path.exists()) == (False, True)
        assert not (tmp_path / "a").exists()


def test_the_file_stays_where_something_was_installed(tmp_path):
    path = tmp_path / "a" / ".lock"
    with lock.exclusive(path, 5):
        path.with_name("docker_cli.json").touch()
    assert path.exists()


def test_a_lock_that_another_process_holds_for_too_long(held):
    path, process = held
    words = rf"Another installation holds {path}: (process {process.pid} \(python3?|another process).*lock_timeout"
    with pytest.raises(PackageError, match=words), lock.exclusive(path, 0.3):
        pass


@pytest.mark.parametrize("removed", [False, True])
def test_a_lock_that_is_released(held, removed):
    path, process = held

    def release():
        if removed:
            shutil.rmtree(path.parent)
        process.stdin.close()

    threading.Timer(0.3, release).start()
    with lock.exclusive(path, 20) as waited:
        assert waited is True
        assert path.exists()


def test_no_lock_where_nothing_can_be_written(tmp_path):
    (tmp_path / "file").touch()
    with lock.exclusive(tmp_path / "file" / ".lock", 0) as waited:
        assert waited is False


def test_a_file_system_without_locks(tmp_path, monkeypatch):
    def fail(*_arguments):
        raise OSError(errno.ENOLCK, "x")

    monkeypatch.setattr(lock.fcntl, "flock", fail)
    with lock.exclusive(tmp_path / ".lock", 0) as waited:
        assert waited is False
