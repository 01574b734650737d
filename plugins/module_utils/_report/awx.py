# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# Note that this file is private to the collection: do not use it from outside.
"""In a job of AWX nobody has a shell: the template and the questions of its form take the place of commands. Pure."""

from __future__ import annotations

import json
import re
import shlex
import typing as t

from ansible_collections.mlops.studio_local_mode.plugins.module_utils._report.questions import VARIABLES

# A playbook, or a module on localhost -> what follows in the name of its job template.
TEMPLATES = {
    "enable_local_mode": "enable domains",
    "trusted_accounts": "trusted accounts",
    "install_docker_cli": "install in apps",
    "check_local_mode": "check apps",
    "stage_docker_debs": "stage packages",
    "sagemaker_domain_trusted_accounts": "trusted accounts",
    "sagemaker_studio_app": "restart apps",
    "restart_apps": "restart apps",
}
# An option of a module in a command -> the question of the form; those of variables are in questions.py.
_OPTIONS = {"domains": "Domains", "region": "Region", "accounts": "Accounts"}
_WORD = r"""(?:'[^']*'|"[^"]*"|[^\s'";]*[^\s'";,.])+"""
_OPTION = rf"(?:-e|-a|-i|--limit) {_WORD}"
_COMMAND = re.compile(
    rf"ansible(?:-playbook| localhost -m)(?: {_OPTION})* mlops\.studio_local_mode\.(?P<name>\w+)"
    rf"(?P<options>(?: {_OPTION})*)"
)
_ANSWERS = re.compile(rf"(?:-e|--limit) {_WORD}(?: (?:-e|--limit) {_WORD})*")


def in_awx(text: str, template_prefix: str) -> str:
    """Return the text with templates, whose names begin with C(template_prefix), in place of commands."""
    text = _COMMAND.sub(lambda command: _template(command, template_prefix), text)
    return _ANSWERS.sub(lambda options: ", ".join(_answers(options.group(), "'{}': {}")), text)


def _template(command: re.Match[str], prefix: str) -> str:
    if command["name"] not in TEMPLATES:
        return command.group()
    launch = "launch" if command.start() else "Launch"
    answers = "; ".join(_answers(command["options"], "{}: {}"))
    name = f"{prefix}Studio local mode - {TEMPLATES[command['name']]}"
    return f"{launch} the template '{name}'{' with ' if answers else ''}{answers}"


def _answers(options: str, form: str) -> list[str]:
    words = shlex.split(options)
    answers = []
    for option, value in zip(words[::2], words[1::2]):
        if option == "--limit":
            answers.append(form.format("Limit", value))
        elif option in ("-e", "-a"):
            answers += [form.format(_question(name), answer) for name, answer in _values(value)]
    return answers


def _question(name: str) -> str:
    return VARIABLES.get(name) or _OPTIONS.get(name, name)


def _values(text: str) -> t.Iterator[tuple[str, str]]:
    if text.startswith("{"):
        for name, value in json.loads(text).items():
            yield name, ", ".join(map(str, value)) if isinstance(value, list) else _text(value)
        return
    for word in text.split():
        name, _equals, value = word.partition("=")
        yield name, value.replace(",", ", ")


def _text(value: t.Any) -> str:
    # The answers of a form are written like YAML's.
    return str(value).lower() if isinstance(value, bool) else str(value)
