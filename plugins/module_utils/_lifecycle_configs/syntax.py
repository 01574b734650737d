# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# Note that this file is private to the collection: do not use it from outside.
"""The syntax of a shell script, which the bash of this machine reads without running it."""

from __future__ import annotations

import functools
import re
import shutil
import subprocess
import sys

from ansible_collections.mlops.studio_local_mode.plugins.module_utils._aws.errors import SettingsError

_SHELL_SCRIPT = re.compile(rb"#![ \t]*(?:/[^\s]*/)?(?:env[ \t]+(?:-S[ \t]*)?)?(?:[^\s]*/)?(?:ba)?sh(?:\s|$)")
# Patterns such as !(x) are a syntax of their own, which a script switches on when it runs.
_OPTIONS = ((), ("-O", "extglob"))
_SECONDS = 30


@functools.lru_cache(maxsize=None)
def check(content: bytes) -> None:
    """Raise SettingsError if a script for sh or bash has a syntax error; without a bash to read it, nobody knows."""
    # The bash of macOS is of 2007 and does not know the syntax of the images' own.
    bash = None if sys.platform == "darwin" else shutil.which("bash")
    if not bash or not _SHELL_SCRIPT.match(content):
        return
    errors = [_error(bash, options, content) for options in _OPTIONS]
    if all(errors):
        raise SettingsError(
            f"The script has a syntax error, and no app would start with it: {errors[0]}. Correct the script and run "
            "this again."
        )


def _error(bash: str, options: tuple[str, ...], content: bytes) -> str:
    # There is no module here, so no run_command.
    done = subprocess.run(  # pylint: disable=ansible-bad-function
        [bash, *options, "-n"], input=content, capture_output=True, timeout=_SECONDS, check=False, env={"LC_ALL": "C"}
    )
    first = done.stderr.decode(errors="replace").strip().splitlines()[:1]
    return first[0].partition(": ")[2] if done.returncode and first else ""
