# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What an app compiles to prove a bundle that was carried over; what is proven is in test_docker_deb_bundle.py."""

from __future__ import annotations

import subprocess
import sys

from tests.sandbox import layout

IMPORTED = """
import sys
from tests import conftest
package = "ansible_collections.mlops.studio_local_mode.plugins.module_utils._docker"
__import__(f"{package}.carried_bundle")
print(*(name.rpartition(".")[2] for name in sys.modules if name.startswith(f"{package}.")))
"""


def test_nothing_of_the_network_is_imported() -> None:
    done = subprocess.run([sys.executable, "-c", IMPORTED], cwd=layout.ROOT, capture_output=True, text=True, check=True)
    imported = set(done.stdout.split())
    assert "manifest" in imported
    assert imported & {"bundle", "download", "repository", "package_index", "signature", "staging"} == set()
