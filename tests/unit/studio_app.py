# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The facts of studio_app_info for an app in which local mode works; each test changes the facts that it needs."""

from __future__ import annotations

from typing import Any

CONDA, SYSTEM = "/opt/conda/bin/docker", "/usr/bin/docker"
PLUGIN = "/usr/libexec/docker/cli-plugins/docker-compose"
OWN_PLUGIN = "/home/sagemaker-user/.docker/cli-plugins/docker-compose"


def docker(*programs: tuple[str, str | None]) -> dict[str, Any] | None:
    """Return the fact `docker` for the (path, version) of each docker on PATH."""
    if not programs:
        return None
    path, version = programs[0]
    return {
        "path": path,
        "version": version,
        "error": None,
        "api": {"version": None, "min_version": "1.24"},
        "all": [{"path": path, "version": version, "error": None} for path, version in programs],
    }


def compose(version: str, path: str = PLUGIN, v: str = "v") -> dict[str, str]:
    return {"path": path, "version": version, "output": f"Docker Compose version {v}{version}"}


def plugin_file(path: str = PLUGIN, error: str | None = None) -> dict[str, str | None]:
    return {"path": path, "owner": "root", "error": error}


def operating_system(codename: str) -> dict[str, str]:
    name = {"focal": "ubuntu", "jammy": "ubuntu", "noble": "ubuntu"}.get(codename, "debian")
    return {
        "id": name,
        "version_id": "1",
        "codename": codename,
        "pretty_name": f"{name} {codename}",
        "upstream": None,
    }


def engine(**changes: Any) -> dict[str, Any]:
    facts = {
        "reachable": True,
        "ping_status": 200,
        "version": "20.10.24",
        "api_version": "1.41",
        "min_api_version": "1.12",
        "unversioned_redirect": True,
        "rootless": False,
        "problem": None,
        "error": None,
    }
    return {**facts, **changes}


def docker_config(**changes: Any) -> dict[str, Any]:
    facts = {
        "path": "/home/sagemaker-user/.docker/config.json",
        "error": None,
        "writable": True,
        "credential_helpers": [],
        "cli_plugins_extra_dirs": [],
        "ignored_compose": None,
    }
    return {**facts, **changes}


def unreachable_engine(problem: str, error: str) -> dict[str, Any]:
    return {**dict.fromkeys(engine()), "reachable": False, "problem": problem, "error": error}


def studio_app(**changes: Any) -> dict[str, Any]:
    """Return the facts of SageMaker Distribution 3 on jammy after the role docker_cli."""
    app = {
        "os": operating_system("jammy"),
        "architecture": "amd64",
        "user": {"name": "sagemaker-user", "uid": 1000, "gid": 100},
        "sudo": True,
        "app_user": "sagemaker-user",
        "become": False,
        "sudo_user": None,
        "python": {"executable": "/opt/conda/bin/python3", "version": "3.12.9"},
        "path": ["/opt/conda/bin", "/usr/local/bin", "/usr/bin", "/bin"],
        "docker": docker((CONDA, "27.5.1")),
        "compose": compose("2.29.2"),
        "compose_error": None,
        "blocking_variables": [],
        "buildx": None,
        "standalone_compose": None,
        "broken_programs": [],
        "unresponsive_programs": [],
        "docker_host": "unix:///docker/proxy.sock",
        "docker_host_source": "environment",
        "app_docker_host": "unix:///docker/proxy.sock",
        "docker_buildkit": "0",
        "client_environment": {"DOCKER_BUILDKIT": "0"},
        "docker_config": docker_config(),
        "socket": {
            "path": "/docker/proxy.sock",
            "exists": True,
            "is_socket": True,
            "owner": "root",
            "group": "users",
            "mode": "0660",
            "accessible": True,
        },
        "known_sockets": ["/docker/proxy.sock"],
        "engine": engine(),
        "resource_metadata": {
            "app_type": "JupyterLab",
            "domain_id": "d-abcdefghijkl",
            "space_name": "space",
            "user_profile_name": "alice",
            "resource_arn": "arn:aws:sagemaker:eu-west-1:123456789012:app/d-abcdefghijkl/space/JupyterLab/default",
        },
        "sagemaker_sdk_version": "2.245.0",
        "home": {
            "path": "/home/sagemaker-user",
            "free_bytes": 20 << 30,
            "free_inodes": 1 << 20,
            "read_only": False,
            "tmp_is_folder": True,
            "tmp_link_target": None,
            "tmp_in_home": True,
            "tmp_exists": True,
            "tmp_owner": "sagemaker-user",
            "tmp_writable": True,
        },
        "installed_packages": {"docker-compose-plugin": "2.29.2-1~ubuntu.22.04~jammy"},
        "home_packages": {},
        "lifecycle_config": {
            "status": "done",
            "message": "nothing installed.",
            "remediation": "",
            "log": "/home/sagemaker-user/.cache/mlops.studio_local_mode/lifecycle_config/app.log",
            "log_group": "/aws/sagemaker/studio",
            "log_stream": "d-abcdefghijkl/space/JupyterLab/default/LifecycleConfigOnStart",
            "updated_at": "2026-11-25T22:39:02Z",
            "since_app_start": True,
        },
    }
    found = {**app, **changes}
    files = [found["compose"]["path"]] if found["compose"] and found["compose"]["path"] else []
    return {"compose_plugins": [plugin_file(path) for path in files], **found}
