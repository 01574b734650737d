# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import base64

import pytest
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._aws.errors import ResourceError
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._lifecycle_configs.names import NamePrefix
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._lifecycle_configs.store import (
    LifecycleConfigStore,
)
from botocore.exceptions import ClientError

PREFIX = NamePrefix("docker")
ONE, TWO = (base64.b64encode(script).decode() for script in (b"#!/bin/sh\n: one\n", b"#!/bin/sh\n: two\n"))
NAME = PREFIX.config_name("JupyterLab", base64.b64decode(ONE))


class Api:
    """A region where somebody creates a configuration after it was listed."""

    concurrency = 1

    def __init__(self, content):
        self.content = content

    def list_lifecycle_configs(self, _prefix):
        return []

    def create_lifecycle_config(self, *_arguments):
        error = {"Error": {"Code": "ResourceInUse", "Message": ""}, "ResponseMetadata": {"HTTPStatusCode": 400}}
        raise ClientError(error, "CreateStudioLifecycleConfig")

    def describe_lifecycle_config(self, name):
        return {
            "StudioLifecycleConfigArn": f"arn:{name}",
            "StudioLifecycleConfigContent": self.content,
            "CreationTime": None,
        }


def ensure(content):
    store = LifecycleConfigStore(Api(content), PREFIX, ["JupyterLab"], check_mode=False)
    return store.ensure(NAME, "JupyterLab", ONE, "arn:domain")


def test_a_configuration_that_another_run_created_meanwhile_is_used():
    assert ensure(ONE) == f"arn:{NAME}"


def test_another_content_that_somebody_created_meanwhile_is_refused():
    with pytest.raises(ResourceError, match="does not match the hash in its name"):
        ensure(TWO)
