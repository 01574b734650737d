# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Builds the documentation site: `make docs`.

The pages are Markdown files of this repository at their own paths, so that a link works here, on GitHub and on the
site. antsibull-docs adds a page for each plugin and role. Sphinx's warnings are errors, and so is a link within
the site that leads nowhere.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import links

CHECKOUT = Path(__file__).resolve().parents[2]
COLLECTIONS = CHECKOUT / ".sandbox/collections"
WORK = CHECKOUT / ".sandbox/docs"
PLUGIN_PAGES = ("--use-current", "--squash-hierarchy", "--fail-on-error")
PAGES = ("docs/*.md", "roles/*/README.md", "*.md", "docs/**/*.png", "docs/*.json")


def main() -> None:
    source, site = WORK / "source", WORK / "site"
    shutil.rmtree(WORK, ignore_errors=True)
    source.mkdir(parents=True)
    for pattern in PAGES:
        for page in CHECKOUT.glob(pattern):
            copy = source / page.relative_to(CHECKOUT)
            copy.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(page, copy)
    for name in ("conf.py", "index.md"):
        shutil.copy(CHECKOUT / "docs/site" / name, source / name)
    plugins = source / "plugins"
    plugins.mkdir()
    environment = {**os.environ, "ANSIBLE_COLLECTIONS_PATH": str(COLLECTIONS), "CHECKOUT": str(CHECKOUT)}
    programs = Path(sys.executable).parent
    environment["PATH"] = f"{programs}:{environment['PATH']}"
    for command in (
        ["antsibull-docs", "collection", *PLUGIN_PAGES, "--dest-dir", str(plugins), "mlops.studio_local_mode"],
        ["sphinx-build", "--fail-on-warning", "--keep-going", "--quiet", "--jobs=2", str(source), str(site)],
    ):
        subprocess.run(command, env=environment, check=True)
    if broken := links.broken(site):
        sys.exit("Correct these links:\n" + "\n".join(broken))
    print(f"The site is in {site.relative_to(CHECKOUT)}: open index.html there.")


if __name__ == "__main__":
    main()
