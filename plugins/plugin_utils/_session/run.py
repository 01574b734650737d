# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# Note that this file is private to the collection: do not use it from outside.
"""The program of a session's processes: C(run.py proxy REQUEST) and C(run.py start REQUEST).

Outside Ansible its collection loader does not exist, and the name C(ansible_collections) may belong to a package of the
same Python. So the folder of the plugins gets a name of its own here, and the files import each other relatively.
"""

from __future__ import annotations

import importlib
import sys
import types
from pathlib import Path

_MODULES = {"proxy": "proxy", "start": "start_session"}


def main() -> int:
    """Run the process that the arguments name."""
    # Python puts this file's folder there, whose files are no top-level modules.
    sys.path.pop(0)
    package = types.ModuleType("studio_local_mode_plugins")
    package.__path__ = [str(Path(__file__).resolve().parents[2])]
    sys.modules[package.__name__] = package
    process = importlib.import_module(f"{package.__name__}.plugin_utils._session.{_MODULES[sys.argv[1]]}")
    return int(process.main(sys.argv[2]))


if __name__ == "__main__":
    sys.exit(main())
