# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Run one module with JSON arguments in this process: `python -m tests.benchmarks.module_process MODULE ARGUMENTS`.

What ansible-playbook sends to a host does the same; here no other process of Ansible is counted with it.
"""

from __future__ import annotations

import importlib
import json
import sys

from ansible.module_utils.testing import patch_module_args
from ansible.utils.collection_loader._collection_finder import _AnsibleCollectionFinder

from tests.sandbox import layout


def main(module: str, arguments: str) -> None:
    _AnsibleCollectionFinder(paths=[str(layout.link_collection())])._install()
    with patch_module_args(json.loads(arguments)):
        importlib.import_module(f"ansible_collections.mlops.studio_local_mode.plugins.modules.{module}").main()


if __name__ == "__main__":
    main(*sys.argv[1:])
