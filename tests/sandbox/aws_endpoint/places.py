# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The controls of each account and region. A place without controls of its own follows the common ones."""

from __future__ import annotations

import threading
from typing import Any

from .controls import ControlDesk, Controls

EVERY = "*"
Place = tuple[str, str]
"""Account and region; `*` stands for all of them."""


class Desks:
    """One desk of controls for all places, and one for each place with controls of its own.

    The common desk counts the calls of all places that follow it; a desk of a place counts its own.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self.common = ControlDesk()
        self._desks: dict[Place, ControlDesk] = {}
        self._changes: dict[Place, dict[str, Any]] = {}

    def at(self, account: str, region: str) -> ControlDesk:
        """The desk of the nearest selection: the place, its account, its region, all."""
        with self._lock:
            for place in ((account, region), (account, EVERY), (EVERY, region)):
                if place in self._desks:
                    return self._desks[place]
        return self.common

    def change(self, changes: dict[str, Any], account: str = EVERY, region: str = EVERY) -> Controls:
        """Put `changes` in force at these places; the other controls stay, every count there starts again.

        A change of the common controls reaches the places, except for the controls that they have of their own.
        """
        place = (account, region)
        if place == (EVERY, EVERY):
            controls = self.common.change(changes)
            with self._lock:
                for selected, desk in self._desks.items():
                    desk.replace(self._effective(selected))
            return controls
        with self._lock:
            changed = {**self._changes.get(place, {}), **changes}
            self.common.controls.changed(changed)
            self._changes[place] = changed
            desk = self._desks.setdefault(place, ControlDesk())
            desk.replace(self._effective(place))
            for selected, other in self._desks.items():
                if other is not desk and other.controls != self._effective(selected):
                    other.replace(self._effective(selected))
            return desk.controls

    def reset(self) -> None:
        with self._lock:
            self.common.reset()
            self._desks.clear()
            self._changes.clear()

    def _effective(self, place: Place) -> Controls:
        """The common controls with the changes of the account, then of the place itself."""
        account, region = place
        controls = self.common.controls
        for selection in dict.fromkeys([(EVERY, region), (account, EVERY), place]):
            controls = controls.changed(self._changes.get(selection, {}))
        return controls
