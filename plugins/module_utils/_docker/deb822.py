# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# Note that this file is private to the collection: do not use it from outside.
"""Read the format of Debian's control files, deb822(5)."""

from __future__ import annotations

from collections.abc import Iterator


def stanzas(text: str) -> Iterator[dict[str, str]]:
    """Yield the paragraphs of a control file; continuation lines are joined by newlines."""
    fields: dict[str, str] = {}
    name = ""
    for line in [*text.split("\n"), ""]:
        if line[:1] in (" ", "\t") and line.strip():
            fields[name] = f"{fields.get(name, '')}\n{line.strip()}"
        elif line.strip():
            name, _colon, value = line.partition(":")
            fields[name] = value.strip()
        elif fields:
            yield fields
            fields = {}
