# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The mirror works like Docker's repository for apt and for a verifier, and its programs run in an app."""

from __future__ import annotations

import hashlib
import os
import subprocess
from typing import TYPE_CHECKING

import pytest
import requests

from tests.sandbox import app, layout, world
from tests.sandbox.mirror import contents, service, signing

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from docker.models.containers import Container

pytestmark = pytest.mark.xdist_group("sandbox_mirror")

JAMMY = "linux/ubuntu/dists/jammy"
JAMMY_RELEASE = next(release for release in contents.RELEASES if release.codename == "jammy")
HOME = f"/home/{app.USER}"


@pytest.fixture(scope="module", autouse=True)
def mirror() -> str:
    world.up(["mirror", "app"])
    return service.url()


@pytest.fixture(scope="module")
def studio_app() -> Iterator[Container]:
    """An app of this test process alone."""
    container = app.create(f"mirror-test-{os.getpid()}")
    yield container
    container.remove(force=True)


def fetch(url: str, **headers: str) -> tuple[int, bytes]:
    answer = requests.get(url, headers={"Accept-Encoding": "identity", **headers}, verify=str(layout.CA), timeout=10)
    return answer.status_code, answer.content


def stanzas(release: contents.Release) -> list[dict[str, str]]:
    index = layout.MIRROR_REPOSITORY / "linux" / release.system / "dists" / release.codename
    text = (index / "stable" / "binary-amd64" / "Packages").read_text()
    return [dict(line.split(": ", 1) for line in stanza.splitlines()) for stanza in text.split("\n\n")]


def test_is_not_trusted_without_the_authority(mirror: str) -> None:
    with pytest.raises(requests.exceptions.SSLError, match="CERTIFICATE_VERIFY_FAILED"):
        requests.get(f"{mirror}/{JAMMY}/InRelease", timeout=10)


def test_release_is_signed_by_the_published_key(mirror: str, tmp_path: Path) -> None:
    (tmp_path / "key.asc").write_bytes(fetch(f"{mirror}/linux/ubuntu/gpg")[1])
    (tmp_path / "InRelease").write_bytes(fetch(f"{mirror}/{JAMMY}/InRelease")[1])
    keyring = tmp_path / "key.gpg"
    subprocess.run(["gpg", "--dearmor", "--output", keyring, tmp_path / "key.asc"], check=True)
    verified = subprocess.run(
        ["gpgv", "--status-fd", "1", "--keyring", keyring, tmp_path / "InRelease"],
        capture_output=True,
        check=True,
        text=True,
    )
    assert f"VALIDSIG {signing.fingerprint()}" in verified.stdout


@pytest.mark.parametrize("release", contents.RELEASES, ids=lambda release: release.codename)
def test_index_is_hashed_in_the_release_file(release: contents.Release) -> None:
    dist = layout.MIRROR_REPOSITORY / "linux" / release.system / "dists" / release.codename
    listed = [line.split() for line in (dist / "Release").read_text().splitlines() if line.startswith(" ")]
    assert [name for _, _, name in listed] == ["stable/binary-amd64/Packages", "stable/binary-amd64/Packages.gz"]
    for digest, size, name in listed:
        content = (dist / name).read_bytes()
        assert (digest, int(size)) == (hashlib.sha256(content).hexdigest(), len(content))


@pytest.mark.parametrize("release", contents.RELEASES, ids=lambda release: release.codename)
def test_every_package_is_what_its_index_says(release: contents.Release) -> None:
    for stanza in stanzas(release):
        path = layout.MIRROR_REPOSITORY / "linux" / release.system / stanza["Filename"]
        content = path.read_bytes()
        assert (stanza["SHA256"], int(stanza["Size"])) == (hashlib.sha256(content).hexdigest(), len(content))
        fields = subprocess.run(
            ["dpkg-deb", "-f", path, "Package", "Version"], capture_output=True, check=True, text=True
        )
        assert fields.stdout == f"Package: {stanza['Package']}\nVersion: {stanza['Version']}\n"


@pytest.mark.parametrize(
    ("codename", "version"),
    [
        ("focal", "5:20.10.24~3-0~ubuntu-focal"),
        ("jammy", "5:20.10.24~3-0~ubuntu-jammy"),
        ("bullseye", "5:20.10.24~3-0~debian-bullseye"),
        ("noble", None),
        ("bookworm", None),
    ],
)
def test_20_10_exists_only_where_docker_built_it(codename: str, version: str | None) -> None:
    release = next(release for release in contents.RELEASES if release.codename == codename)
    versions = [stanza["Version"] for stanza in stanzas(release) if stanza["Package"] == "docker-ce-cli"]
    assert [found for found in versions if ":20.10.24~" in found] == ([version] if version else [])
    assert any(found.startswith("5:26.1.5-1~") for found in versions)


@pytest.mark.parametrize(
    ("header", "status", "part"),
    [
        ("bytes=0-9", 206, slice(0, 10)),
        ("bytes=10-", 206, slice(10, None)),
        ("bytes=-5", 206, slice(-5, None)),
        ("bytes=99999999-", 416, slice(0, 0)),
        ("lines=1-2", 200, slice(None)),
    ],
)
def test_serves_ranges(mirror: str, header: str, status: int, part: slice) -> None:
    whole = fetch(f"{mirror}/{JAMMY}/Release")[1]
    assert fetch(f"{mirror}/{JAMMY}/Release", Range=header) == (status, whole[part])


def test_logs_each_request(mirror: str) -> None:
    fetch(f"{mirror}/linux/no-such-file-{os.getpid()}")
    assert f'"GET /linux/no-such-file-{os.getpid()} HTTP/1.1" 404' in service.ACCESS_LOG.read_text()


@pytest.mark.parametrize(
    ("cli", "compose", "prints"),
    [
        (
            "5:20.10.5~3-0~ubuntu-jammy",
            "2.26.1-1~ubuntu.22.04~jammy",
            ["20.10.5", "Docker Compose version v2.26.1", "2.26.1"],
        ),
        (
            "5:20.10.24~3-0~ubuntu-jammy",
            "2.26.1-1~ubuntu.22.04~jammy",
            ["20.10.24", "Docker Compose version v2.26.1", "2.26.1"],
        ),
        (
            "5:26.1.5-1~ubuntu.22.04~jammy",
            "5.1.0-1~ubuntu.22.04~jammy",
            ["26.1.5", "Docker Compose version v5.1.0", "5.1.0"],
        ),
        (
            "5:28.5.2-1~ubuntu.22.04~jammy",
            "2.26.1-1~ubuntu.22.04~jammy",
            ["28.5.2", "Docker Compose version v2.26.1", "2.26.1"],
        ),
    ],
)
def test_programs_run_in_an_app(studio_app: Container, cli: str, compose: str, prints: list[str]) -> None:
    files = [
        download(studio_app, stanza["Filename"])
        for stanza in stanzas(JAMMY_RELEASE)
        if (stanza["Package"], stanza["Version"]) in {("docker-ce-cli", cli), ("docker-compose-plugin", compose)}
    ]
    assert studio_app.exec_run(["sudo", "dpkg", "--install", *files]).exit_code == 0
    script = "docker version --format '{{.Client.Version}}'; docker compose version; docker compose version --short"
    output = studio_app.exec_run(["sh", "-c", script], user=app.USER).output.decode()
    assert [line.removesuffix("+dfsg1") for line in output.splitlines()] == prints


def test_the_newest_compose_cannot_speak_to_the_engine(studio_app: Container) -> None:
    deb = next(stanza["Filename"] for stanza in stanzas(JAMMY_RELEASE) if stanza["Version"].startswith("5.1.0"))
    assert studio_app.exec_run(["dpkg-deb", "--extract", download(studio_app, deb), f"{HOME}/unpacked"]).exit_code == 0
    plugin = f"{HOME}/unpacked/usr/libexec/docker/cli-plugins/docker-compose"
    answer = studio_app.exec_run([plugin, "compose", "ls"])
    assert answer.exit_code == 1
    assert b"API version 1.41 is not supported by this client" in answer.output


def download(container: Container, filename: str) -> str:
    """Fetch a package in the app, from Docker's name and over TLS; returns its path there."""
    target = f"{HOME}/{filename.rpartition('/')[2]}"
    url = f"https://{service.HOST}/linux/ubuntu/{filename}"
    done = container.exec_run(["curl", "-sSf", "--cacert", app.CA_PATH, "--output", target, url])
    assert done.exit_code == 0, done.output
    return target
