# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The snippets of docs/local_mode_jobs.md: extracted from the page, and run in an app as its user.

A fence with a title is a file. Of the others, the Python snippets of a section run in one process, in their order, and
the shell snippets in one shell each. A fence of text is the output of the snippet before it: its lines appear in that
order, with others between them, and `...` stands for anything.

The SDK's threads write the logs of the containers at any time. Python's own print() writes each value and each space by
itself, with room between them for a line of a log: here it writes once, and so do the marks between the snippets.
"""

from __future__ import annotations

import base64
import json
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from tests.sandbox import app, engine, layout

if TYPE_CHECKING:
    from collections.abc import Mapping

PAGE = layout.ROOT / "docs" / "local_mode_jobs.md"
FOLDER = f"/home/{app.USER}/local-mode"
_PART = re.compile(
    r'^## (?P<heading>[^\n]+)$|^```(?P<language>\w+)(?: title="(?P<title>[^"]+)")?\n(?P<text>.*?)^```$', re.M | re.S
)
# A line with this character and a snippet's number separates the snippets' output.
_MARK = "\x1e"
FAILED = "The snippet failed."

_DRIVER = f"""
import base64, json, os, sys, traceback
os.dup2(1, 2)  # One pipe keeps the order, and each write in one piece.
files, snippets = json.loads(base64.b64decode(sys.argv[1]))
for path, text in files.items():
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, "w") as handle:
        handle.write(text)
def print_once(*values):
    sys.stdout.write(" ".join(map(str, values)) + "\\n")
names = {{"__name__": "__main__", "print": print_once}}
for number, code in enumerate(snippets):
    print_once({_MARK!r} + str(number))
    try:
        exec(compile(code, f"snippet {{number}}", "exec"), names)
    except BaseException:
        print_once(traceback.format_exc() + {FAILED!r})
"""


@dataclass(frozen=True)
class Snippet:
    """A snippet, and the lines that it prints."""

    section: str
    language: str
    code: str
    expected: tuple[str, ...] = ()

    def __str__(self) -> str:
        return next(line for line in self.code.splitlines() if line and not line.startswith(("from ", "import ")))


def files() -> dict[str, str]:
    """Return the page's files by their path."""
    return {part["title"]: part["text"] for part in _PART.finditer(PAGE.read_text()) if part["title"]}


def of(section: str, language: str) -> list[Snippet]:
    """Return the section's snippets of a language."""
    return [snippet for snippet in _all() if (snippet.section, snippet.language) == (section, language)]


def run_python(snippets: list[Snippet], environment: Mapping[str, str] | None = None) -> list[str]:
    """Run the snippets in one process in the demo app; return the output of each."""
    command = ["timeout", "900", *python_command(files(), snippets)]
    return split(_run(command, {"SAGEMAKER_SUPPRESS_V2_WARNING": "1", **(environment or {})}), len(snippets))


def python_command(texts: Mapping[str, str], snippets: list[Snippet]) -> list[str]:
    """Return the command that writes the files and runs the snippets."""
    request = base64.b64encode(json.dumps([texts, [snippet.code for snippet in snippets]]).encode()).decode()
    # Unbuffered: a write of Python is one of the process.
    return ["python3", "-uc", _DRIVER, request]


def split(output: str, count: int) -> list[str]:
    """Return what each of the snippets printed."""
    parts = dict(part.split("\n", 1) for part in output.split(_MARK)[1:])
    return [parts.get(str(number), f"not reached:\n{output}") for number in range(count)]


def run_shell(snippet: Snippet) -> str:
    """Run the snippet in a shell in the demo app, and return its output."""
    return _run(["timeout", "300", "bash", "-c", f"exec 2>&1\n{snippet.code}"], {})


def prints(output: str, expected: tuple[str, ...]) -> bool:
    """Return whether the output has the expected lines in their order."""
    patterns = (".*".join(re.escape(part) for part in line.split("...")) for line in expected)
    return re.search(".*?\n.*?".join(patterns), output, re.S) is not None


def _all() -> list[Snippet]:
    found: list[Snippet] = []
    section = ""
    for part in _PART.finditer(PAGE.read_text()):
        if part["heading"]:
            section = part["heading"]
        elif part["language"] == "text" and not part["title"]:
            last = found.pop()
            found.append(Snippet(last.section, last.language, last.code, tuple(part["text"].splitlines())))
        elif not part["title"]:
            found.append(Snippet(section, part["language"], part["text"]))
    return found


def _run(command: list[str], environment: Mapping[str, str]) -> str:
    container = engine.client().containers.get(app.NAME)
    container.exec_run(["mkdir", "-p", FOLDER], user=app.USER)
    done = container.exec_run(command, user=app.USER, workdir=FOLDER, environment=dict(environment))
    return done.output.decode(errors="replace")
