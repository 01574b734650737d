# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""As sitecustomize: make every Python of an app report an arm64 machine."""

from __future__ import annotations

import os
import platform

_real = os.uname()
os.uname = lambda: os.uname_result((*_real[:4], "aarch64"))
platform.machine = lambda: "aarch64"
