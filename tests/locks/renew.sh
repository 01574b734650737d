#!/usr/bin/env bash
# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
#
# Writes NAME.txt for each NAME.in of this folder: every package with its version and the hashes of its files, those that
# others require among them. renew.sh keeps the versions that NAME.txt has if they still suit, renew.sh --upgrade does not.
# A hash is the same wherever a file comes from, so that a proxy or a mirror changes nothing here.
#
# Debian's packages are not in these files: apt verifies them with the signature of the archive, which keeps only the
# newest version of each.
set -euo pipefail
cd "$(dirname "$0")"

tools=../../.sandbox/locks
if [ ! -x "$tools/bin/uv" ]; then
    python3 -m venv --clear "$tools"
    "$tools/bin/pip" install --quiet --disable-pip-version-check --require-hashes --requirement uv.txt
fi
# uv does not read pip's settings.
index=$("$tools/bin/pip" config get global.index-url 2> /dev/null || true)
export UV_DEFAULT_INDEX=${UV_DEFAULT_INDEX:-${PIP_INDEX_URL:-$index}}
[ -n "$UV_DEFAULT_INDEX" ] || unset UV_DEFAULT_INDEX

upgrade=("$@")
lock() {
    local name=$1
    shift
    echo "== $name"
    "$tools/bin/uv" pip compile --quiet --generate-hashes --no-emit-index-url \
        "${upgrade[@]}" "$@" --output-file "$name.txt" "$name.in"
}

lock uv --universal --python-version 3.11
lock tests --universal --python-version 3.11
lock bundle --universal --python-version 3.11 --no-deps
lock release --universal --python-version 3.11
lock nox --universal --python-version 3.11
for pair in 2.20:3.12 2.21:3.12 2.22:3.13; do
    lock "tests-${pair%:*}" --universal --python-version "${pair#*:}"
    lock "bundle-${pair%:*}" --universal --python-version "${pair#*:}" --no-deps
done
lock execution-environment --python-platform linux --python-version 3.12
# ansible-builder installs packages of its own, for which a file with hashes would have to have hashes, too.
sed -n 's/^\([a-z0-9._-]*==[^ ;\]*\).*/\1/p' execution-environment.txt > execution-environment-versions.txt
# The apps have Linux, and compile nothing.
lock pip --python-platform linux --python-version 3.11 --only-binary :all:
lock sdk-3.11 --python-platform linux --python-version 3.11 --only-binary :all:
lock sdk-3.9 --python-platform linux --python-version 3.9 --only-binary :all:
lock sdk-3 --python-platform linux --python-version 3.11 --only-binary :all: --no-deps
