# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Read files of Debian's packages."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.sandbox import packages
from tests.sandbox.console import SandboxError
from tests.sandbox.mirror import deb

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture(params=deb.PACKINGS)
def package(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    files = [deb.File("usr/bin/one", b"1", executable=True), deb.File("usr/share/two", b"22")]
    data = deb.data_member(files, request.param)
    deb.write(tmp_path / "some.deb", {"Package": "some", "Version": "1", "Architecture": "all"}, data, request.param)
    return tmp_path / "some.deb"


def test_reads_the_named_files_only(package: Path) -> None:
    assert packages.read_files(package, {"usr/share/two"}) == {"usr/share/two": b"22"}


def test_missing_files_are_named(package: Path) -> None:
    with pytest.raises(SandboxError, match=r"^some\.deb has no usr/bin/three, usr/bin/two$"):
        packages.read_files(package, {"usr/bin/one", "usr/bin/two", "usr/bin/three"})
