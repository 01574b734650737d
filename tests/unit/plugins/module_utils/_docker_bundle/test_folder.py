# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import pytest
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._docker.errors import PackageError
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._docker.target import Target
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._docker_bundle import folder, manifest
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._docker_bundle.manifest import Manifest, Package

JAMMY, NOBLE = Target("ubuntu", "jammy", "amd64"), Target("ubuntu", "noble", "amd64")


def bundle(path, target=JAMMY):
    path.mkdir(parents=True)
    package = Package("docker-ce-cli", "1", "a.deb", 1, "0" * 64)
    (path / "manifest.json").write_text(manifest.to_json(Manifest(target, "https://x", "F", (package,))))
    (path / "a.deb").write_text("x")
    return path


def test_folder_of_the_target_among_several(tmp_path):
    own = bundle(tmp_path / "ubuntu-jammy-amd64")
    bundle(tmp_path / "ubuntu-noble-amd64", NOBLE)
    assert folder.of_target(tmp_path, JAMMY) == own


def test_single_bundle_is_the_folder_itself(tmp_path):
    assert folder.of_target(bundle(tmp_path / "x"), JAMMY) == tmp_path / "x"


def test_folder_without_bundle_is_returned(tmp_path):
    assert folder.of_target(tmp_path / "none", JAMMY) == tmp_path / "none"


def test_bundles_of_other_targets_are_named(tmp_path):
    bundle(tmp_path / "ubuntu-noble-amd64", NOBLE)
    with pytest.raises(PackageError, match=r"no bundle for ubuntu jammy \(amd64\), only for ubuntu-noble-amd64"):
        folder.of_target(tmp_path, JAMMY)


@pytest.mark.parametrize("foreign", [None, "notes.txt"])
def test_remove_keeps_other_files(tmp_path, foreign):
    path = bundle(tmp_path / "x")
    (path / ".lock").touch()
    if foreign:
        (path / foreign).touch()
    assert folder.remove(path, check_mode=True) == [str(path)]
    assert (path / "a.deb").exists()
    assert folder.remove(path, check_mode=False) == [str(path)]
    assert [found.name for found in path.glob("*")] == ([foreign] if foreign else [])
    assert path.exists() is bool(foreign)


@pytest.mark.parametrize("left", ["docker-ce-cli_20.10_amd64.deb.part", ".docker-debs-0123"])
def test_what_an_interrupted_download_has_left_is_removed(tmp_path, left):
    path = tmp_path / "x"
    path.mkdir()
    (path / ".lock").touch()
    (path / left).touch()
    assert folder.remove(path, check_mode=True) == [str(path)]
    assert (path / left).exists()
    assert folder.remove(path, check_mode=False) == [str(path)]
    assert not path.exists()


def test_folder_without_manifest_is_not_removed(tmp_path):
    (tmp_path / "a.deb").touch()
    assert folder.remove(tmp_path, check_mode=False) == []
    assert (tmp_path / "a.deb").exists()
