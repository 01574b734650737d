# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Check a request against botocore's own model of the service, and refuse it in AWS's words.

Two deviations from the real service, both on the strict side: a member that the model does not know is refused
(AWS ignores it), and a wrong JSON type is a ValidationException (AWS: SerializationException).
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from typing import Any

import botocore.session
import regex
from botocore.model import ListShape, MapShape, OperationNotFoundError, ServiceModel, Shape, StringShape, StructureShape

from .refusals import Refusal

_JSON_TYPES: dict[str, type | tuple[type, ...]] = {
    "structure": dict,
    "map": dict,
    "list": list,
    "string": str,
    "blob": str,
    "boolean": bool,
    "integer": int,
    "long": int,
    "float": (int, float),
    "double": (int, float),
    "timestamp": (int, float, str),
}


@cache
def _service_model(service: str) -> ServiceModel:
    return botocore.session.get_session().get_service_model(service)


@cache
def _input_shape(service: str, operation: str) -> Shape | None:
    return _service_model(service).operation_model(operation).input_shape


def check_request(operation: str, parameters: dict[str, Any], service: str = "sagemaker") -> Refusal | None:
    """The refusal of a request that breaks the model, or None."""
    try:
        shape = _input_shape(service, operation)
    except OperationNotFoundError:
        return Refusal("UnknownOperationException", f"SageMaker has no operation {operation!r}.")
    errors = list(_violations(parameters, shape, "")) if shape else []
    if not errors:
        return None
    count = "1 validation error" if len(errors) == 1 else f"{len(errors)} validation errors"
    return Refusal("ValidationException", f"{count} detected: {'; '.join(errors)}")


def _violations(value: Any, shape: Shape, path: str) -> Iterator[str]:
    """Every violation below `path`, as AWS writes it."""
    if not _has_type(value, shape):
        yield _violation(value, path, f"Member must be of type {shape.type_name}")
        return
    if broken := _broken_constraints(value, shape):
        yield from (_violation(value, path, constraint) for constraint in broken)
    if isinstance(shape, StructureShape):
        yield from _structure_violations(value, shape, path)
    elif isinstance(shape, ListShape):
        yield from _list_violations(value, shape, path)
    elif isinstance(shape, MapShape):
        for key, item in value.items():
            yield from _violations(item, shape.value, _join(path, key))


def _structure_violations(value: dict[str, Any], shape: StructureShape, path: str) -> Iterator[str]:
    for name in shape.required_members:
        if value.get(name) is None:
            yield f"Value null at '{_join(path, name)}' failed to satisfy constraint: Member must not be null"
    for name, item in value.items():
        member = shape.members.get(name)
        if member is None:
            yield _violation(item, _join(path, name), f"Member is not known to {shape.name}")
        elif item is not None:
            yield from _violations(item, member, _join(path, name))


def _list_violations(value: list[Any], shape: ListShape, path: str) -> Iterator[str]:
    """A list of scalars is reported as a whole, a list of structures by the place of the item."""
    for number, item in enumerate(value, start=1):
        if not isinstance(shape.member, StringShape) or not isinstance(item, str):
            yield from _violations(item, shape.member, f"{path}.{number}.member")
        elif broken := _broken_constraints(item, shape.member):
            yield _violation(value, path, f"Member must satisfy constraint: [{', '.join(broken)}]")
            return


def _has_type(value: Any, shape: Shape) -> bool:
    expected = _JSON_TYPES[shape.type_name]
    if isinstance(value, bool) and shape.type_name != "boolean":
        return False
    return isinstance(value, expected)


def _broken_constraints(value: Any, shape: Shape) -> list[str]:
    if shape.type_name in ("integer", "long", "float", "double"):
        return _broken_bounds(value, shape, "value")
    if shape.type_name == "string":
        return [*_broken_bounds(len(value), shape, "length"), *_broken_text(value, shape)]
    if shape.type_name in ("list", "map"):
        return _broken_bounds(len(value), shape, "length")
    return []


def _broken_bounds(size: float, shape: Shape, what: str) -> list[str]:
    broken = []
    if (most := shape.metadata.get("max")) is not None and size > most:
        broken.append(f"Member must have {what} less than or equal to {most}")
    if (least := shape.metadata.get("min")) is not None and size < least:
        broken.append(f"Member must have {what} greater than or equal to {least}")
    return broken


def _broken_text(value: str, shape: Shape) -> list[str]:
    broken = []
    pattern = shape.metadata.get("pattern")
    if pattern and not _compiled(pattern).fullmatch(value):
        broken.append(f"Member must satisfy regular expression pattern: {pattern}")
    choices = getattr(shape, "enum", [])
    if choices and value not in choices:
        broken.append(f"Member must satisfy enum value set: [{', '.join(choices)}]")
    return broken


@cache
def _compiled(pattern: str) -> regex.Pattern[str]:
    # Java's patterns: `regex` knows their Unicode classes (\p{L}), `re` does not.
    return regex.compile(pattern)


def _violation(value: Any, path: str, constraint: str) -> str:
    return f"Value '{_java_text(value)}' at '{path}' failed to satisfy constraint: {constraint}"


def _java_text(value: Any) -> str:
    if isinstance(value, list):
        return f"[{', '.join(_java_text(item) for item in value)}]"
    return str(value)


def _join(path: str, name: str) -> str:
    member = name[:1].lower() + name[1:]
    return f"{path}.{member}" if path else member
