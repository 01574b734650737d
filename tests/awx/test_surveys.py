# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""AWX accepts the surveys, and their questions match the options of the playbooks."""

from __future__ import annotations

import copy
import re
from typing import Any

import pytest
import yaml

from tests.awx import checkout, configuration, discovery, survey_rules
from tests.sandbox import layout

TEMPLATES = configuration.job_templates().values()
FORMS = [template for template in TEMPLATES if template["survey_enabled"]]
SURVEYS = [*FORMS, *configuration.variables()["controller_workflows"]]
# The types of a question that can give what an option of that type takes.
LINKS = ("success_nodes", "failure_nodes", "always_nodes")
QUESTIONS = {
    "str": {"text", "multiplechoice"},
    "path": {"text"},
    "bool": {"multiplechoice"},
    "list": {"textarea", "multiselect"},
    "dict": {"text"},
    "raw": {"textarea"},
    "int": {"integer"},
    "float": {"float"},
}


def options(playbook: str) -> dict[str, dict[str, Any]]:
    """Return the options of a playbook: those of its roles' entry points and its own."""
    path = layout.ROOT / playbook
    found: dict[str, dict[str, Any]] = {}
    text = path.read_text()
    for role, entry_point in re.findall(
        r"(?:role|name): mlops\.studio_local_mode\.(\w+)\n(?: +tasks_from: (\w+))?", text
    ):
        specs = yaml.safe_load((layout.ROOT / f"roles/{role}/meta/argument_specs.yml").read_text())["argument_specs"]
        found |= specs.get(entry_point or "main", {}).get("options", {})
    own = path.with_suffix(".meta.yml")
    if own.exists():
        found |= yaml.safe_load(own.read_text())["argument_specs"][path.stem]["options"]
    return found


def mismatches(question: dict[str, Any], option: dict[str, Any]) -> list[str]:
    """Return how a question differs from its option."""
    found = []
    if question["type"] not in QUESTIONS[option["type"]]:
        found.append(f"a question of type {question['type']} for an option of type {option['type']}")
    choices = ["true", "false"] if option["type"] == "bool" else [c for c in option.get("choices", []) if c]
    # A textarea has one entry per line, which the option checks.
    if choices and question["type"] != "textarea" and sorted(question["choices"]) != sorted(choices):
        found.append(f"choices {question['choices']} for an option with {choices}")
    default = option.get("default", "")
    if isinstance(default, bool):
        default = str(default).lower()
    elif isinstance(default, list):
        default = "\n".join(default)
    if question["default"] != default or type(question["default"]) is not type(default):
        found.append(f"default {question['default']!r} for an option with {default!r}")
    if option.get("required", False) != question["required"]:
        found.append("required only in one of both")
    return found


@pytest.mark.parametrize("template", SURVEYS, ids=lambda template: template["name"])
def test_awx_accepts_the_survey(template):
    assert survey_rules.problems(template["survey_spec"]) == []


@pytest.mark.parametrize("template", FORMS, ids=lambda template: template["name"])
def test_the_questions_match_the_options_of_the_playbook(template):
    known = options(template["playbook"])
    for question in template["survey_spec"]["spec"]:
        assert question["variable"] in known
        assert mismatches(question, known[question["variable"]]) == [], question["variable"]


def test_the_workflow_has_the_questions_of_its_jobs():
    [workflow] = configuration.variables()["controller_workflows"]
    job = {question["variable"]: question for question in configuration.survey_of("enable domains")["spec"]}
    assert all(question == job[question["variable"]] for question in workflow["survey_spec"]["spec"])


def test_settings_change_the_defaults_of_the_surveys():
    answers = {
        "domain_docker_access_region": "eu-west-1",
        "docker_cli_source": "staged",
        "docker_cli_repository_url": "https://mirror.example.org/docker",
        "docker_debs_ca_path": "/etc/ssl/mirror.pem",
    }
    configured = configuration.with_settings({"studio_awx_answers": answers})
    forms = [one.get("survey_spec") for one in configured["controller_templates"] + configured["controller_workflows"]]
    questions = [question for form in forms if form for question in form["spec"]]
    defaults = {question["variable"]: question["default"] for question in questions if question["variable"] in answers}
    assert defaults == answers
    other = {question["default"] for question in questions if question["variable"] == "domain_docker_access_region"}
    assert other == {"eu-west-1"}


def test_every_template_names_a_playbook_that_awx_offers():
    offered = set(discovery.playbooks(layout.ROOT, checkout.files()))
    # It shows what the inventory says, to those who write it: nothing to schedule.
    without_template = {"playbooks/show_settings.yml"}
    assert {template["playbook"] for template in TEMPLATES} == offered - without_template


def test_the_drift_audit_has_the_questions_of_the_audit_that_are_settings():
    audit = {question["variable"]: question for question in configuration.survey_of("audit domains")["spec"]}
    questions = {question["variable"]: question for question in configuration.survey_of("drift audit")["spec"]}
    assert questions.pop("look_up_changes")["default"] == "false"
    for question in questions.values():
        assert question["variable"] in audit
        assert question["default"] == audit[question["variable"]]["default"]


def test_templates_refer_to_configured_objects():
    there = configuration.variables()
    names = {
        kind: {entry["name"] for entry in there[f"controller_{kind}"]} for kind in ("projects", "inventories", "labels")
    }
    environments = {entry["name"] for entry in there["controller_execution_environments"]}
    for template in TEMPLATES:
        assert template["project"] in names["projects"]
        assert template["inventory"] in names["inventories"]
        assert set(template["labels"]) <= names["labels"]
        assert template["execution_environment"] in environments
    [workflow] = there["controller_workflows"]
    nodes = {node["identifier"]: node for node in workflow["simplified_workflow_nodes"]}
    for node in nodes.values():
        assert {name for link in LINKS for name in node.get(link, [])} <= set(nodes)
        assert "approval_node" in node or node["unified_job_template"] in configuration.job_templates()


VALID = {
    "name": "A survey",
    "description": "Of one question",
    "spec": [
        {
            "question_name": "Size",
            "variable": "size",
            "type": "multiplechoice",
            "required": False,
            "default": "small",
            "choices": ["small", "large"],
        }
    ],
}


class TestRules:
    """The rules, on surveys that an AWX 24.6.1 refused or accepted by mistake."""

    def test_a_valid_survey(self):
        assert survey_rules.problems(VALID) == []

    @pytest.mark.parametrize("key", ["name", "description", "spec"])
    def test_all_three_parts_are_required(self, key):
        assert survey_rules.problems({**VALID, key: ""}) == [f"the survey has no {key}"]

    @pytest.mark.parametrize(
        ("changes", "says"),
        [
            ({"type": "boolean"}, "unknown type boolean"),
            ({"required": "no"}, "required has to be there, as bool"),
            ({"variable": "a b"}, "the variable has no valid name"),
            ({"variable": ""}, "the variable has no valid name"),
            ({"choices": []}, "choices are missing"),
            ({"choices": "small\nlarge"}, "choices have to be a list of text"),
            ({"default": "medium"}, "the default is not one of the choices"),
            ({"default": ["small"]}, "the default has to be text"),
            ({"type": "integer", "default": "3"}, "the default is not a number"),
            ({"type": "integer", "default": 3, "min": 5}, "the default is out of bounds"),
            ({"type": "float", "default": 3.0, "min": 0.5}, "min has to be a whole number"),
            ({"type": "text", "default": "ab", "min": 3}, "the default is too short or too long"),
        ],
    )
    def test_refused(self, changes, says):
        survey = copy.deepcopy(VALID)
        survey["spec"][0] |= changes
        [problem] = survey_rules.problems(survey)
        assert says in problem

    def test_a_variable_twice(self):
        assert survey_rules.problems({**VALID, "spec": VALID["spec"] * 2}) == ["size: twice"]
