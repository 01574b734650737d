# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The wrapped command, in a real bash as the ssh server runs it."""

from __future__ import annotations

import os
import pwd
import subprocess

import pytest
from ansible_collections.mlops.studio_local_mode.plugins.plugin_utils._session.exit_status import Marker


def run(command: str, **environment: str) -> tuple[int, bytes]:
    """Run a command wrapped; return the status and output that its marker tells."""
    marker = Marker()
    done = subprocess.run(
        ["bash", "-c", marker.wrap(command)],
        input=b"input\n",
        capture_output=True,
        check=False,
        env={"PATH": os.environ["PATH"], **environment},
    )
    found = marker.split(done.stdout)
    assert found is not None
    return found


@pytest.mark.parametrize(
    ("command", "status", "output"),
    [
        ("echo text", 0, b"text\n"),
        ("printf 'no line end'", 0, b"no line end"),
        ("exit 7", 7, b""),
        ("exit 255", 255, b""),
        ("exec false", 1, b""),
        ("kill -9 $$", 137, b""),
        ("if broken syntax", 2, b""),
        ("cat", 0, b"input\n"),
        ("echo a # comment", 0, b"a\n"),
        ("cat <<END\ntext\nEND", 0, b"text\n"),
        ("echo \"it's\" '$HOME' %h", 0, b"it's $HOME %h\n"),
        ("head -c 1000 /dev/zero", 0, b"\0" * 1000),
    ],
)
def test_status_and_output_are_the_command_s(command, status, output) -> None:
    assert run(command) == (status, output)


def test_home_and_user_are_set_where_they_are_missing() -> None:
    user = pwd.getpwuid(os.getuid())
    assert run('env | grep -E "^(HOME|USER)=" | sort') == (0, f"HOME={user.pw_dir}\nUSER={user.pw_name}\n".encode())


def test_home_and_user_stay_where_they_are_set() -> None:
    assert run('echo "$HOME $USER"', HOME="/other", USER="ada") == (0, b"/other ada\n")


@pytest.mark.parametrize("output", [b"", b"text", b"studio-ssh-0123456789abcdef0123456789abcdef:0\n"])
def test_without_the_marker_there_is_no_status(output) -> None:
    assert Marker().split(output) is None


def test_output_after_the_marker_is_the_command_s_too() -> None:
    marker = Marker()
    line = subprocess.run(["bash", "-c", marker.wrap("true")], capture_output=True, check=True).stdout
    assert marker.split(b"before" + line + b"after") == (0, b"beforeafter")
