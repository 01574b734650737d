# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""AWS's session-manager-plugin: used if it is requested, there, and does not take the token from its arguments."""

from __future__ import annotations

import json
import os
import signal

import pytest
from ansible_collections.mlops.studio_local_mode.plugins.plugin_utils._session import official_plugin
from ansible_collections.mlops.studio_local_mode.plugins.plugin_utils._session.caller import Caller
from ansible_collections.mlops.studio_local_mode.plugins.plugin_utils._session.errors import SessionError
from ansible_collections.mlops.studio_local_mode.plugins.plugin_utils._session.owner import Owner
from ansible_collections.mlops.studio_local_mode.plugins.plugin_utils._session.request import Request
from ansible_collections.mlops.studio_local_mode.plugins.plugin_utils._session.signals import StopSignals

SESSION = {"SessionId": "s", "StreamUrl": "wss://x", "TokenValue": "secret-token"}
REQUEST = Request("arn:aws:sagemaker:eu-west-1:123456789012:space/d-abc/ada", "eu-west-1", 60.0)


@pytest.fixture
def plugin(tmp_path, monkeypatch):
    """Write a program of that name with a version; it records its arguments and the session in its environment."""
    program = tmp_path / "session-manager-plugin"
    monkeypatch.setenv("PATH", f"{tmp_path}:/usr/bin:/bin")

    def write(version: str) -> str:
        record = f'printf "%s\\n" "$@" > {tmp_path}/arguments; printenv "$1" > {tmp_path}/session'
        program.write_text(f'#!/bin/sh\nif [ "$1" = --version ]; then echo {version}; else {record}; fi\n')
        program.chmod(0o755)
        return str(program)

    return write


def test_it_is_not_used_by_default(plugin) -> None:
    plugin("1.2.650.0")
    assert official_plugin.find(REQUEST.session_manager_plugin) is None


def test_auto_uses_it_where_it_is_on_the_path(plugin, monkeypatch) -> None:
    program = plugin("1.2.650.0")
    assert official_plugin.find("auto") == program
    monkeypatch.setenv("PATH", "/nowhere")
    assert official_plugin.find("auto") is None


def test_a_missing_program_is_named() -> None:
    with pytest.raises(SessionError, match="names /opt/no-plugin, which is no program"):
        official_plugin.find("/opt/no-plugin")


def test_a_version_that_takes_the_token_from_its_arguments_is_refused(plugin) -> None:
    with pytest.raises(SessionError, match=r"1\.2\.312\.0 takes the session's token from its arguments"):
        official_plugin.find(plugin("1.2.312.0"))


def test_the_token_is_in_the_environment_and_not_in_the_arguments(plugin, tmp_path) -> None:
    with StopSignals() as signals:
        official_plugin.run(plugin("1.2.650.0"), SESSION, REQUEST, Caller(signals, Owner(None)))
    assert json.loads((tmp_path / "session").read_text()) == SESSION
    arguments = (tmp_path / "arguments").read_text()
    assert "secret-token" not in arguments
    assert arguments.splitlines()[1:3] == ["eu-west-1", "StartSession"]


def test_a_plugin_that_fails_is_named(plugin, tmp_path) -> None:
    program = plugin("1.2.650.0")
    tmp_path.joinpath("session-manager-plugin").write_text("#!/bin/sh\nexit 3\n")
    with StopSignals() as signals, pytest.raises(SessionError, match="failed with status 3"):
        official_plugin.run(program, SESSION, REQUEST, Caller(signals, Owner(None)))


def test_it_ends_with_a_signal(plugin, tmp_path) -> None:
    program = plugin("1.2.650.0")
    tmp_path.joinpath("session-manager-plugin").write_text("#!/bin/sh\nexec sleep 60\n")
    with StopSignals() as signals:
        os.kill(os.getpid(), signal.SIGHUP)
        official_plugin.run(program, SESSION, REQUEST, Caller(signals, Owner(None)))
