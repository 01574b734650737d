# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import json

import pytest
import yaml
from ansible.module_utils.testing import patch_module_args
from ansible_collections.mlops.studio_local_mode.plugins.modules import studio_app_info


def run(capsys, **arguments):
    with patch_module_args(arguments), pytest.raises(SystemExit) as stopped:
        studio_app_info.main()
    return stopped.value.code, json.loads(capsys.readouterr().out)


@pytest.mark.parametrize("check_mode", [False, True])
def test_it_returns_what_it_documents(capsys, tmp_path, check_mode):
    code, result = run(capsys, docker_host=f"unix://{tmp_path}/s", _ansible_check_mode=check_mode)
    assert (code, result["changed"]) == (0, False)
    documented = yaml.safe_load(studio_app_info.RETURN)["app"]["contains"]
    assert set(result["app"]) == set(documented)
    for name in ("socket", "engine", "home"):
        assert set(result["app"][name]) == set(documented[name]["contains"])
    assert result["app"]["engine"]["problem"] == "no_socket"


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ({"docker_host": "/docker/proxy.sock"}, "docker_host '/docker/proxy.sock' is not an address such as unix:///"),
        ({"docker_host": ""}, "docker_host '' is not an address"),
        ({"timeout": 0}, "timeout is 0, it must be at least 1 second"),
        ({"timeout": "soon"}, "cannot be converted to an int"),
        ({"host": "x"}, "Unsupported parameters"),
    ],
)
def test_bad_options(capsys, arguments, words):
    code, result = run(capsys, **arguments)
    assert (code, result["failed"]) == (1, True)
    assert words in result["msg"]
