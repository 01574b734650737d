# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import pytest
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._aws.errors import SettingsError
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._lifecycle_configs import attach
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._lifecycle_configs.attach import (
    Attachment,
    Attachments,
    Place,
)
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._lifecycle_configs.names import NamePrefix

PREFIX = NamePrefix("docker")
ARN = "arn:aws:sagemaker:eu-west-1:123456789012:studio-lifecycle-config/"
OLD, NEW = f"{ARN}docker-jupyterlab-000000000000", f"{ARN}docker-jupyterlab-111111111111"
THEIRS, OTHERS = f"{ARN}theirs", f"{ARN}docker-of-others"


LAB = Place("JupyterLab", "DefaultUserSettings")
SHARED = Place("JupyterLab", "DefaultSpaceSettings")


def lab(**attachment):
    return Attachments(((LAB, Attachment(**attachment)),))


@pytest.mark.parametrize(
    ("before", "attach_as", "after"),
    [
        (lab(), "built_in", lab(built_in=NEW)),
        (lab(), "default", lab(default=NEW, available=(NEW,))),
        (lab(), "available", lab(available=(NEW,))),
        (lab(built_in=OLD), "built_in", lab(built_in=NEW)),
        (
            lab(built_in=OLD, default=THEIRS, available=(THEIRS,)),
            "built_in",
            lab(built_in=NEW, default=THEIRS, available=(THEIRS,)),
        ),
        (lab(available=(THEIRS, OLD, OTHERS)), "available", lab(available=(THEIRS, NEW, OTHERS))),
        (lab(default=OLD, available=(OLD, THEIRS)), "built_in", lab(built_in=NEW, available=(THEIRS,))),
        (lab(built_in=OLD, available=(THEIRS,)), "default", lab(default=NEW, available=(THEIRS, NEW))),
        (lab(built_in=THEIRS), "available", lab(built_in=THEIRS, available=(NEW,))),
        (lab(built_in=NEW), "built_in", lab(built_in=NEW)),
    ],
)
def test_the_own_one_replaces_older_ones_and_all_others_stay(before, attach_as, after):
    assert attach.attach(before, {"JupyterLab": NEW}, PREFIX, attach_as) == after


@pytest.mark.parametrize(
    ("before", "attach_as"), [(lab(built_in=THEIRS), "built_in"), (lab(default=THEIRS), "default")]
)
def test_a_built_in_or_default_one_of_another_name_is_refused(before, attach_as):
    with pytest.raises(SettingsError, match=f"it can have only one: {THEIRS}. Detach it first"):
        attach.attach(before, {"JupyterLab": NEW}, PREFIX, attach_as)


def test_detaching_keeps_all_others():
    before = lab(built_in=OLD, default=NEW, available=(OLD, THEIRS, NEW, OTHERS))
    assert attach.detach(before, PREFIX) == lab(available=(THEIRS, OTHERS))
    assert attach.detach(lab(built_in=THEIRS), PREFIX) == lab(built_in=THEIRS)


def test_settings_that_were_never_set_or_are_cleared_are_read():
    described = {"JupyterLabAppSettings": {"BuiltInLifecycleConfigArn": "None", "LifecycleConfigArns": [THEIRS]}}
    read = attach.from_api({"DefaultUserSettings": described}, "DefaultUserSettings", ["JupyterLab", "CodeEditor"])
    assert read.as_dict() == {
        "JupyterLab": {"built_in": None, "default": None, "available": [THEIRS]},
        "CodeEditor": {"built_in": None, "default": None, "available": []},
    }


def test_only_changed_blocks_are_sent_with_all_their_keys():
    spec = {"InstanceType": "ml.t3.large", "LifecycleConfigArn": OLD}
    block = {
        "BuiltInLifecycleConfigArn": OLD,
        "DefaultResourceSpec": spec,
        "LifecycleConfigArns": [OLD],
        "CustomImages": [{"ImageName": "custom"}],
    }
    settings = {"ExecutionRole": "role", "JupyterLabAppSettings": block, "CodeEditorAppSettings": {"CustomImages": []}}
    domain = {"DefaultUserSettings": settings}
    current = attach.from_api(domain, "DefaultUserSettings", ["JupyterLab", "CodeEditor"])
    desired = attach.detach(current, PREFIX)
    assert attach.to_api(desired, domain) == {
        "DefaultUserSettings": {
            "JupyterLabAppSettings": {
                "BuiltInLifecycleConfigArn": "None",
                "DefaultResourceSpec": {"InstanceType": "ml.t3.large", "LifecycleConfigArn": "None"},
                "LifecycleConfigArns": [],
                "CustomImages": [{"ImageName": "custom"}],
            }
        }
    }
    assert attach.to_api(lab(built_in=NEW), {}) == {
        "DefaultUserSettings": {"JupyterLabAppSettings": {"BuiltInLifecycleConfigArn": NEW}}
    }


def test_shared_spaces_have_jupyterlab_settings_of_their_own_where_a_domain_supports_them():
    domain = {"DefaultSpaceSettings": {"ExecutionRole": "role"}}
    current = attach.from_api(domain, "DefaultUserSettings", ["JupyterLab", "CodeEditor"])
    assert list(current.as_dict()) == ["JupyterLab", "CodeEditor", "JupyterLab in shared spaces"]
    arns = {"JupyterLab": NEW, "CodeEditor": OTHERS}
    desired = attach.attach(current, arns, PREFIX, "built_in")
    assert attach.to_api(desired, domain)["DefaultSpaceSettings"] == {
        "JupyterLabAppSettings": {"BuiltInLifecycleConfigArn": NEW}
    }
    assert desired.by_app_type(shared_spaces=True) == {
        "JupyterLab": {"built_in": NEW, "default": None, "available": []}
    }
    assert list(desired.by_app_type(shared_spaces=False)) == ["JupyterLab", "CodeEditor"]
    assert list(attach.from_api({"UserSettings": {}}, "UserSettings", ["JupyterLab"]).as_dict()) == ["JupyterLab"]


def test_a_conflict_in_shared_spaces_is_refused():
    current = Attachments(((SHARED, Attachment(built_in=THEIRS)),))
    with pytest.raises(SettingsError, match="JupyterLab in shared spaces already has a built-in"):
        attach.attach(current, {"JupyterLab": NEW}, PREFIX, "built_in")


@pytest.mark.parametrize(
    ("described", "desired_now", "matches"),
    [
        (lab(built_in=NEW, available=(THEIRS,)), lab(built_in=NEW, available=(THEIRS,)), True),
        (lab(built_in=NEW, available=(THEIRS, OTHERS)), lab(built_in=NEW, available=(THEIRS, OTHERS)), True),
        (lab(built_in=OLD, available=(THEIRS,)), lab(built_in=NEW, available=(THEIRS,)), False),
        (lab(built_in=NEW), lab(built_in=NEW), False),
    ],
    ids=["as-requested", "others-added-one", "ours-is-missing", "theirs-is-lost"],
)
def test_only_a_missing_attachment_is_a_mismatch(described, desired_now, matches):
    found = attach.mismatches(lab(built_in=NEW, available=(THEIRS,)), described, desired_now)
    assert (found == []) is matches
