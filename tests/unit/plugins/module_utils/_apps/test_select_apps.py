# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import pytest
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._apps.select import AppSelection, problem

from tests.unit.studio_apps import DOMAIN, HOUR, KERNEL, LAB, NOON


def selection(types=("JupyterLab", "KernelGateway"), owners=None, predates_domain_update=True):
    return AppSelection(types, owners, predates_domain_update)


@pytest.mark.parametrize(
    ("app", "options", "selected"),
    [
        (LAB, {}, True),
        (KERNEL, {}, True),
        ({**LAB, "AppType": "JupyterServer"}, {}, False),
        (LAB, {"types": ("CodeEditor",)}, False),
        (LAB, {"owners": ("ada-space",)}, True),
        (LAB, {"owners": ("ada",)}, False),
        (KERNEL, {"owners": ("ada",)}, True),
        (LAB, {"owners": ()}, False),
    ],
)
def test_apps_are_selected_by_type_and_owner(app, options, selected):
    assert selection(**options).matches(app) is selected


@pytest.mark.parametrize(
    ("created", "tags", "selected"),
    [
        (NOON - HOUR, {}, True),
        (NOON, {}, False),
        (NOON + HOUR, {}, False),
        (NOON - HOUR, {"studio_local_mode:restarted_for": "2026-01-31T12:00:00+00:00"}, False),
        (NOON - HOUR, {"studio_local_mode:restarted_for": "2026-01-30T12:00:00+00:00"}, True),
    ],
    ids=["older", "same-time", "younger", "restarted-for-this-update", "restarted-for-an-earlier-one"],
)
def test_apps_are_selected_by_creation_time_or_by_the_tag_of_a_restart(created, tags, selected):
    app = {**LAB, "CreationTime": created}
    assert selection().matches_age(app, DOMAIN, tags) is selected
    assert selection(predates_domain_update=False).matches_age(app, DOMAIN, tags)


@pytest.mark.parametrize(
    ("types", "state", "refused"),
    [
        (["JupyterLab", "CodeEditor"], "restarted", False),
        (["JupyterLab", "KernelGateway"], "restarted", True),
        (["JupyterServer"], "restarted", True),
        (["KernelGateway", "JupyterServer"], "absent", False),
    ],
)
def test_apps_of_studio_classic_are_deleted_but_never_restarted(types, state, refused):
    reason = problem(types, state)
    assert ("AWS no longer creates them" in (reason or "")) is refused


def test_a_user_profile_selects_the_apps_of_its_private_spaces():
    assert selection(owners=("ada",)).matches(LAB, "ada")
    assert not selection(owners=("bob",)).matches(LAB, "ada")
    assert not selection(owners=("bob",)).matches(LAB, None)
