# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# Note that this file is private to the collection: do not use it from outside.
"""Finds the error and the next step in the output of a failed apt-get, dpkg or sudo."""

from __future__ import annotations

import re

from ansible_collections.mlops.studio_local_mode.plugins.module_utils._docker_cli.root_commands import READ_ONLY

_ERROR = re.compile(
    r"^(?:dpkg: (?:error|dependency problems).*\n(?: .*\n)*|(?:E|sudo|dpkg|cp|mktemp|sha256sum): .*)", re.M
)
# apt prints these lines before its error.
_UNMET = re.compile(r"^ +\S+ : \w+: .*", re.MULTILINE)
_REMOVED = re.compile(r"^The following packages will be REMOVED:\n((?: .*\n)+)", re.MULTILINE)
_HELD = re.compile(r"^The following held packages will be changed:\n((?: .*\n)+)", re.MULTILINE)
_OVERWRITE = re.compile(r"which is also in package (\S+)")
_REINSTALL = re.compile(r"The package (\S+) needs to be reinstalled")

_ALTERED = "did NOT match"  # of sha256sum

_HOME = "Or set docker_cli_scope: home, which changes nothing in the system."


def failure(command: list[str], output: str, errors: str) -> str:
    """Return the relevant lines of a failed command's output, with the next step if it is known."""
    lines = [*_UNMET.findall(output), *_ERROR.findall(errors)] or [errors or output]
    text = " ".join(" ".join(lines).split())
    step = _step(f"{output}\n", errors) or _correct_it(command, errors)
    return f"{command[0]} failed: {text}{'' if text.endswith('.') or not step else '.'}{step and f' {step}'}"


def _step(output: str, errors: str) -> str:
    if "No space left" in errors:
        return "Free some space and run this again."
    if broken := _REINSTALL.search(errors):
        return f"Remove it, then run this again: sudo dpkg --remove --force-remove-reinstreq {broken.group(1)}. {_HOME}"
    if held := _HELD.search(output):
        return f"Release them, then run this again: sudo apt-mark unhold {_names(held)}. {_HOME}"
    if removed := _REMOVED.search(output):
        return (
            f"They conflict: {_names(removed)}. If nothing needs them: sudo apt-get remove {_names(removed)}. {_HOME}"
        )
    if owner := _OVERWRITE.search(errors):
        return f"If nothing needs it: sudo apt-get remove {owner.group(1)}. {_HOME}"
    if READ_ONLY in errors or "Read-only file system" in errors:
        return "Set docker_cli_scope: home, which changes nothing in the system."
    if "Unmet dependencies. Try" in errors:
        return (
            "The system's own packages are broken, whatever is installed. Repair them, then run this again: "
            f"sudo apt-get --fix-broken install. {_HOME}"
        )
    if _UNMET.search(output):
        return f"The packages need what this app's system does not have. {_HOME}"
    return ""


def _correct_it(command: list[str], errors: str) -> str:
    """Return the way around whatever is wrong in the system, unless the packages are or nothing is installed."""
    is_installation = command[0] in ("apt-get", "dpkg", "sh") and "--purge" not in command
    return f"Correct that, then run this again. {_HOME}" if is_installation and _ALTERED not in errors else ""


def _names(section: re.Match[str]) -> str:
    return " ".join(section.group(1).split())
