# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Damaged files of a bundle and of a repository: a PackageError or a success, never another exception."""

from __future__ import annotations

import contextlib
import json
import random
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._docker.errors import PackageError
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._docker.target import Target
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._docker_bundle import folder, staged, write
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._docker_bundle.manifest import (
    FILE_NAME,
    IndexFile,
    Manifest,
    Package,
    parse,
    to_json,
)
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._docker_repository import (
    package_index,
    signed_index,
)
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._docker_repository.repository import Repository

from tests.unit.fake_docker_repository import VERSIONS, FakeRepository, SigningKey

pytest_plugins = ["tests.unit.docker_repository_fixtures"]

JAMMY = Target("ubuntu", "jammy", "amd64")
GPGV = shutil.which("gpgv") or "gpgv"
CLI_VERSION = VERSIONS["docker-ce-cli"][1]


class LocalFiles:
    """Reads the files of a repository without a server."""

    def __init__(self, root: Path) -> None:
        self.root = root

    def get(self, url: str, _limit: int) -> bytes:
        return (self.root / url.partition("//x/")[2]).read_bytes()


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory, docker_key: SigningKey) -> FakeRepository:
    return FakeRepository(tmp_path_factory.mktemp("repository"), docker_key).build()


def signed(built: FakeRepository, gpgv: str = GPGV) -> signed_index.SignedIndex:
    repository = Repository("https://x", None, built.key.fingerprint, gpgv)
    return repository.signed_index(JAMMY, LocalFiles(built.root), built.in_release.stat().st_mtime)  # type: ignore[arg-type]


@pytest.fixture
def bundle(built: FakeRepository, tmp_path: Path) -> Path:
    """A bundle with the CLI alone."""
    index = signed(built)
    [one] = [one for one in index.packages if one.version == CLI_VERSION]
    package = Package(one.name, one.version, Path(one.path).name, one.size, one.sha256)
    hashes = tuple(
        IndexFile(name, len(data), signed_index.hashlib.sha256(data).hexdigest()) for name, data in index.files.items()
    )
    manifest = Manifest(JAMMY, "https://x", built.key.fingerprint, (package,), hashes)
    dest = tmp_path / "bundle"
    dest.mkdir(mode=0o755)
    shutil.copy(built.deb(one.name, one.version), dest / package.file)
    for name, data in {**index.files, FILE_NAME: to_json(manifest).encode()}.items():
        (dest / name).write_bytes(data)
    return dest


def verify(dest: Path, key: SigningKey) -> dict[str, Any]:
    options = {"dest": str(dest), "packages": {"docker-ce-cli": "20.10"}, "key_fingerprint": key.fingerprint}
    return staged.verify({**options, **JAMMY._asdict()})


def damages(data: bytes, count: int, seed: int) -> Iterator[bytes]:
    """Yield damaged versions of a file."""
    chance = random.Random(seed)  # noqa: S311 - not for cryptography
    yield from (b"", b"\0", b"\xff" * 100, b"{", b"[]", b"null", b"x: y\n", data[:-1], data + data)
    for _ in range(count):
        damaged = bytearray(data[: chance.randrange(len(data))] if chance.random() < 0.3 else data)
        for _ in range(chance.randrange(1, 4)):
            if damaged:
                damaged[chance.randrange(len(damaged))] ^= chance.randrange(1, 256)
        if damaged != data:
            yield bytes(damaged)


def test_verified_without_damage(bundle: Path, docker_key: SigningKey) -> None:
    assert verify(bundle, docker_key)["bundle"]["signature_verified"] is True


@pytest.mark.parametrize("fits", [False, True], ids=["manifest differs", "manifest fits"])
@pytest.mark.parametrize("name", ["InRelease", "Packages.gz", "key.gpg", ".deb", FILE_NAME])
def test_damaged_file_of_a_bundle(bundle: Path, docker_key: SigningKey, name: str, fits: bool) -> None:
    [path] = [path for path in bundle.iterdir() if path.name.endswith(name)]
    for damaged in damages(path.read_bytes(), 25, seed=len(name)):
        path.write_bytes(damaged)
        if fits and name != FILE_NAME:
            content = json.loads((bundle / FILE_NAME).read_text())
            for one in [*content["packages"], *content["index_files"]]:
                if one["file"] == path.name:
                    one.update(size=len(damaged), sha256=signed_index.hashlib.sha256(damaged).hexdigest())
            (bundle / FILE_NAME).write_text(json.dumps(content))
        with contextlib.suppress(PackageError):
            verify(bundle, docker_key)
            assert name in (FILE_NAME, "key.gpg", "InRelease")  # Bytes that mean nothing may change there.


WRONG = [None, True, -1, 1.5, 10**30, "", "x", "../x", [], [1], {}, {"a": 1}, "\0", "ä"]


def replaced(content: Any) -> Iterator[Any]:
    """Yield a JSON document with each of its values replaced by each wrong one, or left out."""
    yield from WRONG
    if isinstance(content, dict):
        for key, value in content.items():
            yield {other: one for other, one in content.items() if other != key}
            yield from ({**content, key: wrong} for wrong in replaced(value))
    elif isinstance(content, list) and content:
        yield from ([wrong, *content[1:]] for wrong in replaced(content[0]))


def test_wrong_values_in_the_manifest(bundle: Path, docker_key: SigningKey) -> None:
    path = bundle / FILE_NAME
    content = json.loads(path.read_text())
    for wrong in replaced(content):
        with contextlib.suppress(PackageError):
            parse(wrong, "manifest.json")
            path.write_text(json.dumps(wrong))
            verify(bundle, docker_key)


@pytest.mark.parametrize(
    "text", ["[" * 100_000, '{"format": 2, "format": NaN}', "\ud800", '"' + "1" * 5000 + '"', "1" * 5000]
)
def test_unreadable_json(bundle: Path, docker_key: SigningKey, text: str) -> None:
    (bundle / FILE_NAME).write_text(text, errors="surrogatepass")
    with pytest.raises(PackageError):
        verify(bundle, docker_key)


def make_folder(path: Path) -> None:
    path.unlink()
    path.mkdir()


def make_fifo(path: Path) -> None:
    path.unlink()
    __import__("os").mkfifo(path)


@pytest.mark.parametrize("replace", [Path.unlink, make_folder, make_fifo])
@pytest.mark.parametrize("name", ["InRelease", "Packages.gz", "key.gpg", ".deb", FILE_NAME])
def test_no_file_of_a_bundle(bundle: Path, docker_key: SigningKey, name: str, replace: Callable[[Path], None]) -> None:
    [path] = [path for path in bundle.iterdir() if path.name.endswith(name)]
    replace(path)
    with pytest.raises(PackageError, match=path.name.replace("+", ".")):
        verify(bundle, docker_key)
    parsed = Manifest(JAMMY, "https://x", "0" * 40, ())
    assert not write.inspect_folder(bundle, parsed).is_bundle(parsed)


@pytest.mark.parametrize("error", [PermissionError(13, "Permission denied"), OSError(5, "Input/output error")])
def test_unreadable_files(
    bundle: Path, docker_key: SigningKey, monkeypatch: pytest.MonkeyPatch, error: OSError
) -> None:
    def fail(path: str, *_arguments: Any) -> int:
        raise type(error)(error.errno, error.strerror, str(path))

    monkeypatch.setattr("os.open", fail)
    with pytest.raises(PackageError, match=rf"Cannot read {bundle}/manifest\.json: {error.strerror}"):
        verify(bundle, docker_key)


def test_folder_that_must_not_be_read(bundle: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def deny(path: Path) -> bool:
        raise PermissionError(13, "Permission denied", str(path))

    monkeypatch.setattr(Path, "is_file", deny)
    with pytest.raises(PackageError, match="Permission denied"):
        folder.of_target(bundle, JAMMY)


@pytest.mark.parametrize("name", ["InRelease", "stable/binary-amd64/Packages.gz", "../../gpg"])
def test_damaged_file_of_a_repository(built: FakeRepository, name: str) -> None:
    path = built.dists / name
    whole = path.read_bytes()
    try:
        for damaged in damages(whole, 25, seed=len(name)):
            path.write_bytes(damaged)
            with contextlib.suppress(PackageError):
                signed(built)
    finally:
        path.write_bytes(whole)


def test_signed_nonsense(built: FakeRepository, docker_key: SigningKey) -> None:
    """What the signature covers may be malformed as well."""
    release = signed_index.signature.unverified_text(built.in_release.read_bytes(), "InRelease")
    packages = signed_index.gzip.decompress((built.dists / "stable/binary-amd64/Packages.gz").read_bytes())
    chance = random.Random(1)  # noqa: S311 - not for cryptography
    words = ["", "x" * 5000, "9" * 5000, "-1", "²", "a:1", "1:", "..", "../../x", "\0", "Mon, 99 Foo 99999 99:99:99"]
    for _ in range(400):
        for text, read in ((release, read_release), (packages.decode(), read_packages)):
            lines = text.splitlines()
            at = chance.randrange(len(lines))
            key, colon, _value = lines[at].partition(":")
            lines[at] = chance.choice([f"{key}{colon} {chance.choice(words)}", chance.choice(words), f" {words[1]}"])
            with contextlib.suppress(PackageError):
                read("\n".join(lines))


def read_release(text: str) -> None:
    fields = signed_index.release_fields(text, JAMMY, "InRelease")
    package_index.check_dates(fields, 1_800_000_000, "InRelease")
    package_index.index_files(fields, JAMMY, "InRelease")
    signed_index.iso_date(package_index.date_of(fields, "InRelease"))


def read_packages(text: str) -> None:
    available = package_index.available_packages(text, JAMMY, "Packages")
    for requested in ("20.10", "99"):
        with contextlib.suppress(PackageError):
            package_index.select(available, {"docker-ce-cli": requested}, JAMMY)
