# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""An app reaches AWS's names, has the credentials of its role, and the engine has a registry with ECR's names."""

from __future__ import annotations

import io
import os
from typing import TYPE_CHECKING

import docker
import pytest

from tests.sandbox import app, aws_relay, containers, engine, sdk, world
from tests.sandbox.aws_relay.server import dns_response
from tests.sandbox.studio_filter.policy import OWN_ACCOUNT

if TYPE_CHECKING:
    from collections.abc import Iterator

    from docker.models.containers import Container

pytestmark = pytest.mark.xdist_group("sandbox_app")

_BOTO3 = """
import boto3
session = boto3.Session()
print(session.region_name, session.get_credentials().token)
print(session.client("sts").get_caller_identity()["Account"])
s3 = session.client("s3")
s3.create_bucket(Bucket="any-name", CreateBucketConfiguration={"LocationConstraint": session.region_name})
s3.put_object(Bucket="any-name", Key="a/key", Body=b"x" * 3_000_000)
print(len(s3.get_object(Bucket="any-name", Key="a/key")["Body"].read()))
"""


@pytest.fixture(scope="module")
def studio_app() -> Iterator[Container]:
    world.up(["aws", "app"])
    container = app.create(f"aws-test-{os.getpid()}", mounts=sdk.mounts(), aws=True)
    yield container
    container.remove(force=True)


def test_boto3_needs_no_configuration(studio_app: Container) -> None:
    result = containers.shell(studio_app, f"python3 - <<'END'{_BOTO3}END", app.USER)
    assert result.exit_code == 0, result.output.decode()
    assert result.output.decode().split() == ["eu-west-1", "a-token-only-in-name", OWN_ACCOUNT, "3000000"]


def test_other_names_do_not_exist(studio_app: Container) -> None:
    result = containers.shell(studio_app, "getent hosts example.com || echo none", app.USER)
    assert result.output.decode().strip() == "none"


def test_an_image_is_pushed_and_pulled_with_ecr_s_login(studio_app: Container) -> None:
    client = engine.client()
    repository = f"{aws_relay.registry_host(OWN_ACCOUNT)}/relay-test"
    dockerfile = io.BytesIO(f"FROM scratch\nLABEL test={os.getpid()}\nWORKDIR /empty\n".encode())
    client.images.build(fileobj=dockerfile, tag=f"{repository}:1", network_mode="none")
    login = {"username": "AWS", "password": f"{OWN_ACCOUNT}-auth-token"}
    assert "no basic auth credentials" in client.images.push(repository, "1")
    assert "digest: sha256:" in client.images.push(repository, "1", auth_config=login)
    pushed = client.images.get(f"{repository}:1").id
    client.images.remove(f"{repository}:1")
    assert client.images.pull(repository, "1", auth_config=login).id == pushed
    client.images.remove(f"{repository}:1")
    with pytest.raises(docker.errors.NotFound, match="Requested image not found"):
        client.images.pull(repository, "2", auth_config=login)


@pytest.mark.parametrize(("name", "answers"), [("s3.eu-west-1.amazonaws.com", 1), ("pypi.example", 0)])
def test_dns(name: str, answers: int) -> None:
    labels = b"".join(bytes([len(label)]) + label.encode() for label in name.split("."))
    query = b"\x12\x34\x01\x00\x00\x01\x00\x00\x00\x00\x00\x00" + labels + b"\x00\x00\x01\x00\x01"
    response = dns_response(query, "169.254.170.2")
    assert response[:2] == query[:2]
    assert response[3] & 0x0F == (0 if answers else 3)
    assert response[6:8] == answers.to_bytes(2, "big")
    assert response.endswith(b"\xa9\xfe\xaa\x02" if answers else query[12:])
