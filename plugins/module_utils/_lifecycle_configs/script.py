# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# Note that this file is private to the collection: do not use it from outside.
"""The script of a lifecycle configuration: its encoding, its limits, and what keeps a script from starting. Pure.

A lifecycle configuration that fails keeps every app that runs it from starting, so a script that the kernel or the
shell would refuse is refused here. Sources: botocore's service model of SageMaker (CreateStudioLifecycleConfig),
execve(2), aws-samples/sagemaker-studio-lifecycle-config-examples#44 (CRLF) and #37 (text before the shebang).
"""

from __future__ import annotations

import base64
import re
import typing as t

from ansible_collections.mlops.studio_local_mode.plugins.module_utils._aws.errors import SettingsError

MAX_CONTENT = 16_384
# execve(2): the kernel reads so many bytes of the first line.
_MAX_SHEBANG = 255
_BYTE_ORDER_MARKS = (b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff")
_ABSOLUTE_PATH = re.compile(rb"/[!-~]*[!-.0-~]")


def check(content: bytes) -> None:
    """Raise SettingsError if the script is empty or cannot start."""
    reason = next((reason for test, reason in _PROBLEMS if test(content)), None)
    if reason:
        raise SettingsError(
            f"The script cannot start, and no app would start with it: {reason}. Correct the script and run this again."
        )


def _first_line(content: bytes) -> bytes:
    return content.partition(b"\n")[0]


def _interpreter(content: bytes) -> list[bytes]:
    """Return the interpreter and its argument, which is the whole rest of the line."""
    return _first_line(content)[2:].strip(b" \t\r").split(None, 1)


def _has_relative_interpreter(content: bytes) -> bool:
    interpreter = _interpreter(content)
    return not interpreter or not _ABSOLUTE_PATH.fullmatch(interpreter[0])


def _has_several_arguments(content: bytes) -> bool:
    interpreter, *argument = _interpreter(content)
    words = argument[0].split() if argument else []
    return len(words) > 1 and not (interpreter.endswith(b"/env") and words[0].startswith(b"-S"))


def _is_env_without_program(content: bytes) -> bool:
    interpreter = _interpreter(content)
    return interpreter[0].endswith(b"/env") and len(interpreter) == 1


def _has_no_command(content: bytes) -> bool:
    return not _lines_after_first(content).strip()


def _lines_after_first(content: bytes) -> bytes:
    return content.partition(b"\n")[2]


# In this order: the first test that is true names the reason, and later ones rely on it.
_PROBLEMS: tuple[tuple[t.Callable[[bytes], bool], str], ...] = (
    (lambda content: not content.strip(), "it is empty"),
    (
        lambda content: content.startswith(_BYTE_ORDER_MARKS),
        "it begins with a byte order mark. Save it as UTF-8 without BOM",
    ),
    (lambda content: b"\0" in content, "it has NUL bytes. Save it as UTF-8 text"),
    (
        lambda content: not content.startswith(b"#!") and content.lstrip().startswith(b"#!"),
        "blank lines or spaces precede the #! of its first line",
    ),
    (
        lambda content: not content.startswith(b"#!"),
        "its first line does not begin with #! and an interpreter, such as #!/bin/bash",
    ),
    (
        lambda content: b"\r\n" in content or b"\r" in _first_line(content),
        "its lines end with CRLF. Convert them with dos2unix or sed 's/\\r$//'",
    ),
    (_has_relative_interpreter, "its interpreter is not an absolute path, such as /bin/bash"),
    (_is_env_without_program, "its first line calls env without a program"),
    (
        _has_several_arguments,
        "its first line has several arguments, which the kernel passes to the interpreter as one. Use the command set",
    ),
    (lambda content: len(_first_line(content)) > _MAX_SHEBANG, f"its first line is longer than {_MAX_SHEBANG} bytes"),
    (_has_no_command, "it has no line after the first one"),
)


def encode(content: bytes) -> str:
    """Return the content in base64; raise SettingsError if it is too long or cannot start."""
    check(content)
    text = base64.b64encode(content).decode()
    if len(text) > MAX_CONTENT:
        raise SettingsError(
            f"The script is too long: its {len(content)} bytes are {len(text)} characters in base64, "
            f"{len(text) - MAX_CONTENT} more than SageMaker's limit of {MAX_CONTENT}. Shorten it by "
            f"{len(content) - MAX_CONTENT // 4 * 3} bytes, or download what it needs at run time."
        )
    return text
