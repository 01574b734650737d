# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Run one module without ansible-playbook: `python -m tests.module_process MODULE ARGUMENTS`.

What ansible-playbook sends to a host does the same.
"""

from __future__ import annotations

import importlib
import json
import sys
from typing import Any

from ansible.module_utils.testing import patch_module_args

from tests import conftest  # noqa: F401 - makes the checkout importable as the collection


def run(module: str, arguments: dict[str, Any]) -> None:
    """Run the module, which prints its result as JSON and ends with SystemExit."""
    with patch_module_args(arguments):
        importlib.import_module(f"ansible_collections.mlops.studio_local_mode.plugins.modules.{module}").main()


if __name__ == "__main__":
    run(sys.argv[1], json.loads(sys.argv[2]))
