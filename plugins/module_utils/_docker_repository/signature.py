# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# Note that this file is private to the collection: do not use it from outside.
"""Verify an OpenPGP key against its pinned fingerprint, and a signed text against that key.

Python reads the key; gpgv verifies the signature, as it does for apt.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import os
import re
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

from ansible_collections.mlops.studio_local_mode.plugins.module_utils._docker.errors import PackageError

_ARMOR = re.compile(
    rb"-----BEGIN PGP PUBLIC KEY BLOCK-----\r?\n(?:[^\r\n]+: [^\r\n]*\r?\n)*\r?\n"
    rb"(?P<data>[A-Za-z0-9+/=\s]+?)(?:\n=(?P<crc>[A-Za-z0-9+/]{4})\s*)?-----END PGP PUBLIC KEY BLOCK-----"
)
_CLEAR_SIGNED = re.compile(
    rb"^-----BEGIN PGP SIGNED MESSAGE-----\n(?:[^\n]+: [^\n]*\n)*\n(?P<text>.*?)\n-----BEGIN PGP SIGNATURE-----\n",
    re.DOTALL | re.MULTILINE,
)
# Status lines of gpgv about a key that must no longer be used.
_LOST_WORDS = {"EXPKEYSIG": "has expired", "REVKEYSIG": "was revoked by its owner"}
_LOST = set(_LOST_WORDS)
_PUBLIC_KEY = 6  # RFC 4880, 4.3: the packet of a primary key; its subkeys are packets of type 14


def dearmor(key: bytes) -> bytes:
    """Return the binary form of a public key file, ASCII-armoured or binary (RFC 4880, section 6.2).

    Raises ValueError if it is neither, or if the checksum of the armour is wrong.
    """
    if key[:1] >= b"\x80":  # Every binary packet starts with this bit set, no ASCII text does.
        return key
    blocks = [_block(armor["data"], armor["crc"]) for armor in _ARMOR.finditer(key)]
    if not blocks:
        raise ValueError("it is not an OpenPGP public key (perhaps the login page of a proxy).")
    return b"".join(blocks)


def _block(text: bytes, checksum: bytes | None) -> bytes:
    try:
        data = base64.b64decode(b"".join(text.split()), validate=True)
    except binascii.Error as error:
        raise ValueError(f"its OpenPGP armour is damaged: {error}.") from error
    if checksum and _crc24(data) != int.from_bytes(base64.b64decode(checksum), "big"):
        raise ValueError("its OpenPGP armour is damaged: the checksum is wrong.")
    return data


def _crc24(data: bytes) -> int:
    """The armour's checksum, RFC 4880, section 6.1."""
    crc = 0xB704CE
    for byte in data:
        crc ^= byte << 16
        for _bit in range(8):
            crc = (crc << 1) ^ (0x1864CFB if crc & 0x800000 else 0)
    return crc


def primary_fingerprints(keyring: bytes) -> list[str]:
    """Return the fingerprint of every primary key in a binary keyring (RFC 4880, section 12.2, version 4 keys).

    Raises ValueError for unreadable data, and for key versions whose fingerprints do not have 40 digits.
    """
    return [_fingerprint(body) for tag, body in _packets(keyring) if tag == _PUBLIC_KEY]


def _fingerprint(body: bytes) -> str:
    if body[:1] != b"\x04":
        raise ValueError("it holds a key of another OpenPGP version than 4.")
    # SHA-1 is what RFC 4880 defines a fingerprint to be.
    return hashlib.sha1(b"\x99" + len(body).to_bytes(2, "big") + body).hexdigest().upper()  # noqa: S324


def _packets(data: bytes) -> Iterator[tuple[int, bytes]]:
    """Yield tag and body of each packet (RFC 4880, section 4.2)."""
    position = 0
    while position < len(data):
        header = data[position]
        if not header & 0x80:
            raise ValueError("it is no OpenPGP public key: a packet is damaged.")
        if header & 0x40:
            tag, start, length = header & 0x3F, *_new_length(data, position + 1)
        else:
            tag, start, length = (header >> 2) & 0x0F, *_old_length(data, position + 1, header & 0x03)
        if start + length > len(data):
            raise ValueError("it is no complete OpenPGP public key: the last packet is cut off.")
        yield tag, data[start : start + length]
        position = start + length


def _old_length(data: bytes, at: int, kind: int) -> tuple[int, int]:
    size = (1, 2, 4, 0)[kind]
    if not size:  # Indeterminate: the packet reaches to the end.
        return at, len(data) - at
    return at + size, int.from_bytes(data[at : at + size], "big")


def _new_length(data: bytes, at: int) -> tuple[int, int]:
    first = data[at] if at < len(data) else 0
    if first < 192:
        return at + 1, first
    if first < 224:
        second = data[at + 1] if at + 1 < len(data) else 0
        return at + 2, ((first - 192) << 8) + second + 192
    if first == 255:
        return at + 5, int.from_bytes(data[at + 1 : at + 5], "big")
    raise ValueError("it is no OpenPGP public key: a key packet has a partial length.")


def pinned_keyring(key: bytes, fingerprint: str, origin: str) -> bytes:
    """Return the binary keyring of a key file after verifying that it has the pinned primary key and no other.

    Args:
        key: the file as downloaded, armoured or binary.
        fingerprint: the pin, normalized.
        origin: its URL, for the message.

    Raises PackageError.
    """
    try:
        keyring = dearmor(key)
        found = primary_fingerprints(keyring)
    except ValueError as error:
        raise PackageError(f"Cannot read the signing key {origin}: {error}") from error
    if found != [fingerprint]:
        raise PackageError(
            f"{origin} does not hold the pinned key {fingerprint} alone, but {', '.join(found) or 'no key'}. If you "
            "sign this repository with your own key, set key_fingerprint; otherwise find out who answers there."
        )
    return keyring


def signed_text(document: bytes, keyring: bytes, fingerprint: str, gpgv: str, origin: str) -> str:
    """Return the text that the pinned key signed in a clear-signed document, and no text outside of the signature.

    The text is the output of gpgv, so that anything before and after the signed part is dropped.

    Args:
        document: the clear-signed document, such as InRelease.
        keyring: a binary keyring with only the pinned key.
        fingerprint: the primary key's fingerprint, normalized; the signature may come from one of its subkeys.
        gpgv: path of the gpgv program.
        origin: its URL, for the message.

    Raises PackageError if the signature is missing, invalid, expired, or made by another key.
    """
    try:
        code, log, text = _run_gpgv(document, keyring, gpgv)
    except OSError as error:
        raise PackageError(f"Cannot verify {origin} with {gpgv}: {error}.") from error
    lost = _LOST & _keywords(log)
    if lost:
        raise PackageError(
            f"The key {fingerprint} that signed {origin} {_LOST_WORDS[min(lost)]}. Ask the operator of the "
            "repository for the new key and set key_fingerprint. A renewed key is downloaded by staging again."
        )
    if code or not _is_signed_by(fingerprint, log):
        raise PackageError(
            f"The signature of {origin} is not valid: {_reason(log)}. If the mirror is being updated, run again in "
            "some minutes; otherwise find out who changed the file."
        )
    return _decode(text, origin)


def unverified_text(document: bytes, origin: str) -> str:
    """Return the text of a clear-signed document without verifying its signature. Raises PackageError."""
    found = _CLEAR_SIGNED.search(document.replace(b"\r\n", b"\n"))
    if not found:
        raise PackageError(f"{origin} is not a clear-signed document. Copy the bundle again, or stage it again.")
    return _decode(re.sub(rb"(?m)^- ", b"", found["text"]), origin)


def _decode(text: bytes, origin: str) -> str:
    try:
        return text.decode("utf-8")
    except UnicodeDecodeError as error:
        raise PackageError(f"{origin} is not a text in UTF-8: {error}.") from error


def _run_gpgv(document: bytes, keyring: bytes, gpgv: str) -> tuple[int, str, bytes]:
    """Return gpgv's exit status, its log, and the signed text."""
    with tempfile.TemporaryDirectory() as directory:
        home = Path(directory)
        (home / "keyring.gpg").write_bytes(keyring)
        (home / "document").write_bytes(document)
        command = [
            *(gpgv, "--homedir", str(home), "--keyring", str(home / "keyring.gpg")),
            *("--weak-digest", "SHA1", "--weak-digest", "RIPEMD160"),  # as apt does
            *("--status-fd", "2", "--output", str(home / "text"), str(home / "document")),
        ]
        # There is no module here, so no run_command.
        result = subprocess.run(  # pylint: disable=ansible-bad-function
            command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            check=False,
            env={**os.environ, "LC_ALL": "C"},
        )
        text = home / "text"
        return result.returncode, result.stderr.decode(errors="replace"), text.read_bytes() if text.exists() else b""


def _status(log: str) -> list[list[str]]:
    """Return gpgv's status lines (doc/DETAILS of GnuPG)."""
    return [line.split()[1:] for line in log.splitlines() if line.startswith("[GNUPG:] ") and line.split()[1:]]


def _keywords(log: str) -> set[str]:
    return {line[0] for line in _status(log)}


def _is_signed_by(fingerprint: str, log: str) -> bool:
    """Tell whether there is a good signature by the pinned primary key and by no other."""
    signers = {line[-1] for line in _status(log) if line[0] == "VALIDSIG"}
    return "GOODSIG" in _keywords(log) and signers == {fingerprint}


def _reason(log: str) -> str:
    messages = [line for line in log.splitlines() if not line.startswith("[GNUPG:] ")]
    return "; ".join(line.replace("gpgv: ", "", 1).strip() for line in messages) or "gpgv gives no reason"
