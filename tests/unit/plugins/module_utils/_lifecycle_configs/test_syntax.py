# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import shutil

import pytest
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._aws.errors import SettingsError
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._lifecycle_configs import syntax

BAD = {
    "no fi": b"#!/bin/bash\nif true; then\necho x\n",
    "sh": b"#!/bin/sh -e\necho $(\n",
    "env": b"#!/usr/bin/env bash\n)\n",
    "env -S": b"#!/usr/bin/env -S bash -e\ndone\n",
    "quote": b"#! /bin/bash\necho 'x\n",
}
GOOD = {
    "bash": b"#!/bin/bash\nif [[ $1 == *.x ]]; then echo x; fi\n",
    "patterns": b"#!/bin/bash\nshopt -s extglob\nrm -f /tmp/none/!(a|b)\n",
    "not a pattern": b"#!/bin/bash\nif !(grep -q x /etc/passwd); then echo x; fi\n",
    "python": b"#!/usr/bin/env python3\nif True:\n    print(')')\n",
    "fish": b"#!/usr/bin/fish\nif true\nend\n",
    "another shell of that end": b"#!/bin/dash\n)\n",
}


@pytest.mark.parametrize("content", BAD.values(), ids=BAD.keys())
def test_a_syntax_error_is_refused_with_its_line(content):
    with pytest.raises(SettingsError, match=r"no app would start with it: line [0-9]+: .+\. Correct the script"):
        syntax.check(content)


@pytest.mark.parametrize("content", GOOD.values(), ids=GOOD.keys())
def test_what_has_none_is_accepted(content):
    syntax.check(content)


def test_nothing_of_the_script_runs(tmp_path):
    syntax.check(f"#!/bin/bash\ntouch {tmp_path}/ran\n".encode())
    assert list(tmp_path.iterdir()) == []


def test_without_a_bash_nobody_knows(monkeypatch):
    monkeypatch.setattr(shutil, "which", lambda _name: None)
    syntax.check(b"#!/bin/bash\n(\n")
