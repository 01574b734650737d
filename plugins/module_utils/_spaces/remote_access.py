# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# Note that this file is private to the collection: do not use it from outside.
"""RemoteAccess of one space, as a resource of the reconcile loop."""

from __future__ import annotations

import typing as t
from dataclasses import dataclass

from ansible_collections.amazon.aws.plugins.module_utils.botocore import is_boto3_error_code
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._aws.errors import ResourceError
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._spaces import reachability

if t.TYPE_CHECKING:
    from ansible_collections.mlops.studio_local_mode.plugins.module_utils._aws.reconcile import Description, Difference
    from ansible_collections.mlops.studio_local_mode.plugins.module_utils._aws.sagemaker_api import SageMakerApi


@dataclass(frozen=True)
class RemoteAccess:
    """Whether a space has remote access; one that never had it set has none."""

    enabled: bool

    def as_dict(self) -> dict[str, t.Any]:
        return {"remote_access": self.enabled}


class SpaceRemoteAccess:
    """The resource for reconcile(). C(app_runs): an app of the space runs while the update is sent."""

    waiters = "space"
    operation = "UpdateSpace"

    def __init__(self, api: SageMakerApi, identifier: dict[str, str], app_runs: bool) -> None:
        self.api = api
        self.identifier = identifier
        self._app_runs = app_runs

    def describe(self) -> Description:
        return self.api.describe_space(self.identifier)

    def read(self, description: Description) -> RemoteAccess:
        return RemoteAccess(reachability.is_enabled(description))

    def send(self, desired: RemoteAccess, description: Description) -> None:
        """Send RemoteAccess and nothing else, as AWS Toolkit for VS Code does."""
        settings = {"RemoteAccess": "ENABLED" if desired.enabled else "DISABLED"}
        try:
            self.api.update_space_settings(self.identifier, settings)
        except is_boto3_error_code(["ResourceInUse", "ValidationException"]) as error:
            if not self._app_runs:
                raise
            # The space is stable and has an app. Waiting for that would take until its user stops it.
            said = error.response["Error"].get("Message", "")
            raise ResourceError(
                f"SageMaker does not accept the change while the app of the space runs ({said}). Set restart=true, "
                "which deletes the app first and creates it again"
            ) from error

    def mismatches(self, desired: RemoteAccess, described: RemoteAccess, desired_now: RemoteAccess) -> list[Difference]:
        if described == desired:
            return []
        return [("remote_access", desired.enabled, described.enabled)]
