# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# Note that this file is private to the collection: do not use it from outside.
"""The way from the app to its engine: user, DOCKER_HOST, socket, engine. Each check is about one step of it."""

from __future__ import annotations

from typing import Any

from ansible_collections.mlops.studio_local_mode.plugins.module_utils._docker.client_versions import API_FLOOR, numbers
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._report.finding import (
    FAILED,
    OK,
    WARNING,
    Finding,
    skipped,
)

# SageMaker Python SDK: check_for_studio.
LOCAL_MODE_APPS = ("JupyterLab", "CodeEditor", "KernelGateway")

# amazon-sagemaker-local-mode#50, amazon-sagemaker-from-idea-to-production#10, amazon-sagemaker-feedback#132.
_NO_ACCESS = (
    "Docker access is off for the domain, or the app is older than the switch: DockerSettings reach only apps that "
    "are created afterwards."
)
_RESTART = "Stop the space (or delete the app) in Studio and run it again."
_WITHOUT_BECOME = "Run it again as the app's user: without --become, and with become: false in the play."

# What the SageMaker Python SDK takes where `docker info` says "Cgroup Driver: none" (from 2.248.2 on).
_ROOTLESS_GATEWAY = "172.17.0.1"

_UNANSWERED = {
    "nobody_listening": ("The socket is left over from an engine that is gone.", _RESTART),
    "hanging": ("The engine is there but stuck or overloaded.", f"Wait a minute and check again. {_RESTART}"),
    "not_docker": ("Something else than Docker is at this address.", "Unset DOCKER_HOST and open a new terminal."),
    "denied": ("The engine, or Studio's filter before it, denies even to tell its version.", _RESTART),
    "unreachable": ("No engine can be asked at this address.", "Unset DOCKER_HOST and open a new terminal."),
    "permission_denied": ("This user may not open the engine's socket.", _RESTART),
}


def become(app: dict[str, Any]) -> Finding:
    """The checks are about what the app's user can do, not about root."""
    name, expected = app["user"]["name"], "the app's user"
    if not app["become"]:
        return Finding("become", OK, name, expected)
    return Finding(
        "become",
        FAILED,
        f"{name}, by sudo from {app['sudo_user']}",
        expected,
        "sudo drops DOCKER_HOST, and root may open what the user may not: this says nothing about the user.",
        _WITHOUT_BECOME,
    )


def app_type(app: dict[str, Any]) -> Finding:
    """The SageMaker Python SDK refuses local mode in apps of other types."""
    metadata, expected = app["resource_metadata"], ", ".join(LOCAL_MODE_APPS)
    if metadata is None:
        return Finding(
            "app_type",
            WARNING,
            "no /opt/ml/metadata/resource-metadata.json",
            expected,
            "This is no Studio app, or the SDK cannot tell that it is one and will not use network 'sagemaker'.",
            "Run the check in a JupyterLab or Code Editor space of Studio.",
        )
    name = metadata["app_type"]
    if name in LOCAL_MODE_APPS:
        return Finding("app_type", OK, name, expected)
    return Finding(
        "app_type",
        FAILED,
        str(name),
        expected,
        f"The SDK fails with 'NotImplementedError: AppType {name} in Studio does not support Local Mode.'",
        "Use a JupyterLab or Code Editor space, or a KernelGateway app of Studio Classic.",
    )


def docker_host(app: dict[str, Any]) -> Finding:
    """Studio sets DOCKER_HOST and mounts the socket it names at the same time, when it creates an app."""
    address, expected = app["docker_host"], "set by Studio, to a socket that exists"
    if address is None:
        return Finding("docker_host", FAILED, "not set", expected, *_unset(app))
    if app["engine"]["problem"] == "unsupported_address":
        remediation = f"unset DOCKER_HOST. {_access(app)}"
        return Finding("docker_host", FAILED, address, expected, app["engine"]["error"], remediation)
    if _by_hand(app):
        return Finding(
            "docker_host",
            FAILED,
            f"{address}, which is not there",
            expected,
            f"Studio sets the variable together with the socket, so it was most likely exported by hand. {_NO_ACCESS}",
            f"unset DOCKER_HOST, and remove it from ~/.bashrc, ~/.profile and lifecycle configurations. {_access(app)}",
        )
    return Finding("docker_host", OK, f"{address} (from: {app['docker_host_source']})", expected)


def socket(app: dict[str, Any]) -> Finding:
    """The socket is where DOCKER_HOST says, and the user may connect to it."""
    file, expected = app["socket"], "a socket that the user may open"
    if file is None:
        return skipped("socket", "DOCKER_HOST names no socket.", expected)
    if _by_hand(app):
        return skipped("socket", "DOCKER_HOST is not Studio's, see docker_host.", expected)
    if file["exists"] is False:
        reason = f"DOCKER_HOST is set, but its socket is not mounted. {_NO_ACCESS}"
        return Finding("socket", FAILED, f"nothing at {file['path']}", expected, reason, _access(app))
    if file["exists"] and not file["is_socket"]:
        reason = "Something made a file or folder of the socket's name, so that Studio's cannot be mounted."
        return Finding("socket", FAILED, f"{file['path']} is no socket", expected, reason, _access(app))
    if not file["accessible"]:
        return Finding("socket", FAILED, _ownership(file), expected, *_no_permission(app, file))
    return Finding("socket", OK, _ownership(file), expected)


def engine(app: dict[str, Any]) -> Finding:
    """The engine answers and speaks at least the API that Studio documents."""
    facts, expected = app["engine"], f"an engine that speaks API {API_FLOOR} or later"
    if not facts["reachable"]:
        return _unanswered(app, expected)
    observed = f"Docker {facts['version']}, API {facts['api_version']}"
    if numbers(facts["api_version"]) < numbers(API_FLOOR):
        reason = f"Studio's engine speaks API {API_FLOOR} or later: this one is another, or a very old app."
        return Finding("engine", FAILED, observed, expected, reason, _RESTART)
    if facts["ping_status"] == 200:
        return Finding("engine", OK, observed, expected)
    observed = f"{observed}, answers {facts['ping_status']} to _ping"
    if facts["ping_status"] >= 500:
        reason = "The engine tells its version, and that it is not well."
        return Finding("engine", FAILED, observed, expected, reason, f"Wait a minute and check again. {_RESTART}")
    reason = "Docker's CLI learns from _ping which API to speak; without it, it speaks its own newest."
    return Finding("engine", WARNING, observed, expected, reason, f"export DOCKER_API_VERSION={API_FLOOR}")


def unversioned_paths(app: dict[str, Any]) -> Finding:
    """docker-py asks for the version without a version in the path, which Studio redirects (feedback#161)."""
    redirects = app["engine"]["unversioned_redirect"]
    if redirects is None:
        return skipped("unversioned_paths", "The engine does not answer.")
    if not redirects:
        return Finding("unversioned_paths", OK, "answered", "answered, or 301 as in Studio")
    return Finding(
        "unversioned_paths",
        OK,
        "301",
        "answered, or 301 as in Studio",
        "Docker's CLI does not mind. docker-py does: 'Error while fetching server API version'.",
        f'In Python: docker.from_env(version="{API_FLOOR}"). In community.docker: api_version: "{API_FLOOR}".',
    )


def rootless(app: dict[str, Any]) -> Finding:
    """With rootless Docker a container's ports are at the gateway's address, not at localhost."""
    is_rootless, expected = app["engine"]["rootless"], "either"
    if is_rootless is None:
        return skipped("rootless", "The engine does not tell.", expected)
    if not is_rootless:
        return Finding("rootless", OK, "no", expected)
    return Finding(
        "rootless",
        OK,
        "yes",
        expected,
        "Containers are not in the app's own network then, and trusted accounts do not matter.",
        f"Reach a container's ports at {_ROOTLESS_GATEWAY}, not at localhost. The SDK does so from 2.248.2 on; SDK 3 "
        "does not.",
    )


def _by_hand(app: dict[str, Any]) -> bool:
    """Tell whether DOCKER_HOST names a socket that is not there, and is not what the app's first process has."""
    missing = app["engine"]["problem"] == "no_socket"
    return missing and app["docker_host_source"] == "environment" and app["docker_host"] != app["app_docker_host"]


def _unset(app: dict[str, Any]) -> tuple[str, str]:
    if app["become"]:
        return "sudo dropped it: this is because of become, not because of Studio.", _WITHOUT_BECOME
    if app["known_sockets"]:
        found = app["known_sockets"][0]
        return (
            f"There is a socket at {found}: the app may well have Docker, and only this session not its environment.",
            "Open a new terminal in the app and run the check there.",
        )
    return _NO_ACCESS, _access(app)


def _access(app: dict[str, Any]) -> str:
    """Return how to see whether the domain gives access, how to give it, and how to get it into the app."""
    domain = (app["resource_metadata"] or {}).get("domain_id") or "DOMAIN_ID"
    return (
        f"Look: aws sagemaker describe-domain --domain-id {domain} --query DomainSettings.DockerSettings. If it is not "
        "ENABLED: ansible-playbook mlops.studio_local_mode.enable_local_mode "
        f"""-e '{{"domain_docker_access_domains": ["{domain}"]}}'. Then: {_RESTART}"""
    )


def _ownership(file: dict[str, Any]) -> str:
    if not file["exists"]:
        return f"{file['path']}, in a folder that is closed to this user"
    return f"{file['path']} ({file['owner']}:{file['group']}, mode {file['mode']})"


def _no_permission(app: dict[str, Any], file: dict[str, Any]) -> tuple[str, str]:
    user = app["user"]
    owner = f"It belongs to {file['owner']}:{file['group']}" if file["exists"] else "Its folder is closed"
    return (
        f"Permission denied. {owner}; you are {user['name']} (uid {user['uid']}, gid {user['gid']}).",
        f"Compare: ls -l {file['path']}; id. Run the check as the user that the terminal of the app has. {_RESTART}",
    )


def _unanswered(app: dict[str, Any], expected: str) -> Finding:
    facts, file = app["engine"], app["socket"]
    earlier = facts["problem"] not in _UNANSWERED or (file is not None and not file["accessible"])
    if earlier:
        return skipped("engine", f"{facts['error']} See docker_host and socket.", expected)
    reason, remediation = _UNANSWERED[facts["problem"]]
    return Finding("engine", FAILED, facts["error"], expected, reason, remediation)
