#!/usr/bin/env bash
# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
#
# Makes the virtual environment of the tests: make_venv.sh FOLDER. For a newer ansible-core: VENV_CORE=2.20 VENV_PYTHON=3.12
set -euo pipefail
. "$(dirname "$0")/find_python.sh"

folder=$1
suffix=${VENV_CORE:+-$VENV_CORE}
locks=$(dirname "$0")/locks
# ansible-core 2.19, the oldest supported one, runs on 3.11, which is all that Debian 12 has.
if [ -n "$suffix" ]; then
    python=$(find_python "${VENV_PYTHON:?Set PYTHON to a version that ansible-core $VENV_CORE runs on, for example 3.13}") || {
        echo "There is no Python $VENV_PYTHON: install it, or set PYTHON to another that ansible-core $VENV_CORE runs on." >&2
        exit 1
    }
else
    python=$(command -v python3.11 || command -v python3) || {
        echo "There is no python3 on the PATH. Install Python 3.11, on Debian: apt-get install python3-venv" >&2
        exit 1
    }
fi
"$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' || {
    echo "$python is $("$python" --version); Python 3.11 or later is needed." >&2
    exit 1
}
if ! "$python" -c 'import ensurepip, venv' 2> /dev/null; then
    echo "== Install Python's venv module"
    apt-get update -qq
    apt-get install -qq --yes --no-install-recommends python3-venv > /dev/null
fi
echo "== Make $folder (a minute or so)"
bundle=$(mktemp -d)
trap 'rm -rf "$bundle"' EXIT
"$python" -m venv "$folder"
# locked FILE COMMAND …: what the file locks, and nothing else.
locked() { "$folder/bin/pip" "$2" -qq --disable-pip-version-check --no-deps --require-hashes --requirement "$locks/$1" "${@:3}"; }
# At the same time, since all of them wait for the network. The sandbox's packages are tried again when it starts.
if [ -n "${FOR_SANDBOX:-}" ]; then "$python" -m tests.sandbox.packages || true; fi &
locked "bundle$suffix.txt" download --dest "$bundle" &
downloaded=$!
locked "tests$suffix.txt" install
wait "$downloaded"
wait

# Only where the tests ask for it: the benchmarks and users have Python as it is.
echo "import gc, os; 'GC_THRESHOLD' in os.environ and gc.set_threshold(int(os.environ['GC_THRESHOLD']), 20, 100)" \
    > "$("$folder/bin/python" -c 'import sysconfig; print(sysconfig.get_path("purelib"))')/gc_threshold.pth"

# Of the bundle's hundred collections those that are used here: unpacking and compiling them all takes longer than the rest.
"$folder/bin/python" - "$bundle"/ansible-*.whl <<'END'
import compileall
import sys
import sysconfig
import zipfile
from pathlib import Path

USED = ("amazon/aws", "ansible/posix", "awx/awx", "community/docker", "community/library_inventory_filtering_v1")

site_packages = sysconfig.get_path("purelib")
folders = [f"ansible_collections/{name}/" for name in USED]
with zipfile.ZipFile(sys.argv[1]) as wheel:
    wheel.extractall(site_packages, [file for file in wheel.namelist() if file.startswith(tuple(folders))])
for folder in folders:
    # awx.awx is in the bundles up to 13.
    if Path(site_packages, folder).exists():
        compileall.compile_dir(f"{site_packages}/{folder}", quiet=1)
END
