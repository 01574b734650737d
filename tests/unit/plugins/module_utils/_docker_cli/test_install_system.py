# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is asked of dpkg, apt-get and sudo, and what is made of their answers; no command is run."""

from __future__ import annotations

import os
import shutil
from pathlib import Path
from types import SimpleNamespace

import pytest
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._docker.errors import PackageError
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._docker_cli import install_system, lock
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._docker_cli.deb import Deb
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._docker_cli.install_system import SystemScope
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._studio_facts import packages
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._studio_facts import record as records
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._studio_facts.record import Installed, Record

CLI, COMPOSE = "docker-ce-cli", "docker-compose-plugin"
# dpkg 1.21 (jammy) and 1.19 (focal).
LOCKED = "dpkg: error: dpkg frontend lock was locked by another process with pid 14\nNote: removing the lock file"
LOCKED_ON_FOCAL = "dpkg: error: dpkg frontend is locked by another process\n"
UNMET = """\
The following packages have unmet dependencies:
 docker-ce-cli : Depends: libc6 (>= 2.99) but 2.35 is to be installed
"""


class FakeModule:
    """Has the installation by dpkg answer as told and everything else succeed, and keeps what was asked."""

    def __init__(self, dpkg=(0, "", ""), apt=(0, "", ""), copy=(0, "/copies\n", ""), check_mode=False, then=None):
        self.check_mode, self.commands, self.warnings = check_mode, [], []
        self._then = then or (lambda command: None)
        self._dpkg, self._apt, self._copy = dpkg, apt, copy

    def run_command(self, command, data=None):
        self.commands.append(command[command.index("LC_ALL=C") + 1 :])
        self._then(command)
        if "apt-get" in command:
            return self._apt
        if any("sha256sum" in argument for argument in command):
            self.checksums = data
            return self._copy
        answer = self._dpkg if "--install" in command else (0, "", "")
        return answer() if callable(answer) else answer

    def warn(self, text):
        self.warnings.append(text)


@pytest.fixture
def dpkg(tmp_path, monkeypatch):
    """An empty dpkg database and no record."""
    monkeypatch.setattr(packages, "_STATUS", tmp_path / "status")
    monkeypatch.setattr(install_system, "_JOURNAL", tmp_path / "updates")
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


def install(module, shadowing=()):
    SystemScope(module, 5).install({CLI: Deb(Path("/x/c.deb"), "ab")}, {CLI: Installed("1")}, list(shadowing))


def test_what_apt_refuses_is_not_begun(dpkg):
    module = FakeModule(apt=(100, UNMET, "E: Unable to correct problems, you have held broken packages."))
    with pytest.raises(PackageError, match=r"apt-get failed: docker-ce-cli : Depends: libc6 .* E: Unable to correct"):
        install(module)
    # apt-get runs while root copies.
    judged = next(command for command in module.commands if command[0] == "apt-get")
    assert [command[0] for command in module.commands if command[0] != "rm"].count("sh") == 1
    assert {"--simulate", "--no-install-recommends", "--no-remove"} < {*judged}
    assert "--option=Dir::Etc::SourceList=/dev/null" in judged
    assert judged[-2:] == ["install", "/x/c.deb"]
    assert module.checksums == "ab  c.deb"


@pytest.mark.parametrize(("uid", "prefix"), [(0, []), (1000, ["sudo", "-n"])])
def test_root_needs_no_sudo(dpkg, monkeypatch, uid, prefix):
    seen = []
    module = SimpleNamespace(run_command=lambda command, data=None: seen.append(command) or (1, "", "E: no"))
    monkeypatch.setattr(os, "getuid", lambda: uid)
    with pytest.raises(PackageError):
        install(module)
    root = next(command for command in seen if "apt-get" not in command)
    assert root[: len(prefix) + 1] == [*prefix, "env"]
    # dpkg needs programs that the PATH of an image whose user is root may lack.
    assert any(word.startswith("PATH=") and word.endswith(":/usr/sbin:/sbin") for word in root) is (uid == 0)
    [judged] = [command for command in seen if "apt-get" in command]
    assert judged[0] == "env"


def test_the_record_is_written_before_anything_happens(dpkg):
    module = FakeModule()
    dpkg.set({CLI: "ok installed"})
    install(module, shadowing=["/opt/no-conda/bin/docker"])
    # What root copied is removed beside everything else.
    commands = [command for command in module.commands if command[0] != "rm"]
    assert {command[0] for command in commands[:2]} == {"sh", "apt-get"}
    assert [command[0] for command in commands[2:]] == ["sh", "mv"]
    shell = commands[2][2]
    assert shell.index(f"cat > {records.SYSTEM}") < shell.index('exec "$@"')
    assert commands[2][4:] == [*install_system._INSTALL, "/copies/c.deb"]
    assert commands[3][-2:] == ["/opt/no-conda/bin/docker", "/opt/no-conda/bin/docker.replaced"]


def test_dpkg_s_success_is_not_believed(dpkg):
    with pytest.raises(PackageError, match="docker-ce-cli 1 is not installed"):
        install(FakeModule())


@pytest.fixture
def kernel(tmp_path, monkeypatch):
    """A kernel's table in which process 14 has one of dpkg's locks, for which process 15 waits."""
    locks = (tmp_path / "lock-frontend", tmp_path / "no-such-lock")
    monkeypatch.setattr(install_system, "_LOCKS", [*locks])
    monkeypatch.setattr(lock, "_PROC", tmp_path)
    monkeypatch.setattr(install_system, "_LOCK_POLL", 0)
    locks[0].touch()
    inode = locks[0].stat().st_ino
    (tmp_path / "locks").write_text(
        f"1: FLOCK  ADVISORY  WRITE 12 fe:00:{inode} 0 EOF\n"
        f"2: POSIX  ADVISORY  WRITE 13 fe:00:{inode}1 0 EOF\n"
        f"3: POSIX  ADVISORY  WRITE 14 fe:00:{inode} 0 EOF\n"
        f"3: -> POSIX  ADVISORY  WRITE 15 fe:00:{inode} 0 EOF\n"
    )
    (tmp_path / "14").mkdir()
    (tmp_path / "14" / "comm").write_text("unattended-upgr\n")


@pytest.mark.parametrize("locked", [LOCKED, LOCKED_ON_FOCAL])
def test_waiting_is_told(dpkg, kernel, locked):
    answers = [(2, "", locked), (2, "", locked), (0, "", "")]
    module = FakeModule(dpkg=lambda: answers.pop(0))
    dpkg.set({CLI: "ok installed"})
    install(module)
    assert module.warnings == ["Waited for another installation: dpkg's lock is held by process 14 (unattended-upgr)."]


def test_whoever_has_the_lock_for_too_long_is_named(dpkg, kernel):
    with pytest.raises(PackageError, match=r"held by process 14 \(unattended-upgr\)\. .* docker_cli_lock_timeout"):
        SystemScope(FakeModule(dpkg=(2, "", LOCKED)), 0).install(
            {CLI: Deb(Path("/x/c.deb"), "ab")}, {CLI: Installed("1")}, []
        )


def test_a_holder_that_the_kernel_does_not_tell(tmp_path, monkeypatch):
    monkeypatch.setattr(lock, "_PROC", tmp_path)
    assert lock.holder([], "POSIX") == "another process"


@pytest.mark.parametrize(
    ("state", "purged"), [("ok unpacked", True), ("reinstreq half-installed", True), (None, False)]
)
def test_a_failed_installation_is_rolled_back(dpkg, state, purged):
    def fail():
        dpkg.set({CLI: state} if state else {})
        return 1, "", "dpkg: error: no"

    module = FakeModule(dpkg=fail)
    with pytest.raises(PackageError):
        install(module)
    assert any(command[:2] == ["dpkg", "--purge"] and CLI in command for command in module.commands) is purged


def test_a_failed_rollback_does_not_hide_what_failed_first(dpkg):
    dpkg.set({CLI: "ok unpacked"})
    module = FakeModule(dpkg=(1, "", "dpkg: error: the first"))
    run = module.run_command
    module.run_command = lambda command, data=None: (
        (1, "", "dpkg: error: the second") if "--purge" in command else run(command, data)
    )
    with pytest.raises(PackageError, match="the first"):
        install(module)


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
    assert SystemScope(FakeModule(), 5).unfinished() == expected


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

    def purge(command):
        if "--purge" in command:
            dpkg.set({COMPOSE: "ok installed"})

    module = FakeModule(then=purge)
    assert SystemScope(module, 5).remove() == removed
    assert ["--purge" in command for command in module.commands] == [True] * len(removed) + [False]


def test_remove_in_check_mode_runs_nothing(dpkg):
    write_record(docker_ce_cli=Installed("1"))
    dpkg.set({CLI: "ok installed"})
    module = FakeModule(check_mode=True)
    assert SystemScope(module, 5).remove() == [CLI]
    assert module.commands == []


@pytest.mark.parametrize(
    ("target", "removed"), [("/home/u/.local/bin/docker", True), ("/home/u/docker", False), (None, False)]
)
def test_the_link_to_a_removed_program(tmp_path, monkeypatch, target, removed):
    link = tmp_path / "docker"
    monkeypatch.setattr(install_system, "LINK", link)
    if target:
        link.symlink_to(target)
    module = FakeModule()
    assert SystemScope(module, 5).remove_link(["/home/u/.local/bin/docker"]) == [str(link)] * removed
    assert module.commands == [["rm", "--", str(link)]] * removed


def test_a_package_that_dpkg_has_not_removed(dpkg):
    write_record(docker_ce_cli=Installed("1"))
    dpkg.set({CLI: "ok installed"})
    with pytest.raises(PackageError, match="dpkg has not removed docker-ce-cli"):
        SystemScope(FakeModule(), 5).remove()
    assert records.SYSTEM.exists()


def test_an_interrupted_package_is_removed(dpkg):
    write_record(docker_ce_cli=Installed("1"))
    dpkg.set({CLI: "reinstreq half-installed"})
    assert SystemScope(FakeModule(then=lambda _command: dpkg.set({})), 5).remove() == [CLI]


def test_a_record_that_only_root_may_read_is_made_readable(dpkg, monkeypatch):
    monkeypatch.setattr(install_system, "_is_readable", lambda _path: False)
    write_record(docker_ce_cli=Installed("1"))
    dpkg.set({CLI: "ok installed"})
    module = FakeModule(then=lambda command: dpkg.set({}) if "--purge" in command else None)
    assert SystemScope(module, 5).remove() == [CLI]
    assert module.commands[0][:3] == ["chmod", "--recursive", "a+rX"]


def test_check_mode_reads_a_record_that_only_root_may_read_and_leaves_its_mode(dpkg, monkeypatch):
    monkeypatch.setattr(install_system, "_is_readable", lambda _path: False)
    write_record(docker_ce_cli=Installed("1"))
    dpkg.set({CLI: "ok installed"})

    def copy(command):
        if "cp" in command:
            shutil.copytree(command[-2], command[-1], dirs_exist_ok=True)

    module = FakeModule(check_mode=True, then=copy)
    assert SystemScope(module, 5).remove() == [CLI]
    assert [command for command in module.commands if str(records.SYSTEM.parent) in command[-1]] == []


def test_a_malformed_record_is_an_error(dpkg):
    records.SYSTEM.write_text("{")
    with pytest.raises(PackageError, match="is not a record"):
        SystemScope(FakeModule(), 5).remove()
    assert records.SYSTEM.exists()


def test_what_root_copies_is_verified(dpkg):
    module = FakeModule(copy=(1, "", "sha256sum: WARNING: 1 computed checksum did NOT match\n"))
    with pytest.raises(PackageError, match="1 computed checksum did NOT match"):
        install(module)
    assert {command[0] for command in module.commands} == {"sh", "apt-get"}
