# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Run the module docker_deb_bundle, and show how far it is."""

from __future__ import annotations

from ansible_collections.mlops.studio_local_mode.plugins.plugin_utils._report.followed_action import FollowedAction


class ActionModule(FollowedAction):
    """What the module does is in the module."""
