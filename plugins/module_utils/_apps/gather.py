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
            # Nobody asks for the owners of spaces where no owner is selected.
            owners = _owners_of_private_spaces(api, domain.domain_id) if selection.owners is not None and apps else {}
        except (ClientError, BotoCoreError) as error:
            domain.fail(error, api.region)
            return []
        results = [
            AppResult(domain.description, app, app["Status"], space_owner=owners.get(app.get("SpaceName", "")))
            for app in apps
        ]
        return [result for result in results if selection.matches(result.app, result.space_owner)]

    return [app for apps in run_concurrently(list_of, domains, api.concurrency) for app in apps]


def _owners_of_private_spaces(api: SageMakerApi, domain_id: str) -> dict[str, str]:
    """Return the user profile that owns each private space, by the name of the space."""
    return {
        space["SpaceName"]: space["OwnershipSettingsSummary"]["OwnerUserProfileName"]
        for space in api.list_spaces(domain_id)
        if (space.get("SpaceSharingSettingsSummary") or {}).get("SharingType") == "Private"
        and (space.get("OwnershipSettingsSummary") or {}).get("OwnerUserProfileName")
    }
