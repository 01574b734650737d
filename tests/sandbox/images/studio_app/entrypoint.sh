#!/bin/bash
# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Process 1 of a Studio app belongs to sagemaker-user. Studio's proxy socket may be opened by that user; here it is the
# engine's own, whose group is only known once it is mounted.
set -eu

socket=${DOCKER_HOST#unix://}
if [ -S "$socket" ] && [ ! -w "$socket" ]; then
    gid=$(stat --format=%g "$socket")
    getent group "$gid" > /dev/null || sudo groupadd --gid "$gid" docker-proxy
    sudo usermod --append --groups "$(getent group "$gid" | cut -d: -f1)" sagemaker-user
fi

trap 'exit 0' TERM
while :; do
    sleep 3600 & wait "$!"
done
