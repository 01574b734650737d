# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# Note that this file is private to the collection: do not use it from outside.
"""Gather the last change of each selected domain of a region."""

from __future__ import annotations

import typing as t
from dataclasses import dataclass, field

try:
    from botocore.exceptions import BotoCoreError, ClientError
except ImportError:
    pass  # AnsibleAWSModule reports the missing library.

from ansible_collections.mlops.studio_local_mode.plugins.module_utils._aws.errors import ResourceError, explain
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._domain_changes.last_change import (
    LastChange,
    is_older_than_history,
    last_change,
)
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._domain_changes.search import find_changes
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._domains.apps import iso_time
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._domains.select import describe_selected

if t.TYPE_CHECKING:
    from datetime import datetime

    from ansible_collections.mlops.studio_local_mode.plugins.module_utils._aws.reconcile import ResourceResult
    from ansible_collections.mlops.studio_local_mode.plugins.module_utils._aws.sagemaker_api import SageMakerApi
    from ansible_collections.mlops.studio_local_mode.plugins.module_utils._domain_changes.api import CloudTrailApi
    from ansible_collections.mlops.studio_local_mode.plugins.module_utils._domain_changes.search import Found
    from ansible_collections.mlops.studio_local_mode.plugins.module_utils._domains.selection import DomainSelection


@dataclass
class DomainChange:
    """A domain, or why it failed, and the last change of its DockerSettings."""

    domain: ResourceResult
    change: LastChange = field(default_factory=LastChange)

    def as_dict(self) -> dict[str, t.Any]:
        """Return one element of the return value C(domains) of sagemaker_domain_changes_info."""
        described = self.domain.description
        error = {"error": self.domain.error, "error_code": self.domain.error_code} if self.domain.error else {}
        return {
            "domain_id": self.domain.domain_id,
            "domain_name": described.get("DomainName"),
            "domain_arn": described.get("DomainArn"),
            "last_modified_time": iso_time(described.get("LastModifiedTime")),
            "last_change": self.change.event.as_dict() if self.change.event else None,
            "unknown_because": self.change.unknown_because,
            **error,
        }


def gather_changes(
    api: SageMakerApi, cloudtrail: CloudTrailApi, selection: DomainSelection, now: datetime
) -> list[DomainChange]:
    """Return the selected domains, each with its last change or its own error.

    Raises ResourceError for a failure that concerns the whole task.
    """
    results = describe_selected(api, selection)
    described = {result.domain_id: result.description for result in results if not result.error}
    found: Found = {}
    failure: Exception | None = None
    try:
        find_changes(cloudtrail.look_up, described, now, found)
    except ResourceError as error:
        failure = error
    except (ClientError, BotoCoreError) as error:
        failure = ResourceError(explain(error, api.region, "cloudtrail"))
        failure.__cause__ = error
    return [_with_change(result, found, failure, now) for result in results]


def _with_change(result: ResourceResult, found: Found, failure: Exception | None, now: datetime) -> DomainChange:
    events = found.get(result.domain_id, [])
    if result.error:
        return DomainChange(result)
    # Nothing was looked up for a domain whose last update is older than the event history.
    if failure and not events and not is_older_than_history(result.description, now):
        result.fail(failure, None)
        return DomainChange(result)
    return DomainChange(result, last_change(result.description, events, now))
