# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The key that signs the mirror's indexes, in a keyring of its own."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from .. import layout
from ..console import run

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_KEYRING = layout.MIRROR / "gnupg"
_OWNER = "Docker Release of the sandbox <docker@sandbox.invalid>"


@contextmanager
def signer(keyring: Path = _KEYRING) -> Iterator[Signer]:
    """Yield the key of the keyring, which is created if it is empty; gpg's agent ends with the block."""
    keyring.mkdir(mode=0o700, parents=True, exist_ok=True)
    key = Signer(keyring)
    try:
        key.ensure()
        yield key
    finally:
        run(["gpgconf", "--homedir", keyring, "--kill", "all"])


def fingerprint() -> str:
    """Return the key's fingerprint, 40 hexadecimal digits."""
    return Signer(_KEYRING).fingerprint()


class Signer:
    """gpg with one secret key."""

    def __init__(self, keyring: Path) -> None:
        self._gpg = ["gpg", "--homedir", keyring, "--batch", "--quiet", "--yes"]

    def ensure(self) -> None:
        """Create the key if the keyring is empty: RSA, for signing only, like Docker's."""
        if not self._fingerprints():
            run([*self._gpg, "--passphrase", "", "--quick-generate-key", _OWNER, "rsa3072", "sign", "never"])

    def fingerprint(self) -> str:
        """Return the fingerprint as gpg prints it."""
        return self._fingerprints()[0]

    def public_key(self) -> str:
        """Return the public key in ASCII armour."""
        return run([*self._gpg, "--armor", "--export"])

    def clear_sign(self, source: Path, target: Path) -> None:
        """Write `source` with its signature around it (InRelease)."""
        run([*self._gpg, "--digest-algo", "SHA512", "--clearsign", "--output", target, source])

    def detach_sign(self, source: Path, target: Path) -> None:
        """Write the signature of `source` alone (Release.gpg)."""
        run([*self._gpg, "--digest-algo", "SHA512", "--armor", "--detach-sign", "--output", target, source])

    def _fingerprints(self) -> list[str]:
        listing = run([*self._gpg, "--list-keys", "--with-colons"]).splitlines()
        return [line.split(":")[9] for line in listing if line.startswith("fpr:")]
