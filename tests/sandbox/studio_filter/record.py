# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Which operations the apps of a policy have called: what real clients need beyond AWS's table is not guessed."""

from __future__ import annotations

import json
from pathlib import Path

from . import operations
from .call import Call

FILE = "calls.json"


class Recorder:
    """Records each operation once, for each policy, in a file that is complete at all times."""

    def __init__(self, folder: Path) -> None:
        self._file = folder / FILE
        self._seen: dict[str, set[str]] = {}

    def record(self, policy: str, call: Call) -> None:
        """Add the operation of a call, also of one that is denied or redirected."""
        name = name_of(call)
        seen = self._seen.setdefault(policy, set())
        if name not in seen:
            seen.add(name)
            self._file.write_text(json.dumps({name: sorted(names) for name, names in self._seen.items()}))


def name_of(call: Call) -> str:
    """Return the ID of an operation of the table or of an exception, or else the method and the path."""
    operation = operations.find(call)
    return operation.id if operation and not call.is_redirected else f"{call.method} {call.path}"
