# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# Note that this file is private to the collection: do not use it from outside.
"""The apps of the selected domains, as ListApps describes them."""

from __future__ import annotations

import typing as t

try:
    from botocore.exceptions import BotoCoreError, ClientError
except ImportError:
    pass  # AnsibleAWSModule reports the missing library.

from ansible_collections.mlops.studio_local_mode.plugins.module_utils._apps.app_result import AppResult
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._aws.concurrency import run_concurrently

if t.TYPE_CHECKING:
    from ansible_collections.mlops.studio_local_mode.plugins.module_utils._apps.select import AppSelection
    from ansible_collections.mlops.studio_local_mode.plugins.module_utils._aws.reconcile import ResourceResult
    from ansible_collections.mlops.studio_local_mode.plugins.module_utils._aws.sagemaker_api import SageMakerApi


def list_apps(api: SageMakerApi, domains: t.Sequence[ResourceResult], selection: AppSelection) -> list[AppResult]:
    """Return the apps with a selected type and owner, whatever their status.

    A domain whose apps cannot be listed gets an C(error).
    """

    def list_of(domain: ResourceResult) -> list[AppResult]:
        if domain.error:
            return []
        try:
            apps = api.list_apps(domain.domain_id)
        except (ClientError, BotoCoreError) as error:
            domain.fail(error, api.region)
            return []
        return [AppResult(domain.description, app, app["Status"]) for app in apps if selection.matches(app)]

    return [app for apps in run_concurrently(list_of, domains, api.concurrency) for app in apps]
