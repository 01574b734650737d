#!/usr/bin/python
# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: sagemaker_domain
short_description: Manage a SageMaker Studio domain, with Docker access from the start
version_added: 0.1.0
description:
  - Creates a SageMaker domain whose apps may use Docker from the first one on, keeps its DockerSettings and tags at what is asked, and deletes it.
  - The domain is known by its name. Two domains of that name are an error that lists their IDs.
  - An option that is omitted is left as it is in a domain that is there; one that is given is replaced.
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
      - The domain's name, letters, digits and inner hyphens, at most 63 of them.
    type: str
    required: true
  state:
    description:
      - V(present) creates the domain if there is none of that name, and brings DockerSettings and tags to what is asked.
      - V(absent) deletes it. Its apps, spaces and user profiles must have been deleted before.
    type: str
    choices: [present, absent]
    default: present
  auth_mode:
    description:
      - How users sign in. Needed to create a domain; fixed from then on.
    type: str
    choices: [IAM, SSO]
  vpc_id:
    description:
      - The VPC of the domain. Needed to create a domain; this module does not change it later.
    type: str
  subnet_ids:
    description:
      - The subnets of the domain, in any order. Needed to create a domain; this module does not change them later.
    type: list
    elements: str
  execution_role:
    description:
      - The ARN of the execution role of users whose profile has none of its own. Needed to create a domain; this module does not change it later.
    type: str
  app_network_access_type:
    description:
      - The network mode. A domain is created with V(PublicInternetOnly) unless this is given; this module does not change it later.
    type: str
    choices: [PublicInternetOnly, VpcOnly]
  docker_settings:
    description:
      - The domain's DockerSettings. In a domain that is there, what is omitted is left as it is.
    type: dict
    suboptions:
      enable_docker_access:
        description:
          - Whether apps of the domain may use Docker (C(EnableDockerAccess)).
        type: bool
      rootless_docker:
        description:
          - Whether apps get a rootless Docker daemon (C(RootlessDocker)). Needs O(docker_settings.enable_docker_access=true), given or already in force.
          - Needs botocore 1.40.16 or later.
        type: bool
      vpc_only_trusted_accounts:
        description:
          - The AWS accounts, other than its own and those of AWS's framework images, whose ECR images a VPC-only domain may push and pull
            (C(VpcOnlyTrustedAccounts)). The list replaces the domain's; V([]) clears it.
          - At most 20 account IDs of 12 digits, as strings in quotes, since YAML drops the leading zeros of numbers.
        type: list
        elements: str
  home_efs_file_system:
    description:
      - What becomes of the EFS file system with the users' home directories when the domain is deleted. V(delete) loses their files for good.
      - Required with O(state=absent), ignored otherwise.
    type: str
    choices: [retain, delete]
  wait:
    description:
      - Whether to wait until the domain is C(InService), or gone.
      - With V(false) a domain that is busy is an error, and what is asked is requested but not proven.
    type: bool
    default: true
  wait_timeout:
    description:
      - How long to wait, in seconds, each time it is waited for the domain. SageMaker needs some minutes to create or delete one.
    type: int
    default: 600
notes:
  - Needs the IAM actions C(sagemaker:ListDomains), C(sagemaker:DescribeDomain) and C(sagemaker:ListTags); to create a domain also
    C(sagemaker:CreateDomain) and C(iam:PassRole) for its execution role; to change it C(sagemaker:UpdateDomain), C(sagemaker:AddTags) and
    C(sagemaker:DeleteTags); to delete it C(sagemaker:DeleteDomain). C(sagemaker:AddTags) is also needed to create a domain with tags.
  - A creation whose answer was lost is looked for by name and not sent twice. Two runs that create the same name at the same time may still make two
    domains, since SageMaker takes no token for creations; the next run then says so.
  - A changed DockerSettings reaches only apps that are created B(after) the update.
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
- name: Create a domain whose apps may use Docker
  mlops.studio_local_mode.sagemaker_domain:
    name: research
    auth_mode: IAM
    vpc_id: vpc-0123456789abcdef0
    subnet_ids: [subnet-0123456789abcdef0, subnet-1123456789abcdef0]
    execution_role: arn:aws:iam::123456789012:role/studio
    docker_settings:
      enable_docker_access: true

- name: Create a domain without internet access, with images of one more account
  mlops.studio_local_mode.sagemaker_domain:
    name: production
    auth_mode: SSO
    vpc_id: vpc-0123456789abcdef0
    subnet_ids: [subnet-0123456789abcdef0]
    execution_role: arn:aws:iam::123456789012:role/studio
    app_network_access_type: VpcOnly
    docker_settings:
      enable_docker_access: true
      vpc_only_trusted_accounts: ['012345678901']
    tags:
      team: platform

- name: Set one tag of a domain and keep its others
  mlops.studio_local_mode.sagemaker_domain:
    name: production
    tags:
      cost-center: '4711'
    purge_tags: false

- name: Delete a domain and keep its users' files
  mlops.studio_local_mode.sagemaker_domain:
    name: research
    state: absent
    home_efs_file_system: retain
"""

RETURN = r"""
domain:
  description:
    - The domain as described at the end, or as predicted in check mode.
    - Null when there is none, or when it is being deleted.
  returned: always
  type: dict
  contains:
    domain_id:
      description: The domain's ID; null in check mode as long as the domain is to be created.
      returned: always
      type: str
      sample: d-abcdefghijkl
    domain_name:
      description: The domain's name.
      returned: always
      type: str
      sample: research
    domain_arn:
      description: The domain's ARN; null in check mode as long as the domain is to be created.
      returned: always
      type: str
      sample: arn:aws:sagemaker:eu-west-1:123456789012:domain/d-abcdefghijkl
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
      description: How users sign in, V(IAM) or V(SSO).
      returned: always
      type: str
      sample: IAM
    vpc_id:
      description: The domain's VPC.
      returned: always
      type: str
      sample: vpc-0123456789abcdef0
    subnet_ids:
      description: The domain's subnets.
      returned: always
      type: list
      elements: str
      sample: [subnet-0123456789abcdef0]
    execution_role:
      description: The execution role of users whose profile has none of its own.
      returned: always
      type: str
      sample: arn:aws:iam::123456789012:role/studio
    last_modified_time:
      description: When the domain was last updated, in whatever setting; ISO 8601, UTC. Null in check mode as long as the domain is to be created.
      returned: always
      type: str
      sample: '2026-01-31T12:00:00+00:00'
    tags:
      description: The domain's tags.
      returned: always
      type: dict
      sample: {team: platform}
"""

import typing as t

from ansible.module_utils.common.warnings import warn
from ansible_collections.amazon.aws.plugins.module_utils.modules import AnsibleAWSModule
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._aws.errors import ResourceError
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._aws.sagemaker_api import SageMakerApi
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._aws.waiters import WaitPolicy
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._domains import (
    desired_domain,
    docker_settings,
    domain_tags,
)
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._domains.desired_domain import DesiredDomain
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._domains.reconcile_domain import DomainReconciler

ARGUMENT_SPEC: dict[str, dict[str, t.Any]] = {
    "name": {"type": "str", "required": True},
    "state": {"type": "str", "choices": ["present", "absent"], "default": "present"},
    "auth_mode": {"type": "str", "choices": ["IAM", "SSO"]},
    "vpc_id": {"type": "str"},
    "subnet_ids": {"type": "list", "elements": "str"},
    "execution_role": {"type": "str"},
    "app_network_access_type": {"type": "str", "choices": ["PublicInternetOnly", "VpcOnly"]},
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


def desired_domain_of(params: dict[str, t.Any]) -> DesiredDomain:
    """Read the options; raise SettingsError for what no domain can be given."""
    settings, tags = params["docker_settings"], params["tags"]
    wanted = DesiredDomain(
        name=params["name"],
        **{option: params[option] for option in desired_domain.FIXED},
        docker_settings={} if settings is None else docker_settings.requested_settings(settings),
        tags=None if tags is None else domain_tags.check(tags),
        purge_tags=params["purge_tags"],
    )
    desired_domain.check(wanted)
    return wanted


def main() -> None:
    module = AnsibleAWSModule(
        argument_spec=ARGUMENT_SPEC,
        required_if=[("state", "absent", ["home_efs_file_system"])],
        supports_check_mode=True,
    )
    params = module.params
    if params["wait_timeout"] < 1:
        module.fail_json(msg=f"wait_timeout is {params['wait_timeout']}, it must be at least 1.", domain=None)
    try:
        wanted = desired_domain_of(params)
        if "rootless_docker" in wanted.docker_settings:
            module.require_botocore_at_least("1.40.16", reason="to set rootless_docker")
        api = SageMakerApi.of(module, concurrency=1)
    except (docker_settings.SettingsError, ResourceError) as error:
        module.fail_json(msg=f"{error} Nothing was changed.", domain=None)
    road = DomainReconciler(api, wanted.name, WaitPolicy(params["wait"], params["wait_timeout"]), module.check_mode)
    if params["state"] == "present":
        values = road.present(wanted)
    else:
        values = road.absent(params["home_efs_file_system"].capitalize())
    for warning in values.warnings:
        # Not module.warn(): AnsibleAWSModule passes its warnings on in a way that ansible-core 2.19 deprecates.
        warn(warning)
    result = {"changed": values.changed, "domain": values.after, "diff": values.diff()}
    if values.error:
        module.fail_json(msg=f"Domain {wanted.name}: {values.error}", **result)
    module.exit_json(**result)


if __name__ == "__main__":
    main()
