# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# Note that this file is private to the collection: do not use it from outside.
"""The clients of AWS's services, with the connection options of a module."""

from __future__ import annotations

import os
import typing as t

try:
    import boto3
    from botocore.config import Config
    from botocore.exceptions import BotoCoreError
except ImportError:
    pass  # AnsibleAWSModule reports the missing library.

from ansible_collections.amazon.aws.plugins.module_utils.botocore import (
    boto3_inventory_conn,
    get_aws_connection_info,
)
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._aws.errors import ResourceError, explain
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._aws.proxy_pages import refuse_pages
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._aws.user_agent import user_agent_extra

if t.TYPE_CHECKING:
    from ansible_collections.amazon.aws.plugins.module_utils.modules import AnsibleAWSModule


def region_of(module: AnsibleAWSModule) -> str:
    """Return the region that the module works in. Raises ResourceError when no region or no profile is known."""
    region = module.region
    if region:
        return t.cast("str", region)
    try:
        # amazon.aws returns no region for a profile that does not exist.
        boto3.session.Session(profile_name=module.params.get("profile") or None)
    except BotoCoreError as error:
        raise ResourceError(explain(error, None)) from error
    raise ResourceError(
        "No AWS region: set the option region, the variable AWS_REGION or AWS_DEFAULT_REGION, "
        "or `aws configure set region eu-west-1` for the profile in use."
    )


def connect(module: AnsibleAWSModule, service: str, concurrency: int) -> t.Any:
    """Return a client. Raises ResourceError, where the module's own client() would end the module with less to say."""
    region, endpoint, options = get_aws_connection_info(module)
    # botocore's own retries would repeat an update that was computed from an old description. The option aws_config
    # overrides this.
    config = Config(
        retries={"total_max_attempts": 1},
        max_pool_connections=concurrency,
        user_agent_extra=user_agent_extra(os.environ),
    )
    try:
        client = boto3_inventory_conn(
            conn_type="client", resource=service, region=region, endpoint=endpoint, config=config, **options
        )
    except (BotoCoreError, OSError, ValueError) as error:
        raise ResourceError(explain(error, region, service)) from error
    return refuse_pages(client)
