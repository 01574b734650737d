# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# Note that this file is private to the collection: do not use it from outside.
"""The lifecycle configuration that an app is created with again: not the one that a newer one has replaced."""

from __future__ import annotations

import typing as t

try:
    from botocore.exceptions import ClientError
except ImportError:
    pass  # AnsibleAWSModule reports the missing library.

from ansible_collections.mlops.studio_local_mode.plugins.module_utils._aws.errors import is_denied
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._lifecycle_configs import attach
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._lifecycle_configs.names import without_hash

if t.TYPE_CHECKING:
    from ansible_collections.mlops.studio_local_mode.plugins.module_utils._aws.sagemaker_api import SageMakerApi

    Description = t.Dict[str, t.Any]


def update_lifecycle_config(api: SageMakerApi, specification: Description, domain: Description) -> None:
    """Replace the lifecycle configuration in the CreateApp request if a newer one of its name is attached instead.

    An app keeps in its ResourceSpec the configuration that it was started with, whether its user chose it or not.
    """
    spec = specification.get("ResourceSpec", {})
    arn = spec.get("LifecycleConfigArn")
    if not arn or not without_hash(arn):
        return
    app_type = specification["AppType"]
    attached = _attached(domain, "DefaultUserSettings", app_type)
    if arn in attached:
        return
    newer = newer_of(arn, attached) or newer_of(arn, _attached(_profile(api, specification), "UserSettings", app_type))
    if newer:
        specification["ResourceSpec"] = {**spec, "LifecycleConfigArn": newer}


def newer_of(arn: str, attached: t.Iterable[str]) -> str | None:
    """Return the attached configuration with the same name and another hash."""
    return next((other for other in attached if other != arn and without_hash(other) == without_hash(arn)), None)


def _attached(description: Description, member: str, app_type: str) -> list[str]:
    """Return the ARNs of the default and available configurations, the default ones first."""
    attachments = [attachment for _place, attachment in attach.from_api(description, member, [app_type]).by_place]
    defaults = [attachment.default for attachment in attachments if attachment.default]
    return [*defaults, *(arn for attachment in attachments for arn in attachment.available)]


def _profile(api: SageMakerApi, specification: Description) -> Description:
    """Return the description of the user profile that owns the app's space, or nothing if it cannot be read."""
    domain_id = specification["DomainId"]
    try:
        space = api.describe_space({"DomainId": domain_id, "SpaceName": specification["SpaceName"]})
        owner = space.get("OwnershipSettings", {}).get("OwnerUserProfileName")
        return api.describe_user_profile(domain_id, owner) if owner else {}
    except ClientError as error:
        if not is_denied(error):
            raise
        return {}
