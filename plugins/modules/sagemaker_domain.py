#!/usr/bin/python
# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: sagemaker_domain
short_description: Manage a SageMaker Studio domain
version_added: 1.0.0
description:
  - Create a SageMaker domain with Docker access, update its settings and tags, or delete it.
  - O(domain_id) or O(name) identifies the domain. If two domains have the name, the module fails and lists their IDs. A domain in C(Failed),
    C(Deleting) or C(Delete_Failed) does not count if there is another one.
  - An omitted option keeps its value in an existing domain; a given option replaces it.
extends_documentation_fragment:
  - amazon.aws.common.modules
  - amazon.aws.region.modules
  - amazon.aws.tags
  - amazon.aws.boto3
  - mlops.studio_local_mode._attributes
  - mlops.studio_local_mode._attributes.actiongroup_aws
attributes:
  check_mode:
    support: full
  diff_mode:
    support: full
  idempotent:
    support: full
options:
  name:
    description:
      - The domain's name, letters, digits and inner hyphens, at most 63 of them. Required to create a domain; cannot be changed later.
      - One of O(name) and O(domain_id) is required.
    type: str
  domain_id:
    description:
      - The ID of an existing domain. The module then needs no permission to list all domains.
    type: str
  state:
    description:
      - V(present) creates the domain if it does not exist, and updates its settings and tags.
      - V(absent) deletes the domain. Delete its apps, spaces and user profiles first.
    type: str
    choices: [present, absent]
    default: present
  auth_mode:
    description:
      - The authentication mode. Required to create a domain; cannot be changed later.
    type: str
    choices: [IAM, SSO]
  vpc_id:
    description:
      - The VPC of the domain. Required to create a domain; cannot be changed later.
    type: str
  subnet_ids:
    description:
      - The subnets of the domain, 1 to 16, in any order. Required to create a domain.
      - SageMaker removes subnets only while no app of the domain is C(InService), C(Pending) or C(Deleting).
    type: list
    elements: str
  security_groups:
    description:
      - The default security groups of private spaces (C(DefaultUserSettings)), at most 5. Required with O(app_network_access_type=VpcOnly).
    type: list
    elements: str
  execution_role:
    description:
      - The ARN of the default execution role, for users whose profile has no own role. Required to create a domain.
    type: str
  app_network_access_type:
    description:
      - The network mode; V(PublicInternetOnly) if a domain is created without this option.
      - SageMaker changes it only while no app of the domain is C(InService), C(Pending) or C(Deleting).
    type: str
    choices: [PublicInternetOnly, VpcOnly]
  kms_key_id:
    description:
      - The ID or ARN of the KMS key that encrypts the domain's EFS file system; an AWS managed key if a domain is created without this option. Cannot be
        changed later.
    type: str
  default_space_settings:
    description:
      - Settings of shared spaces (C(DefaultSpaceSettings)). Shared spaces do not use O(execution_role) and O(security_groups). An omitted setting keeps its
        value.
    type: dict
    suboptions:
      execution_role:
        description:
          - The ARN of the execution role of shared spaces.
        type: str
      security_groups:
        description:
          - The security groups of shared spaces, at most 5.
        type: list
        elements: str
  tag_propagation:
    description:
      - Whether SageMaker propagates the custom tags of the domain to its resources (C(TagPropagation)). SageMaker's default is V(false).
    type: bool
  docker_settings:
    description:
      - The domain's DockerSettings. An omitted setting keeps its value in an existing domain.
    type: dict
    suboptions:
      enable_docker_access:
        description:
          - Whether apps of the domain may use Docker (C(EnableDockerAccess)). V(false) disables rootless Docker, too, since AWS requires both for it.
        type: bool
      rootless_docker:
        description:
          - Whether apps get a rootless Docker daemon (C(RootlessDocker)). Requires Docker access, from
            O(docker_settings.enable_docker_access) or already enabled.
          - Requires botocore 1.40.16 or later.
        type: bool
      vpc_only_trusted_accounts:
        description:
          - The AWS accounts whose ECR images a VPC-only domain may push and pull (C(VpcOnlyTrustedAccounts)), besides its own account and the accounts of
            AWS's framework images. The list replaces the domain's list; V([]) clears it.
          - At most 20 account IDs of 12 digits, as strings in quotes, since YAML drops the leading zeros of numbers.
        type: list
        elements: str
  home_efs_file_system:
    description:
      - Whether to retain or delete the EFS file system with the users' home directories when the domain is deleted. V(delete) destroys their files.
      - Required with O(state=absent), ignored otherwise.
    type: str
    choices: [retain, delete]
  wait:
    description:
      - Whether to wait until the domain is C(InService) or deleted.
      - With V(false) a busy domain is an error, and the module does not verify the new settings.
    type: bool
    default: true
  wait_timeout:
    description:
      - The maximum time in seconds for all the work on the domain, with every wait and every retry.
      - SageMaker needs some minutes to create or delete a domain.
    type: int
    default: 600
notes:
  - Required IAM actions are C(sagemaker:ListDomains) without O(domain_id), C(sagemaker:DescribeDomain) and C(sagemaker:ListTags); to create a domain also
    C(sagemaker:CreateDomain), C(iam:PassRole) for its execution role, and C(sagemaker:AddTags) for its tags; to update a domain
    C(sagemaker:UpdateDomain), C(iam:PassRole) for a new execution role, C(sagemaker:AddTags) and C(sagemaker:DeleteTags); to delete a domain
    C(sagemaker:DeleteDomain).
  - If the response to CreateDomain is lost, the module looks up the name before it tries again. Two concurrent runs can still create two domains with
    the same name, since CreateDomain takes no idempotency token. The run that sees both fails and lists them, with the command that deletes the newer one.
  - New settings reach only apps that are created B(after) the update.
seealso:
  - module: mlops.studio_local_mode.sagemaker_domain_docker_settings
  - module: mlops.studio_local_mode.sagemaker_domain_info
  - name: Getting started with local mode
    description: AWS's guide, the source of the rules.
    link: https://docs.aws.amazon.com/sagemaker/latest/dg/studio-updated-local-get-started.html
author:
  - mlops.studio_local_mode maintainers (@mlops)
"""

EXAMPLES = r"""
- name: Create a domain with Docker access
  mlops.studio_local_mode.sagemaker_domain:
    name: research
    auth_mode: IAM
    vpc_id: vpc-0123456789abcdef0
    subnet_ids: [subnet-0123456789abcdef0, subnet-1123456789abcdef0]
    execution_role: arn:aws:iam::123456789012:role/studio
    docker_settings:
      enable_docker_access: true

- name: Create a VPC-only domain that trusts the images of one more account
  mlops.studio_local_mode.sagemaker_domain:
    name: production
    auth_mode: SSO
    vpc_id: vpc-0123456789abcdef0
    subnet_ids: [subnet-0123456789abcdef0]
    security_groups: [sg-0123456789abcdef0]
    execution_role: arn:aws:iam::123456789012:role/studio
    app_network_access_type: VpcOnly
    default_space_settings:
      execution_role: arn:aws:iam::123456789012:role/studio
      security_groups: [sg-0123456789abcdef0]
    docker_settings:
      enable_docker_access: true
      vpc_only_trusted_accounts: ['012345678901']
    tags:
      team: platform

- name: Set one tag of a domain and keep its other tags
  mlops.studio_local_mode.sagemaker_domain:
    name: production
    tags:
      cost-center: '4711'
    purge_tags: false

- name: Change the execution role and the subnets of a domain
  mlops.studio_local_mode.sagemaker_domain:
    domain_id: d-abcdefghijkl
    execution_role: arn:aws:iam::123456789012:role/studio-2
    subnet_ids: [subnet-0123456789abcdef0, subnet-2123456789abcdef0]

- name: Delete a domain and keep its users' files
  mlops.studio_local_mode.sagemaker_domain:
    name: research
    state: absent
    home_efs_file_system: retain
"""

RETURN = r"""
domain:
  description:
    - The domain after the change; in check mode the predicted domain.
    - Null if the domain does not exist or is being deleted.
  returned: always
  type: dict
  contains:
    domain_id:
      description: The domain's ID; null in check mode if the domain would be created.
      returned: always
      type: str
      sample: d-abcdefghijkl
    domain_name:
      description: The domain's name.
      returned: always
      type: str
      sample: research
    domain_arn:
      description: The domain's ARN; null in check mode if the domain would be created.
      returned: always
      type: str
      sample: arn:aws:sagemaker:eu-west-1:123456789012:domain/d-abcdefghijkl
    url:
      description: The URL of the domain; null in check mode if the domain would be created.
      returned: always
      type: str
      sample: https://d-abcdefghijkl.studio.eu-west-1.sagemaker.aws
    home_efs_file_system_id:
      description: The ID of the EFS file system with the users' home directories; null in check mode if the domain would be created.
      returned: always
      type: str
      sample: fs-0123456789abcdef0
    failure_reason:
      description: The reason why the domain failed, as SageMaker gives it; null if it did not.
      returned: always
      type: str
      sample: The subnet has no free addresses.
    kms_key_id:
      description: The KMS key of the EFS file system; null if it is an AWS managed key.
      returned: always
      type: str
      sample: arn:aws:kms:eu-west-1:123456789012:key/1234abcd-12ab-34cd-56ef-1234567890ab
    status:
      description: The domain's status; V(Pending) or V(Updating) after a change with O(wait=false).
      returned: always
      type: str
      sample: InService
    docker_settings:
      description: The domain's DockerSettings.
      returned: always
      type: dict
      contains:
        enable_docker_access:
          description: Whether apps may use Docker.
          returned: always
          type: bool
          sample: true
        rootless_docker:
          description: Whether apps get a rootless daemon.
          returned: always
          type: bool
          sample: false
        vpc_only_trusted_accounts:
          description: The trusted accounts, sorted.
          returned: always
          type: list
          elements: str
          sample: ['012345678901']
    app_network_access_type:
      description: The network mode, V(PublicInternetOnly) or V(VpcOnly).
      returned: always
      type: str
      sample: VpcOnly
    auth_mode:
      description: The authentication mode, V(IAM) or V(SSO).
      returned: always
      type: str
      sample: IAM
    vpc_id:
      description: The domain's VPC.
      returned: always
      type: str
      sample: vpc-0123456789abcdef0
    subnet_ids:
      description: The domain's subnets, sorted.
      returned: always
      type: list
      elements: str
      sample: [subnet-0123456789abcdef0]
    execution_role:
      description: The default execution role.
      returned: always
      type: str
      sample: arn:aws:iam::123456789012:role/studio
    security_groups:
      description: The default security groups of private spaces, sorted.
      returned: always
      type: list
      elements: str
      sample: [sg-0123456789abcdef0]
    default_space_settings:
      description: The settings of shared spaces.
      returned: always
      type: dict
      contains:
        execution_role:
          description: The execution role of shared spaces; null if they have none.
          returned: always
          type: str
          sample: arn:aws:iam::123456789012:role/studio
        security_groups:
          description: The security groups of shared spaces, sorted.
          returned: always
          type: list
          elements: str
          sample: [sg-0123456789abcdef0]
    tag_propagation:
      description: Whether SageMaker propagates the custom tags of the domain to its resources.
      returned: always
      type: bool
      sample: false
    last_modified_time:
      description: The time of the domain's last update of any setting; ISO 8601, UTC. Null in check mode if the domain would be created.
      returned: always
      type: str
      sample: '2026-01-31T12:00:00+00:00'
    tags:
      description: The domain's tags.
      returned: always
      type: dict
      sample: {team: platform}
error:
  description: AWS's error code and message of a failure that comes from AWS.
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
      sample: 'User: ... is not authorized to perform: sagemaker:CreateDomain on resource: ...'
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
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._aws.errors import (
    ResourceError,
    SettingsError,
    aws_error,
    failure_values,
)
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._aws.sagemaker_api import SageMakerApi
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._aws.stop import stop
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._aws.waiters import WaitPolicy
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._aws.warnings import warn
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._domains import (
    desired_domain,
    docker_settings,
    domain_tags,
)
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._domains.desired_domain import DesiredDomain
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._domains.reconcile_domain import DomainReconciler

ARGUMENT_SPEC: dict[str, dict[str, t.Any]] = {
    "name": {"type": "str"},
    "domain_id": {"type": "str"},
    "state": {"type": "str", "choices": ["present", "absent"], "default": "present"},
    "auth_mode": {"type": "str", "choices": ["IAM", "SSO"]},
    "vpc_id": {"type": "str"},
    "subnet_ids": {"type": "list", "elements": "str"},
    "security_groups": {"type": "list", "elements": "str"},
    "execution_role": {"type": "str"},
    "app_network_access_type": {"type": "str", "choices": ["PublicInternetOnly", "VpcOnly"]},
    "kms_key_id": {"type": "str"},
    "default_space_settings": {
        "type": "dict",
        "options": {"execution_role": {"type": "str"}, "security_groups": {"type": "list", "elements": "str"}},
    },
    "tag_propagation": {"type": "bool"},
    "docker_settings": {
        "type": "dict",
        "options": {
            "enable_docker_access": {"type": "bool"},
            "rootless_docker": {"type": "bool"},
            "vpc_only_trusted_accounts": {"type": "list", "elements": "str"},
        },
    },
    "home_efs_file_system": {"type": "str", "choices": ["retain", "delete"]},
    "tags": {"type": "dict", "aliases": ["resource_tags"]},
    "purge_tags": {"type": "bool", "default": True},
    "wait": {"type": "bool", "default": True},
    "wait_timeout": {"type": "int", "default": 600},
}


# Options that the module passes to DesiredDomain unchanged.
_UNCHANGED = (
    "name",
    "domain_id",
    "auth_mode",
    "vpc_id",
    "subnet_ids",
    "security_groups",
    "execution_role",
    "app_network_access_type",
    "kms_key_id",
    "default_space_settings",
    "tag_propagation",
    "purge_tags",
)


def desired_domain_of(params: dict[str, t.Any]) -> DesiredDomain:
    """Return the desired domain; raise SettingsError for options that are invalid for every domain."""
    settings, tags = params["docker_settings"], params["tags"]
    desired = DesiredDomain(
        **{option: params[option] for option in _UNCHANGED},
        docker_settings={} if settings is None else docker_settings.requested_settings(settings),
        tags=None if tags is None else domain_tags.validate(tags),
    )
    desired_domain.validate(desired)
    return desired


def main() -> None:
    module = AnsibleAWSModule(
        argument_spec=ARGUMENT_SPEC,
        required_one_of=[("name", "domain_id")],
        required_if=[("state", "absent", ["home_efs_file_system"])],
        supports_check_mode=True,
    )
    params = module.params
    if params["wait_timeout"] < 1:
        module.fail_json(msg=f"wait_timeout is {params['wait_timeout']}, it must be at least 1.", domain=None)
    try:
        desired = desired_domain_of(params)
        if "rootless_docker" in desired.docker_settings:
            module.require_botocore_at_least("1.40.16", reason="to set rootless_docker")
        api = SageMakerApi.of(module, concurrency=1)
    except (SettingsError, ResourceError) as error:
        module.fail_json(msg=f"{error} Nothing was changed.", domain=None, **failure_values(aws_error(error)))
    wait_policy = WaitPolicy(params["wait"], params["wait_timeout"])
    reconciler = DomainReconciler(api, desired, wait_policy, module.check_mode)
    if params["state"] == "present":
        result = reconciler.present()
    else:
        result = reconciler.absent(params["home_efs_file_system"].capitalize())
    for warning in result.warnings:
        warn(warning)
    values = {"changed": result.changed, "domain": result.after, "diff": result.diff()}
    if result.error:
        message = f"Domain {desired.name or desired.domain_id}: {result.error}"
        stop.log(module, message)
        module.fail_json(msg=message, **values, **failure_values(result.aws_error))
    module.exit_json(**values)


if __name__ == "__main__":
    main()
