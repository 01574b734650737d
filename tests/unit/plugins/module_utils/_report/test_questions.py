# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import re
from pathlib import Path

import pytest
import yaml
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._report.questions import (
    OPTIONS,
    VARIABLES,
    named_in,
)

ROOT = Path(__file__).parents[5]
SURVEYS = ROOT / "extensions/patterns/studio_local_mode/configuration/surveys"
SETTINGS, ACCOUNTS = "sagemaker_domain_docker_settings", "sagemaker_domain_trusted_accounts"


@pytest.mark.parametrize(
    ("module", "message", "expected"),
    [
        (SETTINGS, "domains: no domain has the ID or the name 'x'. The region eu-west-1 has 1: y (d-1).", "'Domains'"),
        (SETTINGS, "acme: exclude: no domain has the ID or the name 'x'.", "'Domains to leave out'"),
        (SETTINGS, "None of 2 has the tags {'a': 'b'}. Correct domain_tags.", "'Tags of the domains'"),
        (SETTINGS, "2 of 3 domains failed. research: it is Updating and no domain has its apps.", ""),
        (SETTINGS, "vpc_only_trusted_accounts: an AWS account ID is a string", "'Trusted accounts'"),
        (ACCOUNTS, "accounts: an AWS account ID is a string of 12 digits: 'x' is invalid.", "'Accounts'"),
        (ACCOUNTS, "The region eu-west-1 has no domain: check region and account with `aws`.", "'Region'"),
        ("docker_deb_bundle", "The repository has no docker-ce-cli 9 for ubuntu jammy.", "'Docker CLI version'"),
        ("studio_docker_cli", "version is 'x', which is not a version such as \"20.10\".", "'Docker CLI version'"),
        ("", "Set docker_cli_scope: home, which needs no root.", "'Installation scope'"),
        ("", "ansible-playbook mlops.studio_local_mode.check_local_mode", ""),
        ("", "There is nothing: domain_docker_access_previous_settings, in AWX the question Previous settings.", ""),
    ],
)
def test_a_message_names_the_question(module, message, expected):
    form = set(VARIABLES) - {"domain_docker_access_previous_settings"}
    named = named_in(message, module, form)
    assert named.removeprefix(message).removeprefix(".") == (
        f" In AWX, correct the answer to {expected}." if expected else ""
    )


def test_a_message_that_ends_with_a_command_gets_a_full_stop():
    message = "domains: no domain has the ID or the name 'x'. Launch the template 'T'"
    named = named_in(message, SETTINGS, {"domain_docker_access_domains"})
    assert named == f"{message}. In AWX, correct the answer to 'Domains'."


def test_several_questions_are_named_once_each():
    message = "No domain is selected: set domains to at least one domain ID or name, or set all_domains to true."
    form = {"domain_docker_access_domains", "domain_docker_access_all_domains"}
    assert named_in(message, SETTINGS, form) == (
        f"{message} In AWX, correct one of the answers to 'Domains' and 'All domains of the region'."
    )


def test_only_questions_of_the_form_are_named():
    message = "domains: no domain has the ID or the name 'd-1'."
    named = named_in(message, SETTINGS, {"domain_docker_access_previous_settings"})
    assert named.endswith("In AWX, correct the answer to 'Previous settings'.")
    assert named_in(message, SETTINGS, set()) == message


def test_every_question_exists_and_every_answer_in_words_has_its_question():
    surveys = [survey for path in SURVEYS.glob("*.yml") for survey in yaml.safe_load(path.read_text()).values()]
    questions = [question for survey in surveys for question in survey["spec"]]
    names = {(question["variable"], question["question_name"]) for question in questions}
    assert set(VARIABLES.items()) <= names
    in_words = {question["variable"] for question in questions if question["type"] in ("text", "textarea")}
    assert in_words <= set(VARIABLES)


@pytest.mark.parametrize("module", OPTIONS)
def test_every_option_is_of_its_module_and_has_a_question(module):
    paths = ("modules/" + module, "module_utils/_domains/select")
    specs = "".join((ROOT / f"plugins/{path}.py").read_text() for path in paths)
    for option, names in OPTIONS[module].items():
        assert set(names.split()) <= set(VARIABLES)
        # The region is an option of every module of amazon.aws's class.
        assert " " in option or option == "region" or re.search(rf"\b{option}\b", specs)
