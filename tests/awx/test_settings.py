# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The apply refuses, before it sends anything, the settings that AWX would refuse after it has most of the objects."""

from __future__ import annotations

import pytest
import yaml
from ansible.parsing.dataloader import DataLoader
from ansible.template import Templar

from tests.awx import api_rules, configuration, survey_rules

TASKS = configuration.PATTERN / "tasks"
SETTINGS = yaml.safe_load((configuration.PATTERN / "configuration/settings.yml").read_text())
MAIL = {"host": "mail.example.org", "sender": "awx@example.org", "recipients": ["team@example.org"]}
DAILY = "DTSTART:20260101T030000Z RRULE:FREQ=DAILY;INTERVAL=1"


def tasks(name):
    return DataLoader().load_from_file(str(TASKS / name), trusted_as_template=True)


def refusals(**settings):
    """Return the messages of the assertions that fail with these settings."""
    given = {**configuration.untemplated(), **settings, "playbook_dir": str(configuration.PATTERN)}
    return [text for task in tasks("validate.yml") for text in _of_task(task, given)]


def _of_task(task, variables):
    variables = {**variables, **task.get("vars", {})}
    if included := task.get("ansible.builtin.include_tasks"):
        for inner in tasks(included):
            # The next one takes for granted what this one requires.
            if found := list(_of_task(inner, variables)):
                yield from found
                return
        return
    asserted = task["ansible.builtin.assert"]
    templar = Templar(DataLoader(), variables)
    conditions = asserted["that"] if isinstance(asserted["that"], list) else [asserted["that"]]
    # Ansible renders it in any case.
    message = str(templar.template(asserted["fail_msg"]))
    if not all(templar.evaluate_conditional(condition) for condition in conditions):
        yield message


def test_the_defaults_are_valid():
    assert refusals() == []


def test_every_setting_has_a_type():
    [types] = [task["vars"]["types"] for task in tasks("validate.yml") if "types" in task.get("vars", {})]
    assert sorted(name for names in types.values() for name in names) == sorted(SETTINGS)


@pytest.mark.parametrize(
    ("name", "value", "says"),
    [
        ("scm_branch", 1.10, "takes text: put it in quotes"),
        ("scm_branch", None, "takes text"),
        ("accounts_external_id", 12345, "takes text"),
        ("organization", "", "is empty"),
        ("scm_credential", True, "takes a name in quotes, or an ID"),
        ("aws_credentials", "AWS", "takes a list"),
        ("aws_credentials", [True], "takes a list"),
        ("accounts_exclude", [111122223333], "takes a list of texts, each in quotes"),
        ("spaces_regions", {"eu-west-1": None}, "takes a list"),
        ("manage_credential_type", "perhaps", "takes true or false"),
        ("drift_schedule_enabled", 2, "takes true or false"),
        ("slices", "many", "takes a whole number from 1 to 2147483647"),
        ("slices", 0, "takes a whole number from 1"),
        ("slices", 1.5, "takes a whole number from 1"),
        ("approval_timeout", "soon", "takes a whole number from 0 to 2147483647"),
        ("approval_timeout", -1, "takes a whole number from 0"),
        ("approval_timeout", True, "takes a whole number from 0"),
        ("approval_timeout", 2**31, "takes a whole number from 0"),
        ("answers", ["docker_cli_scope"], "takes a mapping"),
        ("mail", "team@example.org", "takes a mapping"),
    ],
)
def test_a_setting_of_the_wrong_type(name, value, says):
    # A later check takes the type for granted.
    first = _first_refusal(f"studio_awx_{name}", value)
    assert f"studio_awx_{name} {says}" in first
    assert first.endswith("run make awx-apply again.")


def _first_refusal(name, value):
    [check] = [task for task in tasks("validate.yml") if "types" in task.get("vars", {})]
    return next(
        _of_task(check, {**configuration.untemplated(), name: value, "playbook_dir": str(configuration.PATTERN)})
    )


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("scm_credential", 7),
        ("aws_credentials", ["AWS", 7]),
        ("approval_timeout", "3600"),
        ("approval_timeout", 2**31 - 1),
        ("slices", "4"),
        ("drift_schedule_enabled", "yes"),
    ],
)
def test_a_setting_as_extra_var_or_with_an_id(name, value):
    assert refusals(**{f"studio_awx_{name}": value}) == []


@pytest.mark.parametrize(
    ("mail", "says"),
    [
        ({"recipients": "x@y.z"}, "recipients of studio_awx_mail takes a list"),
        ({"recipients": []}, "recipients of studio_awx_mail takes a list"),
        ({"recipients": [7]}, "recipients of studio_awx_mail takes a list"),
        ({"port": "587"}, "port of studio_awx_mail takes a number from 1 to 65535, without quotes"),
        ({"port": 0}, "port of studio_awx_mail takes a number"),
        ({"port": True}, "port of studio_awx_mail takes a number"),
        ({"use_tls": "yes"}, "take true or false, without quotes"),
        ({"use_ssl": "true"}, "take true or false, without quotes"),
        ({"use_tls": True, "use_ssl": True}, "AWX sends no mail with both"),
        ({"host": ""}, "host of studio_awx_mail takes text"),
        ({"username": 7}, "username of studio_awx_mail takes text"),
        ({"password": "secret"}, "studio_awx_mail has unknown keys: password"),
    ],
)
def test_a_wrong_mail_server(mail, says):
    [refusal] = refusals(studio_awx_mail={**MAIL, **mail})
    assert says in refusal


@pytest.mark.parametrize(
    ("settings", "says"),
    [
        ({"studio_awx_webhook_url": "chat.example.org/hook"}, "studio_awx_webhook_url takes a URL"),
        ({"studio_awx_webhook_url": "https://"}, "studio_awx_webhook_url takes a URL"),
        ({"studio_awx_webhook_headers": {"X-Team": 1}}, "studio_awx_webhook_headers takes text in quotes"),
    ],
)
def test_a_wrong_webhook(settings, says):
    [refusal] = refusals(**settings)
    assert says in refusal


@pytest.mark.parametrize(
    "mail",
    [{}, {"use_ssl": True}, {"use_tls": False}, {"use_ssl": False, "port": 25, "username": "awx"}],
)
def test_awx_takes_the_notifications_of_valid_settings(mail):
    settings = {
        "studio_awx_mail": {**MAIL, **mail},
        "studio_awx_webhook_url": "https://chat.example.org/hook?key=1",
        "studio_awx_webhook_headers": {"Authorization": "Bearer 1"},
    }
    assert refusals(**settings) == []
    notifications = configuration.with_settings(settings)["controller_notifications"]
    assert [list(api_rules.of_notification(item)) for item in notifications] == [[], []]
    sent = notifications[1]["notification_configuration"]
    assert not (sent["use_tls"] and sent["use_ssl"])


@pytest.mark.parametrize(
    ("rule", "is_valid"),
    [
        (DAILY, True),
        ("DTSTART;TZID=Europe/Dublin:20260101T030000 RRULE:FREQ=DAILY;INTERVAL=1", True),
        ("DTSTART:20260101T030000Z RRULE:INTERVAL=2;FREQ=WEEKLY;BYDAY=MO,WE;COUNT=999", True),
        ("DTSTART:20260101T030000Z RRULE:FREQ=MONTHLY;INTERVAL=1;BYMONTHDAY=1 EXRULE:FREQ=YEARLY;INTERVAL=1", True),
        ("DTSTART:20260101T030000Z\nRRULE:FREQ=DAILY;INTERVAL=1;UNTIL=20270101T000000Z\n", True),
        ("daily", False),
        ("", False),
        ("RRULE:FREQ=DAILY;INTERVAL=1", False),
        ("DTSTART:20260101T030000Z", False),
        ("DTSTART:20260101T030000 RRULE:FREQ=DAILY;INTERVAL=1", False),
        ("DTSTART:20261301T030000Z RRULE:FREQ=DAILY;INTERVAL=1", False),
        (f"DTSTART:20260101T030000Z {DAILY}", False),
        ("DTSTART:20260101T030000Z RRULE:FREQ=DAILY", False),
        ("DTSTART:20260101T030000Z RRULE:INTERVAL=1", False),
        ("DTSTART:20260101T030000Z RRULE:FREQ=SECONDLY;INTERVAL=1", False),
        ("DTSTART:20260101T030000Z RRULE:FREQ=OFTEN;INTERVAL=1", False),
        ("DTSTART:20260101T030000Z RRULE:FREQ=DAILY;INTERVAL=1;SOON=1", False),
        ("DTSTART:20260101T030000Z RRULE:FREQ=MONTHLY;INTERVAL=1;BYDAY=2MO", False),
        ("DTSTART:20260101T030000Z RRULE:FREQ=DAILY;INTERVAL=1;COUNT=1000", False),
        ("DTSTART:20260101T030000Z RRULE:FREQ=DAILY;INTERVAL=1;COUNT=2;UNTIL=20270101T000000Z", False),
        ("DTSTART:20260101T030000Z RRULE:FREQ=DAILY;INTERVAL=1 EXDATE:20260102T030000Z", False),
    ],
)
def test_the_apply_and_awx_agree_on_a_schedule(rule, is_valid):
    assert (list(api_rules.of_rrule(rule)) == []) == is_valid
    found = refusals(studio_awx_drift_schedule=rule)
    assert [text.partition(" is ")[0] for text in found] == ([] if is_valid else ["studio_awx_drift_schedule"])


@pytest.mark.parametrize(
    ("answers", "says"),
    [
        ({"domain_docker_access_all_domains": True}, "has answers that are no text: domain_docker_access_all_domains."),
        ({"domain_docker_access_all_domains": "yes"}, "all_domains is yes, choose one of true, false."),
        ({"domain_docker_access_rootless": ""}, "domain_docker_access_rootless is , choose one of unchanged, true"),
        ({"domain_docker_access_trusted_accounts": [1]}, "no text: domain_docker_access_trusted_accounts."),
        ({"domain_docker_access_region": "r" * 33}, "domain_docker_access_region has 33 characters"),
        ({"domains": "all"}, "has unknown variables: domains."),
    ],
)
def test_wrong_answers_of_the_drift_audit(answers, says):
    [refusal] = refusals(studio_awx_drift_answers=answers)
    assert refusal.startswith("studio_awx_drift_answers ")
    assert says in refusal
    survey = configuration.survey_of("drift audit")
    known = {question["variable"] for question in survey["spec"]}
    assert list(survey_rules.refusals(survey, answers)) or not set(answers) <= known


@pytest.mark.parametrize(
    ("answers", "says"),
    [
        ({"docker_cli_keep_existing": True}, "has answers that are no text: docker_cli_keep_existing."),
        ({"docker_cli_version": 20.10}, "has answers that are no text: docker_cli_version."),
        ({"docker_cli_scope": "root"}, "docker_cli_scope is root, choose one of system, home."),
        (
            {"docker_cli_key_fingerprint": "9DC8"},
            "docker_cli_key_fingerprint has 4 characters, the form takes 40 to 40.",
        ),
        ({"region": "eu-west-1"}, "has unknown variables: region."),
    ],
)
def test_wrong_survey_defaults(answers, says):
    [refusal] = refusals(studio_awx_answers=answers)
    assert refusal.startswith("studio_awx_answers ")
    assert says in refusal


def test_the_approval_of_valid_settings():
    assert list(api_rules.of_approval({"timeout": 2**31 - 1})) == []
    assert list(api_rules.of_approval({"timeout": 2**31})) != []
