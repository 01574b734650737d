# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What the filter makes of the network `sagemaker` for the engine, and of the engine's answers for the app."""

from __future__ import annotations

import json
import socket
from pathlib import Path

import pytest

from tests.sandbox.studio_filter import network
from tests.sandbox.studio_filter.answers import rewritten
from tests.sandbox.studio_filter.call import Call
from tests.sandbox.studio_filter.namespaces import calling_container, container_of
from tests.sandbox.studio_filter.policy import POLICIES

INTERNET, ROOTLESS = POLICIES["internet"], POLICIES["rootless"]
OUTER, APP = "0" * 63 + "a", "0" * 63 + "b"


@pytest.mark.parametrize(
    ("call", "joined"),
    [
        ("POST /v1.41/containers/create?name=x", True),
        ("POST /v1.41/build", True),
        ("POST /v1.41/containers/x/start", False),
        ("GET /v1.41/containers/create/json", False),
    ],
)
def test_which_calls_name_a_network(call, joined):
    assert network.is_joined(Call.of(*call.split())) is joined


def test_a_container_joins_the_namespace():
    asked = {
        "Image": "x",
        "Hostname": "own",
        "ExposedPorts": {"80/tcp": {}},
        "HostConfig": {"NetworkMode": "sagemaker", "Binds": ["/a:/b"]},
        "NetworkingConfig": {"EndpointsConfig": {"sagemaker": {"Aliases": ["name"]}}},
    }
    host_config = {"NetworkMode": f"container:{APP}", "Binds": ["/a:/b"]}
    assert network.body(asked, APP) == {"Image": "x", "HostConfig": host_config}


def test_a_build_joins_the_namespace_and_keeps_the_rest():
    target = network.target("/v1.41/build?t=a%3A1&t=b&networkmode=sagemaker&buildargs=%7B%22A%22%3A%22b%22%7D&q=", APP)
    assert target == f"/v1.41/build?t=a%3A1&t=b&buildargs=%7B%22A%22%3A%22b%22%7D&q=&networkmode=container%3A{APP}"


@pytest.mark.parametrize("path", ["/v1.41/containers/json?all=1", "/v1.41/containers/x/json"])
def test_answers_name_the_network_that_was_asked_for(path):
    joined = {"HostConfig": {"NetworkMode": f"container:{APP}"}, "NetworkSettings": {"Networks": {}, "Ports": {}}}
    other = {"HostConfig": {"NetworkMode": "none"}, "NetworkSettings": {"Networks": {"none": {}}}}
    rewrite = rewritten(Call.of("GET", path), INTERNET)
    first, second = json.loads(rewrite(json.dumps([joined, other]).encode()))
    assert first["HostConfig"]["NetworkMode"] == "sagemaker"
    assert first["NetworkSettings"]["Networks"]["sagemaker"]["IPAddress"] == ""
    assert first["NetworkSettings"]["Ports"] == {}
    assert second == other


def test_an_error_is_forwarded_as_it_is():
    error = {"message": "No such container: x"}
    assert (
        json.loads(rewritten(Call.of("GET", "/v1.41/containers/x/json"), INTERNET)(json.dumps(error).encode())) == error
    )


def test_a_rootless_engine_reports_it():
    call = Call.of("GET", "/v1.41/info")
    assert rewritten(call, INTERNET) is None
    assert rewritten(Call.of("GET", "/v1.41/version"), ROOTLESS) is None
    answer = {"CgroupDriver": "cgroupfs", "SecurityOptions": ["name=seccomp"], "Name": "x"}
    told = json.loads(rewritten(call, ROOTLESS)(json.dumps(answer).encode()))
    assert told == {"CgroupDriver": "none", "SecurityOptions": ["name=seccomp", "name=rootless"], "Name": "x"}


@pytest.mark.parametrize(
    ("groups", "container"),
    [
        (f"9:name=systemd:/docker/{APP}\n8:pids:/docker/{APP}\n", APP),
        (f"0::/system.slice/docker-{APP}.scope\n", APP),
        (f"9:name=systemd:/docker/{OUTER}/docker/{APP}\n", APP),
        ("0::/user.slice/session-1.scope\n", None),
        ("", None),
    ],
)
def test_the_container_of_a_process(groups, container):
    assert container_of(groups) == container


def test_a_process_of_this_machine_is_in_no_app():
    here, there = socket.socketpair()
    with here, there:
        assert calling_container(here) == container_of(Path("/proc/self/cgroup").read_text())
