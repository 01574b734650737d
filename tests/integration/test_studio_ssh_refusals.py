# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What keeps studio_ssh out of a space: each a message with the next step, within the connection's time-out."""

from __future__ import annotations

import json
import socket
import sys
import time

import pytest

from tests.integration.studio_ssh_world import PING, raw
from tests.sandbox import layout


def test_the_session_agent_comes_up_late(world) -> None:
    world.space()
    world.endpoint.controls(session_failures=2)
    world.play_ok(raw("true"))
    assert len(world.endpoint.calls("StartSession")) == 3


def test_a_connection_that_is_lost_is_tried_again(world) -> None:
    world.space()
    world.endpoint.controls(drop_every=2)
    # The second of three calls is lost.
    world.play_ok(raw("true"))
    world.play_ok(raw("true"))
    assert len(world.endpoint.calls("StartSession")) == 3


def test_many_spaces_at_once_wait_for_a_throttled_service(world) -> None:
    names = [f"space-{number}" for number in range(6)]
    for name in names:
        world.space(name)
    world.endpoint.controls(rate_limits={"StartSession": 2.0})
    run = world.play_ok(raw("true"), forks=6)
    assert len(run.tasks[0]["hosts"]) == 6
    assert {call.status for call in world.endpoint.calls("StartSession")} == {200, 400}


@pytest.mark.parametrize(
    ("status", "message"),
    [
        (200, "StartSession was answered by a page that is not AWS's"),
        (403, "StartSession was answered by a page that is not AWS's"),
        (503, "now (503: Service Unavailable)"),
    ],
)
def test_something_else_than_sagemaker_answers(world, status, message) -> None:
    world.space()
    world.endpoint.controls(proxy_pages={"sagemaker:StartSession": status})
    assert message in world.play(PING).unreachable("ada")


@pytest.mark.parametrize("url", ["sagemaker.internal", "http://"])
def test_an_endpoint_that_is_no_url(world, url) -> None:
    world.space(studio_ssh_endpoint_url=url)
    assert "The option endpoint_url must be a URL such as https://HOST" in world.play(PING).unreachable("ada")


def test_an_endpoint_that_does_not_answer_takes_no_longer_than_the_session_timeout(world) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        url = f"http://127.0.0.1:{listener.getsockname()[1]}"
        world.space(studio_ssh_endpoint_url=url, studio_ssh_session_timeout=6)
        before = time.monotonic()
        message = world.play(PING, ANSIBLE_TIMEOUT="6").unreachable("ada")
    assert url in message or "did not answer StartSession" in message
    assert time.monotonic() - before < 40


def test_remote_access_is_off(world) -> None:
    world.space(remote_access=False)
    message = world.play(PING).unreachable("ada")
    assert "Remote access is off for space ada" in message
    assert "mlops.studio_local_mode.sagemaker_studio_space (remote_access: true, restart: true)" in message
    assert len(world.endpoint.calls("StartSession")) == 1


def test_the_app_is_stopped(world) -> None:
    world.space()
    world.endpoint.update(
        "delete_app", DomainId=world.domain_id, SpaceName="ada", AppType="JupyterLab", AppName="default"
    )
    message = world.play(PING).unreachable("ada")
    assert "No session with space ada" in message
    assert f"aws sagemaker list-apps --region eu-west-1 --domain-id-equals {world.domain_id}" in message


def test_an_eleventh_connection(world) -> None:
    arn = world.space()
    for _number in range(10):
        world.gateway.ask("start", arn=arn)
    message = world.play(PING).unreachable("ada")
    assert "has its 10 connections already (ResourceLimitExceeded" in message


def test_a_missing_permission(world) -> None:
    arn = world.space()
    world.endpoint.controls(denied_actions={"sagemaker:StartSession": "*"})
    message = world.play(PING).unreachable("ada")
    assert f"lack the IAM action sagemaker:StartSession on {arn}" in message


def test_credentials_that_expire_end_no_session_but_start_none(world) -> None:
    world.space()
    expire = {
        "ansible.builtin.uri": {
            "url": f"{world.endpoint.url}/_sandbox/controls",
            "method": "PUT",
            "body_format": "json",
            "body": json.dumps({"expired_credentials": True}),
        },
        "delegate_to": "localhost",
        "vars": {"ansible_connection": "local"},
    }
    run = world.play(PING, expire, PING, {"ansible.builtin.meta": "reset_connection"}, PING)
    assert "The AWS credentials have expired" in run.unreachable("ada")
    assert "aws sso login" in run.unreachable("ada")
    assert [result.get("ping") for result in run.of("ada")] == ["pong", None, "pong", None]


def test_a_token_that_the_service_refuses(world) -> None:
    world.space()
    world.gateway.change(expired_tokens=True)
    assert "status 1008: token expired" in world.play(PING).unreachable("ada")


def test_tokens_that_expire_end_no_session_but_start_none(world) -> None:
    world.space()
    change = f"from tests.sandbox.session_gateway.client import GatewayClient as G; G({world.gateway.address!r})"
    expire = {
        "ansible.builtin.command": {"argv": [sys.executable, "-c", f"{change}.change(expired_tokens=True)"]},
        "args": {"chdir": str(layout.ROOT)},
        "delegate_to": "localhost",
        "vars": {"ansible_connection": "local"},
    }
    run = world.play(PING, expire, PING, {"ansible.builtin.meta": "reset_connection"}, PING)
    assert "status 1008: token expired" in run.unreachable("ada")
    assert [result.get("ping") for result in run.of("ada")] == ["pong", None, "pong", None]


def test_an_agent_that_never_answers_takes_no_longer_than_the_session_timeout(world) -> None:
    world.space(studio_ssh_session_timeout=6)
    world.gateway.change(silent_agent=True)
    before = time.monotonic()
    message = world.play(PING).unreachable("ada")
    assert "the agent in the app does not answer" in message
    assert time.monotonic() - before < 55


def test_an_agent_without_a_handshake_is_an_old_one(world) -> None:
    world.space()
    world.gateway.change(without_handshake=True)
    message = world.play(PING).unreachable("ada")
    assert "sends data without a handshake. The image of the app needs SageMaker Distribution 2.7 or later" in message


# What many a configuration has, and nothing that notices a dead server.
WITHOUT_KEEPALIVE = "-o ControlMaster=auto -o ControlPersist=60s -o ServerAliveInterval=0"


@pytest.mark.parametrize(
    "faults",
    [
        pytest.param({"late_tcp": 300.0}, id="not open"),
        pytest.param({"silent_after": 1}, id="no banner"),
        pytest.param({"silent_after": 12}, id="banner"),
        pytest.param({"silent_after": 1200}, id="key exchange"),
    ],
)
def test_an_ssh_server_that_stops_answering_takes_no_longer_than_the_session_timeout(world, faults) -> None:
    world.space(studio_ssh_session_timeout=10)
    world.gateway.change(**faults)
    message = world.play(PING, ANSIBLE_SSH_ARGS=WITHOUT_KEEPALIVE).unreachable("ada")
    assert "The ssh server in the app does not answer" in message
    assert f"aws sagemaker list-apps --region eu-west-1 --domain-id-equals {world.domain_id}" in message
    # An agent without its end of the stream does not take the end of the session, either.
    assert "late_tcp" in faults or world.gateway.wait_until_closed(10)


def test_a_session_manager_plugin_that_is_not_there(world) -> None:
    world.space(studio_ssh_session_manager_plugin="/opt/aws/session-manager-plugin")
    message = world.play(PING).unreachable("ada")
    assert "names /opt/aws/session-manager-plugin, which is no program on this controller" in message
    assert world.endpoint.calls("StartSession") == []


@pytest.mark.parametrize(
    "arn",
    [None, "arn:aws:sagemaker:eu-west-1:123456789012:domain/d-abc", "{{ lookup('pipe', 'touch /tmp/evaluated') }}"],
)
def test_what_is_no_space(world, arn) -> None:
    world.space()
    world.hosts["ada"]["studio_space_arn"] = arn
    run = world.play(PING)
    assert run.returncode != 0
    assert "space_arn" in run.output


def test_access_keys_of_the_variables_are_used(world) -> None:
    world.space(studio_ssh_access_key="AKIAOFTHEVARIABLES", studio_ssh_secret_key="x")  # noqa: S106 - no secret
    world.play_ok(raw("true"))
    assert [call.principal for call in world.endpoint.calls("StartSession")] == ["AKIAOFTHEVARIABLES"]


def test_a_role_is_assumed_with_its_external_id(world) -> None:
    world.space(
        studio_ssh_assume_role_arn="arn:aws:iam::123456789012:role/operator",
        studio_ssh_assume_role_external_id="ansible",
    )
    world.play_ok(raw("true"))
    [assumed] = world.endpoint.calls("AssumeRole")
    assert (assumed.parameters["RoleArn"], assumed.parameters["ExternalId"]) == (
        "arn:aws:iam::123456789012:role/operator",
        "ansible",
    )
    [call] = world.endpoint.calls("StartSession")
    assert call.principal != "AKIASANDBOXSANDBOXSA"
