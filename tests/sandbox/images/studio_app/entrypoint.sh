#!/bin/bash
# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Process 1 of a Studio app belongs to sagemaker-user.
set -eu

trap 'exit 0' TERM
while :; do
    sleep 3600 & wait "$!"
done
