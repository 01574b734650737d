# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from ansible_collections.mlops.studio_local_mode.plugins.module_utils._studio_facts.cli_plugins import (
    plugin_files,
    plugin_folders,
)


def test_extra_folders_come_first():
    folders = plugin_folders("/home/u/.docker", ["/a", "/b"])
    assert folders[:3] == ["/a", "/b", "/home/u/.docker/cli-plugins"]
    assert folders[-1] == "/usr/libexec/docker/cli-plugins"


def test_files_count_whether_or_not_they_run(tmp_path):
    for name in "abcde":
        (tmp_path / name).mkdir()
    (tmp_path / "a/docker-compose").touch(mode=0o644)
    (tmp_path / "b/docker-compose").symlink_to("missing")
    (tmp_path / "c/docker-compose").mkdir()
    (tmp_path / "f").touch()
    found = plugin_files("docker-compose", [f"{tmp_path}/{name}" for name in "abcdf"])
    assert found == [f"{tmp_path}/{name}/docker-compose" for name in "acf"]
