# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# Note that this file is private to the collection: do not use it from outside.
"""The files that the lifecycle script leaves in an app: its state, its log and the packages it fetched."""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from ansible_collections.mlops.studio_local_mode.plugins.module_utils._docker.errors import PackageError

FORMAT = 1
RUNNING, DONE, FAILED = "running", "done", "failed"
IN_HOME = ".cache/mlops.studio_local_mode/lifecycle_config"
# The folder for state and log if the home is full or not writable.
ELSEWHERE = Path("/tmp/mlops.studio_local_mode/lifecycle_config")  # noqa: S108 - the app has one user
# Prints the name of the app in the metadata, which several apps with one home differ in; for sed, and the same here.
APP_ID_EXPRESSION = r's/.*"ResourceArn"[^"]*"[^"]*:app\/\([^"]*\)".*/\1/p'
_LOG_GROUP = "/aws/sagemaker/studio"


def app_id(metadata: Mapping[str, Any] | None) -> str:
    """Return the name under which the script leaves its state and its log."""
    name = str((metadata or {}).get("resource_arn") or "").partition(":app/")[2]
    return name.replace("/", "-") or "app"


def log_stream(metadata: Mapping[str, Any] | None) -> str | None:
    """Return the CloudWatch log stream that Studio writes the script's output to, None outside of a space."""
    names = [(metadata or {}).get(name) for name in ("domain_id", "space_name", "app_type")]
    return f"{'/'.join(map(str, names))}/default/LifecycleConfigOnStart" if all(names) else None


def read(home: Path, app_started: float | None, metadata: Mapping[str, Any] | None = None) -> dict[str, Any] | None:
    """Return the newest state as studio_app_info documents it, None if no script has left one.

    Args:
        home: home of the app's user.
        app_started: start time of the app, in seconds since the epoch; None if it is not known.
        metadata: the app's, as studio_app_info returns them.
    """
    states = [state for folder in (home / IN_HOME, ELSEWHERE) for state in _read(folder / f"{app_id(metadata)}.json")]
    if not states:
        return None
    newest = max(states, key=lambda state: state["time"])
    at = newest.pop("time")
    return {
        **newest,
        "updated_at": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(at)),
        # The script writes whole seconds.
        "since_app_start": app_started is None or at + 1 >= app_started,
        "log_group": _LOG_GROUP,
        "log_stream": log_stream(metadata),
    }


def _read(path: Path) -> list[dict[str, Any]]:
    try:
        content = json.loads(path.read_text(encoding="utf-8", errors="replace"))
        if content["format"] != FORMAT:
            return []
        texts = {name: str(content[name]) for name in ("status", "message", "remediation", "log")}
        return [{**texts, "time": float(content["time"])}]
    except (OSError, ValueError, KeyError, TypeError):
        return []


def app_start() -> float | None:
    """Return the start time of the app's first process, in seconds since the epoch; None if it is not known."""
    try:
        # proc(5): the name in parentheses may hold blanks; field 22 is in clock ticks since the machine started.
        ticks = int(Path("/proc/1/stat").read_text(encoding="utf-8").rpartition(")")[2].split()[19])
        lines = Path("/proc/stat").read_text(encoding="utf-8").splitlines()
        booted = next(int(line.split()[1]) for line in lines if line.startswith("btime "))
    except (OSError, ValueError, IndexError, StopIteration):
        return None
    return booted + ticks / os.sysconf("SC_CLK_TCK")


def remove(home: Path, check_mode: bool) -> list[str]:
    """Remove the folders of state, log and packages, and return those that existed.

    Raises PackageError for one that cannot be removed.
    """
    folders = [folder for folder in (home / IN_HOME, ELSEWHERE) if folder.is_dir()]
    if not check_mode:
        for folder in folders:
            try:
                shutil.rmtree(folder)
            except OSError as error:
                raise PackageError(
                    f"Cannot remove {error.filename or folder}: {os.strerror(error.errno or 0)}. Remove it yourself: "
                    f"sudo rm -r {folder}"
                ) from error
            with contextlib.suppress(OSError):  # It holds other files.
                folder.parent.rmdir()
    return [str(folder) for folder in folders]
