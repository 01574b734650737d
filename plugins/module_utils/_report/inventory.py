# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# Note that this file is private to the collection: do not use it from outside.
"""The inventory of a command for apps, without which the playbook has no host. Pure."""

from __future__ import annotations

import shlex
import typing as t

# docs/in_the_app.md creates the file.
IN_THE_APP = "-i ~/this_app.yml "
# Of a domain in one of several accounts and regions, whose inventory only the run knows.
OF_TARGETS = "-i INVENTORY "


def options(paths: t.Iterable[str]) -> str:
    return "".join(f"-i {shlex.quote(path)} " for path in paths)


def of_run(text: str, paths: t.Sequence[str]) -> str:
    """Return the text with the inventories of the run, which another machine than the app may have made."""
    if not paths:
        return text
    return text.replace(IN_THE_APP, options(paths)).replace(OF_TARGETS, options(paths))
