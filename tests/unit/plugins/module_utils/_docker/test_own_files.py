# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Reading and writing in a folder that others may write."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._docker import own_files


def test_replace_leaves_no_temporary_file(tmp_path: Path) -> None:
    own_files.replace(tmp_path / "a", b"1")
    own_files.replace(tmp_path / "a", b"2")
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == {"a": b"2"}


def test_replace_cleans_up_after_a_failure(tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    with pytest.raises(OSError, match="directory"):
        own_files.replace(tmp_path / "a", b"1")
    assert [path.name for path in tmp_path.iterdir()] == ["a"]


def test_replace_replaces_a_symlink(tmp_path: Path) -> None:
    (tmp_path / "victim").write_bytes(b"precious")
    (tmp_path / "a").symlink_to("victim")
    own_files.replace(tmp_path / "a", b"1")
    assert ((tmp_path / "a").is_symlink(), (tmp_path / "victim").read_bytes()) == (False, b"precious")


@pytest.mark.parametrize("size", [3, 4])
def test_read_up_to_the_limit(tmp_path: Path, size: int) -> None:
    (tmp_path / "a").write_bytes(b"x" * size)
    if size == 3:
        assert own_files.read(tmp_path / "a", 3) == b"xxx"
    else:
        with pytest.raises(OSError, match="larger than 3 bytes"):
            own_files.read(tmp_path / "a", 3)


@pytest.mark.parametrize("kind", ["symlink", "folder", "pipe"])
def test_read_regular_files_only(tmp_path: Path, kind: str) -> None:
    path = tmp_path / "a"
    (tmp_path / "b").touch()
    if kind == "symlink":
        path.symlink_to("b")
    elif kind == "folder":
        path.mkdir()
    else:
        os.mkfifo(path)
    with pytest.raises(OSError, match=r"symbolic links|not a regular file"):
        own_files.read(path, 10)


@pytest.mark.parametrize(
    ("user", "owner", "mode", "expected"),
    [
        (0, 0, 0o644, False),
        (0, 1000, 0o644, False),
        (0, 1000, 0o666, True),
        (1000, 1000, 0o755, False),
        (1000, 0, 0o755, False),
        (1000, 1001, 0o755, True),
        (1000, 1000, 0o775, True),
    ],
)
def test_writable_by_others(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, user: int, owner: int, mode: int, expected: bool
) -> None:
    status = os.stat_result((0o100000 | mode, 0, 0, 1, owner, 0, 0, 0, 0, 0))
    monkeypatch.setattr(os, "geteuid", lambda: user)
    monkeypatch.setattr(Path, "stat", lambda *_arguments, **_options: status)
    found = own_files.writable_by_others(tmp_path / "a")
    assert found == ([f"{tmp_path}/a (owner {owner}, mode {mode:04o})"] if expected else [])


def test_missing_files_are_not_writable(tmp_path: Path) -> None:
    assert own_files.writable_by_others(tmp_path / "none") == []
