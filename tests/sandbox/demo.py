# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Demonstrate the collection from end to end: python -m tests.sandbox.demo (make demo).

Domain without Docker access, app without Docker -> one playbook -> a training job of the SageMaker SDK in the app.
"""

from __future__ import annotations

import json
import os
import shlex
import subprocess
import sys
from pathlib import Path

from tests.sandbox import app, inventory, job, layout, world
from tests.sandbox.aws_endpoint import process
from tests.sandbox.aws_endpoint.client import Endpoint
from tests.sandbox.console import SandboxError
from tests.sandbox.session_gateway.client import GatewayProcess
from tests.sandbox.studio_filter.policy import TRUSTED_ACCOUNT

PLAYBOOK = "playbooks/enable_local_mode.yml"
SPACE = "ada-jupyterlab"
VARIABLES = {
    "domain_docker_access_domains": ["demo"],
    "domain_docker_access_rootless": False,
    "domain_docker_access_trusted_accounts": [TRUSTED_ACCOUNT],
    "docker_cli_source": "internet",
}


def fresh_world(endpoint: Endpoint, policy: str = app.DOMAIN_POLICY, *, vpc_only: bool = True) -> None:
    """Create a domain without Docker access, and one running app without Docker's CLI."""
    # Another process that starts the sandbox meanwhile would start the app, too.
    with layout.lock():
        # An empty home: the packages of an earlier run would make the download unnecessary.
        subprocess.run(["find", str(layout.APP_HOME), "-mindepth", "1", "-delete"], check=True)
        app.restart(policy)
    endpoint.reset()
    domain_id = endpoint.domain("demo", {"EnableDockerAccess": "DISABLED"}, vpc_only=vpc_only)
    endpoint.app(domain_id, space=SPACE, remote_access=True)


def open_session_gateway(endpoint: Endpoint) -> GatewayProcess:
    """Let StartSession lead to the app; return the gateway, which ends with this process."""
    gateway = GatewayProcess()
    endpoint.controls(session_gateway=gateway.address)
    [space] = endpoint.boto3().list_spaces()["Spaces"]
    arn = endpoint.boto3().describe_space(DomainId=space["DomainId"], SpaceName=SPACE)["SpaceArn"]
    gateway.add_space(arn, container=app.NAME, user=app.USER, docker_host=f"unix://{layout.ENGINE_SOCKET}")
    return gateway


def playbook(endpoint: Endpoint, *arguments: str, hosts: Path = layout.INVENTORY, **run) -> subprocess.CompletedProcess:
    """Run enable_local_mode.yml for the demo's domain and app, from the checkout.

    `hosts` is the inventory: by default the app as a container; with layout.SPACES_INVENTORY a session leads to it.
    """
    command = [
        str(Path(sys.executable).with_name("ansible-playbook")),
        f"--inventory={hosts.relative_to(layout.ROOT)}",
        PLAYBOOK,
        f"--extra-vars={json.dumps(VARIABLES)}",
        *arguments,
    ]
    environment = os.environ | inventory.environment(endpoint.url)
    return subprocess.run(command, cwd=layout.ROOT, env=environment, check=False, text=True, **run)


def main() -> int:
    """Run the demo; return the exit status."""
    step("1  Start the sandbox: a fake AWS endpoint, a real Docker engine, a mirror of Docker's packages, an app")
    try:
        world.up(["aws", "mirror", "app"])
        endpoint = Endpoint(process.url(layout.AWS))
        fresh_world(endpoint)
        gateway = open_session_gateway(endpoint)
        inventory.write_spaces()
    except SandboxError as error:
        print(f"sandbox: {error}", file=sys.stderr)
        return 1
    domain = endpoint.boto3().list_domains()["Domains"][0]
    print(f"   Domain {domain['DomainName']} ({domain['DomainId']}), VPC-only, without Docker access; one running app")
    step(f"2  Enable local mode: ansible-playbook {PLAYBOOK} --extra-vars {shlex.quote(json.dumps(VARIABLES))}")
    if playbook(endpoint, hosts=layout.SPACES_INVENTORY).returncode:
        return 1
    print(f"   Ansible reached the app through {gateway.started()} session of SageMaker's StartSession")
    step("3  The same command again: nothing changes")
    again = playbook(endpoint, hosts=layout.SPACES_INVENTORY, stdout=subprocess.PIPE)
    print(again.stdout[again.stdout.index("PLAY RECAP") :].strip())
    if again.returncode or again.stdout.count("changed=0") != 2:
        print(again.stdout, file=sys.stderr)
        return 1
    step("4  A training job and an endpoint of the SageMaker Python SDK, instance_type='local', as sagemaker-user")
    try:
        result = job.run()
    except SandboxError as error:
        print(f"sandbox: {error}", file=sys.stderr)
        return 1
    step(f"5  The model that the job wrote: {json.dumps(result.model)}")
    print(f"   The endpoint's predictions for x = 0 and x = 2: {', '.join(result.predictions)}")
    print("   Look around in the app: .venv/bin/python -m tests.sandbox shell")
    print("   The sandbox is still up: `make clean` stops it.")
    return 0


def step(text: str) -> None:
    print(f"\n== {text}", flush=True)


if __name__ == "__main__":
    sys.exit(main())
