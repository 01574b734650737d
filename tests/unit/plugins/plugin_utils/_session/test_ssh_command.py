# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""ssh's options of a session: one socket for each space, caller and run; nothing that ssh or its shell interprets."""

from __future__ import annotations

import json
import shlex

import pytest
from ansible_collections.mlops.studio_local_mode.plugins.plugin_utils._session import ssh_command
from ansible_collections.mlops.studio_local_mode.plugins.plugin_utils._session.request import (
    Request,
    from_argument,
    parse_space_arn,
)

ARN = "arn:aws:sagemaker:eu-west-1:123456789012:space/d-abc/Ada"
REQUEST = Request(ARN, "eu-west-1", 60.0, owner_pid=7)


def socket(request: Request = REQUEST, user: str = "sagemaker-user", key: str | None = None) -> str:
    return ssh_command.control_path("/cp", request, user, key)


@pytest.mark.parametrize(
    "other",
    [
        socket(REQUEST._replace(space_arn=ARN.replace("Ada", "ada"))),
        socket(REQUEST._replace(space_arn=ARN.replace("d-abc", "d-abd"))),
        socket(REQUEST._replace(profile="other")),
        socket(REQUEST._replace(role_arn="arn:aws:iam::123456789012:role/r")),
        socket(REQUEST._replace(owner_pid=8)),
        socket(user="root"),
        socket(key="AKIA"),
    ],
)
def test_another_session_has_another_socket(other) -> None:
    assert other != socket()


def test_the_same_session_has_the_same_socket() -> None:
    assert socket() == socket(REQUEST._replace(message_file="/cp/x.message", timeout=120.0))


def test_other_credentials_of_the_environment_have_another_socket(monkeypatch) -> None:
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "AKIAONE")
    one = socket()
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "AKIATWO")
    assert socket() != one


def test_the_proxy_gets_the_request_back() -> None:
    request = REQUEST._replace(external_id='it\'s 100% $HOME "quoted"')
    words = shlex.split(ssh_command.proxy_command(request).replace("%%", "%"))
    assert words[2] == "proxy"
    assert from_argument(words[3]) == request


def test_the_host_of_the_inventory_does_not_reach_ssh() -> None:
    alias = ssh_command.host_alias(REQUEST)
    names = [
        ssh_command.rename_host(word, "-oProxyCommand=x", alias)
        for word in ("-oProxyCommand=x", "[-oProxyCommand=x]:/f", b"[-oProxyCommand=x]", "other")
    ]
    assert names == ["Ada.d-abc", "[Ada.d-abc]:/f", "[Ada.d-abc]", "other"]


@pytest.mark.parametrize(
    "arn",
    [
        "",
        "ada",
        "{{ lookup('pipe', 'id') }}",
        ARN + "/x",
        ARN.replace("space", "app"),
        ARN.replace("Ada", "-oX"),
        ARN + "\n",
    ],
)
def test_what_is_no_space_is_not_accepted(arn) -> None:
    assert parse_space_arn(arn) is None


def test_the_argument_has_no_empty_values() -> None:
    assert json.loads(REQUEST.to_argument()).keys() == {
        "space_arn",
        "region",
        "timeout",
        "owner_pid",
        "session_manager_plugin",
    }
