# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# Note that this file is private to the collection: do not use it from outside.
"""Check the settings of the user's Docker client: its environment variables and its configuration file."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import PurePosixPath
from typing import Any

from ansible_collections.mlops.studio_local_mode.plugins.module_utils._docker.client_versions import API_FLOOR, numbers
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._report.finding import (
    FAILED,
    OK,
    WARNING,
    Finding,
)

_CONFIG = "docker_config"
# Docker's names of the architectures beside Debian's (containerd/platforms: normalizeArch).
_ARCHITECTURES = {"x86_64": "amd64", "x86-64": "amd64", "aarch64": "arm64"}
_ECR = re.compile(r"(https?://)?[0-9]{12}\.dkr\.ecr\.")


def client_environment(app: dict[str, Any]) -> Finding:
    """No environment variable keeps the Docker client from the engine or from the images."""
    variables, expected = app["client_environment"], "no variable with which the Docker client fails"
    problems = {name: problem for name, judge in _VARIABLES.items() if name in variables and (problem := judge(app))}
    for name in blocking_variables(app):
        problems.setdefault(name, f"Without {name}, docker compose works.")
    if not problems:
        observed = ", ".join(f"{name}={value}" for name, value in variables.items()) or "no variables of the client"
        return Finding("client_environment", OK, observed, expected)
    return Finding(
        "client_environment",
        WARNING if set(problems) == {"DOCKER_CONTENT_TRUST"} else FAILED,
        ", ".join(f"{name}={variables[name]}" if name in variables else name for name in problems),
        expected,
        " ".join(problems.values()),
        f"Remove the variable from ~/.bashrc, ~/.profile, lifecycle configurations and the image: "
        f"unset {' '.join(problems)}",
    )


def blocking_variables(app: dict[str, Any]) -> list[str]:
    """Return the variables with which the CLI does not run Compose; with DOCKER_CONFIG it does not find it."""
    return [name for name in app["blocking_variables"] if name != "DOCKER_CONFIG"]


def docker_config(app: dict[str, Any]) -> Finding:
    """The SDK can log in to ECR: docker login can store the credentials."""
    config, expected = app["docker_config"], "a configuration with which docker login succeeds"
    path = config["path"]
    if config["error"]:
        reason = f"Docker's CLI ignores the file: {config['error']}."
        remediation = f"Correct the file, or move it away: mv {path} {path}.bak"
        return Finding(_CONFIG, WARNING, f"{path} is not usable", expected, reason, remediation)
    missing = [helper for helper in config["credential_helpers"] if not helper["path"]]
    if missing:
        return _missing_helper(path, missing, expected)
    if not config["writable"] and not config["credential_helpers"]:
        return _not_writable(app, expected)
    return Finding(_CONFIG, OK, path, expected)


def _missing_helper(path: str, missing: list[dict[str, Any]], expected: str) -> Finding:
    of_ecr = [helper for helper in missing if helper["registry"] is None or _ECR.match(helper["registry"])]
    helper = (of_ecr or missing)[0]
    program, registry = f"docker-credential-{helper['name']}", helper["registry"]
    setting = f"credHelpers of {registry}" if registry else "credsStore"
    reason = (
        f"{path} names this credential helper as {setting}. The SDK logs in with docker login, which fails: 'error "
        f'storing credentials - err: exec: "{program}": executable file not found in $PATH\'.'
    )
    remediation = f"Remove {setting} from the file, or install {program}: vi {path}"
    status = FAILED if of_ecr else WARNING
    return Finding(_CONFIG, status, f"{program} is not on the user's PATH", expected, reason, remediation)


def _not_writable(app: dict[str, Any], expected: str) -> Finding:
    folder = PurePosixPath(app["docker_config"]["path"]).parent
    name = app["user"]["name"]
    if "DOCKER_CONFIG" in app["client_environment"]:
        remediation = "Unset DOCKER_CONFIG, or name a folder of the home: unset DOCKER_CONFIG"
    else:
        remediation = f"Give the folder to the user: sudo chown -R {name} {folder}"
    return Finding(
        _CONFIG,
        FAILED,
        f"{name} may not write to {folder}",
        expected,
        "The SDK logs in to ECR with docker login, which cannot store the credentials: 'permission denied'.",
        remediation,
    )


def _api_version(app: dict[str, Any]) -> str:
    version, engine = app["client_environment"]["DOCKER_API_VERSION"], app["engine"]
    highest, lowest = engine["api_version"] or API_FLOOR, engine["min_api_version"]
    if not re.fullmatch(r"[0-9]+\.[0-9]+", version):
        return f"'{version}' is not a version of Docker's API, which has the form {API_FLOOR}."
    if numbers(version) > numbers(highest):
        return (
            f"The client fails with 'client version {version} is too new. Maximum supported API version is {highest}'."
        )
    if lowest and numbers(version) < numbers(lowest):
        return (
            f"The client fails with 'client version {version} is too old. Minimum supported API version is {lowest}'."
        )
    return ""


def _platform(app: dict[str, Any]) -> str:
    value, architecture = app["client_environment"]["DOCKER_DEFAULT_PLATFORM"], app["architecture"]
    parts = value.lower().split("/")
    requested = parts[1] if len(parts) > 1 else parts[0]
    if _ARCHITECTURES.get(requested, requested) in (architecture, "linux") and parts[0] != "windows":
        return ""
    return f"The engine is for {architecture}: images for {value} are not found, or fail with 'exec format error'."


def _tls(_app: dict[str, Any]) -> str:
    return (
        "Studio's socket does not support TLS. Every command of the client fails, as 'unable to resolve docker "
        "endpoint' or as if the command did not exist."
    )


def _content_trust(app: dict[str, Any]) -> str:
    if app["client_environment"]["DOCKER_CONTENT_TRUST"].lower() in ("0", "f", "false"):
        return ""
    return "docker pull accepts only signed images, and fails for images of ECR: 'remote trust data does not exist'."


_VARIABLES: dict[str, Callable[[dict[str, Any]], str]] = {
    "DOCKER_API_VERSION": _api_version,
    "DOCKER_DEFAULT_PLATFORM": _platform,
    "DOCKER_TLS_VERIFY": _tls,
    "DOCKER_TLS": _tls,
    "DOCKER_CONTENT_TRUST": _content_trust,
}
