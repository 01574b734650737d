#!/usr/bin/env bash
# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
#
# Runs ansible-test sanity on the files of this checkout, in a tree as ansible-test wants it; arguments are passed on.
set -euo pipefail

checkout=$(cd "$(dirname "$0")/../.." && pwd)
bin="$checkout/${VENV:-.venv}/bin"
# Its virtual environments are kept here, so that only the first run installs them.
home="$checkout/.sandbox/sanity${CORE:-}"
collection="$home/ansible_collections/mlops/studio_local_mode"
site_packages=$("$bin/python" -c 'import sysconfig; print(sysconfig.get_path("purelib"))')

rm -rf "$collection"
mkdir -p "$collection"
cd "$checkout"
# What galaxy.yml leaves out is no part of the collection: the Python of the tests is held by ruff. tests/sanity/ignore-*.txt
# has what ansible-test says about it in an ordinary checkout.
# shellcheck disable=SC2016 # The shell that xargs starts expands it.
git ls-files -z --cached --others --exclude-standard -- . ':!tests/*.py' ':!tests/sandbox' ':!tests/sanity' ':!extensions/molecule' |
    xargs -0 -I{} sh -c 'test ! -e "$1" || printf "%s\0" "$1"' _ {} | tar -c --null -T - | tar -x -C "$collection"
git -C "$collection" init -q
git -C "$collection" add -A
ln -sfn "$site_packages/ansible_collections/amazon" "$home/ansible_collections/amazon"

# ansible-test would download a script that installs pip; the one of this checkout is there already, and compiled.
pip_version=$("$bin/python" - <<'EOF'
import re
from pathlib import Path

import ansible_test

text = Path(ansible_test.__path__[0], "_internal", "python_requirements.py").read_text()
print(re.search(r"pip='([0-9.]+)'", text).group(1).replace(".", "_"))
EOF
)
mkdir -p "$home/.ansible/test/cache"
cat > "$home/.ansible/test/cache/get_pip_$pip_version.py" <<EOF
import shutil
import sysconfig
from pathlib import Path

for folder in Path("$site_packages").glob("pip*"):
    shutil.copytree(folder, Path(sysconfig.get_path("purelib"), folder.name))
EOF

# The user's pip settings stay in force although HOME changes.
[ -f ~/.config/pip/pip.conf ] && export PIP_CONFIG_FILE=~/.config/pip/pip.conf
cd "$collection"
HOME="$home" PATH="$bin:$PATH" exec ansible-test sanity --local --python "${PYTHON:-3.11}" --color no "$@"
