# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import pytest
from ansible_collections.mlops.studio_local_mode.plugins.filter.local_mode_report import local_mode_report
from ansible_collections.mlops.studio_local_mode.plugins.filter.local_mode_report_text import local_mode_report_text

from tests.unit.studio_app import studio_app


def finding(**changes):
    return {
        "check": "x",
        "status": "ok",
        "observed": "s",
        "expected": "e",
        "reason": "w",
        "remediation": "t",
        **changes,
    }


def test_an_ok_finding_shows_only_its_remediation():
    assert local_mode_report_text(
        [finding(check="engine", observed="Docker 20.10.24", remediation=""), finding(check="x", reason="w " * 60)]
    ).splitlines() == [
        "OK       engine  Docker 20.10.24",
        "OK       x       s",
        "         remediation: t",
        "",
        "Local mode can work here: nothing failed.",
    ]


@pytest.mark.parametrize("status", ["failed", "warning"])
def test_a_problem_shows_expected_reason_and_remediation(status):
    lines = local_mode_report_text([finding(status=status, reason="w " * 60)]).splitlines()
    assert lines[:3] == [
        f"{status.upper():<7}  x  s",
        "         expected:    e",
        "         reason:      " + " ".join(["w"] * 39),
    ]
    assert lines[3] == " " * 22 + " ".join(["w"] * 21)
    assert lines[4] == "         remediation: t"


def test_a_skipped_check_shows_its_reason():
    assert local_mode_report_text([finding(status="skipped")]).splitlines()[1] == "         reason:      w"


@pytest.mark.parametrize(
    ("statuses", "summary"),
    [
        (["ok", "skipped"], "Local mode can work here: nothing failed, 1 skipped."),
        (["skipped"], "Whether local mode works here is unknown: every check was skipped."),
        (["ok", "warning"], "Local mode can work here: nothing failed, 1 warning."),
        (["failed"], "Local mode will not work here: 1 failed."),
        (["failed", "failed", "warning"], "Local mode will not work here: 2 failed, 1 warning."),
        ([], "Local mode can work here: nothing failed."),
    ],
)
def test_summary(statuses, summary):
    findings = [finding(status=status) for status in statuses]
    assert local_mode_report_text(findings).splitlines()[-1] == summary


def test_findings_as_jinja_s_selectattr_gives_them():
    text = local_mode_report_text(one for one in [finding(status="failed")])
    assert text.splitlines()[0] == "FAILED   x  s"
    assert text.endswith("1 failed.")


def test_the_report_of_a_broken_app_fits_a_terminal():
    app = studio_app(docker=None, compose=None, resource_metadata=None, become=True, sudo_user="someone")
    text = local_mode_report_text(local_mode_report(app, container={"rc": 125, "stderr": "x " * 300}))
    assert max(map(len, text.splitlines())) <= 100
