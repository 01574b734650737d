# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which files AWX 24.6 offers as playbooks of a project (awx/main/utils/ansible.py, could_be_playbook)."""

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
    """Those of the project's files, given relative to its root, that a job template can name."""
    for name in files:
        *folders, file = name.split("/")
        hidden = any(folder in _NO_PLAYBOOKS or folder.startswith(".") for folder in folders)
        if not hidden and file.endswith((".yml", ".yaml")) and could_be_playbook((root / name).read_text()):
            yield name


def could_be_playbook(text: str) -> bool:
    """Whether AWX takes a file with this text for a playbook. It reads lines, not YAML."""
    lines = text.splitlines()
    return any(_PLAY.match(line) for line in lines) or text.startswith(_VAULT)
