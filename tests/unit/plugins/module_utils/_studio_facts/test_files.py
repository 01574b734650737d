# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import json
import os
import socket

import pytest
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._studio_facts import files


def test_operating_system(tmp_path):
    release = tmp_path / "os-release"
    release.write_text('ID=ubuntu\nVERSION_ID="22.04"\nVERSION_CODENAME=jammy\nPRETTY_NAME="Ubuntu 22.04.5 LTS"\n')
    assert files.operating_system(release) == {
        "id": "ubuntu",
        "version_id": "22.04",
        "codename": "jammy",
        "pretty_name": "Ubuntu 22.04.5 LTS",
        "upstream": None,
    }
    assert files.release_of_packages(files.operating_system(release)) == ("ubuntu", "jammy")


def test_operating_system_of_a_derivative(tmp_path):
    release = tmp_path / "os-release"
    release.write_text("ID=linuxmint\nVERSION_CODENAME=wilma\nUBUNTU_CODENAME=noble\n")
    found = files.operating_system(release)
    assert (found["id"], found["codename"]) == ("linuxmint", "wilma")
    assert found["upstream"] == {"id": "ubuntu", "codename": "noble"}
    assert files.release_of_packages(found) == ("ubuntu", "noble")


@pytest.mark.parametrize("content", [None, "ID='", ""])
def test_operating_system_that_does_not_tell(tmp_path, content):
    if content is not None:
        (tmp_path / "os-release").write_text(content)
    found = files.operating_system(tmp_path / "os-release")
    assert found == dict.fromkeys(("id", "version_id", "codename", "pretty_name", "upstream"))


def test_resource_metadata(tmp_path):
    path = tmp_path / "resource-metadata.json"
    path.write_text(json.dumps({"AppType": "JupyterLab", "DomainId": "d-1", "SpaceName": "s", "ResourceArn": "arn"}))
    assert files.resource_metadata(path) == {
        "app_type": "JupyterLab",
        "domain_id": "d-1",
        "space_name": "s",
        "user_profile_name": None,
        "resource_arn": "arn",
    }


@pytest.mark.parametrize("content", [None, "", "[]", "{"])
def test_no_resource_metadata(tmp_path, content):
    path = tmp_path / "resource-metadata.json"
    if content is not None:
        path.write_text(content)
    assert files.resource_metadata(path) is None


def test_socket(tmp_path):
    path = tmp_path / "s"
    with socket.socket(socket.AF_UNIX) as server:
        server.bind(str(path))
        path.chmod(0o640)
        found = files.socket_file(str(path))
    assert found == {
        "path": str(path),
        "exists": True,
        "is_socket": True,
        "owner": files.user_name(os.getuid()),
        "group": files.group_name(path.stat().st_gid),
        "mode": "0640",
        "accessible": True,
    }


def test_a_folder_in_place_of_the_socket(tmp_path):
    found = files.socket_file(str(tmp_path))
    assert (found["exists"], found["is_socket"]) == (True, False)


def test_no_socket(tmp_path):
    found = files.socket_file(str(tmp_path / "s"))
    assert (found["exists"], found["is_socket"], found["accessible"]) == (False, None, None)


def test_known_sockets(tmp_path, monkeypatch):
    paths = [str(tmp_path / name) for name in ("missing", "socket", "file")]
    (tmp_path / "file").touch()
    monkeypatch.setattr(files, "_KNOWN_SOCKETS", paths)
    with socket.socket(socket.AF_UNIX) as server:
        server.bind(paths[1])
        assert files.known_sockets() == [paths[1]]


def test_home(tmp_path):
    found = files.home_folder(tmp_path)
    assert found["free_bytes"] > 0
    assert (found["tmp_exists"], found["tmp_owner"], found["tmp_writable"]) == (False, None, True)
    (tmp_path / "tmp").mkdir()
    found = files.home_folder(tmp_path)
    assert (found["tmp_exists"], found["tmp_owner"]) == (True, files.user_name(os.getuid()))


def test_no_home(tmp_path):
    found = files.home_folder(tmp_path / "missing")
    assert (found["free_bytes"], found["tmp_exists"], found["tmp_writable"]) == (None, False, False)


def test_users_and_groups_without_a_name():
    assert (files.user_name(0), files.group_name(0)) == ("root", "root")
    assert (files.user_name(3_999_999), files.group_name(3_999_999)) == ("3999999", "3999999")
