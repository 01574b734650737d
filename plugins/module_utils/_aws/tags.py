# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# Note that this file is private to the collection: do not use it from outside.
"""Read the tags of a resource that may have failed or gone since it was listed."""

from __future__ import annotations

import typing as t

from ansible_collections.amazon.aws.plugins.module_utils.botocore import is_boto3_error_code

if t.TYPE_CHECKING:
    from ansible_collections.mlops.studio_local_mode.plugins.module_utils._aws.sagemaker_api import SageMakerApi

# For the warning about a resource that is selected by its tags.
UNREADABLE = "SageMaker does not return its tags, as of a resource that has failed or is deleted"


def readable_tags(api: SageMakerApi, arn: str) -> dict[str, str] | None:
    """Return the tags, or None for a resource that has failed, is being deleted or is gone.

    ListTags answers such an ARN with ValidationException, even without a message (terraform-provider-aws#27265), or
    with ResourceNotFound. Any other error is raised: the resource may have the tags.
    """
    try:
        return api.list_tags(arn)
    except is_boto3_error_code(["ResourceNotFound", "ValidationException"]):
        return None
