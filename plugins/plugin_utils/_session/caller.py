# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# Note that this file is private to the collection: do not use it from outside.
"""Who a session is for: the ssh that this process serves, and the run of Ansible behind it."""

from __future__ import annotations

import select

from .owner import Owner
from .signals import StopSignals


class Caller:
    """C(descriptors) are readable when ssh asked for the end, or when the run of Ansible has ended."""

    def __init__(self, signals: StopSignals, owner: Owner, sink: int = 1) -> None:
        self._owner = owner
        self.descriptors = [signals.fileno()]
        if owner.descriptor is not None:
            self.descriptors.append(owner.descriptor)
        self._poll = select.poll()
        for descriptor in self.descriptors:
            self._poll.register(descriptor, select.POLLIN)
        # A killed ssh sends no signal. Its end of this pipe is closed, which poll reports without being asked.
        self._poll.register(sink, 0)

    def is_gone(self) -> bool:
        """Whether nobody wants the session any more."""
        return bool(self._poll.poll(0)) or self._owner.is_gone()
