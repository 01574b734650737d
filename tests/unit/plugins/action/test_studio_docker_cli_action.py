# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which runs of the module and which copies an action makes; neither reaches an app."""

from __future__ import annotations

from types import SimpleNamespace

import pytest
from ansible.errors import AnsibleActionFail
from ansible.plugins.action import ActionBase
from ansible_collections.mlops.studio_local_mode.plugins.action.studio_docker_cli import ActionModule

NEEDED = {"bundle": "ubuntu-jammy-amd64", "packages": ["a.deb"], "dest": "/app/.incoming-x"}


@pytest.fixture
def action(monkeypatch, tmp_path):
    """Run the action with results of the module, one for each run; returns its result, its runs and its copies."""
    monkeypatch.setattr(ActionBase, "run", lambda *_arguments: {})

    def run(*results, connection=None, **options):
        runs, copies, left = [], [], iter(results)
        task = SimpleNamespace(args=options, async_val=0, check_mode=False)
        loader = SimpleNamespace(path_dwim=lambda path: str(tmp_path / path))
        plugin = ActionModule(task, connection, None, loader, None, None)
        monkeypatch.setattr(
            plugin, "_execute_module", lambda module_args, task_vars: runs.append(module_args) or next(left)
        )
        monkeypatch.setattr(plugin, "_transfer_file", lambda source, target: copies.append((source, target)))
        return plugin.run(task_vars={"inventory_hostname": "lab"}), runs, copies

    return run


@pytest.fixture
def debs(tmp_path):
    folder = tmp_path / "debs" / "ubuntu-jammy-amd64"
    folder.mkdir(parents=True)
    for name in ("manifest.json", "a.deb", "b.deb"):
        (folder / name).write_text("{}")
    return folder


COPY = {"source": "staged", "copy_from": "debs"}


@pytest.mark.parametrize("options", [{}, {"source": "staged", "path": "/x"}, {**COPY, "state": "absent"}])
def test_without_a_copy_the_module_runs_once(action, options):
    result, runs, copies = action({"changed": True}, **options)
    assert (result, runs, copies) == ({"changed": True}, [options], [])


def test_an_app_that_needs_nothing_gets_nothing(action, debs):
    result, [options], copies = action({"changed": False}, **COPY)
    assert (result, copies) == ({"changed": False}, [])
    assert options["bundles"] == {"ubuntu-jammy-amd64": {}}


def test_missing_files_are_copied_and_the_module_runs_again(action, debs):
    result, runs, copies = action({"bundle_needed": NEEDED}, {"changed": True}, **COPY)
    assert result == {"changed": True}
    assert runs[1]["copied_to"] == NEEDED["dest"]
    assert copies == [(str(debs / name), f"{NEEDED['dest']}/{name}") for name in ("a.deb", "manifest.json")]


@pytest.mark.parametrize("name", ["mlops.studio_local_mode.studio_ssh", "ansible.builtin.ssh"])
def test_a_copy_through_a_session_says_before_how_long_it_takes(action, debs, capsys, name):
    (debs / "a.deb").write_bytes(b"x" * 700_000)
    connection = SimpleNamespace(ansible_name=name)
    action({"bundle_needed": NEEDED}, {"changed": True}, connection=connection, **COPY)
    said = "lab: copying 0.7 MB through its SageMaker session, which takes about 1 s" in capsys.readouterr().err
    assert said is name.endswith("studio_ssh")


def test_a_manifest_that_cannot_be_read(action, debs):
    (debs / "manifest.json").write_text("")
    with pytest.raises(AnsibleActionFail, match=r"manifest.json is not a manifest"):
        action(**COPY)


def test_only_the_action_says_what_was_copied(action):
    _result, [options], _copies = action({}, copied_to="/x", bundles={})
    assert options == {}
