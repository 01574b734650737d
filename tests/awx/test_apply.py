# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""make awx-apply against a stand-in for AWX's API: it creates the configured objects and is idempotent."""

from __future__ import annotations

import json
import os
import re
import subprocess
from itertools import pairwise

import pytest

from tests.awx import awx_api_stand_in, checkout, configuration, discovery
from tests.sandbox import layout

pytestmark = pytest.mark.xdist_group("apply")


@pytest.fixture(scope="module")
def awx():
    awx = awx_api_stand_in.Awx(set(discovery.playbooks(layout.ROOT, checkout.files())))
    awx.create("credentials", {"name": "AWS of the platform team"})
    return awx


@pytest.fixture(scope="module")
def url(awx):
    with awx_api_stand_in.serving(awx) as url:
        yield url


def apply(url, *arguments, token=awx_api_stand_in.TOKEN, settings=None):
    """Run the Makefile's target and return its exit status and output."""
    command = ["make", "awx-apply", f"AWX_ARGS={' '.join(arguments)}", f"AWX_VARS={json.dumps(settings or {})}"]
    environment = {**os.environ, "AWX_URL": url, "AWX_TOKEN": token}
    done = subprocess.run(
        command, cwd=layout.ROOT, env=environment, capture_output=True, text=True, check=False, timeout=300
    )
    return done.returncode, done.stdout + done.stderr


def changed(output):
    """Return the number of changed tasks."""
    return int(re.search(r"localhost +: .*changed=(\d+)", output).group(1))


def test_a_missing_token_is_an_error():
    status, output = apply("", token="")
    assert status != 0
    assert "Set AWX_URL and AWX_TOKEN" in output


def test_apply_creates_the_configuration_and_is_idempotent(awx, url):
    status, output = apply(url, "--check")
    assert status == 0, output
    assert awx.changes == []
    assert changed(output) > 0
    assert "Check mode skipped" in output

    named = {"studio_awx_aws_credentials": ["AWS of the platform team"]}
    status, output = apply(url, settings=named)
    assert status == 0, output
    templates = awx.named("job_templates")
    assert set(templates) == set(configuration.job_templates())
    for name, template in configuration.job_templates().items():
        assert awx.surveys.get(templates[name]["id"]) == template.get("survey_spec")
        assert awx.links[(templates[name]["id"], "labels")] == [awx.named("labels")["studio-local-mode"]["id"]]
    nodes = awx.named("workflow_job_template_nodes")
    order = ["audit", "approve", "enable", "install", "check"]
    for node, following in pairwise(order):
        assert awx.links[(nodes[node]["id"], "success_nodes")] == [nodes[following]["id"]]
    assert awx.objects[nodes["approve"]["unified_job_template"]]["type"] == "workflow_approval_template"
    assert nodes["enable"]["unified_job_template"] == templates["Studio local mode - enable domains"]["id"]
    [kind] = awx.of("credential_types")
    assert kind["injectors"]["env"]["AWS_REGION"] == "{{ region }}"

    [credential] = awx.of("credentials")
    assert awx.links[(templates["Studio local mode - enable domains"]["id"], "credentials")] == [credential["id"]]

    # In check mode the modules report every request that they would send as a change.
    # The settings name no credential now, so that the attached ones stay.
    awx.changes.clear()
    # Somebody removed the last node, so that no link can lead to it.
    del awx.objects[nodes["check"]["id"]]
    status, output = apply(url, "--check", settings={"studio_awx_slices": 4})
    assert status == 0, output
    reported = re.findall(r"^changed: \[localhost\] => \(item=(.*)\)", output, re.MULTILINE)
    assert reported == ["Studio local mode - install in apps", "Studio local mode - check apps", "check"]
    assert "Check mode skipped" in output
    assert awx.changes == []
