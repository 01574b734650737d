# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import re
from pathlib import Path

import pytest
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._report.awx import TEMPLATES, in_awx

COLLECTION = "mlops.studio_local_mode"
CONFIGURATION = Path(__file__).parents[5] / "extensions/patterns/studio_local_mode/configuration"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Stop the space in Studio and run it again.", "Stop the space in Studio and run it again."),
        (
            f"ansible-playbook -i 'my spaces.yml' {COLLECTION}.install_docker_cli --limit 'a,b'",
            "Launch the template 'T Studio local mode - install in apps' with Limit: a,b",
        ),
        (
            f"Enable it: ansible-playbook {COLLECTION}.enable_local_mode "
            """-e '{"domain_docker_access_domains": ["d-1"]}'. Retry.""",
            "Enable it: launch the template 'T Studio local mode - enable domains' with Domains: d-1. Retry.",
        ),
        (
            f"ansible localhost -m {COLLECTION}.sagemaker_studio_app -a 'domains=d-1,d-2 region=eu-west-1'",
            "Launch the template 'T Studio local mode - restart apps' with Domains: d-1, d-2; Region: eu-west-1",
        ),
        (
            "Run one: -e local_mode_check_run_container=true -e local_mode_check_image=IMAGE",
            "Run one: 'Run a container': true, 'Image to run': IMAGE",
        ),
        ("Run it again with --limit 'localhost,a:&b'.", "Run it again with 'Limit': localhost,a:&b."),
        (f"Say why: ansible-playbook {COLLECTION}.unknown.", f"Say why: ansible-playbook {COLLECTION}.unknown."),
        (
            f"Install it: ansible-playbook -i ~/this_app.yml {COLLECTION}.install_docker_cli",
            "Install it: launch the template 'T Studio local mode - install in apps'",
        ),
        (
            f"Again: ansible-playbook {COLLECTION}.check_local_mode.",
            "Again: launch the template 'T Studio local mode - check apps'.",
        ),
        (
            f"ansible-playbook {COLLECTION}.check_local_mode -e other=1",
            "Launch the template 'T Studio local mode - check apps' with other: 1",
        ),
    ],
)
def test_templates_and_questions_take_the_place_of_commands(text, expected):
    assert in_awx(text, "T ") == expected


def test_every_template_exists():
    templates = (CONFIGURATION / "job_templates.yml").read_text()
    names = set(re.findall(r'Studio local mode - ([a-z ]+)"', templates))
    assert set(TEMPLATES.values()) <= names
