# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The packages of the mirror: the releases that Docker publishes for, with package names and versions.

Version strings follow docker/docker-ce-packaging (deb/gen-deb-ver): their format changed with 23.0, and 20.10 exists
for focal, jammy and bullseye only. Package fields follow its deb/common/control of the branch that made the version.
"""

from __future__ import annotations

from dataclasses import dataclass

from .. import stand_ins


@dataclass(frozen=True)
class Release:
    """A distribution release that Docker builds packages for."""

    system: str
    codename: str
    number: str
    libc: str
    has_20_10: bool

    def version(self, upstream: str) -> str:
        """Return Docker's Debian revision of an upstream version on this release, without epoch."""
        if upstream.startswith("20.10."):
            return f"{upstream}~3-0~{self.system}-{self.codename}"
        return f"{upstream}-1~{self.system}.{self.number}~{self.codename}"


RELEASES = (
    Release("ubuntu", "focal", "20.04", libc="2.31", has_20_10=True),
    Release("ubuntu", "jammy", "22.04", libc="2.35", has_20_10=True),
    Release("ubuntu", "noble", "24.04", libc="2.39", has_20_10=False),
    Release("debian", "bullseye", "11", libc="2.31", has_20_10=True),
    Release("debian", "bookworm", "12", libc="2.36", has_20_10=False),
)


@dataclass(frozen=True)
class Package:
    """One version of a package. `source` is the Debian (suite, package) of its program; a decoy has none.

    A `stand_in` is a program that prints this version instead of its own.
    """

    name: str
    upstream: str
    epoch: str = ""
    source: tuple[str, str] | None = None
    stand_in: bool = False
    fields: tuple[tuple[str, str], ...] = ()
    # The version of containerd.io has no suffix of the release.
    plain_version: bool = False

    def is_published_for(self, release: Release) -> bool:
        """Tell whether Docker built this version for that release."""
        return release.has_20_10 or not self.upstream.startswith("20.10.")

    def version(self, release: Release) -> str:
        """Return the full version string in that release's index."""
        suffix = f"{self.upstream}-1" if self.plain_version else release.version(self.upstream)
        return f"{self.epoch}{suffix}"


_OLD_NAMES = "docker (<< 1.5~), docker-engine, docker-engine-cs, docker.io, lxc-docker, lxc-docker-virtual-package"
_CLI_TAKES_OVER = (("Replaces", "docker-ce (<< 5:0)"), ("Breaks", "docker-ce (<< 5:0)"))
_CLI_20_10 = (("Conflicts", _OLD_NAMES), *_CLI_TAKES_OVER)
_CLI_26 = (
    ("Recommends", "docker-buildx-plugin, docker-compose-plugin"),
    ("Conflicts", "docker (<< 1.5~), docker-engine, docker.io"),
    *_CLI_TAKES_OVER,
)
_ENGINE = (("Depends", "containerd.io (>= 1.4.1), docker-ce-cli, iptables"), ("Conflicts", _OLD_NAMES))
_CONTAINERD = (("Provides", "containerd, runc"), ("Conflicts", "containerd, runc"), ("Replaces", "containerd, runc"))
_PLUGIN = (("Enhances", "docker-ce-cli"),)

PACKAGES = (
    Package("docker-ce-cli", "20.10.5", "5:", ("bullseye", "docker.io"), fields=_CLI_20_10),
    Package("docker-ce-cli", "20.10.24", "5:", ("bookworm", "docker.io"), fields=_CLI_20_10),
    Package("docker-ce-cli", "26.1.5", "5:", stand_ins.REAL_CLI, fields=_CLI_26),
    Package("docker-ce-cli", "27.5.1", "5:", fields=_CLI_26),
    Package("docker-ce-cli", "28.5.2", "5:", stand_ins.REAL_CLI, stand_in=True, fields=_CLI_26),
    Package("docker-ce-cli", "29.1.3", "5:", stand_in=True, fields=_CLI_26),
    Package("docker-compose-plugin", "2.26.1", source=("trixie", "docker-compose"), fields=_PLUGIN),
    Package("docker-compose-plugin", "5.1.0", fields=_PLUGIN),
    Package("docker-buildx-plugin", "0.14.1", fields=(("Replaces", "docker-ce-cli"), *_PLUGIN)),
    Package("docker-ce", "20.10.24", "5:", fields=_ENGINE),
    Package("docker-ce", "28.5.2", "5:", fields=_ENGINE),
    Package("containerd.io", "1.6.33", fields=_CONTAINERD, plain_version=True),
)

# The C library packed with a program that needs a newer one than the release has; Docker's own programs need none.
C_LIBRARY = ("bookworm", "libc6")
# The Debian suites of those programs.
SUITES = tuple(sorted({package.source[0] for package in PACKAGES if package.source}))
