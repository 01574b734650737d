# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The sandbox: a test environment for the collection, without AWS, without a registry, without Docker's site.

`python -m tests.sandbox up` starts it, `down` stops it; it creates files only in one folder, .sandbox.
As in Studio, a filter (studio_filter) is between an app and the engine; this machine's tools use the engine's socket.
"""
