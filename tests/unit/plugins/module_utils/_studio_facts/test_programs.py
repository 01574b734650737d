# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import os
import time
from pathlib import Path

import pytest
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._studio_facts.programs import (
    StartedCommand,
    cli_version,
    find_all,
    plugin_version,
)


@pytest.fixture
def program(tmp_path):
    def write(path, script="exit 0", mode=0o755):
        file = tmp_path / path
        file.parent.mkdir(exist_ok=True)
        file.write_text(f"#!/bin/sh\n{script}\n")
        file.chmod(mode)
        return str(file)

    return write


def test_find_all_in_the_order_of_path(program, tmp_path):
    first, second = program("b/docker"), program("a/docker")
    program("c/docker", mode=0o644)
    (tmp_path / "d" / "docker").mkdir(parents=True)
    folders = [str(tmp_path / name) for name in ("missing", "b", "c", "d", "a")]
    assert find_all("docker", folders) == [first, second]


def test_find_all_counts_the_same_file_once_where_it_comes_first(program, tmp_path):
    real, other = program("b/docker"), program("c/docker")
    (tmp_path / "a").mkdir()
    link = tmp_path / "a" / "docker"
    link.symlink_to(real)
    assert find_all("docker", [str(tmp_path / name) for name in "acb"]) == [str(link), other]


def test_answer(program):
    assert StartedCommand([program("a/x", "echo ' hello '")], {"PATH": os.defpath}).output(5) == "hello"


def test_the_program_gets_no_engine(program):
    command = StartedCommand([program("a/x", 'echo "$DOCKER_HOST"')], {"DOCKER_HOST": "unix:///slow"})
    assert command.output(5) == "unix:///dev/null"


@pytest.mark.parametrize(
    ("script", "error"),
    [
        ("echo hello; exit 1", "it ended with exit code 1"),
        ("printf '\\n no certificate \\nUsage:\\n' >&2; exit 1", "no certificate"),
        ("kill -9 $$", "it was killed by signal 9"),
    ],
)
def test_a_program_that_fails_has_no_output(program, script, error):
    command = StartedCommand([program("a/x", script)], {"PATH": os.defpath})
    assert (command.output(5), command.error) == (None, error)


@pytest.mark.parametrize(
    ("content", "mode", "error"),
    [
        (None, 0, "No such file or directory"),
        ("Not Found", 0o755, "Exec format error"),
        ("#!/bin/sh\n", 0o644, "Permission denied"),
        ("#!/lib/no-such-loader.so\n", 0o755, "the loader or interpreter that it needs does not exist in this app"),
    ],
)
def test_a_program_that_cannot_be_started_has_no_output(tmp_path, content, mode, error):
    path = tmp_path / "x"
    if content:
        path.write_text(content)
        path.chmod(mode)
    command = StartedCommand([str(path)], {})
    assert (command.output(5), command.error) == (None, error)


def test_a_program_that_hangs_is_ended_with_its_children(program, tmp_path):
    script = f"sleep 60 & echo $! > {tmp_path}/child; wait"
    started = time.monotonic()
    assert StartedCommand([program("a/x", script)], {"PATH": os.defpath}).output(0.5) is None
    assert time.monotonic() - started < 30
    child = int((tmp_path / "child").read_text())
    assert _ends(child)


def _ends(pid):
    for _attempt in range(1500):
        try:
            if Path(f"/proc/{pid}/stat").read_text().split(")")[1].split()[0] == "Z":
                return True
        except (FileNotFoundError, ProcessLookupError):
            return True
        time.sleep(0.02)
    return False


@pytest.mark.parametrize(
    ("output", "version"),
    [
        ("Docker version 20.10.24+dfsg1, build 297e128", "20.10.24"),
        ("Docker version 29.0.0, build 3d4129b", "29.0.0"),
        ("podman version 4.3.1", None),
        ("", None),
        (None, None),
    ],
)
def test_cli_version(output, version):
    assert cli_version(output) == version


@pytest.mark.parametrize(
    ("output", "version"),
    [
        ("Docker Compose version v2.29.2", "2.29.2"),
        ("Docker Compose version 2.26.1-4", "2.26.1"),
        ("Docker Compose version v2.40.3-desktop.1", "2.40.3"),
        ("github.com/docker/buildx v0.10.2 00ed17d", "0.10.2"),
        ("Docker Compose version dev", None),
        (None, None),
    ],
)
def test_plugin_version(output, version):
    assert plugin_version(output) == version
