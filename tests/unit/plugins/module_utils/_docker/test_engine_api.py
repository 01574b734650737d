# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import socket
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

import pytest
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._docker.engine_api import (
    address_problem,
    probe_engine,
    socket_path,
)

from tests.unit.fake_engine import VERSION, Answer, docker, fake_engine

INFO = {"CgroupDriver": "cgroupfs", "SecurityOptions": ["name=seccomp,profile=default"]}
PONG = Answer(200, b"OK")
REDIRECT = Answer(301, b"", {"Location": "/v1.41/version"})


@pytest.fixture
def path(tmp_path):
    return tmp_path / "s"


def probe(path, timeout=5):
    return probe_engine(f"unix://{path}", timeout)


def test_an_engine_like_studio_s(path):
    answers = {
        "/v1.41/_ping": PONG,
        "/v1.41/version": docker(VERSION),
        "/v1.41/info": docker(INFO),
        "/version": REDIRECT,
    }
    with fake_engine(path, answers):
        assert probe(path) == {
            "reachable": True,
            "ping_status": 200,
            "version": "20.10.24",
            "api_version": "1.41",
            "min_api_version": "1.12",
            "unversioned_redirect": True,
            "rootless": False,
            "problem": None,
            "error": None,
        }


@pytest.mark.parametrize(
    ("answer", "redirects"), [(docker(VERSION), False), (docker({"message": "Forbidden"}, 403), None), (None, None)]
)
def test_an_engine_that_does_not_redirect(path, answer, redirects):
    """A denial is no answer: AWS lists no unversioned path."""
    with fake_engine(path, {"/v1.41/version": docker(VERSION), "/version": answer}):
        facts = probe(path)
    assert (facts["reachable"], facts["unversioned_redirect"]) == (True, redirects)


@pytest.mark.parametrize(
    ("answer", "rootless"),
    [
        (docker({**INFO, "CgroupDriver": "none"}), True),
        (docker({**INFO, "SecurityOptions": ["name=seccomp", "name=rootless"]}), True),
        (docker({"CgroupDriver": "systemd", "SecurityOptions": None}), False),
        (docker({"message": "Forbidden"}, 403), None),
        (Answer(200, b"<html>"), None),
        (Answer(200, b"[]"), None),
    ],
)
def test_rootless(path, answer, rootless):
    with fake_engine(path, {"/v1.41/version": docker(VERSION), "/v1.41/info": answer}):
        facts = probe(path)
    assert (facts["reachable"], facts["rootless"]) == (True, rootless)


def test_info_that_is_denied_hides_no_other_fact(path):
    """Studio documents no support for /info: a proxy may deny it, or close the connection."""
    answers = {"/v1.41/version": docker(VERSION), "/version": REDIRECT, "/v1.41/info": None}
    with fake_engine(path, answers):
        facts = probe(path)
    assert (facts["reachable"], facts["rootless"], facts["unversioned_redirect"]) == (True, None, True)


@pytest.mark.parametrize(
    ("own", "message"),
    [
        ("1.52", "client version 1.41 is too old. Minimum supported API version is 1.44"),
        ("1.40", "client version 1.41 is too new. Maximum supported API version is 1.40"),
    ],
)
def test_an_engine_without_api_1_41_gets_requests_in_its_own_version(path, own, message):
    answers = {
        "/v1.41/_ping": docker({"message": message}, 400, Api_Version=own),
        f"/v{own}/_ping": PONG,
        "/v1.41/version": docker({"message": message}, 400, Api_Version=own),
        f"/v{own}/version": docker({"Version": "x", "ApiVersion": own, "MinAPIVersion": "1.24"}),
    }
    with fake_engine(path, answers) as requested:
        facts = probe(path)
    assert (facts["ping_status"], facts["api_version"], facts["min_api_version"]) == (200, own, "1.24")
    ping = ["/v1.41/_ping", f"/v{own}/_ping"]
    assert requested == [*ping, "/v1.41/version", f"/v{own}/version", f"/v{own}/info", "/version"]


@pytest.mark.parametrize(("ping", "alive"), [(PONG, "is alive but "), (docker({"message": "Forbidden"}, 403), "")])
def test_denied(path, ping, alive):
    denial = docker({"message": "Forbidden. Reason: [Test]"}, 403)
    with fake_engine(path, {"/v1.41/_ping": ping, "/v1.41/version": denial}):
        facts = probe(path)
    assert (facts["reachable"], facts["problem"]) == (False, "denied")
    assert facts["error"] == f"The engine at unix://{path} {alive}answers 403: Forbidden. Reason: [Test]."


def test_an_engine_that_reports_an_error(path):
    answers = {"/v1.41/_ping": docker({"message": "disk full"}, 500), "/v1.41/version": docker(VERSION)}
    with fake_engine(path, answers):
        facts = probe(path)
    assert (facts["reachable"], facts["ping_status"]) == (True, 500)


@pytest.mark.parametrize(
    "answer",
    [
        Answer(200, b"<html>"),
        Answer(200, b"[]"),
        Answer(200, b"\xff\xfe"),
        Answer(200, b"{}"),
        Answer(404, b"<html>"),
        Answer(400, b"{}"),
        Answer(301),
    ],
)
def test_http_but_not_docker(path, answer):
    with fake_engine(path, {"/v1.41/version": answer}):
        facts = probe(path)
    assert (facts["reachable"], facts["problem"]) == (False, "not_docker")


def test_no_socket(path):
    facts = probe(path)
    assert (facts["problem"], facts["error"]) == ("no_socket", f"No socket exists at unix://{path}.")


def test_a_file_in_place_of_a_folder(path):
    path.write_text("")
    assert probe(path / "s")["problem"] == "no_socket"


def test_no_program_listening(path):
    with socket.socket(socket.AF_UNIX) as left_over:
        left_over.bind(str(path))
    facts = probe(path)
    assert (facts["problem"], facts["error"]) == ("nobody_listening", f"No program listens at unix://{path}.")


def test_hanging(path):
    with socket.socket(socket.AF_UNIX) as silent:
        silent.bind(str(path))
        silent.listen()
        started = time.monotonic()
        facts = probe(path, timeout=0.3)
    assert (facts["problem"], facts["error"]) == ("hanging", f"No answer from unix://{path} within 0.3 seconds.")
    assert time.monotonic() - started < 30


@pytest.mark.parametrize("words", [b"", b"SSH-2.0-OpenSSH_9.2\r\n"])
def test_not_http(path, words):
    def greet_and_hang_up():
        with server.accept()[0] as connection:
            connection.recv(1000)
            connection.sendall(words)

    with socket.socket(socket.AF_UNIX) as server:
        server.bind(str(path))
        server.listen()
        thread = threading.Thread(target=greet_and_hang_up)
        thread.start()
        facts = probe(path)
        thread.join()
    assert (facts["problem"], facts["reachable"]) == ("not_docker", False)


# Root may open every socket, so another user opens it. Imports come first: nobody may not read root's Python.
_AS_NOBODY = """
import os, sys
import tests.conftest
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._docker.engine_api import probe_engine
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._studio_facts.files import socket_file
if os.getuid() == 0:
    os.setgroups([]); os.setgid(65534); os.setuid(65534)
facts = probe_engine("unix://" + sys.argv[1], 5)
print(facts["problem"], facts["error"], socket_file(sys.argv[1])["accessible"], sep="|")
"""


@pytest.fixture
def open_folder():
    """A folder that every user may open; pytest's own folders are closed to other users."""
    with tempfile.TemporaryDirectory() as folder:
        Path(folder).chmod(0o755)
        yield Path(folder)


def test_permission_denied(open_folder):
    path = open_folder / "s"
    with fake_engine(path, {"/v1.41/version": docker(VERSION)}):
        path.chmod(0o444)  # a socket is opened for writing
        command = [sys.executable, "-c", _AS_NOBODY, str(path)]
        done = subprocess.run(command, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == f"permission_denied|Permission denied at unix://{path}.|False"


def test_not_set():
    assert probe_engine(None, 1)["problem"] == probe_engine("", 1)["problem"] == "no_docker_host"


def test_unsupported_address():
    facts = probe_engine("ssh://somewhere", 1)
    assert facts["problem"] == "unsupported_address"
    assert "unix:///docker/proxy.sock" in facts["error"]


def test_tcp():
    with socket.create_server(("127.0.0.1", 0)) as silent:
        port = silent.getsockname()[1]
        assert probe_engine(f"tcp://127.0.0.1:{port}", 0.2)["problem"] == "hanging"
    assert probe_engine(f"tcp://127.0.0.1:{port}", 0.2)["problem"] == "nobody_listening"


def test_a_path_longer_than_the_kernel_allows():
    facts = probe_engine(f"unix:///{'x' * 200}", 1)
    assert facts["problem"] == "unreachable"
    assert "too long" in facts["error"]


@pytest.mark.parametrize(
    ("docker_host", "path"),
    [
        ("unix:///docker/proxy.sock", "/docker/proxy.sock"),
        ("tcp://127.0.0.1:2375", None),
        ("unix://", None),
        ("/docker/proxy.sock", None),
        (None, None),
    ],
)
def test_socket_path(docker_host, path):
    assert socket_path(docker_host) == path


@pytest.mark.parametrize(
    ("address", "usable"),
    [
        ("unix:///s", True),
        ("tcp://h", True),
        ("tcp://h:2375", True),
        ("tcp://h:port", False),
        ("tcp://", False),
        ("npipe:////./pipe/x", False),
        ("", False),
    ],
)
def test_address_problem(address, usable):
    assert (address_problem(address) == "") is usable
