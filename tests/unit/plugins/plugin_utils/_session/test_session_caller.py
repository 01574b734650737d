# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Nobody wants a session any more: ssh has gone, asked for its end, or Ansible has gone."""

import os
import signal
import subprocess

import pytest
from ansible_collections.mlops.studio_local_mode.plugins.plugin_utils._session.caller import Caller
from ansible_collections.mlops.studio_local_mode.plugins.plugin_utils._session.owner import Owner
from ansible_collections.mlops.studio_local_mode.plugins.plugin_utils._session.signals import StopSignals


@pytest.fixture
def signals():
    with StopSignals() as found:
        yield found


@pytest.fixture
def pipe():
    reader, writer = os.pipe()
    ends = [reader, writer]
    yield ends
    for end in ends:
        os.close(end)


@pytest.mark.parametrize("number", [signal.SIGHUP, signal.SIGINT, signal.SIGTERM])
def test_a_signal_asks_for_the_end(signals, pipe, number) -> None:
    caller = Caller(signals, Owner(None), pipe[1])
    assert not caller.is_gone()
    os.kill(os.getpid(), number)
    assert caller.is_gone()
    assert caller.is_gone()


def test_a_killed_ssh_closes_its_pipe(signals, pipe) -> None:
    caller = Caller(signals, Owner(None), pipe[1])
    assert not caller.is_gone()
    os.close(pipe.pop(0))
    assert caller.is_gone()


@pytest.mark.parametrize("has_pidfd", [True, False])
def test_the_run_of_ansible_ends(signals, pipe, monkeypatch, has_pidfd) -> None:
    if not has_pidfd:
        monkeypatch.delattr(os, "pidfd_open")
    with subprocess.Popen(["sleep", "60"]) as ansible:
        caller = Caller(signals, Owner(ansible.pid), pipe[1])
        assert not caller.is_gone()
        ansible.kill()
        ansible.wait()
        assert caller.is_gone()
