# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Build an image from a Dockerfile, without a registry, and only if its inputs have changed."""

from __future__ import annotations

import inspect
import shutil
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from docker.errors import BuildError, ImageNotFound

from .. import engine, layout
from ..console import SandboxError, say
from ..inputs import fingerprint
from ..packages import Archive
from .userland import Userland

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from concurrent.futures import Future

INPUTS_LABEL = f"{engine.LABEL}.inputs"


@dataclass(frozen=True)
class Recipe:
    """One image: its base, its Dockerfile's folder, and the function that prepares the build context."""

    tag: str
    base: Recipe | Userland
    folder: Path
    arguments: tuple[tuple[str, str], ...] = ()
    prepare: Callable[[Path, Archive], None] | None = None
    lock: Path | None = None

    @property
    def inputs(self) -> str:
        """The hash over all inputs of the image and its bases."""
        fetched = inspect.getsource(inspect.getmodule(self.prepare)) if self.prepare else None
        return fingerprint(self.base.inputs, self.folder, self.arguments, fetched, *([self.lock] if self.lock else []))

    def fetch(self, archive: Archive) -> Path:
        """Prepare the build context, which all recipes of this folder share, and return its folder."""
        if not self.prepare:
            return self.folder
        context = layout.BUILD / self.folder.name
        shutil.rmtree(context, ignore_errors=True)
        shutil.copytree(self.folder, context)
        self.prepare(context, archive)
        return context

    def build(self, context: Path) -> None:
        """Build the image from that context; its base must exist. Raises SandboxError with the build's log."""
        say(f"build image {self.tag}")
        try:
            engine.client().images.build(
                path=str(context),
                tag=self.tag,
                buildargs={"BASE": self.base.tag, **dict(self.arguments)},
                labels={**engine.LABELS, INPUTS_LABEL: self.inputs},
                # The private engine has no default bridge, and no build step needs a network.
                network_mode="none",
                rm=True,
            )
        except BuildError as error:
            log = "".join(str(line.get("stream", "")) for line in error.build_log)
            raise SandboxError(f"Building {self.tag} failed: {error}\n{log[-3000:]}") from error


def ensure(recipes: Sequence[Recipe], archive: Archive) -> None:
    """Build the images that are out of date, each after its bases, and prepare their contexts in parallel."""
    stale = [image for image in _with_bases(recipes) if _inputs_in_engine(image.tag) != image.inputs]
    # A build waits for its base, which is earlier in the list and already has a thread.
    with ThreadPoolExecutor(max_workers=max(1, 2 * len(stale))) as pool:
        folders = {image.folder: image for image in stale if isinstance(image, Recipe)}
        contexts = {folder: pool.submit(image.fetch, archive) for folder, image in folders.items()}
        built: dict[str, Future[None]] = {}
        for image in stale:
            built[image.tag] = pool.submit(_build, image, contexts, built)
    for one in built.values():
        one.result()


def _build(image: Recipe | Userland, contexts: Mapping[Path, Future[Path]], built: Mapping[str, Future[None]]) -> None:
    if isinstance(image, Userland):
        image.build({**engine.LABELS, INPUTS_LABEL: image.inputs})
        return
    if image.base.tag in built:
        built[image.base.tag].result()
    image.build(contexts[image.folder].result())


def _with_bases(recipes: Sequence[Recipe]) -> list[Recipe | Userland]:
    """Return the images and their bases, bases first, each once."""
    ordered: dict[str, Recipe | Userland] = {}
    for recipe in recipes:
        chain: list[Recipe | Userland] = [recipe]
        while isinstance(chain[-1], Recipe):
            chain.append(chain[-1].base)
        ordered |= {image.tag: image for image in reversed(chain) if image.tag not in ordered}
    return list(ordered.values())


def _inputs_in_engine(tag: str) -> str | None:
    try:
        return engine.client().images.get(tag).labels.get(INPUTS_LABEL)
    except ImageNotFound:
        return None
