# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# Note that this file is private to the collection: do not use it from outside.
"""The lifecycle configurations in the settings of a domain or user profile, as resources of _aws.reconcile."""

from __future__ import annotations

import typing as t

from ansible_collections.mlops.studio_local_mode.plugins.module_utils._lifecycle_configs import attach

if t.TYPE_CHECKING:
    from ansible_collections.mlops.studio_local_mode.plugins.module_utils._aws.sagemaker_api import SageMakerApi
    from ansible_collections.mlops.studio_local_mode.plugins.module_utils._lifecycle_configs.attach import Attachments


class DomainUserSettingsResource:
    """DefaultUserSettings and DefaultSpaceSettings of a domain."""

    waiters = "domain"
    operation = "UpdateDomain"
    _member = "DefaultUserSettings"

    def __init__(self, api: SageMakerApi, identifier: dict[str, str], app_types: t.Sequence[str]) -> None:
        self.api = api
        self.identifier = identifier
        self._app_types = app_types

    def describe(self) -> dict[str, t.Any]:
        return self.api.describe_domain(self.identifier["DomainId"])

    def read(self, description: dict[str, t.Any]) -> Attachments:
        return attach.from_api(description, self._member, self._app_types)

    def send(self, desired: Attachments, description: dict[str, t.Any]) -> None:
        self._update(attach.to_api(desired, description))

    def mismatches(
        self, desired: Attachments, described: Attachments, desired_now: Attachments
    ) -> list[tuple[str, t.Any, t.Any]]:
        return attach.mismatches(desired, described, desired_now)

    def _update(self, settings: dict[str, t.Any]) -> None:
        self.api.update_default_settings(self.identifier["DomainId"], settings)


class ProfileUserSettingsResource(DomainUserSettingsResource):
    """UserSettings of a user profile, which override those of its domain."""

    waiters = "user_profile"
    operation = "UpdateUserProfile"
    _member = "UserSettings"

    def describe(self) -> dict[str, t.Any]:
        return self.api.describe_user_profile(self.identifier["DomainId"], self.identifier["UserProfileName"])

    def _update(self, settings: dict[str, t.Any]) -> None:
        self.api.update_user_settings(self.identifier, settings[self._member])
