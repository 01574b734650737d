# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The imports of verifying a staged bundle, which an app compiles; test_docker_deb_bundle.py has the behaviour."""

from __future__ import annotations

import subprocess
import sys

from tests.sandbox import layout

IMPORTED = """
import sys
from tests import conftest
module_utils = "ansible_collections.mlops.studio_local_mode.plugins.module_utils."
__import__(f"{module_utils}_docker_bundle.staged")
print(*(name[len(module_utils):] for name in sys.modules if name.startswith(module_utils)))
"""


def test_no_network_code_is_imported() -> None:
    done = subprocess.run([sys.executable, "-c", IMPORTED], cwd=layout.ROOT, capture_output=True, text=True, check=True)
    imported = set(done.stdout.split())
    assert "_docker_bundle.manifest" in imported
    # What reads and verifies an index; nothing that downloads one.
    assert {name for name in imported if name.startswith("_docker_repository.")} == {
        "_docker_repository.package_index",
        "_docker_repository.signature",
        "_docker_repository.signed_index",
    }
    assert imported & {"_docker_bundle.create", "_docker_bundle.write"} == set()
