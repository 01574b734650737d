# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The SageMaker Python SDK v2, which SageMaker Distribution has: a folder of this machine that apps mount.

As a layer of an image, its thirteen thousand files would take the engine half a minute.
"""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

from .. import layout, wheels
from ..console import run, say
from ..inputs import fingerprint

SITE_PACKAGES = f"/opt/conda/lib/python{wheels.PYTHON_VERSION}/site-packages"
_DEFAULTS = Path(__file__).with_name("defaults.yaml")


def folder(python: str = wheels.PYTHON_VERSION) -> Path:
    """Return the SDK's folder, whose name has the hash of its inputs."""
    return layout.SDK / f"{python}-{fingerprint(wheels.lock(f'sdk-{python}'), Path(__file__))}"


def mounts() -> dict[Path | str, str]:
    """Return the mounts that give an app the SDK at conda's path."""
    return {folder(): f"{SITE_PACKAGES}:ro", _DEFAULTS: "/etc/xdg/sagemaker/config.yaml:ro"}


def ensure(python: str = wheels.PYTHON_VERSION) -> None:
    """Install the SDK for that Python unless it is up to date."""
    if folder(python).exists():
        return
    say(f"fetch the SageMaker SDK for Python {python}")
    for old in layout.SDK.glob(f"{python}-*"):
        shutil.rmtree(old)
    new = layout.SDK / f"{python}-new"
    wheels.install(new, f"sdk-{python}", python=python)
    if python == wheels.PYTHON_VERSION:
        # Apps cannot write the byte code later. The tests of pandas and NumPy would be half of it.
        run([sys.executable, "-m", "compileall", "-q", "-x", "/tests/", new])
    new.rename(folder(python))
