# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The namespaces of the sandbox: its engine and apps see this machine's files, but have a network, mounts and processes
of their own, so that nothing of this machine changes and nothing remains. supervisor.py holds them.
"""
