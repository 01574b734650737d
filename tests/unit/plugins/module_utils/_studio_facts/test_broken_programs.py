# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import sys
from pathlib import Path

import pytest
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._studio_facts.broken_programs import (
    broken_files,
    file_problem,
    find,
    run_problem,
)

PYTHON = Path(sys.executable).resolve()


@pytest.fixture
def program(tmp_path):
    def write_program(content, mode=0o755):
        path = tmp_path / "docker"
        path.write_bytes(content)
        path.chmod(mode)
        return path

    return write_program


def changed(offset, new):
    """Return a real program with other bytes at an offset."""
    content = PYTHON.read_bytes()
    return content[:offset] + new + content[offset + len(new) :]


def test_programs_that_run(program):
    assert file_problem(PYTHON) == ""
    assert file_problem(program(b"#!/bin/sh\n")) == ""


@pytest.mark.parametrize(
    ("content", "mode", "reason"),
    [
        (b"#!/bin/sh\n", 0o644, "it is not executable (mode 0644)"),
        (b"", 0o755, "it is empty"),
        (b"Not Found", 0o755, "it is not a program, it starts with 'Not Found'"),
        (b"\n", 0o755, "it is not a program, it starts with ''"),
        (b"#!/opt/missing -x\n", 0o755, "it needs the interpreter /opt/missing, which does not exist"),
        (b"\x7fELF\x02\x01", 0o755, "it is truncated, 6 bytes are left"),
        (PYTHON.read_bytes()[:100], 0o755, "it is truncated, 100 bytes are left"),
        # e_machine of an arm64 program
        (changed(18, b"\xb7\x00"), 0o755, "it is built for aarch64"),
    ],
)
def test_files_that_are_no_programs(program, content, mode, reason):
    assert file_problem(program(content, mode)) == reason


def test_a_program_without_its_end(program):
    assert file_problem(program(PYTHON.read_bytes()[:8192])).startswith("it is truncated, 8192 of at least ")


def test_a_program_for_another_c_library(program):
    content = PYTHON.read_bytes()
    loader = content.index(b"/lib64/ld-linux")
    broken = content[:loader] + b"/lib64/ld-other" + content[loader + 15 :]
    assert "its loader /lib64/ld-other-x86-64.so.2 does not exist" in file_problem(program(broken))


def test_links_and_folders(tmp_path):
    (tmp_path / "docker").symlink_to("/opt/missing")
    (tmp_path / "other").mkdir()
    assert file_problem(tmp_path / "docker") == "it is a link to /opt/missing, which does not exist"
    assert file_problem(tmp_path / "other") == "it is not a file"
    assert broken_files("docker", [str(tmp_path), "/usr"]) == {
        str(tmp_path / "docker"): "it is a link to /opt/missing, which does not exist"
    }


@pytest.mark.parametrize(
    ("script", "reason"),
    [
        ("exit 0", ""),
        ("exit 7", "it ends with status 7"),
        ("echo a >&2; echo 'libc: not found' >&2; exit 1", "it ends with status 1 ('libc: not found')"),
        ("kill -SEGV $$", "it is killed by SIGSEGV"),
    ],
)
def test_programs_that_fail(script, reason):
    assert run_problem(["/bin/sh", "-c", script], {}) == reason


def test_a_program_that_cannot_be_started(program):
    assert run_problem([str(program(b"Not Found"))], {}) == "it cannot be started (Exec format error)"


def test_only_what_has_no_version_is_run(program, tmp_path):
    path = str(program(b"#!/bin/sh\nexit 3\n"))
    cli = {"path": path, "version": "27.5.1"}
    app = {"path": [str(tmp_path)], "docker": {**cli, "all": [cli]}, "compose": {}}
    assert find(app, [], {}) == []
    app["docker"] = {"path": path, "version": None, "all": [{"path": path, "version": None}]}
    assert find(app, [], {}) == [{"path": path, "reason": "it ends with status 3"}]
    assert find({**app, "docker": None}, [], {}) == []


def test_a_plugin_that_the_cli_does_not_take(tmp_path):
    plugin = tmp_path / "docker-compose"
    plugin.write_text("#!/bin/sh\nexit 4\n")
    plugin.chmod(0o755)
    app = {"path": [], "docker": {"version": "27.5.1", "all": []}, "compose": None}
    assert find(app, ["/usr", str(tmp_path)], {}) == [{"path": str(plugin), "reason": "it ends with status 4"}]
