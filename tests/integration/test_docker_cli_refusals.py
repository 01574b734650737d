# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The refusals of the role docker_cli in real apps: each names its cause, and nothing is installed."""

from __future__ import annotations

import gzip
import hashlib
import json
import os
import re
import shutil
from pathlib import Path

import pytest

from tests.integration.docker_cli_apps import HOME, Apps, stage
from tests.sandbox import layout, world
from tests.sandbox.mirror import signing

pytestmark = [pytest.mark.xdist_group("docker_cli_refusals"), pytest.mark.slow]

# The mirror serves what is beside Docker's tree, too.
DAMAGED = layout.MIRROR_REPOSITORY / f"damaged-{os.getpid()}"

DEBS = f"{HOME}/docker-debs"
STAGED = {"docker_cli_source": "staged", "docker_cli_staged_path": DEBS}
JAMMY, BULLSEYE = "ubuntu-jammy-amd64", "debian-bullseye-amd64"
# For dpkg it is the distribution's package; there is no program in it.
DOCKER_IO = """
mkdir -p /tmp/d/DEBIAN && cd /tmp
cat > d/DEBIAN/control <<END
Package: docker.io
Version: 20.10.21
Architecture: all
Maintainer: Nobody <nobody@localhost>
Description: a package without content
END
dpkg-deb --build d docker.io.deb && dpkg --install docker.io.deb"""


def damaged(kind):
    return {"docker_cli_repository_url": f"https://download.docker.com/{DAMAGED.name}/{kind}/linux"}


# By app: its variables, and what its user has to be told.
REFUSED = {
    "altered": (STAGED, ["docker-ce-cli_20.10.24", "is altered", "Copy it again"]),
    "forged": (STAGED, ["docker-ce-cli_20.10.24", "is not in the signed index with this version, size and SHA-256"]),
    "other-key": (STAGED, ["key.gpg does not hold the pinned key"]),
    "other-os": (STAGED, ["its distribution is debian, not ubuntu", "its codename is bullseye, not jammy"]),
    "other-oses": (STAGED, [f"has no bundle for ubuntu jammy (amd64), only for {BULLSEYE}", "docker_debs_targets"]),
    "outside": (STAGED, ["'../x.deb' is not the bare name of a .deb inside the bundle"]),
    "no-folder": (STAGED, [f"{DEBS} has no bundle", "stage_docker_debs"]),
    "no-path": ({"docker_cli_source": "staged"}, ["set docker_cli_staged_path", "docker_cli_staged_copy_from"]),
    "copy-from-nothing": (
        {"docker_cli_source": "staged", "docker_cli_staged_copy_from": "/nonexistent"},
        [f"/nonexistent on the controller has no bundle for {JAMMY}"],
    ),
    "fingerprint": (
        {"docker_cli_key_fingerprint": "9DC858229FC7DD38854AE2D88D81803C0EBFCD88"},
        ["does not hold the pinned key 9DC858229FC7DD38854AE2D88D81803C0EBFCD88 alone"],
    ),
    "untrusted": ({"docker_cli_ca_path": "/etc/ssl/certs/ISRG_Root_X1.pem"}, ["is not trusted", "ca_path"]),
    "unreachable": (
        {"docker_cli_repository_url": "https://localhost:1/linux"},
        ["Cannot download https://localhost:1/linux", "VPC-only", "docker_cli_source: staged"],
    ),
    "packages": (
        damaged("packages"),
        ["Packages.gz differs from the file that InRelease lists", "find out who changed the file"],
    ),
    "signature": (damaged("signature"), ["The signature of", "InRelease is not valid", "BAD signature"]),
    "signer": (damaged("signer"), ["The signature of", "InRelease is not valid", "public key"]),
    "expired": (damaged("expired"), ["InRelease expired on Sat, 01 Jan 2022", "this machine's clock says"]),
    "docker-io": ({}, ["docker.io 20.10.21 is installed and conflicts with docker-ce-cli", "apt-get remove docker.io"]),
    "no-version": ({"docker_cli_version": "20.1"}, ["'20.1'", "Put it in quotes"]),
}


@pytest.fixture(scope="module")
def apps(tmp_path_factory):
    world.up(["mirror", "apps"])
    apps = Apps(tmp_path_factory.mktemp("refusals"))
    apps.create(*REFUSED, "fine")
    yield apps
    apps.remove()


@pytest.fixture(scope="module")
def damaged_repositories(apps, tmp_path_factory):
    """Repositories of jammy that are Docker's but for one link of the chain, each in a folder of the mirror."""
    with signing.signer() as docker, signing.signer(tmp_path_factory.mktemp("foreign") / "gnupg") as foreign:
        packages = repository("packages") / "stable/binary-amd64/Packages.gz"
        # Without its first package, so that it is not noticed by its size already.
        packages.write_bytes(gzip.compress(gzip.decompress(packages.read_bytes()).partition(b"\n\n")[2], mtime=0))
        in_release = repository("signature") / "InRelease"
        in_release.write_text(in_release.read_text().replace("Origin: Docker", "Origin: docker"))
        dist = repository("signer")
        foreign.clear_sign(dist / "Release", dist / "InRelease")
        dist = repository("expired")
        release = re.sub(
            "(?m)^Date: .*$",
            "Date: Sat, 01 Jan 2022 00:00:00 UTC\nValid-Until: Sat, 01 Jan 2022 01:00:00 UTC",
            (dist / "Release").read_text(),
        )
        (dist / "Release").write_text(release)
        docker.clear_sign(dist / "Release", dist / "InRelease")
    yield
    shutil.rmtree(DAMAGED)


def repository(kind: str) -> Path:
    """Copy Docker's repository of jammy without its packages; returns the folder of the index."""
    source = layout.MIRROR_REPOSITORY / "linux/ubuntu"
    target = DAMAGED / kind / "linux/ubuntu"
    shutil.copytree(source / "dists/jammy", target / "dists/jammy", ignore=shutil.ignore_patterns("pool"))
    shutil.copy(source / "gpg", target / "gpg")
    return target / "dists/jammy"


def replace(path, change):
    """Change a file of a bundle, and its manifest so that it fits."""
    path.write_bytes(change(path.read_bytes()))
    manifest_path = path.with_name("manifest.json")
    manifest = json.loads(manifest_path.read_text())
    for one in manifest["packages"] + manifest["index_files"]:
        if one["file"] == path.name:
            one.update(size=path.stat().st_size, sha256=hashlib.sha256(path.read_bytes()).hexdigest())
    manifest_path.write_text(json.dumps(manifest))


def foreign_key(keyring):
    with signing.signer(keyring) as foreign:
        return foreign.public_key().encode()


def prepare(apps, folder):
    debs = stage(folder, ("ubuntu", "jammy"), ("debian", "bullseye"))
    altered = shutil.copytree(debs / JAMMY, folder / "altered")
    [deb] = altered.glob("docker-ce-cli*")
    content = bytearray(deb.read_bytes())
    content[len(content) // 2] ^= 1
    deb.write_bytes(content)
    forged = shutil.copytree(debs / JAMMY, folder / "forged")
    replace(next(forged.glob("docker-ce-cli*")), lambda deb: deb + b"more")
    other_key = shutil.copytree(debs / JAMMY, folder / "other-key")
    replace(other_key / "key.gpg", lambda _key: foreign_key(folder / "other-gnupg"))
    outside = shutil.copytree(debs / JAMMY, folder / "outside")
    manifest = json.loads((outside / "manifest.json").read_text())
    manifest["packages"][0]["file"] = "../x.deb"
    (outside / "manifest.json").write_text(json.dumps(manifest))
    for name, source in {
        "altered": altered,
        "forged": forged,
        "other-key": other_key,
        "outside": outside,
        "other-os": debs / BULLSEYE,
    }.items():
        apps.put(name, source, DEBS)
    apps.put("other-oses", debs / BULLSEYE, f"{DEBS}/{BULLSEYE}")
    apps.shell("docker-io", DOCKER_IO, user="root")


def state(apps, name):
    return apps.shell(
        name, "sha256sum /var/lib/dpkg/status; ls -A ~/.local ~/.docker /var/lib/mlops* 2> /dev/null || true"
    )


@pytest.mark.usefixtures("damaged_repositories")
def test_everything_that_must_be_refused(apps, tmp_path):
    prepare(apps, tmp_path)
    before = {name: state(apps, name) for name in REFUSED}
    results = apps.run({**{name: variables for name, (variables, _) in REFUSED.items()}, "fine": {}})
    for name, (_, words) in REFUSED.items():
        assert results[name].failed, name
        message = results[name]["msg"]
        assert [word for word in words if word not in message] == [], (name, message)
    assert {name: state(apps, name) for name in REFUSED} == before
    # Those that failed did not stop the one that could.
    assert results["fine"].packages.keys() == {"docker-ce-cli", "docker-compose-plugin"}
