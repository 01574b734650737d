# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Whether the run of Ansible has ended, even if nobody has waited for it."""

from __future__ import annotations

import os
import select
import subprocess

import pytest
from ansible_collections.mlops.studio_local_mode.plugins.plugin_utils._session.owner import Owner


@pytest.fixture
def process():
    with subprocess.Popen(["sleep", "60"]) as started:
        yield started
        started.kill()


@pytest.mark.parametrize("has_pidfd", [True, False])
def test_a_killed_process_is_gone(process, monkeypatch, has_pidfd) -> None:
    if not has_pidfd:
        monkeypatch.delattr(os, "pidfd_open")
    owner = Owner(process.pid)
    assert not owner.is_gone()
    process.kill()
    if has_pidfd:
        # It is a zombie now.
        assert select.select([owner.descriptor], [], [], 10)[0]
    else:
        process.wait()
    assert owner.is_gone()


def test_nobody_is_never_gone() -> None:
    assert not Owner(None).is_gone()
