# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The sandbox: a small world to run the collection against, without AWS, without a registry, without Docker's site.

`python -m tests.sandbox up` starts it, `down` takes it away; everything it makes lives in one folder, .sandbox.
An app has the engine as in Studio, behind a filter (studio_filter); the tools of this machine have its own socket.
"""
