# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A stand-in for Studio's proxy between an app and the engine, which supports only a part of Docker's API.

The source of the proxy is not public. `operations` has AWS's table of what Studio supports, and `limits` what AWS and
users report to be denied of that. `network` puts the containers of an app where Studio has them: into the app's network
namespace.
"""
