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


def test_the_reason_is_in_the_file_or_in_the_errors(program):
    path = str(program(b"Not Found"))
    other = {"path": "/usr/bin/docker", "version": None, "error": "libc.so.6: not found"}
    plugin = {"path": "/usr/libexec/docker/cli-plugins/docker-compose", "error": "it ended with exit code 4"}
    docker = {"all": [{"path": path, "error": "Exec format error"}, other]}
    app = {"path": [str(Path(path).parent)], "docker": docker, "compose_plugins": [plugin]}
    assert find(app, []) == [
        {"path": path, "reason": "it is not a program, it starts with 'Not Found'"},
        {"path": other["path"], "reason": "it fails with 'libc.so.6: not found'"},
        {"path": plugin["path"], "reason": "it ended with exit code 4"},
    ]


def test_programs_that_run_are_not_broken(program):
    path = str(program(b"#!/bin/sh\n"))
    docker = {"all": [{"path": path, "error": None}]}
    assert find({"path": [str(Path(path).parent)], "docker": docker, "compose_plugins": []}, []) == []
    assert find({"path": [], "docker": None, "compose_plugins": []}, []) == []


def test_a_program_that_runs_is_not_judged_by_its_file(program):
    # As a program for 32 bits, which the kernel may run.
    path = str(program(b"\x7fELF\x01"))
    docker = {"all": [{"path": path, "error": None}]}
    assert find({"path": [str(Path(path).parent)], "docker": docker, "compose_plugins": []}, []) == []
