#!/usr/bin/env bash
# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
#
# Runs the sanity and unit tests on newer versions of ansible-core, which need a newer Python than 3.11: on each that this
# machine has, with the bundle of collections that belongs to it. Of the release candidate 2.22, the sanity tests install
# something from GitHub, which not every machine reaches: the workflow "tests" runs them.
set -euo pipefail

cd "$(dirname "$0")/.."

. tests/find_python.sh

for pair in 3.12:2.20 3.13:2.21; do
    python=${pair%:*} core=${pair#*:}
    if ! find_python "$python" > /dev/null; then
        echo "== ansible-core $core: left out, there is no Python $python"
        continue
    fi
    echo "== ansible-core $core on Python $python"
    make core "CORE=$core" "PYTHON=$python"
done
