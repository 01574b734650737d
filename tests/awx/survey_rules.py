# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The rules for surveys: AWX 24.6's own (awx/api/views, JobTemplateSurveySpec) and those that AWX does not check."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator

_TEXT = {"text", "textarea", "password"}
_NUMBERS: dict[str, type | tuple[type, ...]] = {"integer": int, "float": (int, float)}
_CHOICES = {"multiplechoice", "multiselect"}
_TYPES = _TEXT | set(_NUMBERS) | _CHOICES


def problems(survey: dict[str, Any]) -> list[str]:
    """Return the problems of a survey as text."""
    missing = [f"the survey has no {key}" for key in ("name", "description", "spec") if not survey.get(key)]
    if missing:
        return missing
    found = [f"{question.get('variable')}: {text}" for question in survey["spec"] for text in _of_question(question)]
    variables = [question.get("variable") for question in survey["spec"]]
    return found + [f"{name}: twice" for name in sorted(set(variables)) if variables.count(name) > 1]


def _of_question(question: dict[str, Any]) -> Iterator[str]:
    for key, kind in (("question_name", str), ("variable", str), ("type", str), ("required", bool)):
        if not isinstance(question.get(key), kind):
            yield f"{key} has to be there, as {kind.__name__}"
            return
    # AWX accepts any text, but the play would not have the variable.
    if not question["variable"].isidentifier():
        yield "the variable has no valid name"
    if question["type"] not in _TYPES:
        yield f"unknown type {question['type']}"
        return
    for bound in ("min", "max"):
        if question.get(bound) is not None and type(question[bound]) is not int:
            yield f"{bound} has to be a whole number"
            return
    yield from _of_choices(question)
    yield from _of_default(question)


def _of_choices(question: dict[str, Any]) -> Iterator[str]:
    if question["type"] not in _CHOICES:
        return
    choices = question.get("choices")
    if not choices:
        yield "choices are missing"
    # AWX also accepts one string and then searches the default in it as a substring.
    elif not isinstance(choices, list) or not all(isinstance(choice, str) and choice for choice in choices):
        yield "choices have to be a list of text"


def _of_default(question: dict[str, Any]) -> Iterator[str]:
    kind, default = question["type"], question.get("default", "")
    if default == "":
        return
    if kind in _NUMBERS:
        if isinstance(default, bool) or not isinstance(default, _NUMBERS[kind]):
            yield "the default is not a number"
        elif not _within(default, question):
            yield "the default is out of bounds"
    elif not isinstance(default, str):
        yield "the default has to be text"
    elif kind in _TEXT and not _within(len(default), question):
        # AWX accepts it and then does not apply it.
        yield "the default is too short or too long"
    elif kind in _CHOICES and isinstance(question.get("choices"), list) and not _chosen(default, question):
        yield "the default is not one of the choices"


def _chosen(default: str, question: dict[str, Any]) -> bool:
    return not question["choices"] or set(default.split("\n")) <= set(question["choices"])


def _within(size: float, question: dict[str, Any]) -> bool:
    lowest, highest = question.get("min"), question.get("max")
    return (lowest is None or size >= lowest) and (highest is None or size <= highest)


def answers(survey: dict[str, Any], answered: dict[str, Any]) -> dict[str, Any]:
    """Return the extra vars of a job launched by API with these answers. Raises ValueError for what AWX refuses."""
    if refused := list(refusals(survey, answered)):
        raise ValueError("; ".join(refused))
    known = {question["variable"]: question for question in survey["spec"]}
    # AWX leaves a question without a usable default undefined, but passes an empty text.
    defaults = {
        name: question["default"]
        for name, question in known.items()
        if question["type"] != "multiselect" and (question["default"] != "" or question["type"] in _TEXT)
    }
    return defaults | {name: value for name, value in answered.items() if name in known}


def refusals(survey: dict[str, Any], answered: dict[str, Any]) -> Iterator[str]:
    """Yield why AWX refuses these answers at a launch and of a schedule."""
    for question in survey["spec"]:
        name = question["variable"]
        if name in answered:
            yield from _of_answer(question, answered[name])
        elif question["required"]:
            yield f"'{name}' value missing"


def _of_answer(question: dict[str, Any], value: Any) -> Iterator[str]:
    name, kind = question["variable"], question["type"]
    if kind in _TEXT:
        if not isinstance(value, str):
            yield f"Value {value} for '{name}' expected to be a string."
        elif not _within(len(value), question):
            yield f"'{name}' value {value} is too small or too large"
    elif kind in _NUMBERS:
        if isinstance(value, bool) or not isinstance(value, _NUMBERS[kind]):
            yield f"Value {value} for '{name}' expected to be a number."
        elif not _within(value, question):
            yield f"'{name}' value {value} is too small or too large"
    elif not {*value} <= {*question["choices"]} if kind == "multiselect" else value not in question["choices"]:
        yield f"Value {value} for '{name}' expected to be one of {question['choices']}."
