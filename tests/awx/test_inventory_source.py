# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The inventory source as AWX updates it: its file, its environment, and what AWX stores of each host."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

from tests.awx import configuration
from tests.sandbox import layout

LARGE = {"InstanceType": "ml.m5.large"}


def source_of(name, settings):
    """The inventory source of this name."""
    sources = configuration.with_settings(settings)["controller_inventory_sources"]
    return next(source for source in sources if source["name"] == name)


def updated(source, endpoint, folder):
    """As the task of AWX: ansible-inventory in a folder of the job, the variables of the source as its environment."""
    done = subprocess.run(
        [
            Path(sys.executable).with_name("ansible-inventory"),
            "--list",
            "--export",
            f"--inventory={layout.ROOT / source['source_path']}",
        ],
        cwd=folder,
        env={
            **os.environ,
            **endpoint.environment(),
            **source["source_vars"],
            "ANSIBLE_COLLECTIONS_PATH": str(layout.COLLECTIONS),
            "ANSIBLE_INVENTORY_UNPARSED_FAILED": "true",
            "HOME": str(folder),
        },
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return json.loads(done.stdout)


def test_awx_imports_plain_variables_and_leaves_unreachable_spaces_out_of_studio_apps(endpoint, tmp_path):
    research, other = endpoint.domain("research"), endpoint.domain("other")
    endpoint.app(research, space="lab", remote_access=True, ResourceSpec=LARGE)
    endpoint.app(research, space="off", ResourceSpec=LARGE)
    endpoint.app(other, space="theirs", remote_access=True, ResourceSpec=LARGE)
    settings = {"studio_awx_spaces_regions": ["eu-west-1"], "studio_awx_spaces_domains": ["research"]}
    found = updated(source_of("Studio spaces", settings), endpoint, tmp_path)
    assert found["studio_apps"]["hosts"] == ["lab"]
    assert found["studio_apps"]["vars"]["ansible_user"] == "sagemaker-user"
    assert found["studio_apps_unreachable"]["hosts"] == ["off"]
    assert found["domain_research"]["hosts"] == ["lab", "off"]
    lab = found["_meta"]["hostvars"]["lab"]
    assert lab["ansible_connection"] == "mlops.studio_local_mode.studio_ssh"
    # select_apps.yml needs no connection to tell the approved domains from the others.
    assert lab["studio_domain_id"] == research
    assert "__ansible_unsafe" not in json.dumps(lab)


def test_awx_imports_the_accounts_of_the_organization_and_their_spaces(endpoint, tmp_path):
    made = endpoint.organization(accounts=2, units=["Prod", "Dev"])
    for account in made["accounts"]:
        there = endpoint.at(account["id"])
        there.app(there.domain(), space=account["name"], remote_access=True, ResourceSpec=LARGE)
    settings = {
        "studio_awx_accounts_credential": "AWS",
        "studio_awx_accounts_organizational_units": ["Prod"],
        "studio_awx_spaces_credential": "AWS",
    }
    found = updated(source_of("Studio accounts", settings), endpoint, tmp_path)
    assert found["studio_targets"]["hosts"] == ["team-01"]
    assert found["ou_Root_Prod"]["hosts"] == ["team-01"]
    assert "studio_apps" not in found
    both = updated(source_of("Studio spaces", settings), endpoint, tmp_path)
    assert both["studio_targets"]["hosts"] == ["team-01"]
    [space] = both["studio_apps"]["hosts"]
    variables = both["_meta"]["hostvars"][space]
    assert variables["studio_target"] == "team-01.eu-west-1"
    assert variables["studio_ssh_assume_role_arn"] == made["accounts"][0]["role_arn"]
    assert "__ansible_unsafe" not in json.dumps(both)
