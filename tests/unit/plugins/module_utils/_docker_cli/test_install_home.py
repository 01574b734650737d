# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Programs from real .debs into a home, with the programs being scripts."""

from __future__ import annotations

import errno
import shutil
from types import SimpleNamespace

import pytest
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._docker.checksum import sha256_of
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._docker.errors import PackageError
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._docker_cli import install_home
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._docker_cli.deb import Deb
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._docker_cli.install_home import (
    HOME_PROGRAMS,
    HomeScope,
)
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._studio_facts import record as records
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._studio_facts.record import Installed

from tests.sandbox.mirror import deb

CLI, COMPOSE = "docker-ce-cli", "docker-compose-plugin"
DOCKER, PLUGIN = ".local/bin/docker", ".docker/cli-plugins/docker-compose"
RUNS, FAILS = "#!/bin/sh\necho {}\n", "#!/bin/sh\necho no such library >&2; exit 127\n"


@pytest.fixture
def debs(tmp_path):
    def make(**programs):
        made = {}
        for name, script in programs.items():
            package = name.replace("_", "-")
            path = tmp_path / f"{package}.deb"
            content = deb.data_member(
                [deb.File(HOME_PROGRAMS[package].member[2:], script.encode(), executable=True)], "xz"
            )
            deb.write(path, {"Package": package}, content, "xz")
            made[package] = path
        return made

    return make


@pytest.fixture
def home(tmp_path):
    folder = tmp_path / "home"
    folder.mkdir()
    return folder


def files(home):
    return {str(path.relative_to(home)): path.read_text() for path in home.rglob("*docker*") if path.is_file()}


def install(home, files, version="1", before=None, shadowing=()):
    HomeScope(SimpleNamespace(check_mode=False), home).install(
        {name: Deb(path, sha256_of(path)) for name, path in files.items()},
        {name: Installed(version, before) for name in files},
        list(shadowing),
    )


def remove(home, check_mode=False):
    return HomeScope(SimpleNamespace(check_mode=check_mode), home).remove()


def test_programs_are_put_where_the_user_s_shell_and_the_cli_look(home, debs):
    install(home, debs(docker_ce_cli=RUNS.format(1), docker_compose_plugin=RUNS.format(2)))
    assert (home / DOCKER).read_text() == RUNS.format(1)
    assert (home / PLUGIN).read_text() == RUNS.format(2)
    assert (home / DOCKER).stat().st_mode & 0o777 == 0o755
    assert records.CheckedHome(home).packages() == {CLI: "1", COMPOSE: "1"}


def test_removal_leaves_nothing(home, debs):
    install(home, debs(docker_ce_cli=RUNS, docker_compose_plugin=RUNS))
    before = files(home)
    assert remove(home, check_mode=True) == [str(home / DOCKER), str(home / PLUGIN)]
    assert files(home) == before
    assert remove(home) == [str(home / DOCKER), str(home / PLUGIN)]
    assert files(home) == {}
    assert remove(home) == []


def test_a_newer_version_replaces_ours_and_is_removed_with_it(home, debs):
    install(home, debs(docker_ce_cli=RUNS.format(1)))
    install(home, debs(docker_ce_cli=RUNS.format(2)), version="2", before="1")
    assert (home / DOCKER).read_text() == RUNS.format(2)
    remove(home)
    assert files(home) == {}


def test_the_user_s_own_makes_room_and_comes_back(home, debs):
    (home / PLUGIN).parent.mkdir(parents=True)
    (home / PLUGIN).write_text("own")
    install(home, debs(docker_compose_plugin=RUNS.format(1)))
    install(home, debs(docker_compose_plugin=RUNS.format(2)), version="2", before="1")
    assert (home / f"{PLUGIN}.replaced").read_text() == "own"
    remove(home)
    assert files(home) == {PLUGIN: "own"}


def test_what_the_user_has_changed_since_is_left(home, debs):
    install(home, debs(docker_ce_cli=RUNS))
    (home / DOCKER).write_text(RUNS.format("other"))
    assert remove(home) == []
    assert (home / DOCKER).read_text() == RUNS.format("other")


def test_a_broken_program_of_ours_is_removed(home, debs):
    install(home, debs(docker_ce_cli=RUNS))
    (home / DOCKER).write_text("truncated")
    assert remove(home) == [str(home / DOCKER)]
    assert files(home) == {}


def test_the_user_s_program_in_place_of_ours_is_moved_aside_and_comes_back(home, debs):
    install(home, debs(docker_ce_cli=RUNS.format(1)))
    (home / DOCKER).write_text(RUNS.format("own"))
    install(home, debs(docker_ce_cli=RUNS.format(2)), version="2", before="1")
    assert (home / DOCKER).read_text() == RUNS.format(2)
    remove(home)
    assert files(home) == {DOCKER: RUNS.format("own")}


def test_a_broken_program_of_ours_is_replaced(home, debs):
    install(home, debs(docker_ce_cli=RUNS))
    (home / DOCKER).write_text("truncated")
    install(home, debs(docker_ce_cli=RUNS))
    remove(home)
    assert files(home) == {}


def test_a_program_of_ours_that_is_damaged_and_runs_is_replaced(home, debs):
    script = RUNS.format("right")
    files_of_debs = debs(docker_ce_cli=script)
    install(home, files_of_debs)
    (home / DOCKER).write_text(script.replace("right", "wrong"))
    install(home, files_of_debs)
    assert files(home).get(DOCKER) == script
    remove(home)
    assert files(home) == {}


def test_a_broken_program_that_prints_another_encoding_is_removed(home, debs):
    install(home, debs(docker_ce_cli=RUNS))
    (home / DOCKER).write_bytes(b"#!/bin/sh\nprintf '\\374' >&2; exit 1\n")
    assert remove(home) == [str(home / DOCKER)]


def test_an_image_without_dpkg(home, debs, monkeypatch, tmp_path):
    files_of_debs = debs(docker_ce_cli=RUNS)
    monkeypatch.setenv("PATH", str(tmp_path / "empty"))
    with pytest.raises(PackageError, match=r"This app has no dpkg-deb.* Nothing was installed. Use an image"):
        install(home, files_of_debs)
    assert files(home) == {}


def test_a_shadowing_program_is_moved_aside_and_comes_back(home, debs):
    other = home / "plugins/docker-compose"
    other.parent.mkdir()
    other.write_text("other")
    install(home, debs(docker_compose_plugin=RUNS), shadowing=[str(other)])
    assert (other.exists(), (home / "plugins/docker-compose.replaced").read_text()) == (False, "other")
    assert remove(home) == [str(home / PLUGIN), str(other)]
    assert files(home) == {"plugins/docker-compose": "other"}


def test_two_programs_of_the_user_are_kept_and_the_last_comes_back(home, debs):
    for version in ("1", "2"):
        (home / DOCKER).parent.mkdir(parents=True, exist_ok=True)
        (home / DOCKER).write_text(RUNS.format(f"own {version}"))
        install(home, debs(docker_ce_cli=RUNS.format(version)), version=version)
    remove(home)
    assert files(home) == {DOCKER: RUNS.format("own 2"), f"{DOCKER}.replaced": RUNS.format("own 1")}


def test_a_deb_that_was_replaced_since_it_was_verified(home, debs):
    [path] = debs(docker_ce_cli=RUNS).values()
    with pytest.raises(PackageError, match="has changed since it was verified"):
        HomeScope(SimpleNamespace(check_mode=False), home).install(
            {CLI: Deb(path, "0" * 64)}, {CLI: Installed("1")}, []
        )
    assert files(home) == {}


def test_a_program_that_cannot_be_removed(home, debs, monkeypatch):
    install(home, debs(docker_ce_cli=RUNS))

    def fail(path):
        raise PermissionError(errno.EACCES, "x", str(path))

    monkeypatch.setattr(install_home.Path, "unlink", fail)
    with pytest.raises(PackageError, match=f"Cannot remove {home}/{DOCKER}: Permission denied. It belongs to"):
        remove(home)


def test_parts_of_a_killed_installation_are_removed(home, debs):
    (home / DOCKER).parent.mkdir(parents=True)
    (home / DOCKER).with_name(".docker.x.part").write_text("x")
    install(home, debs(docker_ce_cli=RUNS))
    assert list(home.rglob("*.part")) == []


def test_one_that_gives_no_answer_is_not_installed(home, debs, monkeypatch):
    monkeypatch.setattr(install_home, "PROGRAM_TIMEOUT", 0.2)
    with pytest.raises(PackageError, match=r"no output within 0.2 s: the app is too busy.* run this again"):
        install(home, debs(docker_ce_cli="#!/bin/sh\nexec sleep 9\n"))
    assert files(home) == {}


def test_one_that_does_not_run_leaves_everything_as_it_was(home, debs):
    install(home, debs(docker_ce_cli=RUNS.format("old")))
    before = files(home)
    with pytest.raises(PackageError, match="does not run in this app: no such library"):
        install(home, debs(docker_ce_cli=RUNS.format("new"), docker_compose_plugin=FAILS), version="2")
    assert files(home) == before


def test_a_package_without_the_program(home, debs):
    [other] = debs(docker_compose_plugin=RUNS).values()
    with pytest.raises(PackageError, match="has no /usr/bin/docker"):
        install(home, {CLI: other})
    assert files(home) == {}


def test_what_is_no_package(home, tmp_path):
    (tmp_path / "x.deb").write_text("x")
    with pytest.raises(PackageError, match="Cannot unpack"):
        install(home, {CLI: tmp_path / "x.deb"})


@pytest.mark.parametrize(
    ("number", "words"),
    [(errno.ENOSPC, "No space is left in"), (errno.EROFS, "Read-only file system.*docker_cli_scope: system")],
)
def test_nowhere_to_write(home, debs, monkeypatch, number, words):
    def fail(*_arguments):
        raise OSError(number, "x", str(home))

    monkeypatch.setattr(shutil, "copyfileobj", fail)
    with pytest.raises(PackageError, match=words):
        install(home, debs(docker_ce_cli=RUNS))
    assert files(home) == {}


@pytest.mark.parametrize("killed_at", ["with_changes", "to_json"])
def test_a_killed_run_is_completed_by_the_next(home, debs, monkeypatch, killed_at):
    class Killed(BaseException):
        pass

    def kill(*_arguments):
        raise Killed

    (home / DOCKER).parent.mkdir(parents=True)
    (home / DOCKER).write_text("own")
    with monkeypatch.context() as patched:
        patched.setattr(
            *{"with_changes": (records.Record, killed_at), "to_json": (records, killed_at)}[killed_at], kill
        )
        with pytest.raises(Killed):
            install(home, debs(docker_ce_cli=RUNS))
    install(home, debs(docker_ce_cli=RUNS))
    assert (home / DOCKER).read_text() == RUNS
    remove(home)
    assert files(home) == {DOCKER: "own"}


def test_the_user_s_own_is_kept_when_killed_before_it_was_moved(home, debs, monkeypatch):
    (home / DOCKER).parent.mkdir(parents=True)
    (home / DOCKER).write_text("own")

    def kill(*_arguments):
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(install_home.Path, "rename", kill)
        with pytest.raises(KeyboardInterrupt):
            install(home, debs(docker_ce_cli=RUNS))
    install(home, debs(docker_ce_cli=RUNS))
    remove(home)
    assert files(home) == {DOCKER: "own"}
