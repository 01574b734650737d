# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The connection studio_ssh through real OpenSSH and real Ansible: commands, files, sessions."""

from __future__ import annotations

import os
import secrets
import signal
import time
from pathlib import Path

import pytest

from tests.integration.studio_ssh_world import PING, PlaybookRun, World, raw

MEBIBYTE = 1024 * 1024


def copy(source: Path | str, destination: Path | str) -> dict:
    return {"ansible.builtin.copy": {"src": str(source), "dest": str(destination), "mode": "0600"}}


def fetch(source: Path | str, destination: Path | str) -> dict:
    return {"ansible.builtin.fetch": {"src": str(source), "dest": str(destination), "flat": True}}


def random_file(folder: Path, size: int) -> Path:
    path = folder / f"random-{size}"
    path.write_bytes(secrets.token_bytes(size))
    return path


@pytest.mark.parametrize("reported", ["zero", "true", "none"])
def test_a_command_has_its_true_status_whatever_the_server_reports(world, reported) -> None:
    world.space()
    world.gateway.change(exit_status=reported)
    script = world.folder / "script.sh"
    script.write_text("#!/bin/sh\necho from the script\nexit 9\n")
    run = world.play_ok(
        PING,
        raw("printf 'two\\nlines'", register="__printed"),
        raw("exit 3", failed_when=False),
        raw("exit 255", failed_when=False),
        {"ansible.builtin.command": "sh -c 'exit 4'", "failed_when": False},
        {"ansible.builtin.script": str(script), "failed_when": False},
    )
    results = run.of("ada")
    assert [result.get("rc") for result in results] == [None, 0, 3, 255, 4, 9]
    assert results[1]["stdout"] == "two\nlines"
    assert results[5]["stdout_lines"] == ["from the script"]
    assert world.gateway.started() == 1


def test_a_failed_command_fails_its_task(world) -> None:
    world.space()
    run = world.play(raw("exit 3"))
    assert (run.returncode, run.of("ada")[-1]["rc"]) == (2, 3)


def test_home_and_user_are_set_and_become_works(world) -> None:
    world.space(home=False)
    run = world.play_ok(
        raw("env | grep -E '^(HOME|USER)=' | sort"),
        raw("id --user", become=True, become_method="ansible.builtin.su"),
    )
    variables, user = (result["stdout"].splitlines() for result in run.of("ada"))
    assert variables == [f"HOME={Path('~root').expanduser()}", "USER=root"]
    assert user == ["0"]


def test_files_are_copied_byte_for_byte(world) -> None:
    world.space()
    large, small = random_file(world.folder, 5 * MEBIBYTE), random_file(world.folder, 0)
    inside = random_file(world.home(), 20 * MEBIBYTE)
    world.play_ok(
        copy(large, world.home() / "large"),
        copy(small, world.home() / "small"),
        fetch(inside, world.folder / "fetched"),
        ANSIBLE_PIPELINING="false",
    )
    assert (world.home() / "large").read_bytes() == large.read_bytes()
    assert (world.home() / "small").read_bytes() == b""
    assert (world.folder / "fetched").read_bytes() == inside.read_bytes()


@pytest.mark.parametrize(
    "faults",
    [
        pytest.param({"loss": 0.05}, id="lost"),
        pytest.param({"duplication": 0.3}, id="doubled"),
        pytest.param({"reordering": 0.3}, id="reordered"),
        pytest.param({"delay": 0.05}, id="delayed"),
        pytest.param({"late_tcp": 1.5}, id="late TCP"),
        pytest.param({"paused": True}, id="paused"),
        pytest.param({"loss": 0.02, "duplication": 0.1, "reordering": 0.1, "delay": 0.01}, id="all"),
    ],
)
def test_frames_may_be(world, faults) -> None:
    world.space()
    world.gateway.change(**faults)
    sent, inside = random_file(world.folder, 200_000), random_file(world.home(), 300_000)
    run = world.play_ok(
        copy(sent, world.home() / "sent"),
        fetch(inside, world.folder / "fetched"),
        raw("exit 3", failed_when=False),
    )
    assert (world.home() / "sent").read_bytes() == sent.read_bytes()
    assert (world.folder / "fetched").read_bytes() == inside.read_bytes()
    assert run.of("ada")[-1]["rc"] == 3


@pytest.mark.parametrize("method", ["piped", "sftp"])
def test_a_cut_in_the_middle_of_a_copy_is_unreachable_and_a_retry_works(world, method) -> None:
    world.gateway.change(sftp=True)
    world.space(ansible_ssh_transfer_method=method)
    world.gateway.change(cut_after=600_000)
    sent = random_file(world.folder, 1_000_000)
    task = copy(sent, world.home() / "sent")
    assert "connection to the session was lost" in world.play(task).unreachable("ada")
    world.play_ok(task)
    assert (world.home() / "sent").read_bytes() == sent.read_bytes()


def test_spaces_whose_names_differ_in_case_have_their_own_sessions(world) -> None:
    arns = [world.space(name) for name in ("Ada", "ada")]
    for name in ("Ada", "ada"):
        (world.home(name) / "name").write_text(name)
    # What many a configuration has: the same socket for both.
    shared = f"-o ControlMaster=auto -o ControlPersist=60s -o ControlPath={world.sockets}/%r@%h"
    run = world.play_ok(raw("cat name"), ANSIBLE_SSH_ARGS=shared)
    assert [run.of(name)[0]["stdout"] for name in ("Ada", "ada")] == ["Ada", "ada"]
    assert [world.gateway.started(arn) for arn in arns] == [1, 1]


def test_twenty_spaces_in_one_play(world) -> None:
    names = [f"space-{number}" for number in range(20)]
    for name in names:
        world.space(name)
    run = world.play_ok(raw("pwd"), forks=20)
    assert [run.of(name)[0]["stdout"].strip() for name in names] == [str(world.home(name)) for name in names]
    assert world.gateway.started() == 20
    assert world.gateway.wait_until_closed(30)


def test_runs_in_a_row_leave_no_session(world) -> None:
    world.space()
    for number in range(3):
        world.play_ok(raw("true"))
        assert world.gateway.started() == number + 1
        assert world.gateway.wait_until_closed(30)


def test_thirty_plays_of_a_run_have_one_session(world) -> None:
    world.space()
    world.play_ok(raw("true"), plays=30)
    assert world.gateway.started() == 1
    assert world.gateway.wait_until_closed(30)


LINGER = """
import multiprocessing.util, time
def linger(_module):
    multiprocessing.util.Finalize(None, time.sleep, args=(1.0,), exitpriority=100)
multiprocessing.util.register_after_fork(multiprocessing.util, linger)
"""


def test_a_worker_that_ends_after_its_play_does_not_end_the_session(world) -> None:
    """As on a busy machine: Ansible sends SIGTERM to all that such a worker has started."""
    world.space()
    (world.folder / "sitecustomize.py").write_text(LINGER)
    world.play_ok(raw("true"), plays=3, PYTHONPATH=str(world.folder))
    assert world.gateway.started() == 1


def started_sleep(world: World, **how):
    """Start a playbook whose command runs for minutes; return its process when it does."""
    process = world.start(raw("touch running; sleep 300"), **how)
    deadline = time.monotonic() + 120
    while not (world.home() / "running").exists():
        assert time.monotonic() < deadline
        assert process.poll() is None, process.stdout.read()
        time.sleep(0.05)
    return process


def test_a_killed_run_leaves_no_session(world) -> None:
    world.space()
    with started_sleep(world) as process:
        os.kill(process.pid, signal.SIGKILL)
        # Not waited for: a process that nobody has waited for has ended, too.
        assert world.gateway.wait_until_closed(60)


def test_a_killed_ssh_leaves_no_session(world) -> None:
    world.space()
    with started_sleep(world) as process:
        for command in Path("/proc").glob("[0-9]*/cmdline"):
            if read(command).startswith(b"ssh: ") and str(world.sockets).encode() in read(command):
                os.kill(int(command.parent.name), signal.SIGKILL)
        output, _ = process.communicate(timeout=60)
        assert world.gateway.wait_until_closed(10)
    assert PlaybookRun(output, process.returncode).unreachable("ada")


def test_a_space_that_stops_while_a_command_runs_is_unreachable(world) -> None:
    arn = world.space()
    with started_sleep(world) as process:
        world.gateway.stop_space(arn)
        output, _ = process.communicate(timeout=120)
    message = PlaybookRun(output, process.returncode).unreachable("ada")
    assert "connection to the session was lost" in message


@pytest.mark.parametrize(
    "own",
    [
        pytest.param("-o ServerAliveInterval=1 -o ServerAliveCountMax=2", id="the user's"),
        pytest.param("", id="always", marks=pytest.mark.slow),
    ],
)
def test_a_server_that_stops_answering_while_a_command_runs_is_unreachable(world, own) -> None:
    world.space()
    with started_sleep(world, ANSIBLE_SSH_ARGS=f"-o ControlMaster=auto -o ControlPersist=60s {own}") as process:
        world.gateway.change(silent_after=1)
        output, _ = process.communicate(timeout=150)
    message = PlaybookRun(output, process.returncode).unreachable("ada")
    assert "The ssh server in the app does not answer" in message
    assert "aws sagemaker list-apps --region eu-west-1" in message


def read(path: Path) -> bytes:
    """Return a file's content; nothing of a process that has ended, or that is not ours."""
    try:
        return path.read_bytes()
    except OSError:
        return b""


def test_the_token_is_nowhere_to_be_seen(world) -> None:
    arn = world.space()
    with started_sleep(world, options=("-vvvvv",), ANSIBLE_SSH_VERBOSITY="3") as process:
        [token] = world.gateway.ask("tokens")["tokens"]
        seen = b"".join(read(path) for path in Path("/proc").glob("[0-9]*/cmdline"))
        seen += b"".join(read(path) for path in Path("/proc").glob("[0-9]*/environ"))
        files = b"".join(path.read_bytes() for path in world.sockets.iterdir() if path.is_file())
        world.gateway.stop_space(arn)
        output, _ = process.communicate(timeout=120)
    assert b"run.py" in seen
    assert "ProxyCommand" in output
    assert token.encode() not in seen + files + output.encode()
