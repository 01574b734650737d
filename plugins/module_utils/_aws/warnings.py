# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# Note that this file is private to the collection: do not use it from outside.
"""Warnings that say which target they are about, where a task has several."""

from __future__ import annotations

import contextlib
import contextvars
import typing as t

from ansible.module_utils.common.warnings import warn as _warn

_place: contextvars.ContextVar[str] = contextvars.ContextVar("place", default="")


def warn(message: str) -> None:
    """Warn. Not module.warn(): AnsibleAWSModule returns its warnings in a way that ansible-core 2.19 deprecates."""
    place = _place.get()
    _warn(f"{place}: {message}" if place else message)


@contextlib.contextmanager
def warnings_of(place: str) -> t.Iterator[None]:
    """Put C(place) before the warnings of this block."""
    token = _place.set(place)
    try:
        yield
    finally:
        _place.reset(token)
