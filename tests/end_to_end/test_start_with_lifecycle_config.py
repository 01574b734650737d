# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""From a lifecycle configuration alone, in an app that nobody has logged in to, to the SDK's training job."""

from __future__ import annotations

import shutil

import pytest
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._studio_facts import lifecycle_state

from tests.integration.lifecycle_scripts import render, run_at_start
from tests.sandbox import app, engine, job, layout, world


def test_a_training_job_runs_in_an_app_that_has_just_started(tmp_path):
    world.up(["mirror", "apps"])
    # The demo's home stays from one test run to the next.
    shutil.rmtree(layout.APP_HOME / lifecycle_state.IN_HOME, ignore_errors=True)
    targets = [{"distribution": "ubuntu", "codename": "jammy"}]
    variables = {"lifecycle_config_scope": "system", "lifecycle_config_targets": targets}
    script = render(tmp_path, {"script": variables})["script"]
    for installed_by in ("Download ", "Install "):
        app.restart()
        output = run_at_start(engine.client().containers.get(app.NAME), script)
        assert installed_by in output
        assert "Done: " in output
    # The second start took from the home what the first had fetched.
    assert "Download " not in output
    assert job.run().model["slope"] == pytest.approx(2.5)
