# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What ansible-test sanity says about the tests in an ordinary checkout, and why it stays.

`python -m tests.sanity_ignores` writes tests/sanity/ignore-*.txt; `make release-check` compares them. `make
sanity` does without: it tests what is in the tarball, and ruff holds the Python of the tests.
"""

from __future__ import annotations

import ast

from tests.sandbox import layout

FILES = [layout.ROOT / f"tests/sanity/ignore-{core}.txt" for core in ("2.20", "2.21", "2.22")]
_RUFF = "ruff lints the tests"
_REASONS = {
    "tests/awx/survey_rules.py pylint:unidiomatic-typecheck": _RUFF,
    "tests/awx/test_apply.py pylint:contextmanager-generator-missing-cleanup": _RUFF,
    "tests/module_process.py pylint:unused-import": _RUFF,
    "tests/release/check.py pylint:subprocess-run-check": _RUFF,
    "tests/sandbox/aws_endpoint/rates.py pylint:use-a-generator": _RUFF,
    "tests/sandbox/aws_endpoint/server.py pylint:method-cache-max-size-none": _RUFF,
    "tests/sandbox/images/studio_app/entrypoint.sh shebang": "a program of an image, which has this interpreter",
    "tests/sandbox/images/training_job/serve shebang": "a program of an image, which has this interpreter",
    "tests/sandbox/images/training_job/train shebang": "a program of an image, which has this interpreter",
    "tests/demo/test_machine_is_left_alone.py pylint:contextmanager-generator-missing-cleanup": _RUFF,
    "tests/sandbox_tests/machine.py pylint:contextmanager-generator-missing-cleanup": _RUFF,
    "tests/sandbox_tests/test_machine_is_left_alone.py pylint:contextmanager-generator-missing-cleanup": _RUFF,
    "tests/unit/plugins/module_utils/_domains/test_domain_settings.py pylint:dangerous-default-value": _RUFF,
    "tests/unit/plugins/module_utils/_domains/test_selection.py pylint:dangerous-default-value": _RUFF,
    "tests/unit/plugins/module_utils/_report/test_last_changes.py pylint:dangerous-default-value": _RUFF,
    "tests/unit/readiness.py pylint:bidirectional-unicode": "the test is about such characters",
}


def ignores() -> str:
    """Return the lines of each file."""
    unused = {
        f"{path.relative_to(layout.ROOT)} pylint:disallowed-name": "a value that is not used, as ruff has it"
        for path in (layout.ROOT / "tests").rglob("*.py")
        if _assigns_underscore(path.read_text(encoding="utf-8"))
    }
    return "".join(f"{entry} # {reason}\n" for entry, reason in sorted((_REASONS | unused).items()))


def _assigns_underscore(code: str) -> bool:
    nodes = list(ast.walk(ast.parse(code)))
    names = {node.id for node in nodes if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)}
    functions = [node for node in nodes if isinstance(node, ast.FunctionDef)]
    return "_" in names | {argument.arg for function in functions for argument in function.args.args}


if __name__ == "__main__":
    for file in FILES:
        file.write_text(ignores(), encoding="utf-8")
