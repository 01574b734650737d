# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The inventory and the environment for Ansible in the sandbox."""

from __future__ import annotations

import shlex
from typing import TYPE_CHECKING

import yaml

from . import app, engine, layout
from .mirror import service, signing

if TYPE_CHECKING:
    from collections.abc import Mapping


def write(aws_url: str | None) -> None:
    """Write .sandbox/env.sh for the running parts and, with an engine, .sandbox/inventory.yml."""
    layout.ENVIRONMENT.write_text(exports(environment(aws_url)))
    if engine.is_up():
        layout.INVENTORY.write_text(yaml.safe_dump(inventory(), sort_keys=False))


def inventory() -> dict[str, object]:
    """Return the group `studio_apps` with the demo app, which Ansible connects to through the engine.

    It connects as the image's user: with a name, the connection would request Docker's version twice a task.
    """
    variables: dict[str, object] = {
        "ansible_connection": "community.docker.docker",
        "ansible_docker_extra_args": f"-H unix://{layout.ENGINE_SOCKET}",
        "ansible_python_interpreter": "/opt/conda/bin/python3",
        **_of_apps(),
    }
    return {"studio_apps": {"hosts": {app.NAME: None}, "vars": variables}}


def _of_apps() -> dict[str, str]:
    """Return the variables with which apps use the sandbox's mirror."""
    fingerprint = {"docker_cli_key_fingerprint": signing.fingerprint()} if service.url() else {}
    return {"docker_cli_ca_path": app.CA_PATH, **fingerprint}


def write_spaces() -> None:
    """Write the inventory that finds the demo app as its users find theirs: by AWS's API."""
    of_apps = layout.SPACES_INVENTORY / "group_vars" / "studio_apps.yml"
    of_apps.parent.mkdir(parents=True, exist_ok=True)
    source = {"plugin": "mlops.studio_local_mode.studio_spaces", "regions": ["eu-west-1"]}
    (layout.SPACES_INVENTORY / "studio_spaces.yml").write_text(yaml.safe_dump(source))
    of_apps.write_text(yaml.safe_dump({**_of_apps(), "ansible_python_interpreter": "/opt/conda/bin/python3"}))


def environment(aws_url: str | None) -> dict[str, str]:
    """Return the environment variables that connect boto3, Ansible and Docker's clients to the sandbox."""
    variables = {"ANSIBLE_COLLECTIONS_PATH": str(layout.COLLECTIONS)}
    if aws_url:
        variables |= {
            "AWS_ENDPOINT_URL": aws_url,
            "AWS_ACCESS_KEY_ID": "testing",
            "AWS_SECRET_ACCESS_KEY": "testing",
            "AWS_DEFAULT_REGION": "eu-west-1",
        }
    if engine.is_up():
        variables |= {"DOCKER_HOST": f"unix://{layout.ENGINE_SOCKET}", "SANDBOX_PROXIES": str(layout.PROXIES)}
        if mirror_url := service.url():
            variables |= {
                "SANDBOX_MIRROR_URL": mirror_url,
                "SANDBOX_CA": str(layout.CA),
                "SANDBOX_KEY_FINGERPRINT": signing.fingerprint(),
            }
    return variables


def exports(variables: Mapping[str, str]) -> str:
    """Return the variables as shell commands to source."""
    return "".join(f"export {name}={shlex.quote(value)}\n" for name, value in variables.items())
