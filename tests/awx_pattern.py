# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The definition of the pattern for Ansible Automation Platform, from the configuration for AWX.

`python -m tests.awx_pattern` writes it; a test compares it with the configuration. Its format is that of
https://github.com/ansible/pattern-service (specifications/pattern_specification.json).
"""

from __future__ import annotations

import json
from pathlib import PurePath
from typing import Any

from tests.awx import configuration

FILE = configuration.PATTERN / "meta/pattern.json"
PLAYBOOKS = configuration.PATTERN / "playbooks"
PRIMARY = "enable_local_mode.yml"
_EXECUTION_ENVIRONMENT = "Studio local mode"
# An answer of the survey, and a setting of the template, that the format knows.
_QUESTION = ("type", "question_name", "question_description", "variable", "required", "choices", "default")
_PROMPTS = ("ask_credential_on_launch", "ask_inventory_on_launch", "ask_verbosity_on_launch")


def pattern() -> str:
    """Return the definition as JSON: a job template for each playbook of the pattern."""
    project = configuration.variables()["controller_projects"][0]
    definition = {
        "schema_version": "1.0",
        "name": configuration.PATTERN.name,
        "title": "Enable local mode in Amazon SageMaker Studio",
        "description": "Enables Docker access of SageMaker domains, installs Docker CLI and Compose in Studio apps, "
        "and checks that a training job can run there in local mode. The job that enables the domains lists the apps "
        "to restart.",
        "short_description": "Enable and check local mode in Amazon SageMaker Studio",
        "tags": ["aws", "cloud", "docker", "sagemaker"],
        "aap_resources": {
            "controller_project": {"name": project["name"], "description": project["description"]},
            "controller_execution_environment": {
                "name": _EXECUTION_ENVIRONMENT,
                "description": "What execution-environment.yml describes: ansible-core, boto3, gpgv and ssh",
                "image_name": "mlops/studio-local-mode-ee",
                "pull": "missing",
            },
            "controller_labels": [label["name"] for label in configuration.variables()["controller_labels"]],
            "controller_job_templates": list(_job_templates()),
        },
    }
    return json.dumps(definition, indent=2, ensure_ascii=False) + "\n"


def _job_templates() -> list[dict[str, Any]]:
    """Return those that run a playbook of the pattern; the format has no check mode, and so no audits."""
    names = {path.name for path in PLAYBOOKS.glob("*.yml")}
    templates = []
    for template in configuration.job_templates().values():
        playbook = PurePath(template["playbook"]).name
        if playbook in names and (playbook != PRIMARY or template["job_type"] == "run"):
            templates.append(_job_template(template, playbook))
    return templates


def _job_template(template: dict[str, Any], playbook: str) -> dict[str, Any]:
    survey = template["survey_spec"]
    return {
        "name": template["name"],
        "description": template["description"],
        "execution_environment": _EXECUTION_ENVIRONMENT,
        "playbook": playbook,
        **({"primary": True} if playbook == PRIMARY else {}),
        **{prompt: True for prompt in _PROMPTS if template.get(prompt)},
        "labels": template["labels"],
        "survey": {**survey, "spec": [_question(question) for question in survey["spec"]]},
    }


def _question(question: dict[str, Any]) -> dict[str, Any]:
    """Return the part of a question that the format knows; its defaults are text."""
    known = {key: question[key] for key in _QUESTION if key in question}
    return {**known, "default": str(known["default"])} if "default" in known else known


if __name__ == "__main__":
    from ansible.plugins.loader import init_plugin_loader

    init_plugin_loader()
    FILE.write_text(pattern(), encoding="utf-8")
