# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Debian packages: install missing tools, and download others without a change to this machine's apt."""

from __future__ import annotations

import ctypes
import os
import platform
import shutil
import subprocess
import sys
import tarfile
import threading
from typing import TYPE_CHECKING

from . import layout
from .console import SandboxError, run, say

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping
    from pathlib import Path

# Program -> its Debian package.
TOOLS = {
    "mmdebstrap": "mmdebstrap",
    "gpg": "gpg",
    "gpg-agent": "gpg-agent",
    "gpgv": "gpgv",
    "openssl": "openssl",
    "ssh": "openssh-client",
    # Not the sandbox, but the tests of the documentation's commands for AWX.
    "curl": "curl",
    "jq": "jq",
}
# The package has dockerd and its client: one for the engine, one for Ansible's docker connection.
ENGINE_TOOLS = {"dockerd": "docker.io", "docker": "docker.io", "iptables": "iptables", "ip": "iproute2"}

# The sandbox needs programs, and no service of this machine.
_WITHOUT_SERVICES = [sys.executable, "-m", "tests.sandbox.namespaces.without_systemd"]


def ensure(tools: Mapping[str, str]) -> None:
    """Install the packages of the missing programs and shared libraries.

    Raises SandboxError with their names on a system without apt. Needs root.
    """
    missing = sorted({package for tool, package in tools.items() if not _is_present(tool)})
    if not missing:
        return
    if not shutil.which("apt-get"):
        raise SandboxError(
            f"This system has no apt. Install the programs of these Debian packages: {', '.join(missing)}"
        )
    say(f"install {', '.join(missing)}")
    run(["apt-get", "update", "-q"])
    run(
        [*_WITHOUT_SERVICES, "apt-get", "install", "-q", "-y", "--no-install-recommends", *missing],
        cwd=layout.ROOT,
        env={**os.environ, "DEBIAN_FRONTEND": "noninteractive"},
    )


def _is_present(tool: str) -> bool:
    if ".so." in tool:
        try:
            return bool(ctypes.CDLL(tool))
        except OSError:
            return False
    return _on_path(tool)


def _on_path(program: str) -> bool:
    return shutil.which(program, path=f"{os.environ.get('PATH', '')}:/usr/sbin:/sbin") is not None


def debian_uri() -> str:
    """Return the Debian archive this machine's own apt uses, so that this file has no address.

    Raises SandboxError if apt has none.
    """
    codename = platform.freedesktop_os_release().get("VERSION_CODENAME", "")
    query = ["apt-get", "indextargets", "--format", "$(REPO_URI)", "Created-By: Packages", "Component: main"]
    uris = run([*query, "Origin: Debian", f"Codename: {codename}"]).split()
    # Before the first "apt-get update" apt does not know the origin.
    uris = uris or run([*query, f"Release: {codename}"]).split()
    if not uris:
        raise SandboxError(f"apt has no Debian archive for {codename!r}: add one to /etc/apt/sources.list.d")
    return uris[0]


def read_files(deb: Path, names: Collection[str]) -> dict[str, bytes]:
    """Return the content of files of a .deb; their names are relative to the root.

    Raises SandboxError with the names of missing files.
    """
    found: dict[str, bytes] = {}
    with (
        subprocess.Popen(["dpkg-deb", "--fsys-tarfile", str(deb)], stdout=subprocess.PIPE) as unpacked,
        tarfile.open(fileobj=unpacked.stdout, mode="r|") as members,
    ):
        for member in members:
            name = member.name.removeprefix("./")
            if name in names:
                found[name] = members.extractfile(member).read()
    if missing := set(names) - set(found):
        raise SandboxError(f"{deb.name} has no {', '.join(sorted(missing))}")
    return found


class Archive:
    """Debian suites with a separate apt state in one folder. The first download fetches the indexes."""

    def __init__(self, folder: Path, suites: Iterable[str]) -> None:
        self._folder = folder
        self._suites = tuple(suites)
        self._updated = False
        self._downloaded: dict[Path, Path] = {}
        # apt locks its state, and fails if it is locked.
        self._lock = threading.Lock()

    def download(self, package: str, suite: str) -> Path:
        """Download a .deb, once, and return its path. Raises SandboxError if the suite does not have the package."""
        target = self._folder / "debs" / suite / package
        with self._lock:
            if target not in self._downloaded:
                self._update()
                shutil.rmtree(target, ignore_errors=True)
                target.mkdir(parents=True)
                run(["apt-get", *self._options(), "download", "-q", f"{package}/{suite}"], cwd=target)
                self._downloaded[target] = next(target.glob("*.deb"))
            return self._downloaded[target]

    def _update(self) -> None:
        if self._updated:
            return
        for part in (self._folder / "lists" / "partial", self._folder / "cache" / "archives" / "partial"):
            part.mkdir(parents=True, exist_ok=True)
        uri = debian_uri()
        (self._folder / "sources.list").write_text("".join(f"deb {uri} {suite} main\n" for suite in self._suites))
        run(["apt-get", *self._options(), "update", "-q"])
        self._updated = True

    def _options(self) -> list[str]:
        settings = {
            "Dir::Etc::sourcelist": self._folder / "sources.list",
            "Dir::Etc::sourceparts": "-",
            "Dir::State::lists": self._folder / "lists",
            "Dir::State::status": "/dev/null",
            "Dir::Cache": self._folder / "cache",
            # Debian's images for containers turn apt's cache off; every download would parse all suites again.
            "Dir::Cache::pkgcache": "pkgcache.bin",
            "Dir::Cache::srcpkgcache": "srcpkgcache.bin",
            # The files belong to root; the unprivileged user _apt could not write them.
            "APT::Sandbox::User": "root",
            "Acquire::Languages": "none",
        }
        return [word for key, value in settings.items() for word in ("-o", f"{key}={value}")]


if __name__ == "__main__":
    # Before `up`, while pip is busy: make_venv.sh.
    if os.geteuid() == 0 and shutil.which("apt-get"):
        ensure(TOOLS | ENGINE_TOOLS)
