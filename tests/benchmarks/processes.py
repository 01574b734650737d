# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The time and the memory of a command with all processes that it starts."""

from __future__ import annotations

import subprocess
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

_SECONDS_BETWEEN_SAMPLES = 0.1


@dataclass(frozen=True)
class Usage:
    """C(mebibytes): the most that all processes held at the same time. A page that several share counts once (PSS)."""

    seconds: float
    mebibytes: float


def measured(command: Sequence[str | Path], environment: dict[str, str]) -> Usage:
    """Run the command to its end. Raises RuntimeError if it fails."""
    with tempfile.TemporaryFile() as output:
        started = time.perf_counter()
        process = subprocess.Popen(command, env=environment, stdout=output, stderr=subprocess.STDOUT)
        most = 0.0
        while process.poll() is None:
            most = max(most, sum(map(_mebibytes, _family(process.pid))))
            time.sleep(_SECONDS_BETWEEN_SAMPLES)
        seconds = time.perf_counter() - started
        if process.returncode:
            output.seek(0)
            raise RuntimeError(f"{' '.join(map(str, command))} failed:\n{output.read().decode()[-4000:]}")
    return Usage(seconds, most)


def _family(pid: int) -> Iterator[int]:
    yield pid
    try:
        children = [
            child for task in Path(f"/proc/{pid}/task").iterdir() for child in (task / "children").read_text().split()
        ]
    except OSError:  # It has just ended.
        return
    for child in children:
        yield from _family(int(child))


def _mebibytes(pid: int) -> float:
    try:
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    except OSError:
        return 0
    return sum(int(line.split()[1]) for line in lines if line.startswith("Pss:")) / 1024
