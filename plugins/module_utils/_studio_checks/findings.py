# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# Note that this file is private to the collection: do not use it from outside.
"""Run all checks of an app, in the order of their dependencies."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from ansible_collections.mlops.studio_local_mode.plugins.module_utils._studio_checks import (
    client,
    client_settings,
    engine,
    home,
    jobs,
)
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._studio_checks.lifecycle_config import (
    lifecycle_config,
)

_CHECKS = (
    engine.become,
    engine.app_type,
    engine.docker_host,
    engine.socket,
    engine.engine,
    engine.unversioned_paths,
    engine.rootless,
    client_settings.client_environment,
    client.docker_cli,
    client.compose,
    client.sagemaker_sdk,
    client_settings.docker_config,
    client.buildkit,
    home.home_tmp,
    lifecycle_config,
)


def report(
    app: dict[str, Any],
    min_free_gib: float,
    enough_free_gib: float,
    container: Mapping[str, Any] | None,
    sdk_jobs: Mapping[str, Mapping[str, Any]],
) -> list[dict[str, str]]:
    """Return the findings about the facts of studio_app_info, each as a dict of the fields of Finding.

    Args:
        app: the facts.
        min_free_gib: below this space in the home, the finding is a failure.
        enough_free_gib: below this space, it is a warning.
        container: the registered result of the container; None if it did not run.
        sdk_jobs: the registered results of the jobs, by name.
    """
    findings = [check(app) for check in _CHECKS]
    findings.append(home.home_space(app, min_free_gib, enough_free_gib))
    findings.append(jobs.container(app, container))
    findings.extend(jobs.sdk_job(name, app, sdk_jobs.get(name)) for name in jobs.EXPECTED)
    findings.append(jobs.engine_space([container, *sdk_jobs.values()], enough_free_gib))
    return [asdict(finding) for finding in findings]
