# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The sandbox's AWS endpoint as a process: one server per folder, ended by its own process ID only."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import urllib.request
from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.sandbox.aws_endpoint import process


@pytest.fixture
def aws_endpoint_folder(tmp_path):
    yield tmp_path
    process.stop(tmp_path)


def answers(url: str) -> bool:
    with urllib.request.urlopen(f"{url}/_sandbox/controls", timeout=5) as response:  # noqa: S310 - the endpoint's URL
        return response.status == 200


def test_a_started_endpoint_answers_and_a_stopped_one_is_gone(aws_endpoint_folder):
    url = process.start(aws_endpoint_folder)
    assert answers(url)
    assert process.url(aws_endpoint_folder) == url
    process.stop(aws_endpoint_folder)
    assert process.url(aws_endpoint_folder) is None
    with pytest.raises(OSError, match="refused"):
        answers(url)


def test_a_second_start_finds_the_first(aws_endpoint_folder):
    assert process.start(aws_endpoint_folder) == process.start(aws_endpoint_folder)


def test_starts_at_the_same_time_share_one_server(aws_endpoint_folder, monkeypatch):
    launches = []
    launch = process._launch
    monkeypatch.setattr(process, "_launch", lambda folder: launches.append(folder) or launch(folder))
    with ThreadPoolExecutor(4) as pool:
        urls = set(pool.map(lambda _: process.start(aws_endpoint_folder), range(4)))
    assert (len(urls), len(launches)) == (1, 1)


def test_a_relative_folder_is_the_same_folder(aws_endpoint_folder, monkeypatch):
    url = process.start(aws_endpoint_folder)
    monkeypatch.chdir(aws_endpoint_folder.parent)
    relative = aws_endpoint_folder.relative_to(aws_endpoint_folder.parent)
    assert process.start(relative) == url


def test_stop_leaves_a_process_alone_that_got_the_number_of_the_server(aws_endpoint_folder):
    with subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE) as stranger:
        state = {"pid": stranger.pid, "url": "http://127.0.0.1:1"}
        (aws_endpoint_folder / process.STATE_FILE).write_text(json.dumps(state))
        assert process.url(aws_endpoint_folder) is None
        process.stop(aws_endpoint_folder)
        assert stranger.poll() is None
        stranger.kill()


def test_a_start_after_the_server_was_killed_begins_a_new_one(aws_endpoint_folder):
    url = process.start(aws_endpoint_folder)
    os.kill(json.loads((aws_endpoint_folder / process.STATE_FILE).read_text())["pid"], 9)
    restarted = process.start(aws_endpoint_folder)
    assert answers(restarted)
    assert restarted != url


def test_a_server_that_does_not_come_up_is_told_with_its_log(aws_endpoint_folder, monkeypatch):
    monkeypatch.setattr(process, "_SERVER", "tests.sandbox.aws_endpoint.there_is_no_such_module")
    with pytest.raises(RuntimeError, match="there_is_no_such_module"):
        process.start(aws_endpoint_folder)
