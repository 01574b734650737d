#!/usr/bin/python
# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: sagemaker_studio_lifecycle_config_info
short_description: Gather information about Studio lifecycle configurations and their users
version_added: 1.0.0
description:
  - Gather the lifecycle configurations of a region, what uses each of them, and whether its content matches the hash in its name.
  - M(mlops.studio_local_mode.sagemaker_studio_lifecycle_config) names each configuration after a hash of its content. Anyone who may call
    CreateStudioLifecycleConfig can create another content under such a name. This module finds it, in all domains of the region.
extends_documentation_fragment:
  - amazon.aws.common.modules
  - amazon.aws.region.modules
  - amazon.aws.boto3
  - mlops.studio_local_mode._attributes
  - mlops.studio_local_mode._attributes.info_module
  - mlops.studio_local_mode._attributes.actiongroup_aws
  - mlops.studio_local_mode._targets
  - mlops.studio_local_mode._targets.max_failures
options:
  name:
    description:
      - The beginning of the names of the lifecycle configurations. By default, the module gathers all of the region.
    type: str
  concurrency:
    description:
      - The maximum number of concurrent calls to SageMaker.
    type: int
    default: 20
notes:
  - Required IAM actions are C(sagemaker:ListStudioLifecycleConfigs), C(sagemaker:DescribeStudioLifecycleConfig), C(sagemaker:ListTags),
    C(sagemaker:ListDomains), C(sagemaker:DescribeDomain), C(sagemaker:ListApps), C(sagemaker:ListUserProfiles),
    C(sagemaker:DescribeUserProfile), C(sagemaker:ListSpaces) and C(sagemaker:DescribeSpace).
seealso:
  - module: mlops.studio_local_mode.sagemaker_studio_lifecycle_config
author:
  - mlops.studio_local_mode maintainers (@mlops)
"""

EXAMPLES = r"""
- name: Gather every lifecycle configuration of the region
  mlops.studio_local_mode.sagemaker_studio_lifecycle_config_info:
  register: audit

- name: Fail if an attached configuration has another content than its name says
  ansible.builtin.assert:
    that: audit.lifecycle_configs | selectattr('used_by') | selectattr('name_matches_content', 'false') | length == 0

- name: List the users of the configurations whose names begin with studio-local-mode
  mlops.studio_local_mode.sagemaker_studio_lifecycle_config_info:
    name: studio-local-mode
  register: local_mode

- name: List the lifecycle configurations of every target of the inventory
  mlops.studio_local_mode.sagemaker_studio_lifecycle_config_info:
    targets: "{{ studio_targets_result.targets }}"
"""

RETURN = r"""
lifecycle_configs:
  description: The lifecycle configurations, sorted by name. An attached configuration that does not exist is one of them.
  returned: always
  type: list
  elements: dict
  contains:
    target:
      description: The name of the target.
      returned: when O(targets) is given
      type: str
      sample: production-eu-west-1
    account_id:
      description: The account of the target.
      returned: when O(targets) is given
      type: str
      sample: '111122223333'
    region:
      description: The region of the target.
      returned: when O(targets) is given
      type: str
      sample: eu-west-1
    name:
      description: The name.
      returned: always
      type: str
      sample: studio-local-mode-jupyterlab-0123456789ab
    arn:
      description: The ARN.
      returned: always
      type: str
      sample: arn:aws:sagemaker:eu-west-1:123456789012:studio-lifecycle-config/studio-local-mode-jupyterlab-0123456789ab
    exists:
      description: Whether the configuration exists. An app that uses a deleted configuration does not start.
      returned: always
      type: bool
      sample: true
    app_type:
      description: The app type. Null if the configuration does not exist.
      returned: always
      type: str
      sample: JupyterLab
    creation_time:
      description: The creation time in ISO 8601 and UTC. Null if the configuration does not exist.
      returned: always
      type: str
      sample: '2026-01-31T11:00:00+00:00'
    sha256:
      description: The SHA-256 checksum of the script. Null if the configuration does not exist.
      returned: always
      type: str
      sample: 0123456789ab95d4b2d6c3a5ff0b6c6c8c1bd1a6c1dc9a0f3b5a1a2a3a4a5a6a
    name_matches_content:
      description:
        - Whether the hash in the name is that of the script.
        - Null if the name has no app type and hash, or if the configuration does not exist.
      returned: always
      type: bool
      sample: true
    tags:
      description: The tags. Those of this collection's configurations have the key C(studio_local_mode:created_by).
      returned: always
      type: dict
      sample:
        studio_local_mode:created_by: mlops.studio_local_mode.sagemaker_studio_lifecycle_config
    used_by:
      description: The domains, user profiles and spaces that have it attached, by ARN, and the running apps that were created with it.
      returned: always
      type: list
      elements: str
      sample: ['arn:aws:sagemaker:eu-west-1:123456789012:domain/d-abcdefghijkl']
targets:
  description: The outcome of each target, in the order of O(targets).
  returned: when O(targets) is given
  type: list
  elements: dict
  contains:
    name:
      description: The target's name.
      returned: always
      type: str
      sample: production-eu-west-1
    account_id:
      description: Its account.
      returned: always
      type: str
      sample: '111122223333'
    region:
      description: Its region.
      returned: always
      type: str
      sample: eu-west-1
    changed:
      description: Whether something was changed in it, or would be in check mode.
      returned: always
      type: bool
      sample: true
    failed:
      description: Whether it failed, as a whole or a part of it.
      returned: always
      type: bool
      sample: false
    error:
      description: The reason why the target failed as a whole, or why it was not begun, and the remediation.
      returned: when the target failed as a whole or was not begun
      type: str
      sample: 'The role arn:aws:iam::111122223333:role/studio-local-mode cannot be assumed: ...'
    error_code:
      description: AWS's error code. Null if AWS did not refuse a call.
      returned: when the target failed as a whole or was not begun
      type: str
      sample: AccessDenied
error:
  description: AWS's error code and message.
  returned: on a failure that comes from AWS
  type: dict
  contains:
    code:
      description: The error code.
      returned: always
      type: str
      sample: AccessDeniedException
    message:
      description: The message of AWS.
      returned: always
      type: str
      sample: 'User: ... is not authorized to perform: sagemaker:DescribeDomain on resource: ...'
boto3_version:
  description: The version of boto3.
  returned: on a failure that comes from AWS
  type: str
  sample: 1.43.11
botocore_version:
  description: The version of botocore.
  returned: on a failure that comes from AWS
  type: str
  sample: 1.43.11
"""

import typing as t

from ansible_collections.amazon.aws.plugins.module_utils.modules import AnsibleAWSModule
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._lifecycle_configs import audit
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._targets.fleet import (
    Fleet,
    argument_spec,
    concurrency_problem,
)
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._targets.outcome import Outcome

_OPTIONS: dict[str, t.Any] = {"name": {"type": "str"}, "concurrency": {"type": "int", "default": 20}}


def main() -> None:
    module = AnsibleAWSModule(argument_spec={**_OPTIONS, **argument_spec()}, supports_check_mode=True)
    fleet = Fleet.of(module, _OPTIONS, concurrency_problem, {"lifecycle_configs": []}, changes=False)
    fleet.end(
        fleet.each(
            lambda member: Outcome(
                {"changed": False, "lifecycle_configs": audit.gather(member.api, member.params["name"])}
            )
        )
    )


if __name__ == "__main__":
    main()
