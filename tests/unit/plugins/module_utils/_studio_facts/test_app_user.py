# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import pytest
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._studio_facts.app_user import user_instead

USER, ROOT = ("sagemaker-user", 1000), ("root", 0)


@pytest.mark.parametrize(
    ("first_process", "user", "sudo_user", "instead"),
    [
        pytest.param("sagemaker-user", USER, None, None, id="the user"),
        pytest.param("sagemaker-user", ROOT, "sagemaker-user", "sagemaker-user", id="sudo"),
        pytest.param("sagemaker-user", ROOT, None, "sagemaker-user", id="su, or root by the connection"),
        pytest.param("sagemaker-user", USER, "root", None, id="the user, become by root"),
        pytest.param("sagemaker-user", ("other", 1001), None, None, id="another user without privileges"),
        pytest.param("root", ROOT, None, None, id="Studio Classic, whose user is root"),
        pytest.param("root", USER, None, None, id="first process of root, as docker exec --user enters it"),
        pytest.param("root", ROOT, "sagemaker-user", "sagemaker-user", id="first process of root, and sudo"),
        pytest.param("root", ROOT, "root", None, id="sudo of root"),
        pytest.param("root", USER, "root", None, id="first process of root, the user become by root"),
        pytest.param(None, ROOT, "sagemaker-user", "sagemaker-user", id="unknown first process, and sudo"),
        pytest.param(None, ROOT, None, None, id="unknown first process"),
    ],
)
def test_user_instead(first_process, user, sudo_user, instead):
    name, uid = user
    app = {
        "app_user": first_process,
        "user": {"name": name, "uid": uid},
        "become": sudo_user is not None,
        "sudo_user": sudo_user,
    }
    assert user_instead(app) == instead
