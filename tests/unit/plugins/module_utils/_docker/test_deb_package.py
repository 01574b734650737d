# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Reading the control fields of packages, compared with dpkg-deb, and of files that are not packages."""

from __future__ import annotations

import contextlib
import random
import shutil
import subprocess
from pathlib import Path

import pytest
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._docker import deb_package
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._docker.errors import PackageError

from tests.sandbox.mirror import deb

FIELDS = {"Package": "docker-ce-cli", "Version": "5:20.10.24~3-0~ubuntu-jammy", "Architecture": "amd64"}
needs_dpkg = pytest.mark.skipif(not shutil.which("dpkg-deb"), reason="dpkg-deb is not installed")


def package(path: Path, packing: str = "xz") -> Path:
    deb.write(path, FIELDS, deb.data_member([deb.File("usr/bin/docker", b"program")], packing), packing)
    return path


@pytest.mark.parametrize("packing", ["gz", "xz"])
def test_control_fields(tmp_path: Path, packing: str) -> None:
    assert deb_package.control_fields(package(tmp_path / "a.deb", packing)) == FIELDS


@needs_dpkg
@pytest.mark.parametrize("compression", ["gzip", "xz", "zstd", "none"])
def test_packages_that_dpkg_deb_builds(tmp_path: Path, compression: str) -> None:
    control = tmp_path / "root" / "DEBIAN" / "control"
    control.parent.mkdir(parents=True)
    text = "".join(f"{name}: {value}\n" for name, value in FIELDS.items())
    control.write_text(f"{text}Maintainer: x <x@example.com>\nDescription: short\n long\n .\n end\n")
    path = tmp_path / "a.deb"
    built = subprocess.run(
        ["dpkg-deb", "--build", "--root-owner-group", f"-Z{compression}", tmp_path / "root", path],
        capture_output=True,
        check=False,
    )
    if built.returncode:
        pytest.skip(f"this dpkg-deb has no {compression}")
    found = deb_package.control_fields(path)
    assert {name: found[name] for name in FIELDS} == FIELDS
    assert found["Description"] == "short\nlong\n.\nend"


def test_without_dpkg_deb(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = package(tmp_path / "a.deb")
    path.write_bytes(path.read_bytes().replace(b"control.tar.xz ", b"control.tar.zst"))
    monkeypatch.setenv("PATH", "/nonexistent")
    with pytest.raises(PackageError, match=r"Cannot read control\.tar\.zst in a\.deb without dpkg-deb"):
        deb_package.control_fields(path)


@pytest.mark.parametrize("content", [b"", b"!<arch>\n", b"<html>", b"!<arch>\n" + b"x" * 60, b"\0" * 1000])
def test_other_files(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "a.deb"
    path.write_bytes(content)
    with pytest.raises(PackageError, match=r"a\.deb is not a Debian package"):
        deb_package.control_fields(path)


def test_damaged_packages_give_no_other_exception(tmp_path: Path) -> None:
    path = package(tmp_path / "a.deb", "gz")
    whole = path.read_bytes()
    chance = random.Random(0)  # noqa: S311 - not for cryptography
    for _ in range(500):
        damaged = bytearray(whole[: chance.randrange(len(whole) + 1)])
        for _ in range(chance.randrange(4)):
            if damaged:
                damaged[chance.randrange(len(damaged))] = chance.randrange(256)
        path.write_bytes(damaged)
        with contextlib.suppress(PackageError):
            assert isinstance(deb_package.control_fields(path), dict)


def test_symlinks_are_not_followed(tmp_path: Path) -> None:
    package(tmp_path / "a.deb")
    (tmp_path / "b.deb").symlink_to("a.deb")
    with pytest.raises(OSError, match="symbolic links"):
        deb_package.control_fields(tmp_path / "b.deb")
