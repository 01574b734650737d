# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the snippets of docs/local_mode_jobs.md print is found between the lines that the SDK's threads write."""

from __future__ import annotations

import subprocess

import pytest

from tests.end_to_end import page_of_jobs as page

# Each of a program's writes has a log line before it and behind it: so it is for the main thread at worst.
INTERRUPTED = """
import sys
class Interrupted:
    def __init__(self, stream):
        self.stream = stream
    def write(self, text):
        for part in ("a line of a log\\n", text, "a line of a log\\n"):
            self.stream.write(part)
    def flush(self):
        self.stream.flush()
sys.stdout = Interrupted(sys.stdout)
"""


def output_of(*codes):
    snippets = [page.Snippet("", "python", code) for code in codes]
    done = subprocess.run(page.python_command({}, snippets), stdout=subprocess.PIPE, text=True, check=True)
    return page.split(done.stdout, len(snippets))


def test_a_log_is_not_written_into_what_a_snippet_prints():
    snippet = 'print("predicted", ["-1.0000", "4.0000"])\n'
    first, second, third = output_of(INTERRUPTED, snippet, snippet + snippet)
    assert page.FAILED not in first
    expected = "predicted ['-1.0000', '4.0000']"
    assert page.prints(second, (expected,))
    assert not page.prints(second, (expected, expected))
    assert page.prints(third, (expected, expected))


def test_a_failed_snippet_says_why_and_does_not_stop_the_next():
    failed, next_one = output_of(INTERRUPTED + "raise ValueError('too few')", "print(1)")
    assert page.prints(failed, ("ValueError: too few", page.FAILED))
    assert page.FAILED not in next_one
    assert page.prints(next_one, ("1",))


@pytest.mark.parametrize(
    ("expected", "found"),
    [
        (("one", "two"), True),
        (("two", "one"), False),
        (("one", "one"), False),
        (("three ...3",), True),
        (("three ...4",), False),
    ],
)
def test_expected_lines_appear_in_their_order(expected, found):
    assert page.prints("one\nof a log\ntwo\nthree of 3\n", expected) is found
