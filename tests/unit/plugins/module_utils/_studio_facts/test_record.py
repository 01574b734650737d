# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import errno
import hashlib

import pytest
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._docker.errors import PackageError
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._studio_facts import record as records
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._studio_facts.record import (
    Installed,
    Program,
    Record,
)

CLI, COMPOSE = "docker-ce-cli", "docker-compose-plugin"


def write(path, record):
    path.parent.mkdir(parents=True)
    path.write_text(records.to_json(record))


def test_what_is_written_is_read(tmp_path):
    program = Program("/home/u/.local/bin/docker", 3, "ab")
    record = Record({CLI: Installed("20", program=program), COMPOSE: Installed("2", "1")}, ("/opt/conda/bin/docker",))
    write(tmp_path / "a" / "r.json", record)
    assert records.read(tmp_path / "a" / "r.json") == record


@pytest.mark.parametrize(
    "text", ["", "[]", "{}", '{"packages": [], "moved": []}', '{"packages": {"a": {}}, "moved": []}']
)
def test_a_malformed_record_is_an_error(tmp_path, text):
    (tmp_path / "r").write_text(text)
    with pytest.raises(PackageError, match=f"{tmp_path}/r is not a record of the installed packages"):
        records.read(tmp_path / "r")
    assert records.CheckedHome(tmp_path).packages() == {}


def test_an_unreadable_record_is_an_error(tmp_path, monkeypatch):
    def fail(*_arguments, **_options):
        raise PermissionError(errno.EACCES, "x")

    monkeypatch.setattr(records.Path, "read_text", fail)
    with pytest.raises(PackageError, match=f"Cannot read {tmp_path}/r: Permission denied"):
        records.read(tmp_path / "r")


def test_no_record_is_an_empty_one(tmp_path):
    assert records.read(tmp_path / "none") == Record({})


@pytest.mark.parametrize(
    ("known", "installed", "before"),
    [
        pytest.param(None, Installed("2", "1"), "1", id="the image's own is replaced"),
        pytest.param(Installed("1"), Installed("2", "1"), None, id="ours is replaced"),
        pytest.param(Installed("1", "0"), Installed("2", "1"), "0", id="ours, which had replaced the image's"),
        pytest.param(Installed("1"), Installed("3", "2"), "2", id="the user has installed another since"),
    ],
)
def test_what_was_there_before_us_stays_known(known, installed, before):
    record = Record({CLI: known} if known else {}).with_changes({CLI: installed}, [])
    assert record.packages == {CLI: Installed(installed.version, before)}


def test_what_was_moved_is_remembered_once():
    assert Record({}, ("/a",)).with_changes({}, ["/b", "/a"]).moved == ("/a", "/b")


@pytest.mark.parametrize(
    ("content", "mode", "found", "is_damaged"),
    [
        ("abc", 0o755, {CLI: "20"}, False),
        ("abd", 0o755, {}, True),
        ("abcd", 0o755, {}, False),
        ("abc", 0o644, {}, False),
        (None, 0, {}, False),
    ],
)
def test_home_packages_are_those_whose_program_is_intact(tmp_path, content, mode, found, is_damaged):
    program = tmp_path / "docker"
    if content:
        program.write_text(content)
        program.chmod(mode)
    sha256 = hashlib.sha256(b"abc").hexdigest()
    write(records.in_home(tmp_path), Record({CLI: Installed("20", program=Program(str(program), 3, sha256))}))
    checked = records.CheckedHome(tmp_path)
    assert checked.packages() == found
    assert checked.damaged() == (frozenset([str(program)]) if is_damaged else frozenset())


def test_what_a_script_has_recorded_since_counts(tmp_path):
    path = tmp_path / "a" / "docker_cli.json"
    write(path, Record({CLI: Installed("20"), COMPOSE: Installed("2.1")}, ("/a",)))
    later = Record({COMPOSE: Installed("2.2")}, ("/b", "/a"))
    path.with_name(records.LIFECYCLE_RECORDS.replace("*", COMPOSE)).write_text(records.to_json(later))
    assert records.read(path) == Record({CLI: Installed("20"), COMPOSE: Installed("2.2")}, ("/a", "/b"))
