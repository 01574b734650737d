# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import base64

import pytest
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._aws import retries
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._aws.errors import ResourceError
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._lifecycle_configs.names import NamePrefix
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._lifecycle_configs.store import (
    LifecycleConfigStore,
)
from botocore.exceptions import ClientError, ConnectionClosedError

from tests.unit.scripted_sagemaker import ScriptedSageMaker, hurry, refusal

PREFIX = NamePrefix("docker")
ONE, TWO = (base64.b64encode(script).decode() for script in (b"#!/bin/sh\n: one\n", b"#!/bin/sh\n: two\n"))
NAME = PREFIX.config_name("JupyterLab", base64.b64decode(ONE))


class Api:
    """A region where somebody creates a configuration after it was listed."""

    concurrency = 1

    def __init__(self, content, app_type="JupyterLab", lost_answers=0):
        self.content = content
        self.app_type = app_type
        self.lost_answers = lost_answers

    def list_lifecycle_configs(self, _prefix):
        return []

    def create_lifecycle_config(self, *_arguments):
        if self.lost_answers:
            self.lost_answers -= 1
            raise ConnectionClosedError(endpoint_url="https://api.sagemaker.eu-west-1.amazonaws.com")
        error = {"Error": {"Code": "ResourceInUse", "Message": ""}, "ResponseMetadata": {"HTTPStatusCode": 400}}
        raise ClientError(error, "CreateStudioLifecycleConfig")

    def describe_lifecycle_config(self, name):
        return {
            "StudioLifecycleConfigArn": f"arn:{name}",
            "StudioLifecycleConfigAppType": self.app_type,
            "StudioLifecycleConfigContent": self.content,
            "CreationTime": None,
        }


def store_of(api):
    return LifecycleConfigStore(api, PREFIX, ["JupyterLab"], check_mode=False)


def ensure(store):
    return store.ensure(NAME, "JupyterLab", ONE, "arn:domain")


def test_a_configuration_that_another_run_created_meanwhile_is_used():
    store = store_of(Api(ONE))
    assert ensure(store) == f"arn:{NAME}"
    assert store.created == []


def test_a_creation_without_an_answer_is_this_runs_own(monkeypatch):
    monkeypatch.setattr(retries.stop, "pause", lambda _seconds: None)
    store = store_of(Api(ONE, lost_answers=1))
    assert ensure(store) == f"arn:{NAME}"
    assert store.created == [NAME]


@pytest.mark.parametrize(
    ("api", "contradiction"),
    [(Api(TWO), "does not match the hash in its name"), (Api(ONE, "CodeEditor"), "app type of .* does not match")],
)
def test_another_one_that_somebody_created_meanwhile_is_refused(api, contradiction):
    store = store_of(api)
    with pytest.raises(ResourceError, match=contradiction):
        ensure(store)
    assert store.created == []


def test_a_new_configuration_is_described_as_soon_as_it_is_visible(monkeypatch):
    hurry(monkeypatch)
    described = {"StudioLifecycleConfigArn": f"arn:{NAME}", "StudioLifecycleConfigContent": ONE}
    missing = refusal("ResourceNotFound")
    assert created(ScriptedSageMaker(describe_studio_lifecycle_config=[missing, missing, described])) == f"arn:{NAME}"
    hurry(monkeypatch, stale_seconds=0.1)
    with pytest.raises(ResourceError, match=f"created the lifecycle configuration {NAME}, and does not describe it"):
        created(ScriptedSageMaker(describe_studio_lifecycle_config=[missing]))


def created(sagemaker):
    store = LifecycleConfigStore(sagemaker.api(), PREFIX, ["JupyterLab"], check_mode=False)
    return store.ensure(NAME, "JupyterLab", ONE, "arn:domain")
