# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import base64

import pytest
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._aws.errors import SettingsError
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._lifecycle_configs import attach
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._lifecycle_configs.attach import (
    Attachment,
    Attachments,
    Family,
)

FAMILY = Family("docker")
PREFIX = "arn:aws:sagemaker:eu-west-1:123456789012:studio-lifecycle-config/"
OLD, NEW = f"{PREFIX}docker-jupyterlab-000000000000", f"{PREFIX}docker-jupyterlab-111111111111"
THEIRS, OTHERS = f"{PREFIX}theirs", f"{PREFIX}docker-of-others"


def lab(**attachment):
    return Attachments((("JupyterLab", Attachment(**attachment)),))


def test_the_name_carries_the_app_type_and_the_content():
    one, two = (FAMILY.config_name("JupyterLab", content) for content in (b"one", b"two"))
    assert one.startswith("docker-jupyterlab-")
    assert one != two
    assert one == FAMILY.config_name("JupyterLab", b"one")
    assert len(Family("d" * 36).config_name("KernelGateway", b"")) == 63


@pytest.mark.parametrize(
    ("name", "belongs"),
    [
        ("docker-jupyterlab-0123456789ab", True),
        (OLD, True),
        ("docker-codeeditor-0123456789ab", False),
        ("docker-jupyterlab-0123456789ab-old", False),
        ("docker-jupyterlab-of-somebody", False),
        ("my-docker-jupyterlab-0123456789ab", False),
        ("dockers-jupyterlab-0123456789ab", False),
    ],
)
def test_only_what_has_name_type_and_hash_belongs_to_the_family(name, belongs):
    assert FAMILY.has(name, "JupyterLab") is belongs


@pytest.mark.parametrize("name", ["", "-docker", "docker-", "docker_cli", "d" * 37])
def test_a_name_that_sagemaker_refuses(name):
    with pytest.raises(SettingsError, match="at most 36 letters"):
        Family(name).check()


def test_content_up_to_the_limit_and_by_how_much_it_is_over():
    assert base64.b64decode(attach.encoded(b"x" * 12288)) == b"x" * 12288
    with pytest.raises(SettingsError, match=r"1000 more than the 16384 that SageMaker takes\. Shorten it by 750 bytes"):
        attach.encoded(b"x" * 13038)
    with pytest.raises(SettingsError, match="empty"):
        attach.encoded(b"\n")


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
def test_ours_is_attached_in_place_of_older_ones_and_theirs_stay(before, attach_as, after):
    assert attach.attached(before, {"JupyterLab": NEW}, FAMILY, attach_as) == after


@pytest.mark.parametrize(
    ("before", "attach_as"), [(lab(built_in=THEIRS), "built_in"), (lab(default=THEIRS), "default")]
)
def test_a_place_that_is_taken_is_not_taken_over(before, attach_as):
    with pytest.raises(SettingsError, match=f"there can be one only: {THEIRS}. Detach it first"):
        attach.attached(before, {"JupyterLab": NEW}, FAMILY, attach_as)


def test_detaching_leaves_theirs():
    before = lab(built_in=OLD, default=NEW, available=(OLD, THEIRS, NEW, OTHERS))
    assert attach.detached(before, FAMILY) == lab(available=(THEIRS, OTHERS))
    assert attach.detached(lab(built_in=THEIRS), FAMILY) == lab(built_in=THEIRS)


def test_settings_are_read_with_what_was_never_set_or_is_cleared():
    described = {"JupyterLabAppSettings": {"BuiltInLifecycleConfigArn": "None", "LifecycleConfigArns": [THEIRS]}}
    read = attach.attachments_of(described, ["JupyterLab", "CodeEditor"])
    assert read.as_dict() == {
        "JupyterLab": {"built_in": None, "default": None, "available": [THEIRS]},
        "CodeEditor": {"built_in": None, "default": None, "available": []},
    }


def test_only_blocks_that_change_are_sent_whole_and_cleared_by_word():
    spec = {"InstanceType": "ml.t3.large", "LifecycleConfigArn": OLD}
    block = {
        "BuiltInLifecycleConfigArn": OLD,
        "DefaultResourceSpec": spec,
        "LifecycleConfigArns": [OLD],
        "CustomImages": [{"ImageName": "custom"}],
    }
    settings = {"ExecutionRole": "role", "JupyterLabAppSettings": block, "CodeEditorAppSettings": {"CustomImages": []}}
    current = attach.attachments_of(settings, ["JupyterLab", "CodeEditor"])
    wanted = attach.detached(current, FAMILY)
    assert attach.to_api(wanted, settings) == {
        "JupyterLabAppSettings": {
            "BuiltInLifecycleConfigArn": "None",
            "DefaultResourceSpec": {"InstanceType": "ml.t3.large", "LifecycleConfigArn": "None"},
            "LifecycleConfigArns": [],
            "CustomImages": [{"ImageName": "custom"}],
        }
    }
    assert attach.to_api(lab(built_in=NEW), {}) == {"JupyterLabAppSettings": {"BuiltInLifecycleConfigArn": NEW}}


@pytest.mark.parametrize(
    ("described", "still_desired", "proven"),
    [
        (lab(built_in=NEW, available=(THEIRS,)), lab(built_in=NEW, available=(THEIRS,)), True),
        (lab(built_in=NEW, available=(THEIRS, OTHERS)), lab(built_in=NEW, available=(THEIRS, OTHERS)), True),
        (lab(built_in=OLD, available=(THEIRS,)), lab(built_in=NEW, available=(THEIRS,)), False),
        (lab(built_in=NEW), lab(built_in=NEW), False),
    ],
    ids=["as-asked", "others-added-one", "ours-is-missing", "theirs-is-lost"],
)
def test_what_is_not_described_afterwards(described, still_desired, proven):
    wrong = attach.mismatches(lab(built_in=NEW, available=(THEIRS,)), described, still_desired)
    assert (wrong == []) is proven
