# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Every file that names the version of the collection names that of galaxy.yml."""

from __future__ import annotations

import re

import pytest
import yaml

from tests.sandbox import layout

VERSION = yaml.safe_load((layout.ROOT / "galaxy.yml").read_text(encoding="utf-8"))["version"]
FILES = {
    "docs/awx.md": r"studio-local-mode-ee:([\d.]+)|studio_awx_scm_branch: '([\d.]+)'",
    "execution-environment.yml": r"mlops-studio_local_mode-([\d.]+)\.tar\.gz",
    "extensions/patterns/studio_local_mode/configuration/settings.yml": (
        r"studio-local-mode-ee:([\d.]+)|studio_awx_scm_branch: '([\d.]+)'"
    ),
}


@pytest.mark.parametrize("file", FILES)
def test_the_version_is_that_of_galaxy_yml(file):
    text = (layout.ROOT / file).read_text(encoding="utf-8")
    assert {found.group(found.lastindex) for found in re.finditer(FILES[file], text)} == {VERSION}
