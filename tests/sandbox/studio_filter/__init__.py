# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What stands in Studio between an app and the engine: it denies what Studio's proxy is reported to deny.

Nobody outside of AWS has seen that proxy. `rules` is what users have met, each rule with where it was reported.
"""
