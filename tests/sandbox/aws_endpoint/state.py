# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Everything that the endpoint remembers beside moto."""

from __future__ import annotations

from dataclasses import dataclass, field

from moto.moto_api._internal.models import moto_api_backend

from .calls import CallLog
from .credentials import Credentials
from .enabled_regions import EnabledRegions
from .places import Desks
from .trail import Trail


@dataclass(frozen=True)
class State:
    desks: Desks = field(default_factory=Desks)
    calls: CallLog = field(default_factory=CallLog)
    credentials: Credentials = field(default_factory=Credentials)
    regions: EnabledRegions = field(default_factory=EnabledRegions)
    trail: Trail = field(default_factory=Trail)

    def reset(self) -> None:
        """A healthy, empty, untouched AWS."""
        self.desks.reset()
        moto_api_backend.reset()
        self.calls.clear()
        self.credentials.reset()
        self.regions.reset()
        self.trail.reset()
