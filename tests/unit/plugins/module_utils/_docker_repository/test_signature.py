# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Keys and signatures, with keys made by gpg and with Docker's own key."""

from __future__ import annotations

import base64
import shutil
import subprocess
from pathlib import Path

import pytest
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._docker.errors import PackageError
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._docker_repository import signature
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._docker_repository.defaults import (
    DOCKER_FINGERPRINT,
)

from tests.unit.fake_docker_repository import SigningKey, signing_key

pytest_plugins = ["tests.unit.docker_repository_fixtures"]

GPGV = shutil.which("gpgv") or "gpgv"
# The first packet of https://download.docker.com/linux/ubuntu/gpg: the primary key of "Docker Release (CE deb)".
DOCKER_PRIMARY_KEY = base64.b64decode("""
mQINBFit2ioBEADhWpZ8/wvZ6hUTiXOwQHXMAlaFHcPH9hAtr4F1y2+OYdbtMuth
lqqwp028AqyY+PRfVMtSYMbjuQuu5byyKR01BbqYhuS3jtqQmljZ/bJvXqnmiVXh
38UuLa+z077PxyxQhu5BbqntTPQMfiyqEiU+BKbq2WmANUKQf+1AmZY/IruOXbnq
L4C1+gJ8vfmXQt99npCaxEjaNRVYfOS8QcixNzHUYnb6emjlANyEVlZzeqo7XKl7
UrwV5inawTSzWNvtjEjj4nJL8NsLwscpLPQUhTQ+7BbQXAwAmeHCUTQIvvWXqw0N
cmhh4HgeQscQHYgOJjjDVfoY5MucvglbIgCqfzAHW9jxmRL4qbMZj+b1XoePEtht
ku4bIQN1X5P07fNWzlgaRL5Z4POXDDZTlIQ/El58j9kp4bnWRCJW0lya+f8ocodo
vZZ+Doi+fy4D5ZGrL4XEcIQP/Lv5uFyf+kQtl/94VFYVJOleAv8W92KdgDkhTcTD
G7c0tIkVEKNUq48b3aQ64NOZQW7fVjfoKwEZdOqPE72Pa45jrZzvUFxSpdiNk2tZ
XYukHjlxxEgBdC/J3cMMNRE1F4NCA3ApfV1Y7/hTeOnmDuDYwr9/obA8t016Yljj
q5rdkywPf4JF8mXUW5eCN1vAFHxeg9ZWemhBtQmGxXnw9M+z6hWwc6ahmwARAQAB
""")


def test_the_pin_is_the_fingerprint_of_dockers_key() -> None:
    assert signature.primary_fingerprints(DOCKER_PRIMARY_KEY) == [DOCKER_FINGERPRINT]


@pytest.mark.parametrize("key_form", ["armored", "binary"])
def test_keyring_of_the_pinned_key(docker_key: SigningKey, key_form: str) -> None:
    keyring = signature.pinned_keyring(getattr(docker_key, key_form), docker_key.fingerprint, "here")
    assert keyring == docker_key.binary


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b"\n", b"\r\n"),
        (b"BLOCK-----\n\n", b"BLOCK-----\nVersion: GnuPG v1\nComment: a\n\n"),
        (b"-----BEGIN", b"text before\n-----BEGIN"),
    ],
    ids=["CRLF", "headers", "text before"],
)
def test_armor_in_other_shapes(docker_key: SigningKey, old: bytes, new: bytes) -> None:
    assert old in docker_key.armored
    assert signature.dearmor(docker_key.armored.replace(old, new, 1 if old != b"\n" else -1)) == docker_key.binary


def test_armor_without_checksum(docker_key: SigningKey) -> None:
    # RFC 9580, section 6.1: the checksum may be left out.
    lines = [line for line in docker_key.armored.splitlines() if not line.startswith(b"=")]
    assert signature.dearmor(b"\n".join(lines)) == docker_key.binary


def test_damaged_armor(docker_key: SigningKey) -> None:
    line = docker_key.armored.splitlines()[5]
    damaged = docker_key.armored.replace(line, line.swapcase())
    with pytest.raises(ValueError, match="the checksum is wrong"):
        signature.dearmor(damaged)


@pytest.mark.parametrize("key", [b"", b"<html>", b"-----BEGIN PGP PUBLIC KEY BLOCK-----\n\n"])
def test_no_key(key: bytes) -> None:
    with pytest.raises(PackageError, match="signing key here: it is not an OpenPGP public key"):
        signature.pinned_keyring(key, DOCKER_FINGERPRINT, "here")


@pytest.mark.parametrize("length", [1, 2, 3, 100, len(DOCKER_PRIMARY_KEY) - 1])
def test_cut_key(length: int) -> None:
    with pytest.raises(PackageError, match="Cannot read the signing key here"):
        signature.pinned_keyring(DOCKER_PRIMARY_KEY[:length], DOCKER_FINGERPRINT, "here")


def test_keys_of_other_versions_are_refused() -> None:
    with pytest.raises(ValueError, match="another OpenPGP version"):
        signature.primary_fingerprints(b"\xc6\x02\x06\x00")


@pytest.mark.parametrize("size", [100, 191, 192, 1000, 8383, 8384, 70000])
def test_new_format_packets_of_every_length(size: int) -> None:
    if size < 192:
        length = bytes([size])
    elif size < 8384:
        length = (size - 192 + (192 << 8)).to_bytes(2, "big")
    else:
        length = b"\xff" + size.to_bytes(4, "big")
    user_id = b"\xcd" + length + bytes(size)
    assert signature.primary_fingerprints(user_id + DOCKER_PRIMARY_KEY) == [DOCKER_FINGERPRINT]


def check(document: bytes, key: SigningKey) -> str:
    return signature.signed_text(document, key.binary, key.fingerprint, GPGV, "InRelease")


def test_signed_text(docker_key: SigningKey) -> None:
    text = "Origin: Docker\n- dashes\nSuite: ä\n"
    assert check(docker_key.sign(text), docker_key) == text


def test_signed_by_another_key(docker_key: SigningKey, other_key: SigningKey) -> None:
    with pytest.raises(PackageError, match="signature of InRelease is not valid"):
        check(other_key.sign("Origin: Docker\n"), docker_key)


def test_good_signature_of_a_key_that_is_not_the_pin(docker_key: SigningKey, other_key: SigningKey) -> None:
    document = other_key.sign("Origin: Docker\n")
    keyring = docker_key.binary + other_key.binary
    with pytest.raises(PackageError, match="is not valid"):
        signature.signed_text(document, keyring, docker_key.fingerprint, GPGV, "InRelease")


def test_weak_digest(docker_key: SigningKey) -> None:
    with pytest.raises(PackageError, match="is not valid"):
        check(docker_key.sign("Origin: Docker\n", "--digest-algo", "SHA1"), docker_key)


@pytest.mark.parametrize("digest", ["SHA256", "SHA512"])
def test_strong_digest(docker_key: SigningKey, digest: str) -> None:
    assert check(docker_key.sign("x\n", "--digest-algo", digest), docker_key) == "x\n"


@pytest.mark.parametrize(
    ("before", "after"), [(b"Codename: forged\n\n", b""), (b"", b"\nCodename: forged\n"), (b"Codename: forged\n", b"x")]
)
def test_text_outside_of_the_signature_is_dropped(docker_key: SigningKey, before: bytes, after: bytes) -> None:
    document = before + docker_key.sign("Codename: jammy\n") + after
    assert check(document, docker_key) == "Codename: jammy\n"


@pytest.mark.parametrize("pinned_first", [True, False])
def test_two_signed_texts_in_one_document(docker_key: SigningKey, other_key: SigningKey, pinned_first: bool) -> None:
    texts = [docker_key.sign("Codename: jammy\n"), other_key.sign("Codename: forged\n")]
    with pytest.raises(PackageError, match="is not valid"):
        check(b"".join(texts if pinned_first else reversed(texts)), docker_key)


def gpg(home: str, *arguments: str, stdin: bytes = b"") -> bytes:
    command = ["gpg", "--homedir", home, "--batch", "--quiet", "--no-permission-warning", "--pinentry-mode", "loopback"]
    return subprocess.run([*command, *arguments], input=stdin, capture_output=True, check=True).stdout


def test_revoked_key() -> None:
    with signing_key("revoked") as key:
        document = key.sign("Origin: Docker\n")
        certificate = Path(key.home, "openpgp-revocs.d", f"{key.fingerprint}.rev").read_bytes()
        gpg(key.home, "--import", stdin=certificate.replace(b":-----BEGIN", b"-----BEGIN"))
        with pytest.raises(PackageError, match=f"{key.fingerprint} that signed InRelease was revoked by its owner"):
            signature.signed_text(document, gpg(key.home, "--export"), key.fingerprint, GPGV, "InRelease")


def test_expired_key() -> None:
    past = ("--faked-system-time", "20200101T000000!")
    with signing_key("expired", *past, expiry="1d") as key:
        document = key.sign("Origin: Docker\n", *past)
        with pytest.raises(PackageError, match=f"{key.fingerprint} that signed InRelease has expired"):
            check(document, key)


@pytest.mark.parametrize("text", ["Origin: Docker\n", "Suite: jammy\n- dashes\n-----\nEnd: x\n"])
def test_unverified_text(docker_key: SigningKey, text: str) -> None:
    assert signature.unverified_text(docker_key.sign(text), "InRelease") == text.rstrip("\n")


@pytest.mark.parametrize("document", [b"", b"Suite: jammy\n", b"\xff" * 100, b"-----BEGIN PGP SIGNED MESSAGE-----\n"])
def test_no_clear_signed_document(document: bytes) -> None:
    with pytest.raises(PackageError, match="InRelease is not a clear-signed document"):
        signature.unverified_text(document, "InRelease")


def test_gpgv_that_cannot_run(docker_key: SigningKey) -> None:
    with pytest.raises(PackageError, match="Cannot verify InRelease with /nonexistent"):
        signature.signed_text(b"", docker_key.binary, docker_key.fingerprint, "/nonexistent", "InRelease")
