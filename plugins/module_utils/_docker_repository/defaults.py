# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# Note that this file is private to the collection: do not use it from outside.
"""The URL of Docker's package repository and the fingerprint of its signing key."""

from __future__ import annotations

DOCKER_URL = "https://download.docker.com/linux"
# "Docker Release (CE deb) <docker@docker.com>", as Docker's installation guide for Ubuntu printed it.
DOCKER_FINGERPRINT = "9DC858229FC7DD38854AE2D88D81803C0EBFCD88"
