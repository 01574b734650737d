# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# Note that this file is private to the collection: do not use it from outside.
"""Print lines to Ansible's output: callbacks quote, wrap and escape a result's text, the display does not."""

from __future__ import annotations

import re
import typing as t

from ansible import constants as C
from ansible.utils.color import stringc

if t.TYPE_CHECKING:
    from ansible.utils.display import Display

# The words and the shapes at the beginning of a line. The display colours only if Ansible's own output has colours.
_COLOURS = (
    (re.compile(r"\s*(✘|FAILED\b|.*: FAILED\b|.*NOT RESTARTED\b)"), "COLOR_ERROR"),
    (re.compile(r"\s*(↻|WARNING\b|.*: (would change|changed)\b)"), "COLOR_CHANGED"),
    (re.compile(r"\s*(✔|OK\b|.*: (unchanged|local mode works)\b)"), "COLOR_OK"),
)


def print_lines(display: Display, lines: t.Iterable[str]) -> None:
    """Print the lines in one piece, without those of other hosts between them, unless the output must stay JSON."""
    if prints_json():
        return
    # Ansible removes a colour from its log only if the colour is of the whole text.
    text = "\n".join(lines if C.DEFAULT_LOG_PATH else map(_coloured, lines))
    if text:
        display.display(text)


def prints_json() -> bool:
    """Whether standard output must stay JSON: callbacks such as ansible.posix.json print the result themselves."""
    return str(C.config.get_config_value("DEFAULT_STDOUT_CALLBACK")).rpartition(".")[2].startswith("json")


def _coloured(line: str) -> str:
    colour = next((getattr(C, name) for pattern, name in _COLOURS if pattern.match(line)), None)
    return str(stringc(line, colour)) if colour else line
