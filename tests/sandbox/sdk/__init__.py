# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The SageMaker Python SDK 2, which SageMaker Distribution has, and the SDK 3: folders of this machine that apps mount.

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
# A user of the SDK 3 sets PYTHONPATH to it. The SDK 2 has installed its other dependencies.
SDK_3 = "/opt/sagemaker-sdk-3"
_SDK_3 = "sdk-3"
_DEFAULTS = Path(__file__).with_name("defaults.yaml")


def folder(python: str = wheels.PYTHON_VERSION) -> Path:
    """Return the SDK 2's folder, whose name has the hash of its inputs."""
    return _folder(f"sdk-{python}")


def mounts() -> dict[Path | str, str]:
    """Return the mounts that give an app the SDK 2 at conda's path, and the SDK 3 beside it."""
    defaults = {_DEFAULTS: "/etc/xdg/sagemaker/config.yaml:ro"}
    return {folder(): f"{SITE_PACKAGES}:ro", _folder(_SDK_3): f"{SDK_3}:ro", **defaults}


def ensure(python: str = wheels.PYTHON_VERSION) -> None:
    """Install the SDK 2 for that Python, and the SDK 3 for conda's, unless they are up to date."""
    _ensure(f"sdk-{python}", python)
    if python == wheels.PYTHON_VERSION:
        _ensure(_SDK_3, python)


def _folder(lock: str) -> Path:
    return layout.SDK / f"{lock}-{fingerprint(wheels.lock(lock), Path(__file__))}"


def _ensure(lock: str, python: str) -> None:
    if _folder(lock).exists():
        return
    say(f"fetch the SageMaker SDK of {wheels.lock(lock).name}")
    for old in layout.SDK.glob(f"{lock}-*"):
        shutil.rmtree(old)
    new = layout.SDK / f"{lock}-new"
    wheels.install(new, lock, python=python)
    if python == wheels.PYTHON_VERSION:
        # Apps cannot write the byte code later. The tests of pandas and NumPy would be half of it.
        run([sys.executable, "-m", "compileall", "-q", "-x", "/tests/", new])
    new.rename(_folder(lock))
