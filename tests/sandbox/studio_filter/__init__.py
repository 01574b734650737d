# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A stand-in for Studio's proxy between an app and the engine: it denies the requests that Studio is reported to deny.

The source of the proxy is not public. `rules` has what users reported, each rule with its source. `network` puts the
containers of an app where Studio has them: into the app's network namespace.
"""
