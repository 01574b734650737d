# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import pytest
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._docker_cli.plan import (
    check_versions,
    plan_installation,
)

from tests.unit.studio_app import (
    CONDA,
    OWN_PLUGIN,
    SYSTEM,
    compose,
    docker,
    docker_config,
    engine,
    operating_system,
    plugin_file,
    studio_app,
)

CLI, COMPOSE = "docker-ce-cli", "docker-compose-plugin"
BOTH = {CLI: "20.10", COMPOSE: "2"}
ENGINE_29 = engine(version="29.1.0", api_version="1.52", min_api_version="1.44")
PACKAGED = {CLI: "5:20.10.24~3-0~ubuntu-jammy", COMPOSE: "2.29.2-1~ubuntu.22.04~jammy"}


def make_plan(app, version="20.10", compose_version="2", keep_existing=True, scope="system"):
    return plan_installation(app, version, compose_version, keep_existing, scope)


def bare(**changes):
    """An app without any Docker."""
    return studio_app(**{"docker": None, "compose": None, "installed_packages": {}, **changes})


# The images of Studio, by their generation, and what each must get.
@pytest.mark.parametrize(
    ("app", "install"),
    [
        pytest.param(bare(), BOTH, id="distribution 1"),
        pytest.param(bare(docker=docker((CONDA, "27.5.1"))), {COMPOSE: "2"}, id="distribution 3"),
        pytest.param(
            bare(os=operating_system("noble"), docker=docker((CONDA, "29.4.0"))), {COMPOSE: "2"}, id="distribution 4"
        ),
        pytest.param(
            bare(os=operating_system("noble"), docker=docker((CONDA, "29.1.0"))),
            {CLI: "20.10", COMPOSE: "2"},
            id="a CLI that cannot speak API 1.41",
        ),
        pytest.param(bare(os=operating_system("noble")), {CLI: "20.10", COMPOSE: "2"}, id="noble"),
        pytest.param(bare(os=operating_system("bookworm")), {CLI: "20.10", COMPOSE: "2"}, id="bookworm"),
        pytest.param(bare(os=operating_system("focal")), BOTH, id="classic on focal"),
        pytest.param(bare(os=operating_system("bullseye")), BOTH, id="classic on bullseye"),
        pytest.param(bare(architecture="arm64"), BOTH, id="arm64"),
        pytest.param(bare(docker=docker((SYSTEM, "19.03.15"))), BOTH, id="old CLI"),
        pytest.param(bare(docker=docker((SYSTEM, None))), BOTH, id="podman under docker's name"),
        pytest.param(studio_app(), {}, id="after the role"),
    ],
)
def test_install(app, install):
    plan = make_plan(app)
    assert plan.install == install
    assert plan.refusal is None
    assert len(plan.reasons) == 2


@pytest.mark.parametrize(
    ("found", "sdk", "installs"),
    [
        (compose("2.40.3"), None, False),
        (compose("2.26.1", v=""), "2.245.0", True),
        (compose("2.26.1", v=""), None, True),
        (compose("5.1.2"), None, True),
        (compose("5.1.2"), "3.7.1", True),
        (compose("5.1.2"), "3.12.0", False),
        (compose("5.1.0"), "3.12.0", True),
        ({"path": None, "version": None, "output": "x"}, "3.12.0", True),
    ],
)
def test_compose_is_kept_if_engine_and_sdk_take_it(found, sdk, installs):
    plan = make_plan(bare(docker=docker((CONDA, "27.5.1")), compose=found, sagemaker_sdk_version=sdk))
    assert plan.install == ({COMPOSE: "2"} if installs else {})


def test_kept_programs_are_named():
    assert make_plan(studio_app()).keep == [
        "/opt/conda/bin/docker (27.5.1)",
        "/usr/libexec/docker/cli-plugins/docker-compose (2.29.2)",
    ]


def test_a_package_of_the_right_series_is_not_installed_again_even_if_shadowed():
    app = studio_app(docker=docker((CONDA, "29.1.0"), (SYSTEM, "20.10.24")), installed_packages=PACKAGED)
    plan = make_plan(app)
    assert (plan.install, plan.shadowing) == ({}, [CONDA])


def test_compose_package_without_a_cli_to_find_it():
    app = bare(installed_packages={COMPOSE: PACKAGED[COMPOSE]}, compose_plugins=[plugin_file()])
    assert make_plan(app).install == {CLI: "20.10"}


def test_an_engine_that_is_newer():
    app = bare(engine=ENGINE_29, docker=docker((CONDA, "29.1.0")))
    assert make_plan(app).install == {COMPOSE: "2"}


class TestWithoutKeeping:
    def plan(self, app, **arguments):
        return make_plan(app, keep_existing=False, **arguments)

    def test_conda_s_docker_shadows_the_package_s(self):
        plan = self.plan(bare(docker=docker((CONDA, "27.5.1"))))
        assert (plan.install, plan.shadowing, plan.refusal) == (BOTH, [CONDA], None)
        assert any(CONDA in warning for warning in plan.warnings)

    def test_an_installed_package_that_is_shadowed(self):
        app = studio_app(docker=docker((CONDA, "27.5.1"), (SYSTEM, "20.10.24")), installed_packages=PACKAGED)
        plan = self.plan(app)
        assert (plan.install, plan.shadowing) == ({}, [CONDA])

    def test_nothing_to_do(self):
        plan = self.plan(studio_app(docker=docker((SYSTEM, "20.10.24")), installed_packages=PACKAGED))
        assert (plan.install, plan.shadowing, plan.warnings) == ({}, [], [])

    def test_a_link_to_the_package_s_program_shadows_nothing(self):
        plan = self.plan(studio_app(docker=docker((CONDA, "20.10.24")), installed_packages=PACKAGED))
        assert (plan.install, plan.shadowing) == ({}, [])

    def test_a_docker_behind_usr_bin_shadows_nothing(self):
        app = bare(docker=docker((CONDA, "27.5.1")), path=["/usr/bin", "/opt/conda/bin"])
        plan = self.plan(app)
        assert (plan.install, plan.shadowing) == (BOTH, [])

    def test_a_path_without_usr_bin(self):
        assert self.plan(bare(docker=docker((CONDA, "27.5.1")), path=["/opt/conda/bin"])).shadowing == [CONDA]

    def test_another_series_of_the_package(self):
        packages = {**PACKAGED, CLI: "5:27.5.1-1~ubuntu.22.04~jammy"}
        plan = self.plan(studio_app(docker=docker((SYSTEM, "27.5.1")), installed_packages=packages))
        assert (plan.install, plan.shadowing) == ({CLI: "20.10"}, [])

    def test_compose_in_the_user_s_folder_shadows_the_package_s(self):
        app = studio_app(docker=docker((SYSTEM, "20.10.24")), compose=compose("5.1.2", OWN_PLUGIN))
        files = [plugin_file(OWN_PLUGIN), plugin_file()]
        plan = self.plan({**app, "installed_packages": PACKAGED, "compose_plugins": files})
        assert (plan.install, plan.shadowing) == ({}, [OWN_PLUGIN])


def test_compose_in_the_user_s_folder_that_is_incompatible():
    app = studio_app(compose=compose("5.1.2", OWN_PLUGIN), installed_packages={})
    plan = make_plan(app)
    assert (plan.install, plan.shadowing) == ({COMPOSE: "2"}, [OWN_PLUGIN])


# After the role, and before somebody broke it.
INSTALLED = {"docker": docker((SYSTEM, "20.10.24")), "compose": compose("2.29.2"), "installed_packages": PACKAGED}
ERROR = "Exec format error"


def broken_docker(*paths):
    found = [{"path": path, "version": None, "error": ERROR} for path in paths]
    return {**found[0], "api": None, "all": found}


DAMAGED = "it is damaged: its checksum is not that of the file that was installed"


class TestBroken:
    """What is installed and does not work is installed again, moved aside, or refused with its cause."""

    @pytest.mark.parametrize(
        ("changes", "install", "words"),
        [
            pytest.param(
                {"docker": None, "compose": None, "compose_plugins": [plugin_file()]},
                {CLI: "20.10"},
                "/usr/bin/docker is missing or not executable",
                id="rm docker",
            ),
            pytest.param(
                {
                    "docker": broken_docker(SYSTEM),
                    "compose": None,
                    "compose_plugins": [plugin_file()],
                    "compose_error": ERROR,
                },
                {CLI: "20.10"},
                f"/usr/bin/docker is broken: {ERROR}",
                id="truncated docker",
            ),
            pytest.param(
                {"compose": None, "compose_plugins": []},
                {COMPOSE: "2"},
                "/usr/libexec/docker/cli-plugins/docker-compose is missing",
                id="rm Compose",
            ),
            pytest.param(
                {"compose": None, "compose_plugins": [plugin_file(error=ERROR)]},
                {COMPOSE: "2"},
                f"docker-compose is broken: {ERROR}",
                id="truncated Compose",
            ),
            pytest.param(
                {"docker": docker((SYSTEM, "29.1.0"))},
                {CLI: "20.10"},
                "/usr/bin/docker is not the program of the package: it prints the version 29.1.0, not 20.10.24",
                id="another docker in the package's place",
            ),
            pytest.param(
                {"docker": docker((SYSTEM, None))},
                {CLI: "20.10"},
                "it prints the version (none), not 20.10.24",
                id="podman in the package's place",
            ),
            pytest.param(
                {"compose": compose("5.1.0")},
                {COMPOSE: "2"},
                "it prints the version 5.1.0, not 2.29.2",
                id="another Compose in the package's place",
            ),
        ],
    )
    def test_a_broken_package_is_installed_again(self, changes, install, words):
        plan = make_plan(studio_app(**{**INSTALLED, **changes}))
        assert (plan.install, plan.shadowing, plan.refusal) == (install, [], None)
        assert any(words in reason and "again" in reason for reason in plan.reasons)

    @pytest.mark.parametrize(("installed", "install"), [(PACKAGED, {}), ({CLI: PACKAGED[CLI]}, {COMPOSE: "2"})])
    def test_a_stray_plugin_is_moved_aside(self, installed, install):
        files = [plugin_file(OWN_PLUGIN, ERROR), *([plugin_file()] if COMPOSE in installed else [])]
        changes = {"compose": None, "compose_plugins": files, "installed_packages": installed}
        plan = make_plan(studio_app(**{**INSTALLED, **changes}))
        assert (plan.install, plan.shadowing) == (install, [OWN_PLUGIN])
        assert any(f"{OWN_PLUGIN} is broken: {ERROR}" in reason for reason in plan.reasons)

    def test_every_program_before_the_package_s_is_moved_aside(self):
        first, second = "/opt/conda/bin/docker", "/usr/local/bin/docker"
        found = docker((first, "29.1.0"), (second, "29.1.0"), (SYSTEM, "20.10.24"))
        assert make_plan(studio_app(**{**INSTALLED, "docker": found})).shadowing == [first, second]

    @pytest.mark.parametrize("scope", ["system", "home"])
    @pytest.mark.parametrize(("version", "error"), [(None, ERROR), ("29.1.0", None)])
    def test_a_compatible_docker_behind_a_stray_one_is_kept(self, scope, version, error):
        stray = {"path": "/home/sagemaker-user/.local/bin/docker", "version": version, "error": error}
        behind = {"path": CONDA, "version": "27.5.1", "error": None}
        app = studio_app(docker={**stray, "api": None, "all": [stray, behind]}, installed_packages={"docker.io": "20"})
        plan = make_plan(app, scope=scope)
        assert (plan.install, plan.shadowing, plan.refusal) == ({}, [stray["path"]], None)
        assert any(f"Keep {CONDA}" in reason for reason in plan.reasons)

    def test_a_docker_of_the_image_is_not_moved_for_the_home(self):
        found = docker((CONDA, "29.1.0"), (SYSTEM, "20.10.24"))
        plan = make_plan(bare(docker=found, compose=compose("2.29.2")), scope="home")
        assert (plan.install, plan.shadowing) == ({CLI: "20.10"}, [])

    def test_a_broken_docker_of_the_image_is_replaced(self):
        plan = make_plan(bare(docker=broken_docker(CONDA)))
        assert (plan.install, plan.shadowing) == (BOTH, [CONDA])

    def test_a_broken_plugin_of_the_home_is_installed_again(self):
        changes = {"home_packages": {}, "compose": None, "compose_plugins": [plugin_file(OWN_PLUGIN, ERROR)]}
        plan = make_plan(studio_app(**changes, installed_packages={}), scope="home")
        assert (plan.install, plan.shadowing) == ({COMPOSE: "2"}, [])

    def test_programs_of_the_home_that_run_and_are_damaged_are_installed_again(self):
        own = {"path": "/home/sagemaker-user/.local/bin/docker", "version": "20.10.24", "error": DAMAGED}
        changes = {"docker": {**own, "api": None, "all": [own]}, "compose": compose("2.29.2", OWN_PLUGIN)}
        files = [plugin_file(OWN_PLUGIN, DAMAGED)]
        plan = make_plan(studio_app(**changes, compose_plugins=files, installed_packages={}), scope="home")
        assert (plan.install, plan.shadowing, plan.refusal) == (BOTH, [], None)
        assert all(DAMAGED in reason for reason in plan.reasons)

    def test_a_plugin_of_another_folder_of_the_configuration(self):
        extra = "/home/sagemaker-user/plugins/docker-compose"
        changes = {"compose": compose("5.1.0", extra), "home_packages": {COMPOSE: PACKAGED[COMPOSE]}}
        files = [plugin_file(extra), plugin_file(OWN_PLUGIN)]
        plan = make_plan(studio_app(**changes, compose_plugins=files), scope="home")
        assert (plan.install, plan.shadowing) == ({}, [extra])

    @pytest.mark.parametrize(
        ("changes", "scope", "words"),
        [
            ({"blocking_variables": ["DOCKER_TLS_VERIFY"]}, "system", "Unset DOCKER_TLS_VERIFY"),
            ({"blocking_variables": ["DOCKER_CONFIG"]}, "home", "Unset DOCKER_CONFIG"),
            ({"docker_config": docker_config(path="/etc/docker/config.json")}, "home", "DOCKER_CONFIG is /etc/docker"),
            (
                {
                    "installed_packages": PACKAGED,
                    "path": ["/opt/conda/bin"],
                    "docker": None,
                    "compose_plugins": [plugin_file()],
                },
                "system",
                "the user's PATH has no docker. Add the folder",
            ),
            (
                {"installed_packages": PACKAGED, "compose_plugins": [plugin_file()], "compose_error": "odd"},
                "system",
                "'docker compose version' fails: odd",
            ),
        ],
    )
    def test_what_no_installation_can_solve(self, changes, scope, words):
        changes = {"compose": None, "compose_plugins": [], "compose_error": ERROR, **changes}
        plan = make_plan(studio_app(**changes), scope=scope)
        assert (plan.install, words in plan.refusal) == ({}, True)

    def test_another_configuration_does_not_matter_for_the_system(self):
        changes = {
            "blocking_variables": ["DOCKER_CONFIG"],
            "docker_config": docker_config(path="/etc/docker/config.json"),
        }
        assert make_plan(bare(**changes, docker=docker((CONDA, "27.5.1")))).install == {COMPOSE: "2"}


class TestHome:
    """Programs under the user's home."""

    HOME = "/home/sagemaker-user/.local/bin"
    OWN = f"{HOME}/docker"

    def plan(self, app, **arguments):
        return make_plan(app, scope="home", **arguments)

    @pytest.mark.parametrize(
        "changes",
        [{"sudo": False}, {"installed_packages": {"docker.io": "20.10.21"}}, {"installed_packages": PACKAGED}],
    )
    def test_the_system_does_not_matter(self, changes):
        plan = self.plan(bare(**changes))
        assert (plan.install, plan.refusal) == (BOTH, None)

    def test_the_operating_system_still_does(self):
        assert "Amazon Linux 2023" in self.plan(bare(os=AMAZON_LINUX)).refusal

    def test_the_image_s_cli_is_kept(self):
        plan = self.plan(bare(docker=docker((CONDA, "27.5.1"))))
        assert (plan.install, plan.warnings) == ({COMPOSE: "2"}, [])

    def test_the_command_for_a_path_that_does_not_lead_there(self):
        [warning] = self.plan(bare()).warnings
        assert self.HOME in warning
        assert """echo 'export PATH="$HOME/.local/bin:$PATH"' >> ~/.bashrc""" in warning

    def test_a_path_that_leads_there(self):
        assert self.plan(bare(path=["/opt/conda/bin", self.HOME])).warnings == []

    def test_another_docker_before_it_stays_with_a_warning(self):
        plan = self.plan(bare(docker=docker((CONDA, "29.1.0")), path=["/opt/conda/bin", self.HOME]))
        assert (plan.install, plan.shadowing) == (BOTH, [])
        assert any(CONDA in warning for warning in plan.warnings)
        assert any("~/.bashrc" in warning for warning in plan.warnings)

    @pytest.mark.parametrize("path", [["/usr/bin"], ["/usr/bin", HOME]])
    def test_nothing_to_do_afterwards(self, path):
        plan = self.plan(bare(home_packages=PACKAGED, path=path, compose_plugins=[plugin_file(OWN_PLUGIN)]))
        assert (plan.install, plan.shadowing) == ({}, [])

    def test_no_warning_once_the_user_finds_it(self):
        app = bare(docker=docker((self.OWN, "20.10.24")), compose=compose("2.29.2", OWN_PLUGIN), path=[self.HOME])
        plan = self.plan({**app, "home_packages": PACKAGED}, keep_existing=False)
        assert (plan.install, plan.warnings) == ({}, [])


def test_a_requested_compose_that_the_sdk_does_not_accept():
    app = studio_app(compose=compose("5.1.2"), installed_packages={COMPOSE: "5.1.2-1~ubuntu.22.04~jammy"})
    plan = make_plan(app, compose_version="5")
    assert plan.install == {}
    assert any("ImportError" in warning for warning in plan.warnings)


@pytest.mark.parametrize(("codename", "warned"), [("noble", True), ("jammy", False)])
def test_warning_for_an_undocumented_series(codename, warned):
    plan = make_plan(bare(os=operating_system(codename)))
    assert any("AWS documents only 20.10" in warning for warning in plan.warnings) is warned


def test_no_warning_where_no_cli_is_installed():
    app = bare(os=operating_system("noble"), docker=docker((CONDA, "29.4.0")))
    assert make_plan(app).warnings == []


def derivative(upstream, codename):
    return {**operating_system("wilma"), "id": "linuxmint", "upstream": {"id": upstream, "codename": codename}}


@pytest.mark.parametrize(("codename", "replaced"), [("jammy", False), ("noble", True)])
def test_a_derivative_counts_as_the_release_that_it_is_built_on(codename, replaced):
    plan = make_plan(bare(os=derivative("ubuntu", codename)))
    assert plan.install.keys() == {CLI, COMPOSE}
    assert plan.refusal is None
    assert any(f"Docker has no docker-ce-cli 20.10 for {codename}" in one for one in plan.warnings) is replaced


AMAZON_LINUX = {
    "id": "amzn",
    "version_id": "2023",
    "codename": None,
    "pretty_name": "Amazon Linux 2023",
    "upstream": None,
}


@pytest.mark.parametrize(
    ("app", "arguments", "words"),
    [
        (bare(os=AMAZON_LINUX), {}, ["Amazon Linux 2023", "ubuntu focal, jammy, noble"]),
        (bare(os=dict.fromkeys(AMAZON_LINUX)), {}, ["The operating system is unknown"]),
        (bare(os=operating_system("buster")), {}, ["debian buster"]),
        (bare(os=derivative("ubuntu", "bionic")), {}, ["debian wilma"]),
        (bare(os={**AMAZON_LINUX, "codename": "jammy"}), {}, ["Amazon Linux"]),
        (bare(architecture="ppc64le"), {}, ["ppc64le", "amd64 and arm64"]),
        (bare(sudo=False), {}, ["sagemaker-user is not root"]),
        (bare(installed_packages={"docker.io": "20.10.21"}), {}, ["docker.io 20.10.21", "apt-get remove docker.io"]),
        (bare(), {"version": "29.1"}, ["docker-ce-cli 29.1 is incompatible", "docker_cli_version: '28'"]),
        (bare(), {"version": "29.2.1"}, ["docker-ce-cli 29.2.1 is incompatible"]),
        (bare(), {"version": "19.03"}, ["older than 20.10"]),
        (bare(), {"compose_version": "5.1.0"}, ["docker-compose-plugin 5.1.0 is incompatible"]),
        (bare(), {"compose_version": "1"}, ["older than 2", "docker_cli_compose_version: '2'"]),
        (bare(os=operating_system("noble")), {"version": "20.10.24"}, ["Docker has no 20.10.24 for noble"]),
        (
            bare(engine=ENGINE_29),
            {},
            ["Minimum supported API version is 1.44"],
        ),
        (bare(os=AMAZON_LINUX, sudo=False), {}, ["Amazon Linux", "is not root"]),
        (studio_app(unresponsive_programs=["sudo -n true"]), {}, ["'sudo -n true' gave no output within 30 s"]),
    ],
)
def test_refusal(app, arguments, words):
    plan = make_plan(app, **arguments)
    assert plan.install == {}
    assert all(word in plan.refusal for word in words)


@pytest.mark.parametrize("version", ["20.10", "20.10.24", "5:20.10.24~3-0~ubuntu-jammy", "28", "29", "29.3"])
def test_versions_that_can_be_requested(version):
    assert make_plan(bare(), version=version).install[CLI] == version


@pytest.mark.parametrize("version", ["2", "2.29", "2.29.2", "5", "5.1", "5.1.2"])
def test_compose_versions_that_can_be_requested(version):
    assert make_plan(bare(), compose_version=version).install[COMPOSE] == version


@pytest.mark.parametrize(
    "changes",
    [{"sudo": False}, {"os": AMAZON_LINUX}, {"installed_packages": {"docker.io": "1"}}, {"architecture": "x"}],
)
def test_nothing_is_refused_where_nothing_is_to_be_installed(changes):
    assert make_plan(studio_app(**changes)).refusal is None


def test_docker_io_does_not_conflict_with_compose():
    app = bare(docker=docker((SYSTEM, "20.10.24")), installed_packages={"docker.io": "20.10.24"})
    plan = make_plan(app)
    assert (plan.install, plan.refusal) == ({COMPOSE: "2"}, None)


@pytest.mark.parametrize(
    ("version", "compose_version", "words"),
    [
        (20.10, "2", "version is 20.1"),
        ("20.1", "2", "quotes"),
        ("latest", "2", "version is 'latest'"),
        ("20.10", 2, "compose_version is 2"),
        ("20.10", "", "compose_version is ''"),
    ],
)
def test_options_that_are_not_versions(version, compose_version, words):
    with pytest.raises(ValueError, match=words):
        check_versions(version, compose_version)
