# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What Ansible does with a connection, and what users set for ssh, over sessions."""

from __future__ import annotations

import os
import time

import pytest

from tests.integration.studio_ssh_world import PING, World, raw


def test_asynchronous_tasks(world: World) -> None:
    # Ansible looks in the home of its user, and here HOME is another.
    world.space(ansible_async_dir=str(world.home() / ".ansible_async"))
    run = world.play_ok(
        {"ansible.builtin.command": "sh -c 'sleep 2; echo done'", "async": 30, "poll": 1},
        {"ansible.builtin.command": "sh -c 'sleep 1; echo later'", "async": 30, "poll": 0, "register": "__job"},
        {
            "ansible.builtin.async_status": {"jid": "{{ __job.ansible_job_id }}"},
            "register": "__status",
            "until": "__status is finished",
            "retries": 20,
            "delay": 1,
        },
    )
    results = run.of("ada")
    assert (results[0]["stdout"], results[2]["stdout"]) == ("done", "later")
    assert world.gateway.started() == 1


def test_a_reset_connection_is_a_new_session_and_leaves_none(world: World) -> None:
    arn = world.space()
    reset = {"ansible.builtin.meta": "reset_connection"}
    # More than a space accepts at the same time.
    world.play_ok(*[raw("true"), reset] * 11, raw("true"))
    assert world.gateway.started(arn) == 12
    assert world.gateway.wait_until_closed(10)


def test_waiting_for_a_connection_waits_for_the_app(world: World) -> None:
    world.space()
    # More than StartSession is repeated for one connection.
    world.endpoint.controls(session_failures=5)
    world.play_ok({"ansible.builtin.wait_for_connection": {"timeout": 120}}, raw("true"))


@pytest.mark.parametrize("method", ["sftp", "smart"])
def test_other_ways_to_copy_where_the_server_has_them(world: World, method) -> None:
    world.gateway.change(sftp=True)
    world.space(ansible_ssh_transfer_method=method)
    sent = world.folder / "sent"
    sent.write_bytes(os.urandom(300_000))
    world.play_ok(
        {"ansible.builtin.copy": {"src": str(sent), "dest": f"{world.home()}/there", "mode": "0600"}},
        {"ansible.builtin.fetch": {"src": f"{world.home()}/there", "dest": f"{world.folder}/back", "flat": True}},
        ANSIBLE_PIPELINING="false",
    )
    assert (world.folder / "back").read_bytes() == sent.read_bytes()
    assert world.gateway.started() == 1


@pytest.mark.parametrize(
    ("arguments", "sessions"),
    [
        pytest.param("", 3, id="none"),
        pytest.param("-o ControlMaster=no", 3, id="no master"),
        pytest.param("-o ControlMaster=auto -o ControlPersist=no", 3, id="not persistent"),
        pytest.param("-C -o ControlMaster=auto -o ControlPersist=60s", 1, id="usual, with compression"),
        pytest.param("-o ControlMaster=auto -o ControlPersist=yes", 1, id="for ever"),
        pytest.param("-o ControlMaster=auto -o ControlPersist=60s -o ControlPath=none", 1, id="without a path"),
        pytest.param("-o ControlMaster=auto -o ControlPersist=60s -o ConnectTimeout=1", 1, id="time-out"),
        pytest.param("-o ControlMaster=auto -o ControlPersist=60s -o ProxyJump=bastion", 1, id="jump"),
        pytest.param("-o ControlMaster=auto -o ControlPersist=60s -o ProxyCommand=false", 1, id="proxy"),
        pytest.param("-o ControlMaster=auto -o ControlPersist=60s -o StrictHostKeyChecking=yes", 1, id="host keys"),
    ],
)
def test_the_arguments_of_ssh_are_the_user_s(world: World, arguments, sessions) -> None:
    world.space()
    world.endpoint.controls(session_failures=1)
    world.play_ok(*[raw("true")] * 3, ANSIBLE_SSH_ARGS=arguments)
    assert world.gateway.started() == sessions
    assert world.gateway.wait_until_closed(10)


def test_ssh_s_own_configuration_is_the_user_s(world: World) -> None:
    world.space()
    configuration = world.folder / "ssh_config"
    configuration.write_text(
        "Host *\n  ProxyCommand false\n  ControlPath none\n  ForwardAgent yes\n  User nobody\n  HashKnownHosts yes\n"
        "  ServerAliveInterval 5\n  ProxyUseFdpass yes\n  UserKnownHostsFile /nowhere\n  StrictHostKeyChecking yes\n"
    )
    world.play_ok(raw("true"), PING, ANSIBLE_SSH_COMMON_ARGS=f"-F {configuration}")
    assert world.gateway.started() == 1


@pytest.mark.parametrize("shell", ["/usr/sbin/nologin", "/bin/false"])
def test_the_shell_of_a_service_s_user_does_not_matter(world: World, shell) -> None:
    world.space()
    world.play_ok(raw("true"), SHELL=shell)


@pytest.mark.parametrize("host", ["Ada's space; touch x", "-oProxyCommand=touch x", "ada é {{ 1 + 1 }}", "a" * 300])
@pytest.mark.parametrize("method", ["piped", "sftp"])
def test_the_name_of_a_host_may_be_anything(world: World, host, method) -> None:
    world.gateway.change(sftp=True)
    world.space()
    world.hosts[host] = {**world.hosts.pop("ada"), "ansible_ssh_transfer_method": method}
    sent = world.folder / "sent"
    sent.write_text("text")
    world.play_ok(
        {"ansible.builtin.copy": {"src": str(sent), "dest": f"{world.home()}/there", "mode": "0600"}},
        ANSIBLE_PIPELINING="false",
    )
    assert (world.home() / "there").read_text() == "text"
    assert not (world.home() / "x").exists()


@pytest.mark.parametrize("user", ["root", "ada lovelace", 'x" -o ProxyCommand="touch x', "-l x", "é%h"])
def test_the_name_of_the_user_may_be_anything(world: World, user) -> None:
    world.space()
    world.hosts["ada"]["ansible_user"] = user
    started = time.monotonic()
    run = world.play(raw("true"))
    assert time.monotonic() - started < 30
    assert not (world.home() / "x").exists()
    if user == "root":
        assert run.returncode == 0


@pytest.mark.slow
def test_nothing_is_left_in_the_folder_of_the_sockets(world: World) -> None:
    arn = world.space()
    world.play_ok(raw("true"), {"ansible.builtin.meta": "reset_connection"}, PING)
    world.play_ok(raw("true"), ANSIBLE_SSH_ARGS="")
    world.endpoint.controls(session_failures=1)
    world.play_ok(raw("true"))
    world.gateway.stop_space(arn)
    world.play(raw("true"), ANSIBLE_TIMEOUT="3")
    assert world.gateway.wait_until_closed(10)
    deadline = time.monotonic() + 10
    while list(world.sockets.iterdir()) and time.monotonic() < deadline:
        time.sleep(0.1)
    assert list(world.sockets.iterdir()) == []
