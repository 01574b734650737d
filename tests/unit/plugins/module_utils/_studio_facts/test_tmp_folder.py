# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import pytest
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._studio_facts.tmp_folder import facts


@pytest.fixture
def home(tmp_path):
    folder = tmp_path / "home"
    folder.mkdir()
    return folder


def of_tmp(home):
    found = facts(home)
    return found["tmp_is_folder"], found["tmp_link_target"], found["tmp_in_home"]


def test_no_tmp(home):
    assert of_tmp(home) == (False, None, None)


def test_a_folder(home):
    (home / "tmp").mkdir()
    assert of_tmp(home) == (True, None, True)


def test_a_file(home):
    (home / "tmp").touch()
    assert of_tmp(home) == (False, None, True)


@pytest.mark.parametrize(("target", "expected"), [("home/data", True), ("outside", False), ("home-2", False)])
def test_a_link(home, tmp_path, target, expected):
    (tmp_path / target).mkdir()
    (home / "tmp").symlink_to(tmp_path / target)
    assert of_tmp(home) == (True, str(tmp_path / target), expected)


def test_a_dangling_link(home):
    (home / "tmp").symlink_to("/opt/missing")
    assert of_tmp(home) == (False, "/opt/missing", None)


def test_another_file_system(home):
    (home / "tmp").symlink_to("/proc")
    assert of_tmp(home) == (True, "/proc", False)


def test_the_file_system(home):
    found = facts(home)
    assert found["read_only"] is False
    assert found["free_inodes"] is None or found["free_inodes"] > 0
    assert facts(home / "missing")["free_inodes"] is None
