# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""make awx-apply: from an empty AWX to the described one and no further, against a stand-in of AWX's API."""

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
    """Run the Makefile's target; returns its status and its output."""
    command = ["make", "awx-apply", f"AWX_ARGS={' '.join(arguments)}", f"AWX_VARS={json.dumps(settings or {})}"]
    environment = {**os.environ, "AWX_URL": url, "AWX_TOKEN": token}
    done = subprocess.run(
        command, cwd=layout.ROOT, env=environment, capture_output=True, text=True, check=False, timeout=300
    )
    return done.returncode, done.stdout + done.stderr


def changed(output):
    """How many tasks changed something."""
    return int(re.search(r"localhost +: .*changed=(\d+)", output).group(1))


def test_without_a_token_it_says_what_to_set():
    status, output = apply("", token="")
    assert status != 0
    assert "Set AWX_URL and AWX_TOKEN" in output


def test_from_empty_to_described_and_no_further(awx, url):
    status, output = apply(url, "--check")
    assert status == 0, output
    assert awx.changes == []
    assert changed(output) > 0
    assert "was not looked at" in output

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

    # The modules call every request that they would send a change, in check mode: all but these two have nothing to do.
    # No credential is named now, so those that are attached are left alone.
    awx.changes.clear()
    # Somebody has taken the last node away: what leads to it would lead to what is not there yet.
    del awx.objects[nodes["check"]["id"]]
    status, output = apply(url, "--check", settings={"studio_awx_slices": 4})
    assert status == 0, output
    told = re.findall(r"^changed: \[localhost\] => \(item=(.*)\)", output, re.MULTILINE)
    assert told == ["Studio local mode - install in apps", "Studio local mode - check apps", "check"]
    assert "was not looked at" in output
    assert awx.changes == []
