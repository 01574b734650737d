# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import errno
import json
import subprocess
import time

import pytest
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._docker.errors import PackageError
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._studio_facts import lifecycle_state

STATE = {"format": 1, "status": "failed", "message": "m.", "remediation": "t.", "log": "/l", "time": 1000}


@pytest.fixture
def folders(tmp_path, monkeypatch):
    """The folders of a home and of the app beside it."""
    monkeypatch.setattr(lifecycle_state, "ELSEWHERE", tmp_path / "elsewhere")
    folders = tmp_path / lifecycle_state.IN_HOME, tmp_path / "elsewhere"
    for folder in folders:
        folder.mkdir(parents=True)
    return folders


def write(folder, content=None, name="app", **changes):
    text = json.dumps({**STATE, **changes}) if content is None else content
    (folder / f"{name}.json").write_text(text)


@pytest.mark.parametrize(("in_home", "elsewhere", "newest"), [(1000, 2000, "elsewhere"), (2000, 1000, "in_home")])
def test_the_newest_counts(tmp_path, folders, in_home, elsewhere, newest):
    write(folders[0], message="in_home", time=in_home)
    write(folders[1], message="elsewhere", time=elsewhere)
    assert lifecycle_state.read(tmp_path, None) == {
        "status": "failed",
        "message": newest,
        "remediation": "t.",
        "log": "/l",
        "updated_at": "1970-01-01T00:33:20Z",
        "since_app_start": True,
        "log_group": "/aws/sagemaker/studio",
        "log_stream": None,
    }


METADATA = {
    "resource_arn": "arn:aws:sagemaker:eu-west-1:123456789012:app/d-abcdefghijkl/space/JupyterLab/default",
    "domain_id": "d-abcdefghijkl",
    "space_name": "space",
    "app_type": "JupyterLab",
}


def test_each_app_has_its_own_state(tmp_path, folders):
    write(folders[0], name="d-abcdefghijkl-space-CodeEditor-default", message="other", time=2000)
    write(folders[0], name="d-abcdefghijkl-space-JupyterLab-default", message="own")
    state = lifecycle_state.read(tmp_path, None, METADATA)
    assert state["message"] == "own"
    assert state["log_stream"] == "d-abcdefghijkl/space/JupyterLab/default/LifecycleConfigOnStart"


@pytest.mark.parametrize("indent", [None, 2])
@pytest.mark.parametrize(
    "arn", [METADATA["resource_arn"], "arn:aws:sagemaker:eu-west-1:1:app/d-1/alice/KernelGateway/k"]
)
def test_the_script_finds_the_same_name(tmp_path, arn, indent):
    path = tmp_path / "metadata.json"
    path.write_text(json.dumps({"AppType": "x", "ResourceArn": arn, "ResourceName": "default"}, indent=indent))
    command = ["sed", "-n", lifecycle_state.APP_ID_EXPRESSION, path]
    printed = subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip()
    assert printed.replace("/", "-") == lifecycle_state.app_id({"resource_arn": arn})


@pytest.mark.parametrize("metadata", [None, {}, {"resource_arn": None}, {"resource_arn": "x"}])
def test_an_app_without_metadata(metadata):
    assert (lifecycle_state.app_id(metadata), lifecycle_state.log_stream(metadata)) == ("app", None)


@pytest.mark.parametrize("content", ["", "[]", "{}", '{"format": 1}', json.dumps({**STATE, "format": 2}), "\0"])
def test_what_is_no_state_is_none(tmp_path, folders, content):
    write(folders[0], content)
    assert lifecycle_state.read(tmp_path, None) is None


@pytest.mark.parametrize(("app_started", "since_app_start"), [(None, True), (900, True), (1000.9, True), (1002, False)])
def test_whether_it_was_this_start(tmp_path, folders, app_started, since_app_start):
    write(folders[0])
    assert lifecycle_state.read(tmp_path, app_started)["since_app_start"] is since_app_start


def test_the_app_started_before_now():
    assert 0 < lifecycle_state.app_start() <= time.time() + 1


def test_both_folders_are_removed(tmp_path, folders):
    expected = [str(folder) for folder in folders]
    assert lifecycle_state.remove(tmp_path, check_mode=True) == expected
    assert lifecycle_state.remove(tmp_path, check_mode=False) == expected
    assert lifecycle_state.remove(tmp_path, check_mode=False) == []


def test_a_folder_that_cannot_be_removed(tmp_path, folders, monkeypatch):
    def fail(path):
        raise PermissionError(errno.EACCES, "x", str(path))

    monkeypatch.setattr(lifecycle_state.shutil, "rmtree", fail)
    with pytest.raises(PackageError, match=f"Cannot remove {folders[0]}: Permission denied"):
        lifecycle_state.remove(tmp_path, check_mode=False)
