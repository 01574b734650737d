# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# Note that this file is private to the collection: do not use it from outside.
"""Check the connection from the app to its engine: user, app type, DOCKER_HOST, socket, engine."""

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
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._studio_facts.app_user import user_instead

# SageMaker Python SDK: check_for_studio.
LOCAL_MODE_APPS = ("JupyterLab", "CodeEditor", "KernelGateway")

# By whether the engine is reachable.
_ROOTLESS_UNKNOWN = {
    True: "The engine does not answer /info, which Studio does not document as supported.",
    False: "The engine does not answer, see engine.",
}
_UNVERSIONED_UNKNOWN = {
    True: "The engine denies /version without an API version, which Studio does not document as supported.",
    False: "The engine does not answer.",
}

# amazon-sagemaker-local-mode#50, amazon-sagemaker-from-idea-to-production#10, amazon-sagemaker-feedback#132.
_NO_ACCESS = (
    "The domain has no Docker access, or the app was created before the domain got it: a change of DockerSettings "
    "takes effect only in apps that are created afterwards."
)
_RESTART = "Stop the space in Studio and run it again."
# AWS's guide, studio.md: since 2025 nobody can create these apps again.
_CLASSIC_APPS = ("JupyterServer", "KernelGateway")
_RESTART_CLASSIC = "Use a JupyterLab or Code Editor space: apps of Studio Classic cannot be created again."
_RETRY = "Run the check again in a minute."
_NEW_TERMINAL = "Unset DOCKER_HOST and open a new terminal in the app: unset DOCKER_HOST"
_WITHOUT_BECOME = "Run the check as the app's user: without --become, and with become: false in the play."

_UNVERSIONED = "HTTP status 200, or 301 as in Studio, for /version without an API version"

# The address that the SageMaker Python SDK uses from 2.248.2 on if `docker info` has "Cgroup Driver: none".
_ROOTLESS_GATEWAY = "172.17.0.1"

# By engine.problem: the reason and the remediation, which a restart follows unless the address is the cause.
_NO_ANSWER = {
    "nobody_listening": ("The engine that created the socket no longer runs.", ""),
    "hanging": ("The engine is stuck or overloaded.", f"{_RETRY} If the engine still does not answer: "),
    "not_docker": ("A program other than Docker listens at this address.", _NEW_TERMINAL),
    "denied": ("The engine, or Studio's filter in front of it, denies the request for its version.", ""),
    "unreachable": ("The app has no connection to this address.", _NEW_TERMINAL),
    "permission_denied": ("The user may not open the engine's socket.", ""),
}


def become(app: dict[str, Any]) -> Finding:
    """The check runs as the app's user and not as root."""
    name, expected = app["user"]["name"], "the app's user, without sudo"
    if app["become"]:
        return Finding(
            "become",
            FAILED,
            f"{name}, through sudo from {app['sudo_user']}",
            expected,
            "sudo drops DOCKER_HOST, and root may open a socket that the user may not. The other findings do not apply "
            "to the user.",
            _WITHOUT_BECOME,
        )
    if app_user := user_instead(app):
        return Finding(
            "become",
            FAILED,
            f"{name}; the app's first process runs as {app_user}",
            expected,
            "Root has another PATH and home, and may open a socket that the user may not. The other findings do not "
            "apply to the user.",
            _as_app_user(app_user),
        )
    return Finding("become", OK, name, expected)


def _as_app_user(name: str) -> str:
    return f"Run the check as {name}: set ansible_user: {name}, and become: false in the play."


def app_type(app: dict[str, Any]) -> Finding:
    """The app is of a type for which the SageMaker Python SDK supports local mode."""
    metadata, expected = app["resource_metadata"], ", ".join(LOCAL_MODE_APPS)
    if metadata is None:
        return Finding(
            "app_type",
            WARNING,
            "no /opt/ml/metadata/resource-metadata.json",
            expected,
            "This is not a Studio app, or the file was removed. The SDK then does not use the network 'sagemaker'.",
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
    """DOCKER_HOST has the value that Studio sets when it creates an app with Docker access."""
    address, expected = app["docker_host"], "set by Studio, to a socket that exists"
    if address is None:
        return Finding("docker_host", FAILED, "not set", expected, *_unset(app))
    if app["engine"]["problem"] == "unsupported_address":
        return Finding("docker_host", FAILED, address, expected, app["engine"]["error"], _NEW_TERMINAL)
    if _set_by_user(app):
        return Finding(
            "docker_host",
            FAILED,
            f"{address}, which does not exist",
            expected,
            f"Studio sets the variable only with the socket: it was most likely exported by hand. {_NO_ACCESS}",
            "Remove DOCKER_HOST from ~/.bashrc, ~/.profile and lifecycle configurations: unset DOCKER_HOST. "
            f"{_access(app)}",
        )
    return Finding("docker_host", OK, f"{address} (source: {app['docker_host_source']})", expected)


def socket(app: dict[str, Any]) -> Finding:
    """The socket that DOCKER_HOST names exists, and the user may connect to it."""
    file, expected = app["socket"], "a socket that the user may open"
    if file is None:
        return skipped("socket", "DOCKER_HOST does not name a Unix socket.", expected)
    if _set_by_user(app):
        return skipped("socket", "DOCKER_HOST was not set by Studio, see docker_host.", expected)
    if file["exists"] is False:
        reason = f"Studio has not mounted the socket. {_NO_ACCESS}"
        return Finding("socket", FAILED, f"{file['path']} does not exist", expected, reason, _access(app))
    if file["exists"] and not file["is_socket"]:
        reason = "A file or folder has the socket's name, so that Studio cannot mount the socket."
        return Finding("socket", FAILED, f"{file['path']} is not a socket", expected, reason, _access(app))
    if not file["accessible"]:
        return Finding("socket", FAILED, _ownership(file), expected, *_no_permission(app, file))
    return Finding("socket", OK, _ownership(file), expected)


def engine(app: dict[str, Any]) -> Finding:
    """The engine answers and supports at least the API version that Studio documents."""
    facts, expected = app["engine"], f"an engine that supports API {API_FLOOR} or later"
    if not facts["reachable"]:
        return _no_answer(app, expected)
    observed = f"Docker {facts['version']}, API {facts['api_version']}"
    if numbers(facts["api_version"]) < numbers(API_FLOOR):
        reason = f"Studio's engine supports API {API_FLOOR} or later. This is another engine, or the app is very old."
        return Finding("engine", FAILED, observed, expected, reason, _restart(app))
    if facts["ping_status"] == 200:
        return Finding("engine", OK, observed, expected)
    observed = f"{observed}, HTTP status {facts['ping_status']} from /_ping"
    if facts["ping_status"] >= 500:
        reason = "The engine answers, but reports an error of its own."
        remediation = f"{_RETRY} If the engine still reports an error: {_restart(app)}"
        return Finding("engine", FAILED, observed, expected, reason, remediation)
    reason = "Docker's CLI reads the engine's API version from /_ping. Without it, the CLI uses the newest it supports."
    remediation = f"Set the API version: export DOCKER_API_VERSION={API_FLOOR}"
    return Finding("engine", WARNING, observed, expected, reason, remediation)


def unversioned_paths(app: dict[str, Any]) -> Finding:
    """Report whether the engine redirects paths without an API version, as Studio does (feedback#161)."""
    redirects = app["engine"]["unversioned_redirect"]
    if redirects is None:
        return skipped("unversioned_paths", _UNVERSIONED_UNKNOWN[app["engine"]["reachable"]], _UNVERSIONED)
    if not redirects:
        return Finding("unversioned_paths", OK, "HTTP status 200", _UNVERSIONED)
    return Finding(
        "unversioned_paths",
        OK,
        "HTTP status 301",
        _UNVERSIONED,
        "Docker's CLI works with it. docker-py fails: 'Error while fetching server API version'.",
        f'Give docker-py the API version: docker.from_env(version="{API_FLOOR}"); in community.docker: '
        f'api_version: "{API_FLOOR}"',
    )


def rootless(app: dict[str, Any]) -> Finding:
    """Report whether the engine is rootless: a container's ports are then not at localhost."""
    is_rootless, expected = app["engine"]["rootless"], "rootless or not"
    if is_rootless is None:
        return skipped("rootless", _ROOTLESS_UNKNOWN[app["engine"]["reachable"]], expected)
    if not is_rootless:
        return Finding("rootless", OK, "not rootless", expected)
    return Finding(
        "rootless",
        OK,
        "rootless",
        expected,
        "Containers are not in the app's network, and trusted accounts have no effect. The SDK uses "
        f"{_ROOTLESS_GATEWAY} for a container's ports from 2.248.2 on, SDK 3 uses localhost.",
        f"Use {_ROOTLESS_GATEWAY} for a container's ports if they are not at localhost.",
    )


def _set_by_user(app: dict[str, Any]) -> bool:
    """Return whether DOCKER_HOST names a missing socket and differs from the value of the app's first process."""
    missing = app["engine"]["problem"] == "no_socket"
    return missing and app["docker_host_source"] == "environment" and app["docker_host"] != app["app_docker_host"]


def _unset(app: dict[str, Any]) -> tuple[str, str]:
    if app["become"]:
        return "sudo dropped DOCKER_HOST: the cause is become, not Studio.", _WITHOUT_BECOME
    if app_user := user_instead(app):
        reason = f"The check runs as {app['user']['name']}, without the environment of the app's user."
        return reason, _as_app_user(app_user)
    if app["known_sockets"]:
        found = app["known_sockets"][0]
        return (
            f"The socket {found} exists: the app probably has Docker access, and this session lacks its environment.",
            "Run the check in a new terminal of the app.",
        )
    return _NO_ACCESS, _access(app)


def _access(app: dict[str, Any]) -> str:
    """Return the commands that show and enable the domain's Docker access, and how to apply it to the app."""
    domain = (app["resource_metadata"] or {}).get("domain_id") or "DOMAIN_ID"
    return (
        "Enable Docker access for the domain unless it is ENABLED already (aws sagemaker describe-domain --domain-id "
        f"{domain} --query DomainSettings.DockerSettings): ansible-playbook mlops.studio_local_mode.enable_local_mode "
        f"""-e '{{"domain_docker_access_domains": ["{domain}"]}}'. {_restart(app)}"""
    )


def _restart(app: dict[str, Any]) -> str:
    return _RESTART_CLASSIC if (app["resource_metadata"] or {}).get("app_type") in _CLASSIC_APPS else _RESTART


def _ownership(file: dict[str, Any]) -> str:
    if not file["exists"]:
        return f"{file['path']}, in a folder that the user may not open"
    return f"{file['path']} ({file['owner']}:{file['group']}, mode {file['mode']})"


def _no_permission(app: dict[str, Any], file: dict[str, Any]) -> tuple[str, str]:
    user = app["user"]
    owner = f"It belongs to {file['owner']}:{file['group']}" if file["exists"] else "The user may not open its folder"
    return (
        f"Permission denied. {owner}; the check runs as {user['name']} (uid {user['uid']}, gid {user['gid']}).",
        f"Run the check as the user of the app's terminal, or compare: ls -l {file['path']}; id. {_restart(app)}",
    )


def _no_answer(app: dict[str, Any], expected: str) -> Finding:
    facts, file = app["engine"], app["socket"]
    explained_before = facts["problem"] not in _NO_ANSWER or (file is not None and not file["accessible"])
    if explained_before:
        return skipped("engine", f"{facts['error']} See docker_host and socket.", expected)
    reason, remediation = _NO_ANSWER[facts["problem"]]
    if remediation != _NEW_TERMINAL:
        remediation += _restart(app)
    return Finding("engine", FAILED, facts["error"], expected, reason, remediation)
