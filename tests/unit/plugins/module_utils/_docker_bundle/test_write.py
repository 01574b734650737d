# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Writing a bundle, with a failing disk and with concurrent runs."""

from __future__ import annotations

import errno
import hashlib
import threading
from pathlib import Path

import pytest
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._docker.errors import PackageError
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._docker.target import Target
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._docker_bundle import manifest as manifests
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._docker_bundle import write
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._docker_bundle.manifest import Manifest, Package
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._report.progress import Progress


def package(name: str) -> Package:
    return Package(name, "1", f"{name}_1_amd64.deb", len(name), hashlib.sha256(name.encode()).hexdigest())


def manifest(*names: str) -> Manifest:
    return Manifest(Target("ubuntu", "jammy", "amd64"), "https://example.com", "0" * 40, tuple(map(package, names)))


def save_name(one: Package, path: Path) -> None:
    path.write_text(one.name)


def stage(dest: Path, desired: Manifest, fetch=save_name) -> None:
    write.write(dest, write.inspect_folder(dest, desired), desired, {}, fetch)


def test_written_bundle_is_read_back(tmp_path: Path) -> None:
    stage(tmp_path, manifest("a", "b"))
    assert manifests.read(tmp_path) == manifest("a", "b")
    assert write.inspect_folder(tmp_path, manifest("a", "b")).is_bundle(manifest("a", "b"))


def test_only_missing_packages_are_downloaded(tmp_path: Path) -> None:
    stage(tmp_path, manifest("a"))
    fetched = []
    stage(tmp_path, manifest("a", "b"), lambda one, path: (fetched.append(one.name), save_name(one, path)))
    assert fetched == ["b"]


def test_each_download_is_counted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    shown = tmp_path / "progress"
    shown.touch()
    monkeypatch.setattr(write, "progress", Progress(str(shown)))
    bundle = tmp_path / "bundle"
    bundle.mkdir()
    stage(bundle, manifest("a", "b"))
    lines = shown.read_text().splitlines()
    assert (lines[0], lines[-1]) == ("0 of 2 packages", "2 of 2 packages")


def test_leftovers_of_superseded_downloads_are_removed(tmp_path: Path) -> None:
    (tmp_path / "old_1_amd64.deb.part").touch()
    stage(tmp_path, manifest("a"))
    assert {path.name for path in tmp_path.iterdir()} == {"a_1_amd64.deb", "manifest.json"}


@pytest.mark.parametrize("code", [errno.ENOSPC, errno.EDQUOT])
def test_full_disk_is_reported_and_freed(tmp_path: Path, code: int) -> None:
    def fill(one: Package, path: Path) -> None:
        path.write_text("the beginning")
        raise OSError(code, "No space left on device")

    with pytest.raises(PackageError, match="has no space left"):
        stage(tmp_path, manifest("a"), fill)
    assert list(tmp_path.iterdir()) == []


def test_unwritable_folder(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with (
        pytest.raises(PackageError, match=r"Cannot write the bundle to .*: Not a directory"),
        write.locked(tmp_path / "file/x"),
    ):
        pass


def test_a_file_system_without_locks(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(_file: int, _operation: int) -> None:
        raise OSError(errno.ENOLCK, "No locks available")

    monkeypatch.setattr(write.fcntl, "flock", refuse)
    with write.locked(tmp_path):
        pass


def test_second_run_waits_for_the_first(tmp_path: Path) -> None:
    entered = threading.Event()

    def second() -> None:
        with write.locked(tmp_path):
            entered.set()

    with write.locked(tmp_path):
        thread = threading.Thread(target=second)
        thread.start()
        assert not entered.wait(0.2)
    assert entered.wait(5)
    thread.join()


def test_equal_manifests_are_equal_text(tmp_path: Path) -> None:
    assert manifests.to_json(manifest("a", "b")) == manifests.to_json(manifest("b", "a"))
