# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The calls that the sandbox's filter allows and denies, row by row."""

from __future__ import annotations

import io
import json
import re
import tarfile
from dataclasses import replace

import pytest

from tests.sandbox.studio_filter import operations
from tests.sandbox.studio_filter.build_context import base_images, parse
from tests.sandbox.studio_filter.call import Call
from tests.sandbox.studio_filter.policy import EXCEPTIONS, METADATA_MOUNT, OWN_ACCOUNT, POLICIES, TRUSTED_ACCOUNT
from tests.sandbox.studio_filter.record import Recorder

INTERNET, VPC_ONLY, ROOTLESS, DOCUMENTED = (
    POLICIES[name] for name in ("internet", "vpc-only", "rootless", "documented")
)
TRUSTED = f"{TRUSTED_ACCOUNT}.dkr.ecr.eu-west-1.amazonaws.com/job:1"
UNTRUSTED = "210987654321.dkr.ecr.eu-west-1.amazonaws.com/job:1"
HOME = "/home/sagemaker-user"


def create(image=TRUSTED, network="sagemaker", **host_config):
    body = {"Image": image, "HostConfig": {"NetworkMode": network, **host_config}}
    return replace(Call.of("POST", "/v1.41/containers/create?name=x"), body=body)


def build(query="networkmode=sagemaker", *base):
    return replace(Call.of("POST", f"/v1.41/build?{query}"), base_images=base)


def mount(source):
    return {"Type": "bind", "Source": source, "Target": "/x"}


ENDPOINTS = {"NetworkingConfig": {"EndpointsConfig": {"other": {}}}}
NETWORK_DENIED = "[ContainerCreate] SageMaker Studio Docker Usage only allows 'sagemaker' as network input"
NOT_ALLOWED = "The request for current resource is not allowed on SageMaker Studio."

DENIED = [
    pytest.param(create(network="default"), INTERNET, NETWORK_DENIED, id="no network given"),
    pytest.param(create(network=""), INTERNET, NETWORK_DENIED, id="an empty network"),
    pytest.param(create(network="host"), INTERNET, NETWORK_DENIED, id="the host's network"),
    pytest.param(
        replace(create(), body={**create().body, **ENDPOINTS}), INTERNET, NETWORK_DENIED, id="a second network"
    ),
    pytest.param(build("t=x"), INTERNET, "[ImageBuild] 'sagemaker' is the only user allowed network input", id="build"),
    pytest.param(create(Privileged=True), INTERNET, "does not allow privileged mode execution", id="privileged"),
    pytest.param(create(network="", Privileged=True), INTERNET, "privileged mode execution", id="what buildx asks for"),
    pytest.param(create(Binds=["/etc:/x:ro"]), INTERNET, "not from /etc", id="bind of another folder"),
    pytest.param(create(Binds=[f"{HOME}/../root:/x"]), INTERNET, "not from", id="bind out of the home"),
    pytest.param(create(Binds=[f"{HOME}-other:/x"]), INTERNET, "not from", id="bind of the home's namesake"),
    pytest.param(create(Mounts=[mount("/")]), INTERNET, "not from /", id="mount of everything"),
    pytest.param(create(Binds=["volume:/x"]), INTERNET, "not the volume volume", id="a named volume"),
    pytest.param(create(Mounts=[{"Type": "volume", "Source": "v"}]), INTERNET, "not the volume v", id="mount of one"),
    pytest.param(create(Mounts=[{"Type": "tmpfs", "Target": "/t"}]), INTERNET, "not the volume /t", id="tmpfs"),
    pytest.param(create(VolumesFrom=["other"]), INTERNET, "not the volume other", id="another container's volumes"),
    pytest.param(
        replace(create(), body={**create().body, "Volumes": {"/x": {}}}),
        INTERNET,
        "volume /x",
        id="an anonymous volume",
    ),
    pytest.param(create(Binds=["/opt/ml/metadata:/x"]), DOCUMENTED, "not from /opt/ml/metadata", id="no exception"),
    pytest.param(create(SecurityOpt=["seccomp=unconfined"]), INTERNET, "seccomp=unconfined", id="elevated seccomp"),
    pytest.param(create(PortBindings={"80/tcp": [{}]}), INTERNET, "port bindings", id="ports"),
    pytest.param(create(PublishAllPorts=True), ROOTLESS, "port bindings", id="all ports with rootless"),
    pytest.param(create("busybox"), VPC_ONLY, "[ValidateVPCOnlyModeImage] Image busybox is not an ECR", id="Hub"),
    pytest.param(create(UNTRUSTED), VPC_ONLY, f"Image {UNTRUSTED} is not", id="an untrusted account's image"),
    pytest.param(create("public.ecr.aws/x/y:1"), VPC_ONLY, "not an ECR Image", id="public ECR"),
    pytest.param(Call.of("POST", "/v1.41/images/create?fromImage=busybox&tag=1"), VPC_ONLY, "busybox", id="pull"),
    pytest.param(Call.of("POST", f"/v1.41/images/{UNTRUSTED[:-2]}/push?tag=1"), VPC_ONLY, "is not an ECR", id="push"),
    pytest.param(build("networkmode=sagemaker", TRUSTED, "scratch"), VPC_ONLY, "Image scratch is", id="FROM scratch"),
]


@pytest.mark.parametrize(("call", "policy", "words"), DENIED)
def test_denied(call, policy, words):
    assert words in (operations.denial(call, policy) or "")


def test_every_limit_has_a_case_that_it_denies():
    calls = [case.values[:2] for case in DENIED]
    used = {
        (row.id, limit)
        for call, policy in calls
        if (row := operations.find(call))
        for limit in row.limits
        if limit(call, policy)
    }
    assert used == {(row.id, limit) for row in operations.TABLE for limit in row.limits}


LET_THROUGH = [
    pytest.param(create("busybox"), INTERNET, id="any image with internet"),
    pytest.param(create("busybox"), ROOTLESS, id="any image with rootless"),
    pytest.param(create(), VPC_ONLY, id="an image of the trusted account"),
    pytest.param(
        create(TRUSTED.replace(TRUSTED_ACCOUNT, OWN_ACCOUNT)), VPC_ONLY, id="an image of the domain's account"
    ),
    pytest.param(create(Binds=[f"{HOME}/job/a:/opt/ml/input"]), INTERNET, id="bind from the home"),
    pytest.param(create(Binds=[f"{HOME}:/x:ro"]), INTERNET, id="the home itself"),
    pytest.param(create(Mounts=[mount(f"{HOME}/x")]), INTERNET, id="mount from the home"),
    pytest.param(
        replace(create(Binds=[f"{HOME}/a:/x"]), body={**create(Binds=[f"{HOME}/a:/x"]).body, "Volumes": {"/x": {}}}),
        INTERNET,
        id="a bind mount whose target is named twice",
    ),
    pytest.param(create(SecurityOpt=["no-new-privileges"]), INTERNET, id="fewer privileges"),
    pytest.param(
        Call.of("POST", f"/v1.41/images/{TRUSTED[:-2]}/push?tag=1"), VPC_ONLY, id="push to the trusted account"
    ),
    pytest.param(create(Binds=["/opt/ml/metadata:/opt/ml/metadata"]), INTERNET, id="what the SDK 3 mounts"),
    pytest.param(create(DeviceRequests=[{"Count": -1}]), INTERNET, id="GPUs"),
    pytest.param(build("networkmode=sagemaker", "scratch"), INTERNET, id="FROM scratch with internet"),
    pytest.param(build("networkmode=sagemaker", TRUSTED), VPC_ONLY, id="FROM the trusted account"),
    pytest.param(Call.of("POST", "/v1.41/images/create?fromSrc=-"), VPC_ONLY, id="import"),
    pytest.param(Call.of("POST", "/v1.41/containers/x/attach?stream=1"), INTERNET, id="attach"),
    pytest.param(Call.of("GET", "/v1.41/containers/x/logs?follow=1"), INTERNET, id="logs"),
    pytest.param(Call.of("GET", "/v1.41/events"), INTERNET, id="events"),
]


@pytest.mark.parametrize(("call", "policy"), LET_THROUGH)
def test_allowed(call, policy):
    assert operations.denial(call, policy) is None


@pytest.mark.parametrize(
    ("target", "path", "redirected"),
    [
        ("/v1.41/version", "/version", False),
        ("/v1.24/containers/a%2Fb/json?size=1", "/containers/a/b/json", False),
        ("/version", "/version", True),
        ("/grpc", "/grpc", True),
        ("/_ping", "/_ping", False),
        ("/vx/version", "/vx/version", True),
    ],
)
def test_a_path_without_a_version_is_redirected(target, path, redirected):
    call = Call.of("GET", target)
    assert (call.path, call.is_redirected) == (path, redirected)


@pytest.mark.parametrize(
    ("call", "policy", "part"),
    [
        (Call.of("POST", "/v1.41/containers/create"), INTERNET, "body"),
        (build(), VPC_ONLY, "base images"),
        # A context is forwarded unread if no rule needs it.
        (build(), INTERNET, None),
        (build(), ROOTLESS, None),
        (Call.of("POST", "/v1.41/images/load"), VPC_ONLY, None),
        (Call.of("GET", "/v1.41/containers/create"), VPC_ONLY, None),
    ],
)
def test_only_the_parts_that_a_rule_needs_are_read(call, policy, part):
    assert operations.reads(call, policy) == part


@pytest.mark.parametrize(
    ("dockerfile", "arguments", "images"),
    [
        ("FROM scratch", {}, ["scratch"]),
        ("# FROM a\n  from --platform=linux/amd64 b AS c\nRUN echo FROM d", {}, ["b"]),
        ("FROM a AS base\nFROM BASE\nFROM b", {}, ["a", "b"]),
        ("ARG I=a:1\nFROM $I\nFROM ${I}", {}, ["a:1"]),
        ("ARG I=a\nFROM $I", {"I": "b"}, ["b"]),
        ("ARG I\nFROM ${I:-c}", {"I": None}, ["c"]),
        ("FROM a\nARG I=b\nFROM ${I:-c}", {}, ["a", "c"]),
    ],
)
def test_images_of_a_dockerfile(dockerfile, arguments, images):
    assert parse(dockerfile, arguments) == tuple(images)


def context(name, content):
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w:gz") as archive:
        member = tarfile.TarInfo(name)
        member.size = len(content)
        archive.addfile(member, io.BytesIO(content))
    buffer.seek(0)
    return buffer


def test_the_dockerfile_is_found_in_the_context():
    assert base_images(context("./Dockerfile", b"FROM a"), {}) == ("a",)
    query = {"dockerfile": "x/own", "buildargs": '{"I": "b"}'}
    assert base_images(context("x/own", b"ARG I\nFROM $I"), query) == ("b",)
    # The engine returns the best error message for these.
    assert base_images(context("other", b"FROM a"), {}) == ()
    assert base_images(io.BytesIO(b"no archive"), {}) == ()


# AWS guide, studio-updated-local.md, "Docker operations supported".
IN_TABLE = """
    POST /auth|GET /events|GET /version|GET /_ping|HEAD /_ping
    POST /containers/create|POST /containers/x/start|POST /containers/x/stop|POST /containers/x/kill
    DELETE /containers/x|GET /containers/json|GET /containers/x/logs|GET /containers/x/json|POST /containers/x/wait
    POST /containers/x/attach|POST /containers/prune|POST /containers/x/resize
    POST /images/create|POST /images/prune|POST /images/012345678901.dkr.ecr.eu-west-1.amazonaws.com/job/push
    GET /images/json|GET /images/a/b:1/json|GET /images/a/b/get|DELETE /images/a/b:1|POST /build
"""
NOT_IN_TABLE = """
    POST /containers/x/exec|POST /exec/x/start|POST /exec/x/resize|GET /exec/x/json
    GET /containers/x/archive|PUT /containers/x/archive|HEAD /containers/x/archive|GET /containers/x/export
    GET /containers/x/stats|GET /containers/x/top|GET /containers/x/changes|POST /containers/x/update
    POST /containers/x/restart|POST /containers/x/pause|POST /containers/x/unpause|GET /containers/x/attach/ws
    POST /images/x/tag|POST /images/load|GET /images/get|GET /images/x/history|GET /images/search|POST /commit
    POST /build/prune|POST /session|GET /system/df|GET /distribution/x/json|GET /plugins|POST /swarm/init
    GET /networks|GET /networks/sagemaker|POST /networks/create|POST /networks/x/connect|DELETE /networks/x
    POST /networks/prune|GET /volumes|POST /volumes/create|GET /volumes/x|DELETE /volumes/x|POST /volumes/prune
"""


def calls(text):
    return [Call(*call.split()) for line in text.split("\n") for call in line.split("|") if call.strip()]


def test_each_row_is_called_by_its_method_and_path():
    found = [operations.find(call) for call in calls(IN_TABLE)]
    assert found == list(operations.TABLE)
    assert len({row.id for row in found}) == 25


@pytest.mark.parametrize("call", calls(NOT_IN_TABLE), ids=lambda call: f"{call.method} {call.path}")
def test_what_is_not_in_the_table_is_denied(call):
    assert operations.denial(call, INTERNET) == NOT_ALLOWED


@pytest.mark.parametrize("call", [Call("GET", "/info"), Call("POST", "/containers/x/rename")])
def test_a_named_exception_is_let_through_unless_switched_off(call):
    assert operations.denial(call, INTERNET) is None
    assert operations.denial(call, DOCUMENTED) == NOT_ALLOWED


def test_every_exception_has_a_name_and_a_reason():
    assert {row.id for row in operations.NOT_IN_TABLE} | {METADATA_MOUNT} == set(EXCEPTIONS)
    assert all(re.match(r"(The )?(SDK|Compose)", reason) for reason in EXCEPTIONS.values())


def test_operations_are_recorded_once_with_their_policy(tmp_path):
    recorder = Recorder(tmp_path)
    for target in ("/v1.41/containers/a/json", "/v1.41/containers/b/json", "/v1.41/volumes", "/version"):
        recorder.record("internet", Call.of("GET", target))
    recorder.record("rootless", Call.of("GET", "/v1.41/info"))
    assert json.loads((tmp_path / "calls.json").read_text()) == {
        "internet": ["ContainerInspect", "GET /version", "GET /volumes"],
        "rootless": ["SystemInfo"],
    }
