# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import pytest
from ansible.errors import AnsibleFilterError
from ansible_collections.mlops.studio_local_mode.plugins.filter.local_mode_report import local_mode_report

from tests.unit.studio_app import CONDA, OWN_PLUGIN, SYSTEM, compose, docker, engine, studio_app, unreachable_engine

JOBS_OF_ROLE = ("training", "processing", "endpoint")
JOBS = tuple(f"sdk_{job}" for job in JOBS_OF_ROLE)
CHECKS = [
    "become",
    "app_type",
    "docker_host",
    "socket",
    "engine",
    "unversioned_paths",
    "rootless",
    "client_environment",
    "docker_cli",
    "compose",
    "sagemaker_sdk",
    "docker_config",
    "buildkit",
    "home_tmp",
    "lifecycle_config",
    "home_space",
    "container",
    *JOBS,
    "engine_space",
]
NO_SOCKET_FILE = {**dict.fromkeys(studio_app()["socket"]), "path": "/docker/proxy.sock", "exists": False}
UNSET = {
    "docker_host": None,
    "docker_host_source": None,
    "app_docker_host": None,
    "socket": None,
    "known_sockets": [],
    "engine": unreachable_engine("no_docker_host", "DOCKER_HOST is not set."),
}
NO_SOCKET = {
    "socket": NO_SOCKET_FILE,
    "known_sockets": [],
    "engine": unreachable_engine("no_socket", "No socket exists at unix:///docker/proxy.sock."),
}
DISK = "Filesystem 1024-blocks Used Available Capacity Mounted on\noverlay 99 9 90000000 1% /"
BUILDX = {"path": None, "version": "0.10.2", "output": "github.com/docker/buildx v0.10.2"}


def finding(check, app, **arguments):
    [found] = [found for found in local_mode_report(app, **arguments) if found["check"] == check]
    return found


def statuses(app, status, **arguments):
    return {found["check"] for found in local_mode_report(app, **arguments) if found["status"] == status}


def socket_file(**changes):
    return {**studio_app()["socket"], **changes}


def home(**changes):
    return {**studio_app()["home"], **changes}


def app_of_type(app_type):
    return {**studio_app()["resource_metadata"], "app_type": app_type}


def test_a_healthy_app():
    report = local_mode_report(
        studio_app(), container={"rc": 0, "stdout": DISK}, jobs=[{"item": job, "rc": 0} for job in JOBS_OF_ROLE]
    )
    assert [found["check"] for found in report] == CHECKS
    assert {found["status"] for found in report} == {"ok"}
    assert all(set(found) == {"check", "status", "observed", "expected", "reason", "remediation"} for found in report)


# The state of the app, the one check that fails, and the words that its finding must have.
FAILURES = [
    pytest.param(
        studio_app(docker=docker((CONDA, None)), unresponsive_programs=[f"{CONDA} --version"]),
        "docker_cli",
        [
            "no answer within 30 s",
            "the app is overloaded, or the program hangs",
            f"in a terminal of the app: {CONDA} --version",
        ],
        id="docker without an answer",
    ),
    pytest.param(
        studio_app(docker_buildkit=None, unresponsive_programs=[f"{CONDA} buildx version"]),
        "buildkit",
        ["no answer within 30 s", f"in a terminal of the app: {CONDA} buildx version"],
        id="buildx without an answer",
    ),
    pytest.param(
        studio_app(compose=None, unresponsive_programs=[f"{CONDA} compose version"]),
        "compose",
        ["no answer within 30 s", "the app is overloaded, or the program hangs"],
        id="Compose without an answer",
    ),
    pytest.param(
        studio_app(become=True, sudo_user="sagemaker-user"),
        "become",
        ["sudo drops DOCKER_HOST", "become: false"],
        id="become",
    ),
    pytest.param(
        studio_app(user={"name": "root", "uid": 0, "gid": 0}),
        "become",
        ["root; the app's first process runs as sagemaker-user", "ansible_user: sagemaker-user"],
        id="root without sudo",
    ),
    pytest.param(
        studio_app(resource_metadata=app_of_type("Canvas")),
        "app_type",
        ["AppType Canvas in Studio does not support Local Mode", "JupyterLab, CodeEditor, KernelGateway"],
        id="app of another type",
    ),
    pytest.param(
        studio_app(**UNSET),
        "docker_host",
        ["not set", "no Docker access, or the app was created before the domain got it", "--domain-id d-abcdefghijkl"],
        id="no access",
    ),
    pytest.param(
        studio_app(**{**UNSET, "known_sockets": ["/docker/proxy.sock"]}),
        "docker_host",
        ["The socket /docker/proxy.sock exists", "new terminal"],
        id="session without the environment",
    ),
    pytest.param(
        studio_app(**NO_SOCKET, app_docker_host=None),
        "docker_host",
        ["exported by hand", "unset DOCKER_HOST", "created before the domain got it"],
        id="exported by hand",
    ),
    pytest.param(
        studio_app(
            docker_host="ssh://x",
            socket=None,
            engine=unreachable_engine("unsupported_address", "'ssh://x' is not an address"),
        ),
        "docker_host",
        ["'ssh://x' is not an address", "unset DOCKER_HOST"],
        id="unsupported address",
    ),
    pytest.param(
        studio_app(**NO_SOCKET, docker_host_source="option", app_docker_host=None),
        "socket",
        ["/docker/proxy.sock does not exist"],
        id="no socket at the address of the option",
    ),
    pytest.param(
        studio_app(**NO_SOCKET),
        "socket",
        ["/docker/proxy.sock does not exist", "has not mounted"],
        id="socket not mounted",
    ),
    pytest.param(
        studio_app(
            socket=socket_file(is_socket=False, accessible=False),
            engine=unreachable_engine("nobody_listening", "Nobody."),
        ),
        "socket",
        ["/docker/proxy.sock is not a socket"],
        id="a folder instead of the socket",
    ),
    pytest.param(
        studio_app(
            socket=socket_file(owner="root", group="docker", accessible=False),
            engine=unreachable_engine("permission_denied", "Permission denied."),
        ),
        "socket",
        ["root:docker", "mode 0660", "the check runs as sagemaker-user (uid 1000, gid 100)"],
        id="permission denied",
    ),
    pytest.param(
        studio_app(
            socket={**NO_SOCKET_FILE, "exists": None},
            engine=unreachable_engine("permission_denied", "Permission denied."),
        ),
        "socket",
        ["may not open its folder"],
        id="folder closed",
    ),
    pytest.param(
        studio_app(engine=unreachable_engine("nobody_listening", "No program listens at unix:///docker/proxy.sock.")),
        "engine",
        ["No program listens at unix:///docker/proxy.sock"],
        id="nobody listening",
    ),
    pytest.param(
        studio_app(engine=unreachable_engine("hanging", "No answer from unix:///s within 5 seconds.")),
        "engine",
        ["within 5 seconds", "stuck"],
        id="hanging",
    ),
    pytest.param(
        studio_app(engine=unreachable_engine("not_docker", "The program")),
        "engine",
        ["A program other than Docker"],
        id="not docker",
    ),
    pytest.param(
        studio_app(engine=unreachable_engine("denied", "answers 403")), "engine", ["answers 403"], id="denied"
    ),
    pytest.param(
        studio_app(docker_host="tcp://h", socket=None, engine=unreachable_engine("unreachable", "No route to tcp://h")),
        "engine",
        ["No route to tcp://h"],
        id="unreachable",
    ),
    pytest.param(
        studio_app(engine=engine(version="19.03.15", api_version="1.40")),
        "engine",
        ["Docker 19.03.15, API 1.40", "API 1.41 or later"],
        id="engine too old",
    ),
    pytest.param(
        studio_app(engine=engine(ping_status=500)),
        "engine",
        ["Docker 20.10.24, API 1.41, HTTP status 500 from /_ping", "reports an error of its own", "in a minute"],
        id="engine with an error",
    ),
    pytest.param(
        studio_app(
            engine=engine(version="29.1.0", api_version="1.52", min_api_version="1.44"),
            docker=docker((CONDA, "20.10.24")),
        ),
        "docker_cli",
        ["20.10.24", "Minimum supported API version is 1.44", "install_docker_cli"],
        id="CLI too old",
    ),
    pytest.param(
        studio_app(docker=docker((CONDA, "29.1.0"))),
        "docker_cli",
        ["/opt/conda/bin/docker (29.1.0)", "API version 1.41 is not supported by this client", "install_docker_cli"],
        id="CLI too new",
    ),
    pytest.param(
        studio_app(docker=docker((CONDA, "29.1.0"), (SYSTEM, "20.10.24"))),
        "docker_cli",
        ["The shell runs /opt/conda/bin/docker", "/usr/bin/docker (20.10.24) is compatible", 'PATH="/usr/bin:$PATH"'],
        id="incompatible CLI first",
    ),
    pytest.param(
        studio_app(docker=None, compose=None),
        "docker_cli",
        ["command not found", "/opt/conda/bin:/usr/local/bin", "install_docker_cli"],
        id="no CLI",
    ),
    pytest.param(
        studio_app(compose=None),
        "compose",
        ["ImportError: Docker Compose is not installed", "install_docker_cli"],
        id="no Compose",
    ),
    pytest.param(
        studio_app(compose=compose("5.1.0"), sagemaker_sdk_version="3.12.0"),
        "compose",
        ["5.1.0", "minimum supported API version is 1.44"],
        id="Compose that cannot speak API 1.41",
    ),
    pytest.param(
        studio_app(compose=compose("5.1.2", OWN_PLUGIN)),
        "sagemaker_sdk",
        ["SDK 2.245.0", "v5.1.2", 'looks for "v2"', "ImportError", f"rm {OWN_PLUGIN}"],
        id="Compose 5 and SDK 2",
    ),
    pytest.param(
        studio_app(compose=compose("5.1.2"), sagemaker_sdk_version="3.7.1"),
        "sagemaker_sdk",
        ["SDK 3.7.1", 'looks for "v2"'],
        id="Compose 5 and SDK 3.7",
    ),
    pytest.param(
        studio_app(compose=compose("2.26.1", v="")),
        "sagemaker_sdk",
        ["Docker Compose version 2.26.1", 'looks for "v2"'],
        id="Compose without the v",
    ),
    pytest.param(
        studio_app(home=home(tmp_owner="root", tmp_writable=False)),
        "home_tmp",
        ["belongs to root", "sudo chown -R sagemaker-user /home/sagemaker-user/tmp"],
        id="tmp of root",
    ),
    pytest.param(
        studio_app(home=home(free_bytes=(1 << 30) - 1)),
        "home_space",
        ["1.0 GiB and 1048576 inodes free", "No space left"],
        id="home full",
    ),
    pytest.param(
        studio_app(home=home(free_bytes=None)), "home_space", ["/home/sagemaker-user does not exist"], id="no home"
    ),
]


@pytest.mark.parametrize(("app", "check", "words"), FAILURES)
def test_a_state_fails_in_one_check(app, check, words):
    assert statuses(app, "failed") == {check}
    found = finding(check, app)
    text = " ".join(found.values())
    assert [word for word in words if word not in text] == []
    assert found["reason"]
    assert found["remediation"]


def test_become_is_the_cause_of_an_unset_docker_host():
    app = studio_app(**UNSET, become=True, sudo_user="sagemaker-user")
    found = finding("docker_host", app)
    assert "the cause is become, not Studio" in found["reason"]
    assert "created before the domain" not in " ".join(found.values())


def test_root_without_sudo_is_the_cause_of_an_unset_docker_host():
    found = finding("docker_host", studio_app(**UNSET, user={"name": "root", "uid": 0, "gid": 0}))
    assert "runs as root, without the environment of the app's user" in found["reason"]
    assert "ansible_user: sagemaker-user" in found["remediation"]


ROOT = {"name": "root", "uid": 0, "gid": 0}


@pytest.mark.parametrize(
    "facts", [{"user": ROOT, "app_user": "root"}, {"user": ROOT, "app_user": None}, {"app_user": "root"}]
)
def test_root_may_be_the_app_s_user_not_known_or_only_that_of_the_first_process(facts):
    assert finding("become", studio_app(**facts))["status"] == "ok"


def test_an_engine_that_denies_ping():
    app = studio_app(engine=engine(ping_status=403))
    assert finding("engine", app)["status"] == "warning"
    assert "HTTP status 403 from /_ping" in finding("engine", app)["observed"]
    assert finding("engine", app)["remediation"] == "Set the API version: export DOCKER_API_VERSION=1.41"


@pytest.mark.parametrize(
    ("app", "skipped"),
    [
        (studio_app(), {"container", *JOBS, "engine_space"}),
        (
            studio_app(**UNSET),
            {"socket", "engine", "unversioned_paths", "rootless", "container", *JOBS, "engine_space"},
        ),
        (studio_app(**NO_SOCKET), {"engine", "unversioned_paths", "rootless", "container", *JOBS, "engine_space"}),
        (studio_app(docker_host="tcp://h:1", socket=None), {"socket", "container", *JOBS, "engine_space"}),
        (studio_app(docker=None, compose=None), {"compose", "sagemaker_sdk", "container", *JOBS, "engine_space"}),
        (studio_app(sagemaker_sdk_version=None), {"sagemaker_sdk", "container", *JOBS, "engine_space"}),
    ],
)
def test_checks_after_the_cause_are_skipped(app, skipped):
    assert statuses(app, "skipped") == skipped


@pytest.mark.parametrize(
    ("changes", "check"),
    [
        ({"engine": engine(api_version="1.44")}, "engine"),
        ({"engine": engine(unversioned_redirect=False)}, "unversioned_paths"),
        ({"docker": docker((CONDA, "29.3.0"))}, "docker_cli"),
        ({"docker": docker((SYSTEM, "20.10.24"), (CONDA, "29.1.0"))}, "docker_cli"),
        ({"compose": compose("5.1.2"), "sagemaker_sdk_version": "3.8.0"}, "sagemaker_sdk"),
        ({"buildx": BUILDX}, "buildkit"),
        ({"docker_buildkit": None}, "buildkit"),
        ({"docker_buildkit": ""}, "buildkit"),
        ({"docker_host_source": "app process"}, "docker_host"),
        ({"home": home(tmp_exists=False, tmp_owner=None)}, "home_tmp"),
        ({"home": home(free_bytes=5 << 30)}, "home_space"),
        ({"resource_metadata": app_of_type("CodeEditor")}, "app_type"),
        ({"resource_metadata": app_of_type("KernelGateway")}, "app_type"),
    ],
)
def test_ok(changes, check):
    assert finding(check, studio_app(**changes))["status"] == "ok"


@pytest.mark.parametrize(
    ("changes", "check", "word"),
    [
        ({"resource_metadata": None}, "app_type", "not a Studio app"),
        ({"buildx": BUILDX, "docker_buildkit": None}, "buildkit", "does not allow privileged mode execution"),
        ({"docker_buildkit": "1"}, "buildkit", "DOCKER_BUILDKIT=0"),
        ({"home": home(free_bytes=(5 << 30) - 1)}, "home_space", "du -xh"),
        ({"home": home(free_bytes=1 << 30)}, "home_space", "du -xh"),
    ],
)
def test_warning(changes, check, word):
    app = studio_app(**changes)
    assert statuses(app, "warning") == {check}
    assert word in " ".join(finding(check, app).values())


def test_the_address_of_rootless_containers():
    found = finding("rootless", studio_app(engine=engine(rootless=True)))
    assert (found["status"], found["observed"]) == ("ok", "rootless")
    assert "172.17.0.1" in found["remediation"]


def test_the_remediation_for_docker_py():
    assert 'version="1.41"' in finding("unversioned_paths", studio_app())["remediation"]


@pytest.mark.parametrize(
    ("gib", "arguments", "status"),
    [
        (3, {}, "warning"),
        (3, {"min_free_gib": 4}, "failed"),
        (3, {"enough_free_gib": 3}, "ok"),
        (3, {"min_free_gib": "4"}, "failed"),
    ],
)
def test_limits_of_the_free_space(gib, arguments, status):
    assert finding("home_space", studio_app(home=home(free_bytes=gib << 30)), **arguments)["status"] == status


@pytest.mark.parametrize("app", [None, [], {}, {"app": {}}])
def test_input_that_is_not_an_app(app):
    with pytest.raises(AnsibleFilterError, match="studio_app_info"):
        local_mode_report(app)
