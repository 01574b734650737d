# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import pytest
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._docker.errors import PackageError
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._docker_cli.staged_bundles import (
    files_to_copy,
    read_manifests,
)


@pytest.fixture
def bundle(tmp_path):
    """Make a bundle of files in a folder."""

    def make(folder="", *files):
        path = tmp_path / folder
        path.mkdir(exist_ok=True)
        for name in ("manifest.json", *files):
            (path / name).write_text("{}")
        return path

    return make


def test_manifests_by_folder(tmp_path, bundle):
    bundle("ubuntu-jammy-amd64")
    bundle("ubuntu-noble-amd64")
    (tmp_path / "other").mkdir()
    assert read_manifests(tmp_path) == {"ubuntu-jammy-amd64": {}, "ubuntu-noble-amd64": {}}
    bundle()
    assert read_manifests(tmp_path)["."] == {}


def test_a_folder_that_does_not_exist(tmp_path):
    assert read_manifests(tmp_path / "none") == {}


def test_an_unreadable_manifest(tmp_path, bundle):
    (bundle() / "manifest.json").write_text("{")
    with pytest.raises(PackageError, match=r"manifest.json is not a manifest"):
        read_manifests(tmp_path)


@pytest.mark.parametrize("folder", ["ubuntu-jammy-amd64", ""])
def test_the_missing_packages_and_what_verifies_them(tmp_path, bundle, folder):
    bundle(folder, "a.deb", "b.deb", ".lock", "c.deb.part", "InRelease")
    copied = files_to_copy(tmp_path, "ubuntu-jammy-amd64", ["b.deb"])
    assert sorted(path.name for path in copied) == ["InRelease", "b.deb", "manifest.json"]
