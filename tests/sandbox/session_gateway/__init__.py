# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Session Manager for spaces: the service's WebSocket, the agent's side of the protocol, and the ssh server of an app.

Built from what is known of them (AWS's session-manager-plugin and amazon-ssm-agent), independently of the collection's
client, so that the two do not agree on the same mistake.
"""
