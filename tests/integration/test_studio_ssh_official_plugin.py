# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""AWS's session-manager-plugin in place of the collection's own client, where somebody wants that.

The program is on no registry. The stand-in takes its arguments and its environment, and is a session all the same.
"""

from __future__ import annotations

import os
import signal
import sys
import time
from pathlib import Path

import pytest

from tests.integration.studio_ssh_world import PING, World, raw
from tests.sandbox import layout

STAND_IN = """#!{python}
import json, os, sys, time, types
if sys.argv[1] == "--version":
    print("1.2.707.0")
    sys.exit()
session = json.loads(os.environ[sys.argv[1]])
package = sys.modules["stand_in"] = types.ModuleType("stand_in")
package.__path__ = ["{plugins}"]
from stand_in.plugin_utils._session import caller, data_channel, owner, signals, stream
with signals.StopSignals() as stop, open("{log}", "a") as log:
    print(os.getpid(), *sys.argv[1:], file=log, flush=True)
    channel = data_channel.DataChannel(session["StreamUrl"], session["TokenValue"], 20)
    stream.Stream(channel, caller.Caller(stop, owner.Owner(None))).run(time.monotonic() + 20)
"""


@pytest.fixture
def log(world: World, tmp_path, monkeypatch) -> Path:
    """Put the stand-in on PATH; return the file of its process number and arguments."""
    program, log = tmp_path / "bin" / "session-manager-plugin", tmp_path / "log"
    program.parent.mkdir()
    program.write_text(STAND_IN.format(python=sys.executable, plugins=layout.ROOT / "plugins", log=log))
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{program.parent}:{os.environ['PATH']}")
    return log


def test_auto_uses_it_and_the_run_ends_its_session(world: World, log) -> None:
    arn = world.space(studio_ssh_session_manager_plugin="auto")
    run = world.play_ok(raw("exit 3", failed_when=False), PING)
    assert run.of("ada")[0]["rc"] == 3
    [line] = log.read_text().splitlines()
    assert line.split()[1:4] == ["AWS_SSM_START_SESSION_RESPONSE", world.endpoint.region, "StartSession"]
    assert arn in line
    [token] = world.gateway.ask("tokens")["tokens"]
    assert token not in line
    assert world.gateway.wait_until_closed(10)


def test_it_ends_with_a_killed_run(world: World, log) -> None:
    world.space(studio_ssh_session_manager_plugin="auto")
    with world.start(raw("sleep 300")) as process:
        deadline = time.monotonic() + 60
        while not log.exists() or not world.gateway.open():
            assert time.monotonic() < deadline
            time.sleep(0.05)
        os.kill(process.pid, signal.SIGKILL)
        assert world.gateway.wait_until_closed(30)


def test_it_is_not_used_unless_somebody_wants_it(world: World, log) -> None:
    world.space()
    world.play_ok(raw("true"))
    assert not log.exists()
