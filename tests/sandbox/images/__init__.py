# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The images of the sandbox, as a table; the Dockerfiles are in the folders beside this file."""

from __future__ import annotations

from pathlib import Path

from . import contexts
from .recipe import Recipe
from .userland import Userland

_HERE = Path(__file__).parent

DEBIAN = Userland(
    suite="bookworm",
    # What SageMaker Distribution has of these, and the libraries that Debian's Python links against.
    packages=(
        *("ca-certificates", "curl", "gpg", "gpgv", "less", "procps", "sudo"),
        *("libbz2-1.0", "libdb5.3", "libexpat1", "libffi8", "liblzma5", "libncursesw6", "libnsl2", "libreadline8"),
        *("libsqlite3-0", "libssl3", "libstdc++6", "libtirpc3", "libuuid1", "media-types", "zlib1g"),
    ),
)
PYTHON = Recipe("sandbox/python:bookworm", DEBIAN, _HERE / "python", prepare=contexts.python)
# Another operating system of Studio is a line here and a file in studio_app/os-release.
APP = Recipe("sandbox/studio-app:jammy", PYTHON, _HERE / "studio_app", arguments=(("CODENAME", "jammy"),))
APP_SDK = Recipe("sandbox/studio-app:jammy-sdk", APP, _HERE / "studio_app_sdk", prepare=contexts.sdk)
JOB = Recipe("sandbox/training-job:latest", PYTHON, _HERE / "training_job")
