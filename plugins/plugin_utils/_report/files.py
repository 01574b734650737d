# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# Note that this file is private to the collection: do not use it from outside.
"""The files of a report: each in the format of its suffix, complete or not at all, and readable for its owner only."""

from __future__ import annotations

import json
import os
import tempfile
import typing as t
from pathlib import Path

from ansible_collections.mlops.studio_local_mode.plugins.module_utils._report import earlier, model
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._report.junit import as_junit
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._report.markdown import as_markdown
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._report.text import as_lines
from ansible_collections.mlops.studio_local_mode.plugins.plugin_utils._report.render import as_html

_TEXT_WIDTH = 100


class FileError(Exception):
    """A file cannot be written or read; the message says which, why and what to do."""


def _as_json(report: model.Report) -> str:
    return json.dumps(report, ensure_ascii=False, indent=2) + "\n"


def _as_text(report: model.Report) -> str:
    return "\n".join(as_lines(report, _TEXT_WIDTH)) + "\n"


FORMATS: dict[str, t.Callable[[model.Report], str]] = {
    ".html": as_html,
    ".json": _as_json,
    ".md": as_markdown,
    ".txt": _as_text,
    ".xml": as_junit,
}


def parse_mode(mode: t.Any) -> int:
    """Return the mode of the files. Raises FileError unless it is octal, as text such as '0600'."""
    try:
        number = int(str(mode), 8) if isinstance(mode, str) else -1
    except ValueError:
        number = -1
    if not 0 <= number <= 0o777:
        raise FileError(f"report_mode is {mode!r}. Set it to an octal mode in quotes: report_mode='0640'.")
    return number


def require_known_suffix(path: str) -> None:
    """Raise FileError, before anything is gathered, for a path or an address of S3 without a known format."""
    if Path(path).suffix not in FORMATS:
        known = ", ".join(FORMATS)
        raise FileError(f"report_path {path} has no known suffix. Let it end in one of: {known}.")


def require_writable(paths: t.Iterable[Path]) -> None:
    """Raise FileError, before anything is gathered, for a path that could not be written at the end."""
    for path in paths:
        folder = path.parent
        if not folder.is_dir():
            raise FileError(f"The folder {folder} of report_path does not exist. Create it: mkdir -p {folder}")
        if path.is_dir():
            raise FileError(f"report_path {path} is a folder. Add the name of a file.")
        if not os.access(folder, os.W_OK | os.X_OK):
            raise FileError(f"The folder {folder} of report_path cannot be written. Choose another report_path.")


def read_earlier(path: str | None) -> tuple[dict[str, t.Any] | None, list[str]]:
    """Return the earlier report, or a line that says that there is none yet."""
    if not path:
        return None, []
    try:
        text = Path(path).read_text(encoding="utf-8")
    except FileNotFoundError:
        return None, ["", f"Nothing to compare with: there is no report {path} yet."]
    except (OSError, UnicodeDecodeError) as error:
        raise FileError(f"The earlier report {path} cannot be read: {error}. Correct report_compare_to.") from error
    return earlier.parse(text, path), []


def write(report: model.Report, path: Path, mode: int) -> None:
    """Write the report to the path, in the format of its suffix."""
    _replace(path, FORMATS[path.suffix](report), mode)


def _replace(path: Path, text: str, mode: int) -> None:
    """Replace the file in one step: who reads it meanwhile has the old one or the new one, and no other mode."""
    try:
        handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    except OSError as error:
        raise FileError(f"The report {path} cannot be written: {error}.") from error
    temporary = Path(name)
    try:
        os.close(handle)
        temporary.write_text(text, encoding="utf-8")
        temporary.chmod(mode)
        temporary.replace(path)
    except OSError as error:
        temporary.unlink(missing_ok=True)
        raise FileError(f"The report {path} cannot be written: {error}.") from error
