# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import base64
import subprocess

import pytest
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._aws.errors import SettingsError
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._lifecycle_configs import script

BASH = b"#!/bin/bash\n"
GOOD = {
    "bash": BASH + b"echo started\n",
    "argument": b"#!/bin/bash -eu\necho started\n",
    "space": b"#! /bin/sh -e\necho started\n",
    "trailing space": b"#!/bin/sh \t\necho started\n",
    "env": b"#!/usr/bin/env bash\necho started\n",
    "env -S": b"#!/usr/bin/env -S bash -e -u\necho started\n",
    "no last line end": BASH + b"echo started",
    "carriage return in a text": BASH + b"printf 'started\\r'\n",
    "not ASCII": BASH + "echo started ✓\n".encode(),
}
BAD = {
    "CRLF": (b"#!/bin/bash\r\necho started\r\n", "CRLF"),
    "CRLF after the first line": (BASH + b"if true; then\r\necho started\r\nfi\r\n", "CRLF"),
    "CR only": (b"#!/bin/bash\recho started\r", "CRLF"),
    "no shebang": (b"echo started\n", "does not begin with #!"),
    "comment first": (b"# Installs Docker\n#!/bin/bash\necho started\n", "does not begin with #!"),
    "blank line first": (b"\n#!/bin/bash\necho started\n", "precede the #!"),
    "space first": (b" #!/bin/bash\necho started\n", "precede the #!"),
    "UTF-8 with BOM": (b"\xef\xbb\xbf#!/bin/bash\necho started\n", "byte order mark"),
    "UTF-16": ("#!/bin/bash\necho started\n".encode("utf-16"), "byte order mark"),
    "UTF-16 without BOM": ("#!/bin/bash\necho started\n".encode("utf-16-le"), "NUL bytes"),
    "NUL byte": (BASH + b"echo\0started\n", "NUL bytes"),
    "relative interpreter": (b"#!bash\necho started\n", "absolute path"),
    "interpreter of Windows": (b"#!C:/bin/bash\necho started\n", "absolute path"),
    "no interpreter": (b"#!\necho started\n", "absolute path"),
    "folder": (b"#!/bin/\necho started\n", "absolute path"),
    "non-breaking space": ("#!\N{NO-BREAK SPACE}/bin/bash\necho started\n".encode(), "absolute path"),
    "env alone": (b"#!/usr/bin/env\necho started\n", "env without a program"),
    "several arguments": (b"#!/bin/bash -e -u\necho started\n", "several arguments"),
    "env with arguments": (b"#!/usr/bin/env bash -e\necho started\n", "several arguments"),
    "long first line": (b"#!/" + b"./" * 130 + b"bin/bash\necho started\n", "longer than 255"),
    "first line only": (b"#!/bin/bash", "no line after the first"),
    "all on one line": (b"#!/bin/bash\n\n", "no line after the first"),
    "empty": (b"\n", "empty"),
}


def starts(tmp_path, content, seconds=600):
    """Whether the kernel and the shell run the script to its end."""
    path = tmp_path / "script"
    path.write_bytes(content)
    path.chmod(0o755)
    try:
        # env without a program runs the script itself, again and again.
        done = subprocess.run([path], stdin=subprocess.DEVNULL, capture_output=True, check=False, timeout=seconds)
    except (OSError, subprocess.TimeoutExpired):
        return False
    return done.returncode == 0 and done.stdout.startswith(b"started") and b"\r\n" not in done.stdout


@pytest.mark.parametrize("content", GOOD.values(), ids=GOOD.keys())
def test_a_script_that_starts_is_accepted(tmp_path, content):
    assert starts(tmp_path, content)
    assert base64.b64decode(script.encode(content)) == content


@pytest.mark.parametrize(("content", "reason"), BAD.values(), ids=BAD.keys())
def test_a_script_that_does_not_start_is_refused(tmp_path, content, reason):
    assert not starts(tmp_path, content, seconds=2)
    with pytest.raises(SettingsError, match=f"no app would start with it: .*{reason}"):
        script.encode(content)


def test_content_is_accepted_up_to_the_limit():
    longest = BASH + b"x" * (12288 - len(BASH))
    assert base64.b64decode(script.encode(longest)) == longest
    with pytest.raises(SettingsError, match=r"1000 more than SageMaker's limit of 16384\. Shorten it by 750 bytes"):
        script.encode(longest + b"x" * 750)
