# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is asked of apt and sudo, and what is made of their answers; no command is run."""

from __future__ import annotations

import os
from pathlib import Path
from types import SimpleNamespace

import pytest
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._docker.bundle_error import BundleError
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._studio import packages, system_scope
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._studio import record as records
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._studio.record import Installed, Record
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._studio.system_scope import SystemScope

CLI, COMPOSE = "docker-ce-cli", "docker-compose-plugin"
HELD = "Could not get lock /var/lib/dpkg/lock-frontend. It is held by process 14 (unattended-upgr)"
DISK_FULL = """\
Unpacking docker-compose-plugin (2.26.1) ...
dpkg: error processing archive /x/c.deb (--unpack):
 cannot copy extracted data for './usr/x' to '/usr/x.dpkg-new': failed to write (No space left on device)
Errors were encountered while processing:
 /x/c.deb
"""


class FakeModule:
    """Has apt-get answer as told and everything else succeed, and keeps what was asked."""

    def __init__(self, apt=(0, "", ""), check_mode=False):
        self.check_mode, self.apt, self.commands, self.warnings = check_mode, apt, [], []

    def run_command(self, command, data=None):
        self.commands.append(command[command.index("LC_ALL=C") + 1 :])
        answer = self.apt if "apt-get" in command else (0, "", "")
        return answer() if callable(answer) else answer

    def warn(self, text):
        self.warnings.append(text)


@pytest.fixture
def dpkg(tmp_path, monkeypatch):
    """An empty dpkg database and no record."""
    monkeypatch.setattr(packages, "_STATUS", tmp_path / "status")
    monkeypatch.setattr(system_scope, "_JOURNAL", tmp_path / "updates")
    monkeypatch.setattr(records, "SYSTEM", tmp_path / "lib" / "docker_cli.json")
    (tmp_path / "updates").mkdir()
    (tmp_path / "lib").mkdir()

    def set_status(**states):
        text = (f"Package: {name}\nStatus: install {state}\nVersion: 1\n" for name, state in states.items())
        (tmp_path / "status").write_text("\n".join(text))

    set_status()
    return SimpleNamespace(set=lambda states: set_status(**states), journal=tmp_path / "updates" / "0001")


def write_record(**packages):
    records.SYSTEM.write_text(records.to_json(Record({n.replace("_", "-"): one for n, one in packages.items()})))


def install(module, hiding=()):
    SystemScope(module, 5).install({CLI: Path("/x/c.deb")}, {CLI: Installed("1")}, list(hiding))


def test_apt_gets_files_alone_and_waits_for_the_lock():
    command = system_scope.install_command(["/x/c.deb"], 7)
    assert {"--no-install-recommends", "--no-remove", "--option=Dir::Etc::SourceList=/dev/null"} < {*command}
    assert "--option=DPkg::Lock::Timeout=7" in command
    assert command[-2:] == ["install", "/x/c.deb"]


@pytest.mark.parametrize(("uid", "prefix"), [(0, []), (1000, ["sudo", "-n"])])
def test_root_needs_no_sudo(dpkg, monkeypatch, uid, prefix):
    seen = []
    module = SimpleNamespace(run_command=lambda command, data=None: seen.append(command) or (1, "", "E: no"))
    monkeypatch.setattr(os, "getuid", lambda: uid)
    with pytest.raises(BundleError):
        install(module)
    assert seen[0][: len(prefix) + 1] == [*prefix, "env"]


def test_the_record_is_written_before_anything_happens(dpkg):
    module = FakeModule()
    dpkg.set({CLI: "ok installed"})
    install(module, hiding=["/opt/conda/bin/docker"])
    assert [command[0] for command in module.commands] == ["sh", "apt-get", "mv"]
    assert module.commands[2][-2:] == ["/opt/conda/bin/docker", "/opt/conda/bin/docker.replaced"]


def test_apt_s_success_is_not_believed(dpkg):
    with pytest.raises(BundleError, match="dpkg has not got docker-ce-cli 1"):
        install(FakeModule())


@pytest.mark.parametrize(
    ("output", "errors", "words"),
    [
        (f"Waiting for cache lock: {HELD}...", "E: Unable to acquire", [HELD, "docker_cli_lock_timeout"]),
        (DISK_FULL, "E: Sub-process /usr/bin/dpkg returned an error code (1)", ["No space left", "Free some space"]),
        ("", "E: You don't have enough free space in /var/cache/apt/archives/.", ["enough free space", "Free some"]),
        ("", "sudo: a password is required", ["sudo: a password is required"]),
        ("Reading package lists...", "", ["Reading package lists"]),
    ],
)
def test_failure_is_told_in_apt_s_words(output, errors, words):
    said = system_scope.failure(["apt-get", "install"], output, errors)
    assert said.startswith("apt-get failed: ")
    assert [word for word in words if word not in said] == []
    assert "Errors were encountered" not in said


def test_waiting_is_told(dpkg):
    module = FakeModule(apt=(0, f"Waiting for cache lock: {HELD}...\n", ""))
    dpkg.set({CLI: "ok installed"})
    install(module)
    assert module.warnings == [f"Waited for another installation: {HELD}."]


def test_a_journal_is_worked_off_first(dpkg):
    dpkg.journal.touch()

    def fail_once():
        if dpkg.journal.exists():
            dpkg.journal.unlink()
            dpkg.journal.with_name("0002").touch()
            return 1, "", "E: dpkg was interrupted"
        dpkg.set({CLI: "ok installed"})
        return 0, "", ""

    module = FakeModule(apt=fail_once)
    install(module)
    assert [command[:2] for command in module.commands[1:]] == [
        ["apt-get", "--yes"],
        ["dpkg", "--configure"],
        ["apt-get", "--yes"],
    ]


@pytest.mark.parametrize(
    ("state", "purged"), [("ok unpacked", True), ("reinstreq half-installed", True), (None, False)]
)
def test_a_failed_installation_is_rolled_back(dpkg, state, purged):
    def fail():
        dpkg.set({CLI: state} if state else {})
        return 100, "", "E: no"

    module = FakeModule(apt=fail)
    with pytest.raises(BundleError):
        install(module)
    assert any(command[:2] == ["dpkg", "--purge"] and CLI in command for command in module.commands) is purged


@pytest.mark.parametrize(
    ("states", "journal", "expected"),
    [
        ({CLI: "ok installed"}, False, {}),
        ({CLI: "ok unpacked"}, False, {CLI: "1"}),
        ({CLI: "ok config-files"}, False, {}),
        ({}, False, {}),
        ({}, True, {CLI: "1"}),
        ({CLI: "ok installed"}, True, {}),
    ],
)
def test_unfinished_is_what_we_began(dpkg, states, journal, expected):
    write_record(docker_ce_cli=Installed("1"))
    dpkg.set({**states, COMPOSE: "ok unpacked"})
    if journal:
        dpkg.journal.touch()
    assert system_scope.unfinished() == expected


@pytest.mark.parametrize(
    ("recorded", "removed"),
    [
        pytest.param(Installed("1"), [CLI], id="ours"),
        pytest.param(Installed("1", "0"), [], id="the image had one"),
        pytest.param(Installed("2"), [], id="the user has installed another since"),
    ],
)
def test_remove_takes_ours_alone(dpkg, recorded, removed):
    write_record(docker_ce_cli=recorded)
    dpkg.set({CLI: "ok installed", COMPOSE: "ok installed"})
    module = FakeModule()
    assert SystemScope(module, 5).remove() == removed
    assert ["purge" in command for command in module.commands] == [True] * len(removed) + [False]


def test_remove_in_check_mode_runs_nothing(dpkg):
    write_record(docker_ce_cli=Installed("1"))
    dpkg.set({CLI: "ok installed"})
    module = FakeModule(check_mode=True)
    assert SystemScope(module, 5).remove() == [CLI]
    assert module.commands == []
