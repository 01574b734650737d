# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Makes the checkout importable as the collection `mlops.studio_local_mode`, as ansible-core itself would."""

from __future__ import annotations

import sys
from pathlib import Path

from ansible.utils.collection_loader import AnsibleCollectionConfig
from ansible.utils.collection_loader._collection_finder import _AnsibleCollectionFinder

# `ansible-test units` imports the tests as part of the collection, and has the collection importable already.
if (checkout := str(Path(__file__).resolve().parents[1])) not in sys.path:
    sys.path.insert(0, checkout)

from tests.sandbox import layout

layout.link_collection()
if AnsibleCollectionConfig.collection_finder is None:
    # Other collections (amazon.aws) come from site-packages, which the finder searches as well.
    _AnsibleCollectionFinder(paths=[str(layout.COLLECTIONS)])._install()
