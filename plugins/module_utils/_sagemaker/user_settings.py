# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# Note that this file is private to the collection: do not use it from outside.
"""The lifecycle configurations in a domain's or a profile's settings, as the road of every update takes them."""

from __future__ import annotations

import typing as t

from ansible_collections.mlops.studio_local_mode.plugins.module_utils._sagemaker import lifecycle_configs

if t.TYPE_CHECKING:
    from ansible_collections.mlops.studio_local_mode.plugins.module_utils._sagemaker.api import DomainApi
    from ansible_collections.mlops.studio_local_mode.plugins.module_utils._sagemaker.lifecycle_configs import (
        Attachments,
    )


class DomainUserSettings:
    """DefaultUserSettings of a domain; a subject of update_road."""

    waiters = "domain"
    operation = "UpdateDomain"
    _member = "DefaultUserSettings"

    def __init__(self, api: DomainApi, resource: dict[str, str], app_types: t.Sequence[str]) -> None:
        self.api = api
        self.resource = resource
        self._app_types = app_types

    def describe(self) -> dict[str, t.Any]:
        return self.api.describe_domain(self.resource["DomainId"])

    def read(self, description: dict[str, t.Any]) -> Attachments:
        return lifecycle_configs.attachments_of(description.get(self._member, {}), self._app_types)

    def send(self, wanted: Attachments, description: dict[str, t.Any]) -> None:
        self._send(lifecycle_configs.to_api(wanted, description.get(self._member, {})))

    def unproven(
        self, wanted: Attachments, described: Attachments, still_wanted: Attachments
    ) -> list[tuple[str, t.Any, t.Any]]:
        return lifecycle_configs.unproven(wanted, described, still_wanted)

    def _send(self, settings: dict[str, t.Any]) -> None:
        self.api.update_default_user_settings(self.resource["DomainId"], settings)


class ProfileUserSettings(DomainUserSettings):
    """UserSettings of a user profile, which go before those of its domain."""

    waiters = "user_profile"
    operation = "UpdateUserProfile"
    _member = "UserSettings"

    def describe(self) -> dict[str, t.Any]:
        return self.api.describe_user_profile(self.resource["DomainId"], self.resource["UserProfileName"])

    def _send(self, settings: dict[str, t.Any]) -> None:
        self.api.update_user_settings(self.resource, settings)
