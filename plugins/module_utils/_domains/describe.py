# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# Note that this file is private to the collection: do not use it from outside.
"""Describe domains as sagemaker_domain_info returns them."""

from __future__ import annotations

import typing as t

from ansible_collections.mlops.studio_local_mode.plugins.module_utils._aws.concurrency import run_concurrently
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._aws.warnings import warn
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._domains import domain_settings
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._domains.apps import AppLister, iso_time
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._domains.select import describe_selected

if t.TYPE_CHECKING:
    from ansible_collections.mlops.studio_local_mode.plugins.module_utils._aws.reconcile import ResourceResult
    from ansible_collections.mlops.studio_local_mode.plugins.module_utils._aws.sagemaker_api import SageMakerApi
    from ansible_collections.mlops.studio_local_mode.plugins.module_utils._domains.selection import DomainSelection


def gather_domains(api: SageMakerApi, selection: DomainSelection, include_apps: bool) -> list[ResourceResult]:
    """Return the selected domains, each described or with its own error.

    Raises ResourceError for a failure that concerns the whole task.
    """
    lister = AppLister(api)

    def gather(result: ResourceResult) -> ResourceResult:
        if include_apps:
            result.apps = lister.apps_of(result)
        return result

    results = run_concurrently(gather, describe_selected(api, selection))
    if warning := lister.warning():
        warn(warning)
    return results


def as_result(result: ResourceResult) -> dict[str, t.Any]:
    """Return one element of the return value C(domains) of sagemaker_domain_info."""
    apps = {} if result.apps is None else {"apps": result.apps}
    error = {"error": result.error, "error_code": result.error_code} if result.error else {}
    return {**domain_as_dict(result.domain_id, result.description), **apps, **error}


def domain_as_dict(domain_id: str | None, domain: dict[str, t.Any]) -> dict[str, t.Any]:
    """Convert a DescribeDomain response to the modules' form; an empty response gives null values."""
    settings = domain_settings.from_api(domain).as_dict()
    return {
        "domain_id": domain_id,
        "domain_name": domain.get("DomainName"),
        "domain_arn": domain.get("DomainArn"),
        "status": domain.get("Status"),
        "failure_reason": domain.get("FailureReason"),
        "url": domain.get("Url"),
        "home_efs_file_system_id": domain.get("HomeEfsFileSystemId"),
        "kms_key_id": domain.get("KmsKeyId"),
        "auth_mode": domain.get("AuthMode"),
        "vpc_id": domain.get("VpcId"),
        "last_modified_time": iso_time(domain.get("LastModifiedTime")),
        **(settings if domain else {**settings, "docker_settings": None, "tag_propagation": None}),
    }
