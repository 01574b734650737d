# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import json
import stat

import pytest
from ansible_collections.mlops.studio_local_mode.plugins.plugin_utils._report import files

from tests.unit.readiness import fleet


@pytest.mark.parametrize("suffix", [".html", ".json", ".md", ".txt", ".xml"])
def test_a_report_is_for_its_owner_and_leaves_nothing_beside_it(tmp_path, suffix):
    path = tmp_path / f"report{suffix}"
    path.write_text("old")
    path.chmod(0o644)
    files.write(fleet(3), path, 0o600)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert list(tmp_path.iterdir()) == [path]
    assert "space-1" in path.read_text().replace("\\", "")


def test_a_report_that_cannot_be_written_keeps_the_old_one(tmp_path):
    folder = tmp_path / "report.json"
    folder.mkdir()
    with pytest.raises(files.FileError, match="cannot be written"):
        files.write(fleet(3), folder, 0o600)
    assert list(tmp_path.iterdir()) == [folder]


@pytest.mark.parametrize(("mode", "expected"), [("0600", 0o600), ("640", 0o640), ("0644", 0o644)])
def test_a_mode_is_octal(mode, expected):
    assert files.parse_mode(mode) == expected


@pytest.mark.parametrize("mode", ["rw", "0999", "7777", "", 600, 384, None])
def test_another_mode_is_refused_with_an_example(mode):
    with pytest.raises(files.FileError, match="report_mode='0640'"):
        files.parse_mode(mode)


def test_paths_are_refused_before_anything_is_gathered(tmp_path):
    for path, says in [(tmp_path / "no/r.json", "mkdir -p"), (tmp_path, "is a folder")]:
        with pytest.raises(files.FileError, match=says):
            files.require_writable([path])
    for name in ("report", "report.pdf", "s3://bucket/report"):
        with pytest.raises(files.FileError, match="no known suffix"):
            files.require_known_suffix(name)


def test_an_earlier_report(tmp_path):
    path = tmp_path / "old.json"
    assert files.read_earlier(None) == (None, [])
    assert files.read_earlier(str(path))[1] == ["", f"Nothing to compare with: there is no report {path} yet."]
    path.write_text(json.dumps(fleet(3)))
    assert files.read_earlier(str(path))[0]["summary"]["apps"]["total"] == 3
    path.write_bytes(b"\xff")
    with pytest.raises(files.FileError, match="cannot be read"):
        files.read_earlier(str(path))
