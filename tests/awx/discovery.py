# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""AWX 24.6's rules for the playbooks of a project (awx/main/utils/ansible.py, could_be_playbook)."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

_PLAY = re.compile(r"^\s*?-?\s*?(?:hosts|(ansible\.builtin\.)?include|(ansible\.builtin\.)?import_playbook):\s*?.*?$")
_NO_PLAYBOOKS = {"roles", "tasks", "group_vars", "host_vars"}
_VAULT = "$ANSIBLE_VAULT;"


def playbooks(root: Path, files: Iterable[str]) -> Iterator[str]:
    """Yield the files of the project that a job template can name. Paths are relative to the root."""
    for name in files:
        *folders, file = name.split("/")
        hidden = any(folder in _NO_PLAYBOOKS or folder.startswith(".") for folder in folders)
        if not hidden and file.endswith((".yml", ".yaml")) and could_be_playbook((root / name).read_text()):
            yield name


def could_be_playbook(text: str) -> bool:
    """Return whether AWX offers a file with this text as a playbook. AWX reads lines, not YAML."""
    lines = text.splitlines()
    return any(_PLAY.match(line) for line in lines) or text.startswith(_VAULT)
