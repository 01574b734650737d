# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The images of the sandbox; their Dockerfiles are in the folders beside this file."""

from __future__ import annotations

from pathlib import Path

from .. import wheels
from ..studio_filter.policy import TRUSTED_ACCOUNT
from . import conda_clis, contexts
from .recipe import Recipe
from .userland import Userland

_HERE = Path(__file__).parent

DEBIAN = Userland(
    suite="bookworm",
    # Packages of SageMaker Distribution, and the libraries of Debian's Python.
    packages=(
        *("ca-certificates", "curl", "gpg", "gpgv", "less", "procps", "sudo"),
        *("libbz2-1.0", "libdb5.3", "libexpat1", "libffi8", "liblzma5", "libncursesw6", "libnsl2", "libreadline8"),
        *("libsqlite3-0", "libssl3", "libstdc++6", "libtirpc3", "libuuid1", "media-types", "zlib1g"),
    ),
)
# The real Debian bullseye, with Python 3.9 in /usr and without conda, as Studio Classic's "Base Python" has.
BULLSEYE = Userland(suite="bullseye", packages=("ca-certificates", "gpgv", "procps", "python3"))
PYTHON = Recipe("sandbox/python:bookworm", DEBIAN, _HERE / "python", prepare=contexts.python)


def _ubuntu(codename: str) -> Recipe:
    return Recipe(f"sandbox/ubuntu:{codename}", PYTHON, _HERE / "ubuntu", arguments=(("CODENAME", codename),))


def _with_conda_docker(app: Recipe, version: str) -> Recipe:
    tag = f"{app.tag}-docker-{version}"
    return Recipe(tag, app, _HERE / "conda_docker", arguments=(("VERSION", version),), prepare=conda_clis.fetch)


APP = Recipe("sandbox/studio-app:jammy", _ubuntu("jammy"), _HERE / "studio_app")
# The image's name in private ECR of the account that the demo's domain trusts.
JOB = Recipe(
    f"{TRUSTED_ACCOUNT}.dkr.ecr.eu-west-1.amazonaws.com/training-job:latest",
    PYTHON,
    _HERE / "training_job",
    prepare=contexts.training_job,
    lock=wheels.lock("pip"),
)

# The other images that a user of Studio may choose.
APP_DOCKER_27 = _with_conda_docker(APP, conda_clis.JAMMY)
APP_BUILDX = Recipe(f"{APP_DOCKER_27.tag}-buildx", APP_DOCKER_27, _HERE / "buildx", prepare=contexts.buildx)
NOBLE = Recipe("sandbox/studio-app:noble", _ubuntu("noble"), _HERE / "studio_app")
NOBLE_DOCKER_29 = _with_conda_docker(NOBLE, conda_clis.NOBLE)
NOBLE_DOCKER_TOO_NEW = _with_conda_docker(NOBLE, conda_clis.TOO_NEW)
CLASSIC_FOCAL = Recipe("sandbox/studio-classic:focal", _ubuntu("focal"), _HERE / "studio_classic")
CLASSIC_BULLSEYE = Recipe("sandbox/studio-classic:bullseye", BULLSEYE, _HERE / "studio_classic")
PLATFORMS = (
    APP,
    APP_DOCKER_27,
    APP_BUILDX,
    NOBLE,
    NOBLE_DOCKER_29,
    NOBLE_DOCKER_TOO_NEW,
    CLASSIC_FOCAL,
    CLASSIC_BULLSEYE,
)
