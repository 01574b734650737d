# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import pytest
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._aws.errors import SettingsError
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._lifecycle_configs.names import (
    NamePrefix,
    matches_content,
)

PREFIX = NamePrefix("docker")
ARN = "arn:aws:sagemaker:eu-west-1:123456789012:studio-lifecycle-config/docker-jupyterlab-000000000000"


def test_the_name_has_the_app_type_and_a_hash_of_the_content():
    one, two = (PREFIX.config_name("JupyterLab", content) for content in (b"one", b"two"))
    assert one.startswith("docker-jupyterlab-")
    assert one != two
    assert one == PREFIX.config_name("JupyterLab", b"one")
    assert len(NamePrefix("d" * 36).config_name("KernelGateway", b"")) == 63


@pytest.mark.parametrize(
    ("name", "matches"),
    [
        ("docker-jupyterlab-0123456789ab", True),
        (ARN, True),
        ("docker-codeeditor-0123456789ab", False),
        ("docker-jupyterlab-0123456789ab-old", False),
        ("docker-jupyterlab-of-somebody", False),
        ("my-docker-jupyterlab-0123456789ab", False),
        ("dockers-jupyterlab-0123456789ab", False),
    ],
)
def test_only_names_of_prefix_type_and_hash_match(name, matches):
    assert PREFIX.matches(name, "JupyterLab") is matches


@pytest.mark.parametrize("name", ["", "-docker", "docker-", "docker_cli", "d" * 37])
def test_a_name_that_sagemaker_would_refuse_is_refused(name):
    with pytest.raises(SettingsError, match="at most 36 letters"):
        NamePrefix(name).check()


@pytest.mark.parametrize(
    ("name", "content", "matches"),
    [
        (PREFIX.config_name("JupyterLab", b"one"), b"one", True),
        (PREFIX.config_name("JupyterLab", b"one"), b"two", False),
        ("docker-jupyterlab", b"one", None),
        ("docker-canvas-0123456789ab", b"one", None),
    ],
)
def test_content_is_compared_with_the_hash_in_the_name(name, content, matches):
    assert matches_content(name, content) is matches
