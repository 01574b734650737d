# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Makes the checkout importable as the collection `mlops.studio_local_mode`, as ansible-core itself would."""

from __future__ import annotations

from ansible.utils.collection_loader._collection_finder import _AnsibleCollectionFinder

from tests.sandbox import layout

layout.link_collection()
# Other collections (amazon.aws) come from site-packages, which the finder searches as well.
_AnsibleCollectionFinder(paths=[str(layout.COLLECTIONS)])._install()
