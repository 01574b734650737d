# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The calls that the sandbox's filter allows and denies, rule by rule."""

from __future__ import annotations

import io
import tarfile
from dataclasses import replace

import pytest

from tests.sandbox.studio_filter import rules
from tests.sandbox.studio_filter.build_context import base_images, parse
from tests.sandbox.studio_filter.policy import OWN_ACCOUNT, POLICIES, TRUSTED_ACCOUNT
from tests.sandbox.studio_filter.rules import Call

INTERNET, VPC_ONLY, ROOTLESS = (POLICIES[name] for name in ("internet", "vpc-only", "rootless"))
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
    pytest.param(create(PortBindings={"80/tcp": [{}]}), INTERNET, "port bindings", id="ports"),
    pytest.param(create(PublishAllPorts=True), ROOTLESS, "port bindings", id="all ports with rootless"),
    pytest.param(create("busybox"), VPC_ONLY, "[ValidateVPCOnlyModeImage] Image busybox is not an ECR", id="Hub"),
    pytest.param(create(UNTRUSTED), VPC_ONLY, f"Image {UNTRUSTED} is not", id="an untrusted account's image"),
    pytest.param(create("public.ecr.aws/x/y:1"), VPC_ONLY, "not an ECR Image", id="public ECR"),
    pytest.param(Call.of("POST", "/v1.41/images/create?fromImage=busybox&tag=1"), VPC_ONLY, "busybox", id="pull"),
    pytest.param(build("networkmode=sagemaker", TRUSTED, "scratch"), VPC_ONLY, "Image scratch is", id="FROM scratch"),
    pytest.param(Call.of("POST", "/v1.41/containers/x/exec"), INTERNET, NOT_ALLOWED, id="exec"),
    pytest.param(Call.of("POST", "/v1.41/exec/x/start"), INTERNET, NOT_ALLOWED, id="exec start"),
    pytest.param(Call.of("POST", "/v1.41/networks/create"), INTERNET, NOT_ALLOWED, id="network create"),
    pytest.param(Call.of("POST", "/v1.41/networks/x/connect"), INTERNET, NOT_ALLOWED, id="network connect"),
    pytest.param(Call.of("GET", "/v1.41/networks/sagemaker"), INTERNET, NOT_ALLOWED, id="network inspect"),
    pytest.param(Call.of("DELETE", "/v1.41/networks/x"), INTERNET, NOT_ALLOWED, id="network rm"),
]


@pytest.mark.parametrize(("call", "policy", "words"), DENIED)
def test_denied(call, policy, words):
    assert words in (rules.denial(call, policy) or "")


def test_every_rule_has_a_case_that_it_denies():
    cases = [case.values[:2] for case in DENIED]
    used = {
        rule
        for call, policy in cases
        for rule in rules._concerning(call)
        if rule.reason is None or rule.reason(call, policy)
    }
    assert set(rules.RULES) == used


LET_THROUGH = [
    pytest.param(create("busybox"), INTERNET, id="any image with internet"),
    pytest.param(create("busybox"), ROOTLESS, id="any image with rootless"),
    pytest.param(create(), VPC_ONLY, id="an image of the trusted account"),
    pytest.param(
        create(TRUSTED.replace(TRUSTED_ACCOUNT, OWN_ACCOUNT)), VPC_ONLY, id="an image of the domain's account"
    ),
    pytest.param(create(Binds=[f"{HOME}/job/a:/opt/ml/input"]), INTERNET, id="bind from the home"),
    pytest.param(create(Binds=[HOME, "volume:/x"]), INTERNET, id="the home itself, and a named volume"),
    pytest.param(create(Mounts=[mount(f"{HOME}/x")]), INTERNET, id="mount from the home"),
    pytest.param(create(Mounts=[{"Type": "volume", "Source": "v"}]), INTERNET, id="mount of a volume"),
    pytest.param(create(Binds=["/opt/ml/metadata:/opt/ml/metadata"]), INTERNET, id="what the SDK 3 mounts"),
    pytest.param(create(DeviceRequests=[{"Count": -1}]), INTERNET, id="GPUs"),
    pytest.param(build("networkmode=sagemaker", "scratch"), INTERNET, id="FROM scratch with internet"),
    pytest.param(build("networkmode=sagemaker", TRUSTED), VPC_ONLY, id="FROM the trusted account"),
    pytest.param(Call.of("POST", "/v1.41/images/create?fromSrc=-"), VPC_ONLY, id="import"),
    pytest.param(Call.of("GET", "/v1.41/networks"), INTERNET, id="network ls"),
    pytest.param(Call.of("POST", "/v1.41/containers/x/attach?stream=1"), INTERNET, id="attach"),
    pytest.param(Call.of("GET", "/v1.41/containers/x/logs?follow=1"), INTERNET, id="logs"),
    pytest.param(Call.of("GET", "/v1.41/events"), INTERNET, id="events"),
]


@pytest.mark.parametrize(("call", "policy"), LET_THROUGH)
def test_allowed(call, policy):
    assert rules.denial(call, policy) is None


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
    assert rules.reads(call, policy) == part


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


@pytest.mark.parametrize(
    ("call", "allowed"),
    [
        ("HEAD /_ping", True),
        ("GET /version", True),
        ("POST /containers/x/wait", True),
        ("GET /images/012345678901.dkr.ecr.eu-west-1.amazonaws.com/job:1/json", True),
        ("DELETE /containers/x", True),
        ("GET /info", False),
        ("GET /system/df", False),
        ("GET /containers/x/archive", False),
        ("POST /containers/x/rename", False),
        ("POST /images/x/tag", False),
        ("POST /images/load", False),
        ("POST /volumes/create", False),
    ],
)
def test_only_documented_operations(call, allowed):
    method, path = call.split()
    message = rules.denial(rules.Call(method, path), POLICIES["documented"])
    assert (message is None) is allowed
    assert rules.denial(rules.Call(method, path), POLICIES["internet"]) is None
