#!/usr/bin/python
# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: sagemaker_domain_info
short_description: Gather information about SageMaker Studio domains
version_added: 1.0.0
description:
  - Gather the DockerSettings, network mode, VPC and execution role of SageMaker domains.
  - With O(include_apps=true) also gather their apps. An app that predates the domain's last update may not have Docker access yet.
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
  domains:
    description:
      - The domains, by ID (V(d-...)), ARN, name, or pattern of names such as V(team-*). Without this option, all domains of the region.
    type: list
    elements: str
  domain_tags:
    description:
      - Select only domains that have all of these tags.
      - A domain is skipped with a warning if SageMaker does not return its tags, as of one that has failed or is deleted.
    type: dict
  exclude:
    description:
      - Domains to leave out, in the same forms as O(domains).
    type: list
    elements: str
    default: []
  include_apps:
    description:
      - Whether to gather the apps of each domain, too.
    type: bool
    default: false
  concurrency:
    description:
      - The maximum number of concurrent calls to SageMaker.
    type: int
    default: 20
notes:
  - Required IAM actions are C(sagemaker:DescribeDomain), C(sagemaker:ListDomains) unless all domains are given by ID or ARN,
    C(sagemaker:ListTags) with O(domain_tags), and C(sagemaker:ListApps) with O(include_apps=true).
seealso:
  - module: mlops.studio_local_mode.sagemaker_domain_docker_settings
author:
  - mlops.studio_local_mode maintainers (@mlops)
"""

EXAMPLES = r"""
- name: Gather information about every domain of the region
  mlops.studio_local_mode.sagemaker_domain_info:
  register: studio

- name: List the domains with Docker access
  ansible.builtin.debug:
    msg: "{{ studio.domains | selectattr('docker_settings.enable_docker_access') | map(attribute='domain_name') | list }}"

- name: Gather information about one domain and its apps
  mlops.studio_local_mode.sagemaker_domain_info:
    domains: [research]
    include_apps: true
  register: research

- name: List the running apps that may have to be restarted to get Docker access
  ansible.builtin.debug:
    msg: "{{ research.domains[0].apps | selectattr('status', 'eq', 'InService') | selectattr('predates_domain_update') | list }}"

- name: Describe the domains of two accounts
  mlops.studio_local_mode.sagemaker_domain_info:
    targets:
      - name: production
        region: eu-west-1
        role_arn: arn:aws:iam::111122223333:role/studio-local-mode
      - name: research
        region: us-east-1
        role_arn: arn:aws:iam::444455556666:role/studio-local-mode
"""

RETURN = r"""
domains:
  description: The domains in the order of O(domains), or in the order in which SageMaker lists them.
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
    domain_id:
      description: The domain's ID.
      returned: always
      type: str
      sample: d-abcdefghijkl
    domain_name:
      description: The domain's name; null if the domain could not be described.
      returned: always
      type: str
      sample: research
    domain_arn:
      description: The domain's ARN.
      returned: always
      type: str
      sample: arn:aws:sagemaker:eu-west-1:123456789012:domain/d-abcdefghijkl
    url:
      description: The URL of the domain.
      returned: always
      type: str
      sample: https://d-abcdefghijkl.studio.eu-west-1.sagemaker.aws
    home_efs_file_system_id:
      description: The ID of the EFS file system with the users' home directories.
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
      description: The domain's status.
      returned: always
      type: str
      sample: InService
    docker_settings:
      description: The domain's DockerSettings; a setting that was never set is false or empty. Null if the domain could not be described.
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
      description: The domain's subnets, sorted.
      returned: always
      type: list
      elements: str
      sample: [subnet-0123456789abcdef0]
    execution_role:
      description: The execution role of users whose profile has none of its own.
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
      description: The time of the domain's last update of any setting; ISO 8601, UTC.
      returned: always
      type: str
      sample: '2026-01-31T12:00:00+00:00'
    error:
      description: The reason why this domain could not be described or its apps could not be listed, and the remediation.
      returned: when this domain failed
      type: str
      sample: The credentials lack the IAM action sagemaker:ListApps ...
    error_code:
      description: AWS's error code. Null if AWS did not refuse a call.
      returned: when this domain failed
      type: str
      sample: AccessDeniedException
    apps:
      description:
        - The domain's apps, including apps deleted in the last 24 hours; sorted by owner, type and name.
        - Not returned for domains whose apps the credentials may not list. The module warns about that.
      returned: when O(include_apps=true)
      type: list
      elements: dict
      contains:
        type:
          description: The app's type.
          returned: always
          type: str
          sample: JupyterLab
        name:
          description: The app's name.
          returned: always
          type: str
          sample: default
        owner:
          description: The space or user profile the app belongs to.
          returned: always
          type: str
          sample: alices-space
        owner_type:
          description: V(space) or V(user_profile).
          returned: always
          type: str
          sample: space
        status:
          description: The app's status.
          returned: always
          type: str
          sample: InService
        creation_time:
          description: The creation time of the app; ISO 8601, UTC.
          returned: always
          type: str
          sample: '2026-01-31T11:00:00+00:00'
        predates_domain_update:
          description:
            - Whether the app was created before the domain's last update.
            - This is only a hint that the app does not have the domain's DockerSettings. The last update may have changed another setting, and an app
              that is recreated within 24 hours may keep its creation time. The role P(mlops.studio_local_mode.local_mode_check#role) verifies it in the app.
          returned: always
          type: bool
          sample: true
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
  description: AWS's error code and message of the first failure that comes from AWS.
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
from dataclasses import replace

from ansible_collections.amazon.aws.plugins.module_utils.modules import AnsibleAWSModule
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._aws.errors import first_failure
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._domains import describe, select
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._domains.selection import DomainSelection
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._targets.fleet import (
    Fleet,
    argument_spec,
    concurrency_problem,
)
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._targets.outcome import Outcome

if t.TYPE_CHECKING:
    from ansible_collections.mlops.studio_local_mode.plugins.module_utils._targets.fleet import Member

_OPTIONS: dict[str, t.Any] = {
    "domains": {"type": "list", "elements": "str"},
    "domain_tags": {"type": "dict"},
    "exclude": {"type": "list", "elements": "str", "default": []},
    "include_apps": {"type": "bool", "default": False},
    "concurrency": {"type": "int", "default": 20},
}


def selection_of(params: dict[str, t.Any]) -> DomainSelection:
    """Return the selection that the options request: by default every domain, whatever its status."""
    return replace(select.requested_domains(params), usable_only=False)


def gather(member: Member) -> Outcome:
    """Describe the selected domains of one account and region."""
    results = describe.gather_domains(member.api, selection_of(member.params), member.params["include_apps"])
    values = {"changed": False, "domains": [describe.as_result(result) for result in results]}
    failed = [f"{result.domain_id}: {result.error}" for result in results if result.error]
    if not failed:
        return Outcome(values)
    message = f"{len(failed)} of {len(results)} domain(s) failed. {' '.join(failed)}"
    return Outcome(values, message, first_failure(results))


def main() -> None:
    module = AnsibleAWSModule(argument_spec={**_OPTIONS, **argument_spec()}, supports_check_mode=True)
    fleet = Fleet.of(module, _OPTIONS, concurrency_problem, {"domains": []}, changes=False)
    fleet.end(fleet.each(gather))


if __name__ == "__main__":
    main()
