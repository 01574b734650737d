#!/usr/bin/env bash
# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
#
# Runs the sanity and unit tests on newer versions of ansible-core, which need a newer Python than 3.11: on each that this
# machine has. newer_cores.sh PYTHON:CORE… runs them on these, and fails without that Python.
set -euo pipefail

cd "$(dirname "$0")/.."

. tests/find_python.sh

site_packages() {
    "$1/bin/python" -c 'import sysconfig; print(sysconfig.get_path("purelib"))'
}

required=$#
[ "$required" -gt 0 ] || set -- 3.12:2.20 3.13:2.21
for pair in "$@"; do
    core=${pair#*:}
    if ! python=$(find_python "${pair%:*}"); then
        if [ "$required" -gt 0 ]; then
            echo "There is no Python ${pair%:*}: install it, or set PYTHON and CORE to others." >&2
            exit 1
        fi
        echo "== ansible-core $core: left out, there is no Python ${pair%:*}"
        continue
    fi
    echo "== ansible-core $core on $("$python" --version)"
    [ -e "tests/locks/core-$core.txt" ] || {
        echo "ansible-core $core has no versions: add tests/locks/core-$core.in and its line in tests/locks/renew.sh, and run make lock" >&2
        exit 1
    }
    venv=.sandbox/cores/$core
    if [ ! -e "$venv/installed" ]; then
        "$python" -m venv --clear "$venv"
        "$venv/bin/pip" install -qq --disable-pip-version-check --no-deps --require-hashes --requirement "tests/locks/core-$core.txt"
        touch "$venv/installed"
    fi
    # amazon.aws, of the bundle that the other tests have.
    ln -sfn "$(site_packages .venv)/ansible_collections" "$(site_packages "$venv")/ansible_collections"
    VENV=$venv CORE=$core PYTHON=${pair%:*} tests/sanity/run.sh
    "$venv/bin/pytest" tests/unit -n 2
done
