# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Start and stop the parts of the sandbox, in the order of their dependencies."""

from __future__ import annotations

import importlib
import os
import shutil
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

from . import app, engine, images, inventory, layout, packages, sdk
from .aws_relay import service as aws_relay
from .console import SandboxError, say
from .images import recipe
from .mirror import certificates, contents, repository, service
from .studio_filter import service as studio_filter

if TYPE_CHECKING:
    from collections.abc import Collection
    from types import ModuleType

# "apps" is what every app needs, "app" the demo app. The platforms are only images: Molecule and the tests start
# containers from them.
PARTS = ("aws", "engine", "mirror", "apps", "app", "platforms")

_IMAGES = {
    "mirror": (images.PYTHON,),
    "apps": (images.APP, images.JOB),
    "platforms": images.PLATFORMS,
}


def up(parts: Collection[str] = PARTS, packing: str = "gz") -> None:
    """Start those parts and their dependencies, unless they run already.

    `packing` is the compression of the mirror's packages (mirror.deb.PACKINGS); a change of it rebuilds them.

    Raises SandboxError, whose message has the remediation.
    """
    parts = {*parts, *({"apps"} if "app" in parts else ())}
    with layout.lock():
        layout.link_collection()
        if "aws" in parts:
            layout.AWS.mkdir(parents=True, exist_ok=True)
            say(f"AWS endpoint at {_aws().start(layout.AWS)}")
        if parts - {"aws"}:
            _up_engine(parts, packing)
        inventory.write(_aws().url(layout.AWS))
        say("up")


def down() -> None:
    """Stop everything. The builds stay in the folder, so that the next start is fast."""
    with layout.lock():
        _aws().stop(layout.AWS)
        studio_filter.stop()
        engine.stop()
        for written in (layout.INVENTORY, layout.ENVIRONMENT):
            written.unlink(missing_ok=True)
        shutil.rmtree(layout.SPACES_INVENTORY, ignore_errors=True)
        say("down")


def status() -> dict[str, str]:
    """Describe each part in a few words."""
    return {
        "aws": _aws().url(layout.AWS) or "down",
        "engine": engine.status(),
        "filter": studio_filter.status(),
        "mirror": (engine.is_up() and service.url()) or "down",
        "app": app.status() if engine.is_up() else "down",
    }


def _up_engine(parts: Collection[str], packing: str) -> None:
    if os.geteuid() != 0:
        raise SandboxError("dockerd, its namespaces and mmdebstrap need root: run this command again with sudo")
    app.make_home()
    packages.ensure(packages.TOOLS)
    certificates.ensure()
    engine.start()
    studio_filter.start()
    archive = packages.Archive(layout.BUILD / "apt", contents.SUITES)
    with ThreadPoolExecutor() as pool:
        fetched = [pool.submit(repository.ensure, archive, packing)] if "mirror" in parts else []
        fetched += [pool.submit(sdk.ensure)] if "apps" in parts else []
        recipe.ensure([image for part in parts for image in _IMAGES.get(part, ())], archive)
        for one in fetched:
            one.result()
    shutil.rmtree(layout.BUILD, ignore_errors=True)
    if "mirror" in parts:
        service.start()
    if "apps" in parts:
        aws_relay.start()
    if "app" in parts:
        app.start()


def _aws() -> ModuleType:
    # A late import, so that the other parts work without moto.
    return importlib.import_module("tests.sandbox.aws_endpoint.process")
