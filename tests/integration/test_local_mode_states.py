# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Every state that local_mode_check distinguishes, in apps of the sandbox, checked in one run of its playbook."""

from __future__ import annotations

import io
import json
import re
import threading
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from tests.integration.docker_cli_apps import CHECK, HOME, Apps, on_all
from tests.sandbox import app, engine, images, layout, sdk, world
from tests.sandbox.mirror import unpack
from tests.sandbox.namespaces import service as namespaces
from tests.sandbox.studio_filter import service as studio_filter

if TYPE_CHECKING:
    from collections.abc import Iterator

pytestmark = [pytest.mark.xdist_group("local_mode_states"), pytest.mark.slow]

JOBS = str(Path(HOME, "tmp"))
SOCKET = "/docker/proxy.sock"
OWN_PLUGIN = f"{HOME}/.docker/cli-plugins/docker-compose"
COMPOSE_5, COMPOSE_WITHOUT_V = "Docker Compose version v5.1.2", "Docker Compose version 2.26.1"
UNTRUSTED = "210987654321.dkr.ecr.eu-west-1.amazonaws.com/job:1"
# An image in which the program of the check hangs.
HANGING_IMAGE = "sandbox/hanging:latest"
DENIED_BUILD = "SageMaker Studio Docker Usage does not allow privileged mode execution"
IMPORT_ERROR = "ImportError: Docker Compose is not installed. Local Mode features will not work without docker compose."

# It listens and never answers.
HANGING = f"""
import socket, time
listener = socket.socket(socket.AF_UNIX)
listener.bind("{SOCKET}")
listener.listen()
time.sleep(3600)
"""
# The socket of an engine that no longer runs.
LEFT_OVER = f'import socket; socket.socket(socket.AF_UNIX).bind("{SOCKET}")'
# The sandbox has no engine 29: this one answers as 29.1 does.
NEWER_ENGINE = f"""
import json, socketserver
from http.server import BaseHTTPRequestHandler
class Engine(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    def do_GET(self):
        too_old = self.path.startswith("/v1.41/")
        answer = {{"message": "client version 1.41 is too old. Minimum supported API version is 1.44"}}
        if not too_old:
            answer = {{"Version": "29.1.3", "ApiVersion": "1.52", "MinAPIVersion": "1.44"}}
        body = json.dumps(answer).encode()
        self.send_response(400 if too_old else 200)
        self.send_header("Api-Version", "1.52")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)
    def address_string(self):
        return "unix"
socketserver.ThreadingUnixStreamServer("{SOCKET}", Engine).serve_forever()
"""


def plugin(version: str, path: str = OWN_PLUGIN) -> str:
    """Return a script that writes a plugin of the CLI which prints this version and does nothing else."""
    metadata = '{"SchemaVersion": "0.1.0", "Vendor": "the sandbox", "Version": "stand-in"}'
    return f"""
        mkdir -p $(dirname {path})
        printf '#!/bin/sh\\ncase "$1" in docker-cli-plugin-metadata) echo '"'"'{metadata}'"'"';;
            *) echo "{version}";; esac\\n' > {path}
        chmod +x {path}"""


def another_sdk(version: str) -> str:
    """Return a script that gives the app's Python the metadata of this version of the SDK."""
    folder = f"$(python3 -m site --user-site)/sagemaker-{version}.dist-info"
    return f"""
        mkdir -p {folder}
        printf 'Metadata-Version: 2.1\\nName: sagemaker\\nVersion: {version}\\n' > {folder}/METADATA"""


def in_background(script: str) -> str:
    return f"""
        nohup python3 -c '{script}' > /dev/null 2>&1 &
        until test -S {SOCKET}; do sleep 0.1; done"""


def client_config(content: dict[str, Any], folder: str = f"{HOME}/.docker") -> str:
    """Return a script that writes the configuration of the Docker client."""
    return f"mkdir -p {folder}; echo '{json.dumps(content)}' > {folder}/config.json"


NO_FOLDER = f"sudo install -d -o {app.USER} /docker"


@dataclass(frozen=True)
class State:
    """An app, its preparation, and the expected finding."""

    # The check, and the words that its finding must have.
    check: str
    words: tuple[str, ...]
    status: str = "failed"
    image: str = images.APP_DOCKER_27.tag
    # The domain's policy, or the path of another socket on this machine; None for an app without access.
    docker: str | Path | None = "internet"
    environment: tuple[tuple[str, str], ...] = ()
    script: str = ""
    cli: bool = False  # Docker's CLI and Compose as the role docker_cli installs them
    sdk_2: bool = False
    # Options of a file system in memory, by its folder.
    tmpfs: tuple[tuple[str, str], ...] = ()
    variables: tuple[tuple[str, Any], ...] = ()


def no_access(check: str, *words: str, **options: Any) -> State:
    """An app whose first process has no DOCKER_HOST, because its domain has no Docker access."""
    return State(check, words, docker=None, environment=(("DOCKER_HOST", ""),), **options)


def empty(check: str, *words: str, script: str, **options: Any) -> State:
    """An app with DOCKER_HOST, whose socket the script creates."""
    return State(check, words, docker=None, script=f"{NO_FOLDER}; {script}", **options)


def with_trial(check: str, *words: str, image: str, limit: int = 300, **options: Any) -> State:
    """An app in which the check runs a container."""
    variables = (
        ("local_mode_check_run_container", True),
        ("local_mode_check_image", image),
        ("local_mode_check_container_timeout", limit),
    )
    return State(check, words, variables=variables, **options)


def with_variable(name: str, value: str, *words: str, check: str = "client_environment", **options: Any) -> State:
    """An app whose image sets a variable of the Docker client."""
    return State(check, words, environment=((name, value),), **options)


STATES = {
    "healthy": with_trial(
        "container",
        "it succeeded",
        status="ok",
        image=images.JOB.tag,
        docker="vpc-only",
        cli=True,
    ),
    # Studio may deny every operation that AWS's table does not list, also the SDK's detection of rootless Docker.
    "documented": with_trial(
        "container", "it succeeded", status="ok", image=images.JOB.tag, docker="documented", cli=True
    ),
    "unset": no_access(
        "docker_host",
        "not set",
        "no Docker access, or the app was created before the domain got it",
        "describe-domain --domain-id d-sandbox0000001",
        "Stop the space",
    ),
    "by-hand": no_access(
        "docker_host",
        f"unix://{SOCKET}, which does not exist",
        "exported by hand",
        "unset DOCKER_HOST",
        "created before the domain got it",
        variables=(("ansible_docker_extra_env", {"DOCKER_HOST": f"unix://{SOCKET}"}),),
    ),
    # The engine's own socket is root's; Studio's is the user's.
    "permission-denied": State(
        "socket",
        ("Permission denied. It belongs to root:", f"the check runs as {app.USER} (uid 1000, gid 100)"),
        docker=layout.ENGINE_SOCKET,
    ),
    "nobody-listening": empty(
        "engine", f"No program listens at unix://{SOCKET}", "no longer runs", script=f"python3 -c '{LEFT_OVER}'"
    ),
    "hanging": empty(
        "engine",
        f"No answer from unix://{SOCKET} within 2 seconds",
        script=in_background(HANGING),
        variables=(("local_mode_check_timeout", 2),),
    ),
    "become": State(
        "become",
        (f"root, through sudo from {app.USER}", "sudo drops DOCKER_HOST", "become: false"),
        variables=(("ansible_become", True),),
    ),
    "become-unset": no_access("docker_host", "the cause is become, not Studio", variables=(("ansible_become", True),)),
    "unversioned": State(
        "unversioned_paths", ("301", 'docker.from_env(version="1.41")', 'api_version: "1.41"'), status="ok"
    ),
    "cli-too-new": State(
        "docker_cli",
        ("29.1.3", "API version 1.41 is not supported by this client", "the engine 1.41", "install_docker_cli"),
        image=images.NOBLE_DOCKER_TOO_NEW.tag,
    ),
    "cli-too-old": empty(
        "docker_cli",
        "20.10.24",
        "the engine 1.44 and later",
        "client version 1.41 is too old",
        "install_docker_cli",
        script=in_background(NEWER_ENGINE),
        image=images.APP.tag,
        cli=True,
    ),
    "two-clis": State(
        "docker_cli",
        ("The shell runs /opt/conda/bin/docker", "/usr/bin/docker (20.10.24) is compatible", 'PATH="/usr/bin:$PATH"'),
        image=images.NOBLE_DOCKER_TOO_NEW.tag,
        cli=True,
    ),
    "no-cli": State("docker_cli", ("command not found", "install_docker_cli"), image=images.APP.tag),
    "no-compose": State("compose", (IMPORT_ERROR, "install_docker_cli")),
    "compose-5-sdk-2": State(
        "sagemaker_sdk",
        ("SDK 2.", 'looks for "v2"', COMPOSE_5, IMPORT_ERROR, f"rm {OWN_PLUGIN}"),
        image=images.APP.tag,
        cli=True,
        sdk_2=True,
        script=plugin(COMPOSE_5),
    ),
    "compose-5-sdk-3.7": State(
        "sagemaker_sdk",
        ("SDK 3.7.1", 'looks for "v2"', IMPORT_ERROR),
        script=plugin(COMPOSE_5) + "\n" + another_sdk("3.7.1"),
    ),
    "compose-5-sdk-3.8": State(
        "sagemaker_sdk",
        ("SDK 3.8.0",),
        status="ok",
        script=plugin(COMPOSE_5) + "\n" + another_sdk("3.8.0"),
    ),
    "compose-without-v": State(
        "sagemaker_sdk",
        (COMPOSE_WITHOUT_V, 'looks for "v2"', IMPORT_ERROR),
        image=images.APP.tag,
        cli=True,
        sdk_2=True,
        script=plugin(COMPOSE_WITHOUT_V),
    ),
    "buildx": State(
        "buildkit",
        ("buildx 0.13.1", DENIED_BUILD, "export DOCKER_BUILDKIT=0"),
        status="warning",
        image=images.APP_BUILDX.tag,
        environment=(("DOCKER_BUILDKIT", ""),),
    ),
    "app-type": State(
        "app_type",
        ("AppType Canvas in Studio does not support Local Mode", "JupyterLab, CodeEditor, KernelGateway"),
        script='sudo sed -i \'s/"AppType": "JupyterLab"/"AppType": "Canvas"/\' /opt/ml/metadata/resource-metadata.json',
    ),
    "home-full": State(
        "home_space",
        ("0.0 GiB and", "at least 1 GiB", "No space left on device", "du -xh"),
        tmpfs=((HOME, "size=16m,uid=1000,gid=100,mode=755"),),
        script=f"head --bytes=100M /dev/zero > {HOME}/filled || true",
    ),
    "tmp-of-root": State(
        "home_tmp",
        (f"{JOBS} belongs to root", f"sudo chown -R {app.USER} {JOBS}"),
        script=f"sudo mkdir {JOBS}",
    ),
    "untrusted-account": with_trial(
        "container",
        "does not trust account 210987654321",
        "mlops.studio_local_mode.trusted_accounts",
        '"domain_docker_access_accounts": ["210987654321"]',
        image=UNTRUSTED,
        docker="vpc-only",
    ),
    "docker-hub": with_trial(
        "container", "busybox is not in a private ECR repository", image="busybox", docker="vpc-only"
    ),
    "api-version": with_variable(
        "DOCKER_API_VERSION", "1.47", "client version 1.47 is too new", "1.41", "unset DOCKER_API_VERSION"
    ),
    "platform": with_variable("DOCKER_DEFAULT_PLATFORM", "linux/arm64", "amd64", "unset DOCKER_DEFAULT_PLATFORM"),
    "tls": with_variable(
        "DOCKER_TLS_VERIFY", "1", "does not support TLS", "unset DOCKER_TLS_VERIFY", image=images.APP.tag, cli=True
    ),
    # Over ssh the session does not have the app's environment: the variable is in that of its first process.
    "platform-over-ssh": with_variable(
        "DOCKER_DEFAULT_PLATFORM",
        "linux/arm64",
        "unset DOCKER_DEFAULT_PLATFORM",
        variables=(("ansible_docker_extra_env", {"DOCKER_HOST": "", "DOCKER_DEFAULT_PLATFORM": ""}),),
    ),
    "docker-config-elsewhere": with_variable(
        "DOCKER_CONFIG",
        f"{HOME}/elsewhere",
        f"ignores {OWN_PLUGIN}",
        "Unset DOCKER_CONFIG",
        check="compose",
        script=plugin("Docker Compose version v2.29.2"),
    ),
    "extra-folder": State(
        "sagemaker_sdk",
        (COMPOSE_5, "Remove the folder from cliPluginsExtraDirs", f"vi {HOME}/.docker/config.json"),
        image=images.APP.tag,
        cli=True,
        sdk_2=True,
        script=client_config({"cliPluginsExtraDirs": [f"{HOME}/plugins"]})
        + plugin(COMPOSE_5, f"{HOME}/plugins/docker-compose"),
    ),
    "credentials-store": State(
        "docker_config",
        ("docker-credential-desktop is not on the user's PATH", "error storing credentials", "Remove credsStore"),
        script=client_config({"credsStore": "desktop"}),
    ),
    "docker-config-of-root": State(
        "docker_config",
        ("may not write to", "permission denied", f"sudo chown -R {app.USER} {HOME}/.docker"),
        script=f"sudo mkdir -m 755 {HOME}/.docker",
    ),
    "docker-config-broken": State(
        "docker_config",
        ("not valid JSON",),
        status="warning",
        script=f"mkdir {HOME}/.docker; echo {{ > {HOME}/.docker/config.json",
    ),
    "standalone-compose": State(
        "compose",
        ("2.26.1", "/usr/local/bin/docker-compose", "standalone"),
        status="ok",
        image=images.APP.tag,
        cli=True,
        sdk_2=True,
        script=f"""
        sudo cp /usr/libexec/docker/cli-plugins/docker-compose /usr/local/bin/
        mkdir -p $(dirname {OWN_PLUGIN}); : > {OWN_PLUGIN}""",
    ),
    "cli-truncated": State(
        "docker_cli",
        ("/opt/conda/bin/docker", "is truncated", "sudo rm /opt/conda/bin/docker", "install_docker_cli"),
        script="""
        sudo cp /opt/conda/libexec/docker-cli/program /opt/conda/bin/docker
        sudo truncate --size=1M /opt/conda/bin/docker""",
    ),
    "cli-of-another-libc": State(
        "docker_cli",
        ("another C library", "/lib64/ld-other-x86-64.so.2", "install_docker_cli"),
        script="""
        sudo cp /opt/conda/libexec/docker-cli/program /opt/conda/bin/docker
        sudo sed -i 's,/lib64/ld-linux-x86,/lib64/ld-other-x86,' /opt/conda/bin/docker""",
    ),
    "cli-without-its-program": State(
        "docker_cli", ("it fails with", "not found"), script="sudo rm /opt/conda/libexec/docker-cli/program"
    ),
    "cli-not-executable": State(
        "docker_cli", ("is not executable (mode 0644)",), script="sudo chmod 644 /opt/conda/bin/docker"
    ),
    "plugin-not-found": State(
        "compose",
        ("is not a program, it starts with 'Not Found'", f"rm {OWN_PLUGIN}"),
        script=f"mkdir -p $(dirname {OWN_PLUGIN}); echo Not Found > {OWN_PLUGIN}; chmod +x {OWN_PLUGIN}",
    ),
    "plugin-not-executable": State(
        "compose",
        ("is not executable (mode 0644)", f"rm {OWN_PLUGIN}"),
        image=images.APP.tag,
        cli=True,
        script=plugin("Docker Compose version v2.29.2") + f"; chmod 644 {OWN_PLUGIN}",
    ),
    "tmp-dangling": State(
        "home_tmp", ("is a link to /opt/x", "FileExistsError", f"rm {JOBS}"), script=f"ln -s /opt/x {JOBS}"
    ),
    "tmp-elsewhere": State(
        "home_tmp",
        ("is a link to /var/tmp, outside of the home", f"rm {JOBS} && mkdir {JOBS}"),
        script=f"ln -s /var/tmp {JOBS}",
    ),
    "tmp-on-another-file-system": State(
        "home_tmp",
        ("is on another file system than the home", f"umount {JOBS}"),
        tmpfs=((JOBS, "size=16m,uid=1000,gid=100,mode=755"),),
    ),
    "inodes": State(
        "home_space",
        ("inodes free", "No space left on device", "du --inodes"),
        tmpfs=((HOME, "size=16m,nr_inodes=500,uid=1000,gid=100,mode=755"),),
    ),
    "job-without-sdk": State(
        "sdk_training",
        ("no SageMaker SDK in /opt/conda/bin/python3", "-m pip install"),
        variables=(("local_mode_check_jobs", ["training"]), ("local_mode_check_image", images.JOB.tag)),
    ),
    "time-out": with_trial(
        "container",
        "The container did not end within 5 seconds",
        "local_mode_check_container_timeout=",
        image=HANGING_IMAGE,
        limit=5,
    ),
    "rootless": State("rootless", ("rootless", "172.17.0.1"), status="ok", docker="rootless"),
}


@dataclass(frozen=True)
class CheckResult:
    """The findings about one app, and the message of its failed task."""

    findings: dict[str, dict[str, str]]
    message: str  # of the failed task, empty without one

    def failed(self) -> set[str]:
        return {name for name, finding in self.findings.items() if finding["status"] == "failed"}


def build_hanging_image() -> None:
    hang = "printf '#!/bin/sh\\nexec sleep 600\\n' > /usr/local/bin/df && chmod +x /usr/local/bin/df"
    content = io.BytesIO(f"FROM {images.JOB.tag}\nENV PATH=/usr/local/bin:$PATH\nRUN {hang}\n".encode())
    engine.client().images.build(fileobj=content, tag=HANGING_IMAGE, network_mode="none", rm=True, labels=engine.LABELS)


def create(apps: Apps, state: str, cli: dict[Path, str]) -> None:
    """Start the app of a state, and prepare the state."""
    desired = STATES[state]
    mounts = cli if desired.cli else {}
    if isinstance(desired.docker, str):
        mounts = {**mounts, studio_filter.folder(desired.docker): "/docker"}
    elif desired.docker:
        mounts = {**mounts, desired.docker.resolve(): SOCKET}
    if desired.sdk_2:
        mounts = {**mounts, **sdk.mounts()}
    options = {"tmpfs": dict(desired.tmpfs)} if desired.tmpfs else {}
    apps.create(state, image=desired.image, mounts=mounts, environment=dict(desired.environment), **options)
    apps.shell(state, desired.script)


def check(apps: Apps) -> dict[str, CheckResult]:
    """Run the playbook on all apps at once; the role writes the findings to files."""
    reports = {state: apps.folder / f"{state}.json" for state in STATES}
    hosts = {
        state: {**dict(desired.variables), "local_mode_check_report_path": str(reports[state])}
        for state, desired in STATES.items()
    }
    output, _ = apps.start(hosts, playbook=CHECK).communicate(timeout=600)
    assert "Traceback" not in output, output
    plays = json.loads(output[output.index("{\n") :])["plays"]
    results = [(host, result) for play in plays for task in play["tasks"] for host, result in task["hosts"].items()]
    messages = {host: result["msg"] for host, result in results if result.get("failed")}
    return {
        state: CheckResult(
            {finding["check"]: finding for finding in json.loads(report.read_text())},
            messages.get(apps.name(state), ""),
        )
        for state, report in reports.items()
    }


@pytest.fixture(scope="module")
def apps(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Apps]:
    world.up(["mirror", "apps", "platforms"])
    build_hanging_image()
    apps = Apps(tmp_path_factory.mktemp("states"))
    cli = unpack.mounts(tmp_path_factory.mktemp("cli"))
    on_all(lambda state: create(apps, state, cli), list(STATES))
    yield apps
    apps.remove()


@pytest.fixture(scope="module")
def registry() -> Iterator[str]:
    """A registry that accepts every login, where the engine is."""

    class Registry(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("Docker-Distribution-Api-Version", "registry/2.0")
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_args: object) -> None:
            pass

    address = "127.0.0.1"
    with ThreadingHTTPServer((address, 0), Registry, bind_and_activate=False) as server:
        server.socket.close()
        server.socket = namespaces.listen(address)
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield f"{address}:{server.socket.getsockname()[1]}"
        server.shutdown()
        thread.join()


@pytest.fixture(scope="module")
def results(apps: Apps) -> dict[str, CheckResult]:
    return check(apps)


@pytest.mark.parametrize("state", STATES)
def test_a_state_has_its_reason_and_remediation(results: dict[str, CheckResult], state: str) -> None:
    desired, result = STATES[state], results[state]
    finding = result.findings[desired.check]
    text = " ".join(finding.values())
    assert finding["status"] == desired.status, finding
    assert [word for word in desired.words if word not in text] == [], finding
    if desired.status == "failed":
        assert finding["reason"]
        assert finding["remediation"]


@pytest.mark.parametrize("state", STATES)
def test_the_run_fails_with_every_failed_check_and_no_other(results: dict[str, CheckResult], state: str) -> None:
    [*named] = re.findall(r"see above\. Failed: (.*)\.$", results[state].message)
    assert set(", ".join(named).split(", ")) - {""} == results[state].failed()


def test_a_healthy_app_passes(results: dict[str, CheckResult]) -> None:
    assert results["healthy"].failed() == set()
    assert results["healthy"].message == ""


def test_an_operation_that_is_denied_is_not_a_failure(results: dict[str, CheckResult]) -> None:
    assert results["documented"].failed() == set()
    assert results["documented"].findings["rootless"]["status"] == "skipped"
    assert results["documented"].findings["unversioned_paths"]["status"] == "ok"


def test_a_container_is_removed_after_its_time_out(results: dict[str, CheckResult]) -> None:
    assert results["time-out"].failed() == {"container", "compose"}
    assert engine.client().containers.list(all=True, filters={"ancestor": HANGING_IMAGE}) == []


def test_a_healthy_app_reports_the_engine_s_disk(results: dict[str, CheckResult]) -> None:
    assert "GiB free on the engine's disk" in results["healthy"].findings["engine_space"]["observed"]


@pytest.mark.parametrize(
    ("state", "command", "error"),
    [
        ("api-version", "docker ps", "client version 1.47 is too new. Maximum supported API version is 1.41"),
        (
            "platform",
            f"docker run --rm --network sagemaker {images.JOB.tag} true",
            "Unable to find image",
        ),
        ("tls", "docker ps", "unable to resolve docker endpoint"),
        ("tls", "docker compose version", "unable to resolve docker endpoint"),
        ("docker-config-broken", "docker ps", "WARNING: Error loading config file"),
        ("credentials-store", "docker login {registry} -u AWS -p x", "error storing credentials - err: exec:"),
        ("docker-config-of-root", "docker login {registry} -u AWS -p x", "permission denied"),
    ],
)
def test_the_real_client_fails_as_reported(apps: Apps, registry: str, state: str, command: str, error: str) -> None:
    output = apps.shell(state, f"{command.format(registry=registry)} 2>&1 || true")
    assert error in output


def test_the_real_client_uses_the_reported_folder(apps: Apps) -> None:
    assert COMPOSE_5 in apps.shell("extra-folder", "docker compose version")


def test_the_real_sdk_uses_a_standalone_compose(apps: Apps) -> None:
    script = "from sagemaker.local.image import _SageMakerContainer as c; print(c._get_compose_cmd_prefix())"
    assert "['docker-compose']" in apps.shell("standalone-compose", f"python3 -c '{script}' 2> /dev/null")


def test_the_real_sdk_fails_as_reported(apps: Apps) -> None:
    """With Compose 5, and with a version without "v"; in one process, because the SDK takes long to load."""
    script = f"""
import subprocess
from sagemaker.local.image import _SageMakerContainer
for plugin in {[plugin(version) for version in (COMPOSE_5, COMPOSE_WITHOUT_V)]!r}:
    subprocess.run(["bash", "-c", plugin], check=True)
    try:
        _SageMakerContainer._get_compose_cmd_prefix()
    except ImportError as error:
        print(f"ImportError: {{error}}")
"""
    output = apps.shell("compose-5-sdk-2", f"python3 - 2> /dev/null << 'END'\n{script}END")
    assert " ".join(output.split()).count(IMPORT_ERROR.rstrip(".")) == 2, output


def test_the_real_buildx_is_denied_as_reported(apps: Apps) -> None:
    """It finds no BuildKit in the engine and starts a container with one; the image is a stand-in of that name."""
    buildkit = ("moby/buildkit", "buildx-stable-1")
    engine.client().images.get(images.JOB.tag).tag(*buildkit)
    try:
        apps.shell("buildx", f"mkdir ~/context; echo FROM {images.JOB.tag} > ~/context/Dockerfile")
        build = "docker build --network sagemaker ~/context 2>&1"
        assert DENIED_BUILD in apps.shell("buildx", f"{build} || true")
        assert "Successfully built" in apps.shell("buildx", f"DOCKER_BUILDKIT=0 {build}")
    finally:
        engine.client().images.remove(":".join(buildkit))
