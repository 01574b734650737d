# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The module against a signed repository: the bundles that it creates, and everything that it refuses."""

from __future__ import annotations

import errno
import gzip
import hashlib
import json
import os
import shutil
import time
from collections.abc import Callable
from email.utils import formatdate
from pathlib import Path
from typing import Any

import pytest
import yaml
from ansible.module_utils import basic
from ansible.module_utils.testing import patch_module_args
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._docker import checksum
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._docker_bundle import problems, staged, write
from ansible_collections.mlops.studio_local_mode.plugins.modules import docker_deb_bundle

from tests.unit.fake_docker_repository import DAY, VERSIONS, FakeRepository, SigningKey, served

pytest_plugins = ["tests.unit.docker_repository_fixtures"]

CLI, COMPOSE = "docker-ce-cli", "docker-compose-plugin"
CLI_VERSION, COMPOSE_VERSION = "5:20.10.24~3-0~ubuntu-jammy", "2.40.3-1~ubuntu.22.04~jammy"
CLI_FILE = "docker-ce-cli_20.10.24~3-0~ubuntu-jammy_amd64.deb"
COMPOSE_FILE = "docker-compose-plugin_2.40.3-1~ubuntu.22.04~jammy_amd64.deb"
INDEX_FILES = ["InRelease", "Packages.gz", "key.gpg"]
ALL_FILES = [CLI_FILE, COMPOSE_FILE, *INDEX_FILES, "manifest.json"]
Run = Callable[..., dict[str, Any]]


@pytest.fixture
def run_module(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Run:
    # The destination of a warning depends on whether other tests have loaded Ansible's controller side.
    warned: list[str] = []
    monkeypatch.setattr(basic.AnsibleModule, "warn", lambda module, text: warned.append(text))

    def run(**options: Any) -> dict[str, Any]:
        warned.clear()
        with patch_module_args(options), pytest.raises(SystemExit):
            docker_deb_bundle.main()
        result = json.loads(capsys.readouterr().out)
        return {**result, "warned": " ".join(warned)} if warned else result

    return run


@pytest.fixture
def dest(tmp_path: Path) -> Path:
    return tmp_path / "new" / "bundle"


@pytest.fixture
def run(run_module: Run, repository: FakeRepository, dest: Path) -> Run:
    """Run the module for ubuntu jammy on the fake repository; keyword arguments are further options."""

    def run(**options: Any) -> dict[str, Any]:
        defaults = {
            "dest": str(dest),
            "distribution": "ubuntu",
            "codename": "jammy",
            "architecture": "amd64",
            "repository_url": repository.url,
            "key_fingerprint": repository.key.fingerprint,
            "ca_path": repository.ca_path,
        }
        return run_module(**{**defaults, **options})

    return run


def content(dest: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in dest.iterdir()} if dest.exists() else {}


def fetched(repository: FakeRepository) -> list[str]:
    return [path for path, _range in repository.requests if path.endswith(".deb")]


def test_creates_a_bundle_of_the_newest_of_each_series(run: Run, dest: Path, repository: FakeRepository) -> None:
    result = run()

    assert result["changed"] is True
    bundle = result["bundle"]
    assert {key: bundle[key] for key in ("path", "distribution", "codename", "architecture")} == {
        "path": str(dest),
        "distribution": "ubuntu",
        "codename": "jammy",
        "architecture": "amd64",
    }
    assert [(one["name"], one["version"], one["file"]) for one in bundle["packages"]] == [
        (CLI, CLI_VERSION, CLI_FILE),
        (COMPOSE, COMPOSE_VERSION, COMPOSE_FILE),
    ]
    for one in bundle["packages"]:
        assert hashlib.sha256((dest / one["file"]).read_bytes()).hexdigest() == one["sha256"]
    manifest = json.loads((dest / "manifest.json").read_text())
    assert manifest["key_fingerprint"] == repository.key.fingerprint
    assert [one["size"] for one in manifest["packages"]] == [
        (dest / name).stat().st_size for name in (CLI_FILE, COMPOSE_FILE)
    ]
    assert {path.name for path in dest.iterdir()} == {*ALL_FILES, ".lock"}


def test_second_run_changes_nothing(run: Run, dest: Path, repository: FakeRepository) -> None:
    run()
    before = content(dest)
    repository.requests.clear()

    assert run()["changed"] is False
    assert content(dest) == before
    assert fetched(repository) == []


def test_check_mode_predicts_and_writes_nothing(run: Run, dest: Path, repository: FakeRepository) -> None:
    predicted = run(_ansible_check_mode=True, _ansible_diff=True)

    assert not dest.exists()
    assert fetched(repository) == []
    real = run(_ansible_diff=True)
    assert predicted == real
    assert real["diff"]["before"] == {}
    assert real["diff"]["after"]["packages"] == {CLI: CLI_VERSION, COMPOSE: COMPOSE_VERSION}
    assert run(_ansible_check_mode=True)["changed"] is False


def test_newer_version_replaces_the_older_file(run: Run, dest: Path, repository: FakeRepository) -> None:
    repository.build({CLI: VERSIONS[CLI], COMPOSE: ["2.9.0~ubuntu-jammy"]})
    run()
    repository.build()

    result = run(_ansible_diff=True)

    assert result["changed"] is True
    assert result["diff"]["before"]["packages"] == {CLI: CLI_VERSION, COMPOSE: "2.9.0~ubuntu-jammy"}
    assert result["diff"]["after"]["packages"] == {CLI: CLI_VERSION, COMPOSE: COMPOSE_VERSION}
    assert {path.name for path in dest.glob("*.deb")} == {CLI_FILE, COMPOSE_FILE}
    assert len(fetched(repository)) == 3


def test_package_no_longer_requested_is_removed(run: Run, dest: Path) -> None:
    run()
    assert run(packages={COMPOSE: "2"})["changed"] is True
    assert [path.name for path in dest.glob("*.deb")] == [COMPOSE_FILE]


def test_other_files_are_kept(run: Run, dest: Path) -> None:
    dest.mkdir(parents=True)
    (dest / "mine.deb").write_bytes(b"mine")
    run()
    assert (dest / "mine.deb").read_bytes() == b"mine"
    assert "mine.deb is not listed in the manifest" in run(verify_only=True)["msg"]


@pytest.mark.parametrize("harm", [lambda data: b"", lambda data: data[:-1] + b"x"], ids=["emptied", "altered"])
def test_damaged_file_is_downloaded_again(
    run: Run, dest: Path, repository: FakeRepository, harm: Callable[[bytes], bytes]
) -> None:
    run()
    (dest / CLI_FILE).write_bytes(harm((dest / CLI_FILE).read_bytes()))
    repository.requests.clear()

    result = run(_ansible_diff=True)

    assert result["changed"] is True
    assert result["diff"]["before"]["packages"] == {COMPOSE: COMPOSE_VERSION}
    assert [path.rpartition("/")[2] for path in fetched(repository)] == [CLI_FILE]
    assert (dest / CLI_FILE).read_bytes() == repository.deb(CLI, CLI_VERSION).read_bytes()


def test_unreadable_manifest_is_replaced(run: Run, dest: Path, repository: FakeRepository) -> None:
    run()
    (dest / "manifest.json").write_text("{")
    repository.requests.clear()
    assert run()["changed"] is True
    assert fetched(repository) == []
    assert run(verify_only=True)["changed"] is False


def refuse_altered_deb(repository: FakeRepository, _other: SigningKey) -> dict[str, Any]:
    path = repository.deb(CLI, CLI_VERSION)
    data = bytearray(path.read_bytes())
    data[1000] ^= 1
    path.write_bytes(data)
    return {}


def refuse_longer_deb(repository: FakeRepository, _other: SigningKey) -> dict[str, Any]:
    with repository.deb(CLI, CLI_VERSION).open("ab") as file:
        file.write(b"more")
    return {}


def refuse_altered_packages(repository: FakeRepository, _other: SigningKey) -> dict[str, Any]:
    path = repository.dists / "stable/binary-amd64/Packages.gz"
    data = bytearray(path.read_bytes())
    data[4] ^= 1  # A time stamp: it unpacks to the same text.
    path.write_bytes(data)
    return {}


def refuse_other_signer(repository: FakeRepository, other: SigningKey) -> dict[str, Any]:
    text = repository.in_release.read_text().split("\n\n", 1)[1].split("-----BEGIN PGP SIGNATURE")[0]
    repository.in_release.write_bytes(other.sign(text))
    return {}


def refuse_altered_release(repository: FakeRepository, _other: SigningKey) -> dict[str, Any]:
    repository.in_release.write_text(repository.in_release.read_text().replace("Origin: Docker", "Origin: Docket"))
    return {}


def refuse_unsigned_release(repository: FakeRepository, _other: SigningKey) -> dict[str, Any]:
    repository.in_release.write_text("Suite: jammy\nCodename: jammy\n")
    return {}


def refuse_other_key_file(repository: FakeRepository, other: SigningKey) -> dict[str, Any]:
    (repository.root / "ubuntu/gpg").write_bytes(other.armored)
    return {}


def refuse_second_key_in_file(repository: FakeRepository, other: SigningKey) -> dict[str, Any]:
    (repository.root / "ubuntu/gpg").write_bytes(repository.key.binary + other.binary)
    return {}


def refuse_other_pin(_repository: FakeRepository, other: SigningKey) -> dict[str, Any]:
    return {"key_fingerprint": other.fingerprint}


def refuse_login_page(repository: FakeRepository, _other: SigningKey) -> dict[str, Any]:
    (repository.root / "ubuntu/gpg").write_text("<html>Please log in</html>")
    return {}


def refuse_expired(repository: FakeRepository, _other: SigningKey) -> dict[str, Any]:
    repository.build(Valid_Until=formatdate(time.time() - 60))
    return {}


def refuse_future(repository: FakeRepository, _other: SigningKey) -> dict[str, Any]:
    repository.build(Date=formatdate(time.time() + 3 * DAY))
    return {}


def refuse_undated(repository: FakeRepository, _other: SigningKey) -> dict[str, Any]:
    repository.build(Date=None)
    return {}


def refuse_other_codename(repository: FakeRepository, _other: SigningKey) -> dict[str, Any]:
    repository.build(Suite="noble", Codename="noble")
    return {}


@pytest.mark.parametrize(
    ("sabotage", "message"),
    [
        (refuse_altered_deb, "differs from the file that the signed index lists"),
        (refuse_longer_deb, "differs from the file that the signed index lists"),
        (refuse_altered_packages, "Packages.gz differs from the file that InRelease lists"),
        (refuse_other_signer, "The signature of"),
        (refuse_altered_release, "BAD signature"),
        (refuse_unsigned_release, "The signature of"),
        (refuse_other_key_file, "does not hold the pinned key"),
        (refuse_second_key_in_file, "does not hold the pinned key"),
        (refuse_other_pin, "does not hold the pinned key"),
        (refuse_login_page, "not an OpenPGP public key (perhaps the login page"),
        (refuse_expired, "expired on"),
        (refuse_future, "Set the clock"),
        (refuse_undated, "has no readable Date"),
        (refuse_other_codename, "is signed for noble, not for jammy"),
    ],
)
def test_refuses(
    run: Run, dest: Path, repository: FakeRepository, other_key: SigningKey, sabotage: Callable, message: str
) -> None:
    options = sabotage(repository, other_key)
    result = run(**options)
    assert result.get("failed") is True, result
    assert message in result["msg"]
    assert "exception" not in result
    assert CLI_FILE not in content(dest)
    assert "manifest.json" not in content(dest)


def test_text_outside_the_signature_is_never_read(run: Run, repository: FakeRepository) -> None:
    signed = repository.in_release.read_bytes()
    forged = b"Suite: jammy\nCodename: jammy\nSHA256:\n 00 1 stable/binary-amd64/Packages.gz\n\n"
    repository.in_release.write_bytes(forged + signed + forged)
    assert [one["version"] for one in run()["bundle"]["packages"]] == [CLI_VERSION, COMPOSE_VERSION]


def test_failing_download_leaves_the_current_bundle_unchanged(run: Run, dest: Path, repository: FakeRepository) -> None:
    repository.build({CLI: VERSIONS[CLI], COMPOSE: ["2.9.0~ubuntu-jammy"]})
    run()
    before = content(dest)
    repository.build()
    repository.deb(COMPOSE, COMPOSE_VERSION).write_bytes(b"wrong")
    assert run()["failed"]
    after = {name: data for name, data in content(dest).items() if not name.endswith(".part")}
    assert after == before


@pytest.mark.parametrize("killed_at", ["_fetch_all", "_remove_superseded", "_write_texts", "_part"])
def test_next_run_completes_an_interrupted_one(
    run: Run, dest: Path, repository: FakeRepository, monkeypatch: pytest.MonkeyPatch, killed_at: str
) -> None:
    repository.build({CLI: VERSIONS[CLI], COMPOSE: ["2.9.0~ubuntu-jammy"]})
    run()
    repository.build()

    class Killed(BaseException):
        pass

    def kill(*_arguments: object) -> None:
        raise Killed

    with monkeypatch.context() as patched:
        patched.setattr(write, killed_at, kill)
        with pytest.raises(Killed):
            run()
    assert run()["changed"] is True
    assert {path.name for path in dest.iterdir()} == {*ALL_FILES, ".lock"}
    assert run(verify_only=True)["changed"] is False


def test_key_at_another_url(run: Run, repository: FakeRepository) -> None:
    (repository.root / "ubuntu/gpg").rename(repository.root / "docker.asc")
    assert "returned 404" in run()["msg"]
    assert run(key_url=f"{repository.url}/docker.asc")["changed"] is True


def test_plain_http_gives_a_warning(run: Run, repository: FakeRepository) -> None:
    with served(repository, None):
        result = run(repository_url=repository.url)
    assert result["changed"] is True
    assert "without TLS" in warnings(result)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"packages": {CLI: 20.1}}, "put it in quotes"),
        ({"packages": {}}, "packages is empty"),
        ({"packages": {CLI: None}}, "must be a series"),
        ({"packages": {"docker-ce": "20.10"}}, "docker-ce is never part of a bundle: it is the engine"),
        ({"packages": {"../x": "1"}}, "is not the name of a Debian package"),
        (
            {"packages": {CLI: "24.0"}},
            "no docker-ce-cli 24.0 for ubuntu jammy (amd64). Request one of these series: 20.10, 27.5.",
        ),
        (
            {"packages": {"docker-scan": "1"}},
            "has no package docker-scan for ubuntu jammy (amd64). Its packages are: docker-ce,",
        ),
        ({"codename": "plucky"}, "has no packages for ubuntu plucky"),
        ({"distribution": "alpine"}, "has no packages for alpine jammy"),
        ({"architecture": "riscv64"}, "lists no packages for riscv64 on ubuntu jammy; it has: amd64."),
        ({"codename": "../jammy"}, "codename '../jammy' is not a name"),
        ({"key_fingerprint": "0EBFCD88"}, "40 hexadecimal digits"),
        ({"repository_url": "file:///srv/mirror"}, "repository_url must be an https:// or http:// URL"),
        ({"key_url": "ftp://example.com/key"}, "key_url must be an https:// or http:// URL"),
        ({"repository_url": "https://me:secret@example.com"}, "must not contain a user name or password"),
        ({"ca_path": "/nonexistent.pem"}, "Cannot read CA certificates from ca_path /nonexistent.pem"),
        ({"ca_path": None}, "set ca_path to the file with its CA certificate"),
        ({"dest": "/dev/null/bundle"}, "Cannot write the bundle to /dev/null/bundle"),
        ({"repository_url": "https://localhost:1"}, "Connection refused"),
    ],
)
def test_bad_input(run: Run, dest: Path, options: dict[str, Any], message: str) -> None:
    result = run(**options)
    assert result.get("failed") is True, result
    assert message in result["msg"]
    assert "exception" not in result
    assert not dest.exists()


def test_unreachable_mirror_gives_a_remediation(run: Run) -> None:
    message = run(repository_url="https://localhost:1")["msg"]
    assert "https://localhost:1/ubuntu/" in message
    assert "NAT gateway" in message
    assert "stage_docker_debs" in message


def test_missing_gpgv_names_the_package(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "/nonexistent")
    monkeypatch.setattr(docker_deb_bundle.AnsibleModule, "get_bin_path", lambda *_a, **_k: None)
    assert "apt-get install gpgv" in run()["msg"]


def delete_file(dest: Path) -> str:
    (dest / CLI_FILE).unlink()
    return f"{CLI_FILE} is missing"


def truncate_file(dest: Path) -> str:
    data = (dest / CLI_FILE).read_bytes()
    (dest / CLI_FILE).write_bytes(data[:100])
    return f"{CLI_FILE} is truncated: 100 of {len(data)} bytes"


def alter_file(dest: Path) -> str:
    data = bytearray((dest / CLI_FILE).read_bytes())
    data[-1] ^= 1
    (dest / CLI_FILE).write_bytes(data)
    return f"{CLI_FILE} is altered"


def lengthen_file(dest: Path) -> str:
    with (dest / CLI_FILE).open("ab") as file:
        file.write(b"x")
    return f"{CLI_FILE} is altered"


def add_file(dest: Path) -> str:
    (dest / "extra.deb").touch()
    return "extra.deb is not listed in the manifest"


def delete_manifest(dest: Path) -> str:
    (dest / "manifest.json").unlink()
    return f"{dest} has no bundle"


def break_manifest(dest: Path) -> str:
    (dest / "manifest.json").write_text("[]")
    return "is not a manifest of a bundle"


def newer_format(dest: Path) -> str:
    edit_manifest(dest, format=3)
    return "its format is 3"


def point_outside_the_bundle(dest: Path) -> str:
    shutil.move(dest / CLI_FILE, dest.parent / CLI_FILE)
    edit_manifest(dest, first_package={"file": f"../{CLI_FILE}"})
    return f"'../{CLI_FILE}' is not the bare name of a .deb inside the bundle"


def omit_a_field(dest: Path) -> str:
    edit_manifest(dest, packages=[{"name": CLI}])
    return "it has no 'version'"


def list_the_engine(dest: Path) -> str:
    edit_manifest(dest, first_package={"name": "containerd.io"})
    return "containerd.io is never part of a bundle"


def edit_manifest(dest: Path, first_package: dict[str, Any] | None = None, **changes: Any) -> None:
    path = dest / "manifest.json"
    manifest = {**json.loads(path.read_text()), **changes}
    manifest["packages"][0].update(first_package or {})
    path.write_text(json.dumps(manifest))


@pytest.mark.parametrize(
    "sabotage",
    [
        delete_file,
        truncate_file,
        alter_file,
        lengthen_file,
        add_file,
        delete_manifest,
        break_manifest,
        newer_format,
        point_outside_the_bundle,
        omit_a_field,
        list_the_engine,
    ],
)
def test_verify_only_refuses(run: Run, dest: Path, sabotage: Callable[[Path], str]) -> None:
    run()
    expected = sabotage(dest)
    result = run(verify_only=True)
    assert result.get("failed") is True, result
    assert expected in result["msg"]
    assert "exception" not in result


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"distribution": "debian"}, "its distribution is ubuntu, not debian"),
        ({"codename": "noble"}, "its codename is jammy, not noble"),
        ({"architecture": "arm64"}, "its architecture is amd64, not arm64"),
        ({"key_fingerprint": "0" * 40}, "its key_fingerprint is"),
        ({"packages": {CLI: "27"}}, f"docker-ce-cli has version {CLI_VERSION}, not 27"),
        ({"packages": {"docker-scan-plugin": "0"}}, "docker-scan-plugin 0 is missing"),
    ],
)
def test_verify_only_refuses_another_bundle_than_requested(run: Run, options: dict[str, Any], message: str) -> None:
    run()
    assert message in run(verify_only=True, **options)["msg"]


def test_verify_only_names_all_problems(run: Run, dest: Path) -> None:
    run()
    expected = [delete_file(dest), add_file(dest), "its codename is jammy, not noble"]
    message = run(verify_only=True, codename="noble")["msg"]
    assert all(one in message for one in expected), message


def test_verify_only_needs_neither_network_nor_gpgv(
    run: Run, run_module: Run, dest: Path, repository: FakeRepository, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = run()
    repository.requests.clear()
    monkeypatch.setenv("PATH", "/nonexistent")
    result = run_module(dest=str(dest), verify_only=True, key_fingerprint=repository.key.fingerprint)
    urls = [package.pop("url") for package in made["bundle"]["packages"]]
    assert [url.rpartition("/")[2] for url in urls] == [package["file"] for package in made["bundle"]["packages"]]
    assert (result["changed"], result["bundle"]) == (False, made["bundle"])
    assert repository.requests == []


@pytest.mark.parametrize("verify_only", [True, False])
def test_unreadable_file_gives_no_traceback(
    run: Run, dest: Path, monkeypatch: pytest.MonkeyPatch, verify_only: bool
) -> None:
    run()

    def deny(path: Path) -> str:
        raise PermissionError(errno.EACCES, "Permission denied", str(path))

    monkeypatch.setattr(problems, "sha256_of", deny)
    monkeypatch.setattr(checksum, "sha256_of", deny)
    result = run(verify_only=verify_only)
    assert f"Cannot read {dest}/" in result["msg"]
    assert "Permission denied" in result["msg"]
    assert "exception" not in result


def resign(dest: Path, key: SigningKey, old: str, new: str) -> None:
    """Change the signed text of a bundle and sign it with a key, with a manifest that fits."""
    text = (dest / "InRelease").read_text().split("\n\n", 1)[1].split("-----BEGIN PGP SIGNATURE")[0]
    assert old in text
    put(dest, "InRelease", key.sign(text.replace(old, new)))


def put(dest: Path, name: str, data: bytes) -> None:
    """Replace a file of a bundle, with a manifest that fits."""
    (dest / name).write_bytes(data)
    manifest = json.loads((dest / "manifest.json").read_text())
    for one in [*manifest["packages"], *manifest["index_files"]]:
        if one["file"] == name:
            one.update(size=len(data), sha256=hashlib.sha256(data).hexdigest())
    (dest / "manifest.json").write_text(json.dumps(manifest))


def forge_deb(dest: Path, repository: FakeRepository, _other: SigningKey) -> str:
    put(dest, CLI_FILE, repository.deb(CLI, "5:20.10.9~3-0~ubuntu-jammy").read_bytes())
    return f"{CLI_FILE} contains Version 5:20.10.9~3-0~ubuntu-jammy instead of {CLI} {CLI_VERSION} (amd64)"


def forge_deb_with_fitting_control(dest: Path, _repository: FakeRepository, _other: SigningKey) -> str:
    put(dest, CLI_FILE, (dest / CLI_FILE).read_bytes() + b"more")
    return f"{CLI_FILE} is not in the signed index with this version, size and SHA-256"


def forge_index(dest: Path, _repository: FakeRepository, _other: SigningKey) -> str:
    put(dest, "Packages.gz", gzip.compress(b"Package: x\n"))
    return "Packages.gz differs from the file that InRelease lists"


def forge_release(dest: Path, _repository: FakeRepository, _other: SigningKey) -> str:
    put(dest, "InRelease", (dest / "InRelease").read_bytes().replace(b"Origin: Docker", b"Origin: Docket"))
    return "InRelease is not valid: "


def sign_with_another_key(dest: Path, _repository: FakeRepository, other: SigningKey) -> str:
    resign(dest, other, "Origin: Docker", "Origin: Docker")
    return "InRelease is not valid: "


def replace_the_key(dest: Path, _repository: FakeRepository, other: SigningKey) -> str:
    resign(dest, other, "Origin: Docker", "Origin: Docker")
    put(dest, "key.gpg", other.binary)
    edit_manifest(dest, key_fingerprint=other.fingerprint)
    return "its key_fingerprint is"


def replace_the_key_alone(dest: Path, _repository: FakeRepository, other: SigningKey) -> str:
    resign(dest, other, "Origin: Docker", "Origin: Docker")
    put(dest, "key.gpg", other.binary)
    return "key.gpg does not hold the pinned key"


def use_another_suite(dest: Path, repository: FakeRepository, _other: SigningKey) -> str:
    resign(dest, repository.key, "odename: jammy", "odename: noble")
    text = (dest / "InRelease").read_text()
    assert "Suite: jammy" in text
    resign(dest, repository.key, "Suite: jammy", "Suite: noble")
    return "is signed for noble, not for jammy"


def drop_the_index(dest: Path, _repository: FakeRepository, _other: SigningKey) -> str:
    edit_manifest(dest, index_files=[])
    return "has no key.gpg and no InRelease"


@pytest.mark.parametrize(
    "forge",
    [
        forge_deb,
        forge_deb_with_fitting_control,
        forge_index,
        forge_release,
        sign_with_another_key,
        replace_the_key,
        replace_the_key_alone,
        use_another_suite,
        drop_the_index,
    ],
)
def test_verify_only_refuses_a_forged_bundle(
    run: Run, dest: Path, repository: FakeRepository, other_key: SigningKey, forge: Callable
) -> None:
    run()
    expected = forge(dest, repository, other_key)
    result = run(verify_only=True)
    assert result.get("failed") is True, result
    assert expected in result["msg"]
    assert "exception" not in result


def test_bundle_without_gpgv_is_verified_as_far_as_possible(
    run: Run, dest: Path, repository: FakeRepository, monkeypatch: pytest.MonkeyPatch
) -> None:
    run()
    monkeypatch.setattr(staged.shutil, "which", lambda *_arguments, **_options: None)
    result = run(verify_only=True)
    assert result["bundle"]["signature_verified"] is False
    assert "could not be verified, because the program gpgv is missing" in warnings(result)
    forge_index(dest, repository, repository.key)
    assert "differs from the file that InRelease lists" in run(verify_only=True)["msg"]


def test_verified_bundle_gives_no_warning(run: Run, dest: Path, repository: FakeRepository) -> None:
    run()
    omitted = dict.fromkeys(("distribution", "codename", "architecture"))
    packages = {CLI: "20.10", COMPOSE: "2"}
    options = {"dest": str(dest), "packages": packages, "key_fingerprint": repository.key.fingerprint, **omitted}
    assert staged.verify(options)["warnings"] == []


def test_verified_bundle(run: Run) -> None:
    created = run()["bundle"]
    verified = run(verify_only=True)
    assert verified["bundle"]["signature_verified"] is True
    assert verified["bundle"]["files"] == created["files"] == ALL_FILES
    assert verified["bundle"]["index_date"] == created["index_date"]


def warnings(result: dict[str, Any]) -> str:
    """Return the warnings of a run as one text."""
    return str(result.get("warned", ""))


def test_package_with_other_control_fields_is_not_kept(run: Run, dest: Path, repository: FakeRepository) -> None:
    repository.control = {"Architecture": "arm64"}
    repository.build()
    message = run()["msg"]
    assert f"{CLI_FILE} contains Architecture arm64 instead of {CLI} {CLI_VERSION} (amd64)" in message
    assert set(content(dest)) == {".lock"}


def test_older_index_is_refused(run: Run, dest: Path, repository: FakeRepository) -> None:
    run()
    repository.build(Date=formatdate(time.time() - 30 * DAY))
    before = content(dest)
    for check_mode in (True, False):
        message = run(_ansible_check_mode=check_mode)["msg"]
        assert "older than the one in" in message
        assert message.endswith(f"To accept it, set allow_downgrade: true, or remove the folder: rm -r {dest}")
    assert content(dest) == before
    assert run(allow_downgrade=True)["changed"] is True
    assert run()["changed"] is False


def test_newer_index_is_kept_with_the_bundle(run: Run, dest: Path, repository: FakeRepository) -> None:
    first = run()["bundle"]
    repository.build(Date=formatdate(time.time() - 60))
    repository.requests.clear()
    result = run()
    assert result["changed"] is True
    assert result["bundle"]["index_date"] > first["index_date"]
    assert fetched(repository) == []
    assert run()["changed"] is False


def test_index_of_another_release_may_be_older(run: Run, repository: FakeRepository) -> None:
    run()
    repository.codename = "noble"
    repository.build(Date=formatdate(time.time() - 30 * DAY))
    assert run(codename="noble", packages={COMPOSE: "2"})["changed"] is True


@pytest.mark.parametrize("name", [".lock", "manifest.json", "InRelease", CLI_FILE, f"{CLI_FILE}.part"])
def test_symlinks_in_dest_are_not_followed(run: Run, dest: Path, tmp_path: Path, name: str) -> None:
    victim = tmp_path / "victim"
    victim.write_text("precious")
    dest.mkdir(parents=True)
    (dest / name).symlink_to(victim)
    result = run()
    assert victim.read_text() == "precious"
    if name == ".lock":
        assert f"{dest}/.lock is a symlink" in result["msg"]
    else:
        assert result["changed"] is True
        assert not (dest / name).is_symlink()
        assert run(verify_only=True)["changed"] is False


@pytest.mark.parametrize("name", ["manifest.json", "InRelease", CLI_FILE])
def test_symlinks_in_a_staged_bundle_are_refused(run: Run, dest: Path, tmp_path: Path, name: str) -> None:
    run()
    shutil.move(dest / name, tmp_path / name)
    (dest / name).symlink_to(tmp_path / name)
    result = run(verify_only=True)
    assert result.get("failed") is True
    assert name in result["msg"]
    assert "symlink" in result["msg"] or "symbolic links" in result["msg"]


@pytest.mark.parametrize("verify_only", [True, False])
@pytest.mark.parametrize(("name", "mode"), [("", 0o775), ("", 0o777), (CLI_FILE, 0o666), ("manifest.json", 0o664)])
def test_bundle_that_others_may_write_gives_a_warning(
    run: Run, dest: Path, name: str, mode: int, verify_only: bool
) -> None:
    run()
    (dest / name).chmod(mode)
    result = run(verify_only=verify_only)
    assert result["changed"] is False
    assert f"Other users may change the bundle: {dest / name} (owner " in warnings(result)


def test_bundle_is_readable_by_others_and_writable_by_none(run: Run, dest: Path) -> None:
    before = os.umask(0)
    try:
        run()
    finally:
        os.umask(before)
    assert dest.stat().st_mode & 0o777 == 0o755
    assert {path.stat().st_mode & 0o777 for path in dest.iterdir()} == {0o644}


def test_documented_cli_is_replaced_where_the_repository_has_none(
    run: Run, dest: Path, repository: FakeRepository
) -> None:
    newer = "5:27.5.1-1~ubuntu.22.04~jammy"
    repository.build({CLI: [newer, "5:29.1.0-1~ubuntu.22.04~jammy"], COMPOSE: VERSIONS[COMPOSE]})
    result = run()
    assert result["bundle"]["packages"][0]["version"] == newer
    assert "The repository has no docker-ce-cli 20.10 for ubuntu jammy" in warnings(result)
    assert run(verify_only=True)["bundle"]["packages"][0]["version"] == newer


def test_documented_cli_is_not_replaced_where_the_index_has_it(run: Run) -> None:
    run(packages={CLI: "27", COMPOSE: "2"})
    message = run(verify_only=True)["msg"]
    assert "docker-ce-cli has version 5:27.5.1-1~ubuntu.22.04~jammy, although the signed index has 20.10" in message


@pytest.mark.parametrize("by_hash_only", [True, False])
@pytest.mark.parametrize("suffix", [".gz", ".xz", ".bz2", ""])
def test_indexes_of_mirrors(run: Run, repository: FakeRepository, suffix: str, by_hash_only: bool) -> None:
    (repository.dists / "stable/binary-amd64/Packages.gz").unlink()
    repository.index, repository.by_hash_only = suffix, by_hash_only
    repository.build(Acquire_By_Hash="yes" if by_hash_only else None)
    assert f"Packages{suffix}" in run()["bundle"]["files"]
    assert run(verify_only=True)["changed"] is False


def test_index_that_the_mirror_lacks(run: Run, repository: FakeRepository) -> None:
    (repository.dists / "stable/binary-amd64/Packages.gz").unlink()
    message = run()["msg"]
    assert "The mirror is incomplete" in message
    assert "stable/binary-amd64/Packages.gz" in message


def test_upper_case_checksums(run: Run, repository: FakeRepository) -> None:
    repository.upper_case = True
    repository.build()
    assert run()["changed"] is True
    assert run(verify_only=True)["changed"] is False


class TestLogin:
    """A mirror that needs a user name and a password."""

    @pytest.fixture(autouse=True)
    def mirror(self, repository: FakeRepository, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
        repository.login = ("me", "sec/r:et")
        monkeypatch.setenv("HOME", str(tmp_path))
        monkeypatch.delenv("NETRC", raising=False)

    def test_options(self, run: Run, dest: Path) -> None:
        result = run(repository_username="me", repository_password="sec/r:et")  # noqa: S106 - of the test's server
        assert result["changed"] is True
        assert not any(b"sec/r" in data for data in content(dest).values())

    @pytest.mark.parametrize("file", [".netrc", "elsewhere"])
    def test_netrc(self, run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, file: str) -> None:
        (tmp_path / file).write_text("machine localhost login me password sec/r:et\n")
        (tmp_path / file).chmod(0o600)
        if file != ".netrc":
            monkeypatch.setenv("NETRC", str(tmp_path / file))
        assert run()["changed"] is True

    @pytest.mark.parametrize("entry", ["", "default login me password sec/r:et\n", "machine example.com login me\n"])
    def test_without_an_entry_of_the_host(self, run: Run, tmp_path: Path, entry: str) -> None:
        (tmp_path / ".netrc").write_text(entry)
        message = run()["msg"]
        assert "returned 401" in message
        assert "repository_username" in message
        assert "~/.netrc" in message

    def test_wrong_password_is_in_no_message(self, run: Run) -> None:
        result = run(repository_username="me", repository_password="wr0ng")  # noqa: S106 - it has no use
        assert "returned 401" in result["msg"]
        # ansible-core 2.22 tells the controller what to mask, and masks the invocation there.
        internal = ("invocation", "_ansible_new_secrets")
        assert "wr0ng" not in json.dumps({key: value for key, value in result.items() if key not in internal})

    def test_malformed_netrc(self, run: Run, tmp_path: Path) -> None:
        (tmp_path / ".netrc").write_text("machine\n")
        result = run()
        assert f"Cannot read {tmp_path}/.netrc" in result["msg"]
        assert "exception" not in result


def test_documented_defaults_match() -> None:
    options = yaml.safe_load(docker_deb_bundle.DOCUMENTATION)["options"]
    assert options["key_fingerprint"]["default"] == docker_deb_bundle.DOCKER_FINGERPRINT
    assert options["repository_url"]["default"] == docker_deb_bundle.DOCKER_URL
