# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import pytest
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._studio.container_check import container


@pytest.mark.parametrize("result", [None, {"skipped": True}, {"changed": False}])
def test_not_asked_for(result):
    assert container(result).status == "skipped"


def test_it_ran():
    assert container({"rc": 0, "stderr": "Forbidden"}).status == "ok"


# Messages as reported in public; the sources stand beside each symptom.
@pytest.mark.parametrize(
    ("stderr", "todo"),
    [
        (
            "Error response from daemon: Forbidden. Reason: [ContainerCreate] SageMaker Studio Docker Usage only "
            "allows 'sagemaker' as network input.",
            "--network sagemaker",
        ),
        (
            "Forbidden. Reason: [ImageBuild] 'sagemaker' is the only user allowed network input",
            "docker build --network",
        ),
        (
            "Forbidden. Reason: [ContainerCreate] SageMaker Studio Docker Usage does not allow privileged mode "
            "execution",
            "DOCKER_BUILDKIT=0",
        ),
        ("Forbidden. Reason: [ValidateVPCOnlyModeImage] Image scratch is not an ECR Image.", "trusted_accounts"),
        ("The request for current resource is not allowed on SageMaker Studio.", "docker exec"),
        ("Cannot connect to the Docker daemon at unix:///s. Is the docker daemon running?", "those say"),
        ("Error: API version 1.41 is not supported by this client: the minimum is 1.44", "install_docker_cli"),
        ("write /x: no space left on device", "docker image prune"),
        ("Unable to find image 'x:1' locally", "docker pull"),
        ("something new", "by hand"),
    ],
)
def test_a_denial_is_named_with_what_to_do(stderr, todo):
    found = container({"rc": 125, "stderr": stderr})
    assert (found.status, found.seen) == ("failed", stderr)
    assert todo in found.todo
    assert found.why


def test_a_command_that_could_not_be_started():
    found = container({"rc": 2, "stderr": "", "msg": "No such file: docker"})
    assert (found.status, found.seen) == ("failed", "No such file: docker")
    assert container({"rc": 3}).seen == "exit status 3"
