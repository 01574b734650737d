# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The way of domains without internet: docker_debs puts the packages into S3, the app's script fetches them there."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests import iam_policies
from tests.integration.docker_cli_apps import Apps
from tests.integration.lifecycle_scripts import put_aws_cli, reachable_from_apps, render, run_at_start
from tests.sandbox import inventory, layout, world

pytestmark = pytest.mark.slow

PLAYBOOK = "playbooks/stage_docker_debs.yml"
URI = "s3://my-bucket/docker-debs"
TARGETS = [{"distribution": "ubuntu", "codename": "jammy"}]
DEBS = [
    "docker-ce-cli_20.10.24~3-0~ubuntu-jammy_amd64.deb",
    "docker-compose-plugin_2.26.1-1~ubuntu.22.04~jammy_amd64.deb",
]
VERIFICATION = ["InRelease", "Packages.gz", "key.gpg", "manifest.json"]
# As without a route to S3: nobody answers, since the queue of those that wait for an answer is full.
NO_ROUTE = """
import socket, time
listener = socket.create_server(("127.0.0.1", 8000), backlog=0)
waiting = []
for _ in range(3):
    one = socket.socket()
    one.setblocking(False)
    one.connect_ex(("127.0.0.1", 8000))
    waiting.append(one)
open("/tmp/listening", "w").close()
time.sleep(600)
"""


@pytest.fixture
def s3(endpoint):
    """A client of the sandbox's S3 with an empty bucket."""
    world.up(["mirror", "apps"])
    client = endpoint.boto3("s3")
    client.create_bucket(Bucket="my-bucket", CreateBucketConfiguration={"LocationConstraint": "eu-west-1"})
    endpoint.clear_calls()
    return client


@pytest.fixture
def apps(tmp_path):
    apps = Apps(tmp_path)
    yield apps
    apps.remove()


def stage(dest, endpoint, *arguments, **environment):
    """Run the playbook; returns whether it changed something in S3."""
    surroundings = {**inventory.environment(None), **endpoint.environment(), **environment}
    options = {
        "docker_debs_dest": str(dest),
        "docker_debs_targets": TARGETS,
        "docker_debs_s3_uri": f"{URI}/",
        "docker_debs_repository_url": f"{surroundings['SANDBOX_MIRROR_URL']}/linux",
        "docker_debs_ca_path": surroundings["SANDBOX_CA"],
        "docker_debs_key_fingerprint": surroundings["SANDBOX_KEY_FINGERPRINT"],
    }
    done = subprocess.run(
        [
            Path(sys.executable).with_name("ansible-playbook"),
            PLAYBOOK,
            f"--extra-vars={json.dumps(options)}",
            *arguments,
        ],
        cwd=layout.ROOT,
        env={**os.environ, **surroundings, "ANSIBLE_STDOUT_CALLBACK": "ansible.posix.json"},
        capture_output=True,
        text=True,
        check=False,
        timeout=600,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    plays = json.loads(done.stdout[done.stdout.index("{\n") :])["plays"]
    tasks = [task for play in plays for task in play["tasks"]]
    [upload] = [
        task["hosts"]["localhost"] for task in tasks if task["task"]["name"].endswith("Upload the bundle to S3")
    ]
    return upload["changed"]


def objects(s3):
    return [one["Key"] for one in s3.list_objects_v2(Bucket="my-bucket").get("Contents", [])]


def test_staged_to_s3_and_installed_from_there_without_internet(endpoint, s3, apps, tmp_path):
    dest = tmp_path / "debs"
    assert stage(dest, endpoint, "--check")
    assert (objects(s3), dest.exists()) == ([], False)
    assert stage(dest, endpoint)
    assert iam_policies.unused(endpoint.calls(), "stage_docker_debs_to_s3") == set()
    assert objects(s3) == [f"docker-debs/ubuntu-jammy-amd64/{file}" for file in sorted([*DEBS, *VERIFICATION])]
    assert iam_policies.not_allowed(endpoint.calls(), "stage_docker_debs_to_s3") == set()
    endpoint.clear_calls()
    assert not stage(dest, endpoint, STUDIO_ROLE_ARN=f"arn:aws:iam::{endpoint.account}:role/studio")
    own_key = endpoint.environment()["AWS_ACCESS_KEY_ID"]
    assert [call.operation for call in endpoint.calls() if call.principal == own_key] == ["AssumeRole"]
    assert not stage(dest, endpoint, "--check")

    variables = {
        "lifecycle_config_source": "s3",
        "lifecycle_config_s3_uri": URI,
        "lifecycle_config_bundle_path": str(dest),
        "lifecycle_config_targets": TARGETS,
    }
    script = render(tmp_path, {"s3": variables})["s3"]
    # The app has no way to Docker's site.
    apps.create("s3", "forbidden", programs={}, extra_hosts={"download.docker.com": "127.0.0.1"})
    for name in apps.hosts:
        put_aws_cli(apps.hosts[name])
    with reachable_from_apps(endpoint.url) as url:
        environment = {**endpoint.environment(), "AWS_ENDPOINT_URL": url}
        output = run_at_start(apps.hosts["s3"], script, environment=environment)
        s3.delete_object(Bucket="my-bucket", Key=f"docker-debs/ubuntu-jammy-amd64/{DEBS[1]}")
        failed = run_at_start(apps.hosts["forbidden"], script, environment=environment)
    assert f"Download {URI}/ubuntu-jammy-amd64/{DEBS[0]}" in output
    assert "v2." in apps.shell("s3", "docker compose version")
    assert "FAILED: Cannot download" in failed
    assert "404" in failed
    apps.create("no-route", programs={})
    put_aws_cli(apps.hosts["no-route"])
    apps.in_background("no-route", NO_ROUTE)
    apps.shell("no-route", "until [ -e /tmp/listening ]; do sleep 0.1; done")
    environment["AWS_ENDPOINT_URL"] = "http://127.0.0.1:8000"
    lost = run_at_start(apps.hosts["no-route"], script, environment=environment)
    assert "Connect timeout on endpoint URL" in lost
    assert "aws ec2 create-vpc-endpoint" in lost
