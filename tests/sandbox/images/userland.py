# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A minimal Debian as an image, created by mmdebstrap from the archive of this machine's apt."""

from __future__ import annotations

import subprocess
from dataclasses import dataclass
from typing import TYPE_CHECKING

from .. import engine, packages
from ..console import SandboxError, say
from ..inputs import fingerprint

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True)
class Userland:
    """A Debian suite with apt, the essential packages and the named ones."""

    suite: str
    packages: tuple[str, ...]

    @property
    def tag(self) -> str:
        """The image's name."""
        return f"sandbox/debian:{self.suite}"

    @property
    def inputs(self) -> str:
        """The hash over all inputs of the image."""
        return fingerprint(self.suite, self.packages)

    def build(self, labels: Mapping[str, str]) -> None:
        """Bootstrap directly into the engine. Raises SandboxError with mmdebstrap's errors."""
        say(f"build image {self.tag} from Debian's packages")
        repository, _, tag = self.tag.partition(":")
        with subprocess.Popen(self._command(), stdout=subprocess.PIPE, stderr=subprocess.PIPE) as bootstrap:
            engine.client().api.import_image_from_stream(
                bootstrap.stdout,
                repository=repository,
                tag=tag,
                changes=[f'LABEL "{key}"="{value}"' for key, value in labels.items()],
            )
            errors = bootstrap.stderr.read().decode()
        if bootstrap.returncode != 0:
            # The engine imports the data before the failure as an image.
            engine.client().images.remove(self.tag, force=True)
            raise SandboxError(f"mmdebstrap failed for {self.suite}:\n{errors[-3000:]}")

    def _command(self) -> list[str]:
        include = f"--include={','.join(self.packages)}"
        return [
            "mmdebstrap",
            "--quiet",
            "--mode=root",
            "--variant=apt",
            # What is lost at a power failure is built again; the image has dpkg's own setting.
            "--dpkgopt=force-unsafe-io",
            '--customize-hook=rm "$1/etc/dpkg/dpkg.cfg.d/99mmdebstrap"',
            include,
            self.suite,
            "-",
            packages.debian_uri(),
        ]
