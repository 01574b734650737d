# shellcheck shell=bash
# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Debian 12 has no newer Python than 3.11: .ci/in_fresh_root says where the machine has them.
PATH="$PATH${NEWER_PYTHONS:+:$NEWER_PYTHONS}"

# find_python VERSION: prints its program, from the PATH or from where pyenv keeps those that are not on it.
find_python() {
    "python$1" -c 'import sys; print(sys.executable)' 2> /dev/null && return
    local installed
    installed=$(pyenv versions --bare 2> /dev/null | grep "^$1\." | tail -n 1) && PYENV_VERSION=$installed pyenv which "python$1"
}
