#!/usr/bin/python
# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: sagemaker_domain_prerequisites_info
short_description: Check the AWS prerequisites of local mode for SageMaker Studio domains
version_added: 1.0.0
description:
  - Checks what local mode needs in AWS before an app is started. These are the domain's DockerSettings, its network mode, execution roles and security groups,
    the roles' permissions in ECR, the images of its users, and the routes through its VPC.
  - Each check returns one finding, in the form of P(mlops.studio_local_mode.local_mode_report#filter).
    P(mlops.studio_local_mode.local_mode_report_text#filter) formats them as a table.
  - A check that the credentials are not authorized to make is V(skipped), and its finding names the missing IAM action. Its name is in
    RV(domains[].unchecked), too.
  - A check whose answer AWS does not show is a V(warning), and its finding says how to settle it.
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
      - The domains to check, each by ID (V(d-...)) or by name.
      - Required, unless each of O(targets) has its own.
    type: list
    elements: str
  images:
    description:
      - The images that the domains' users run, build on or push, as C(docker pull) takes them.
      - Without images, only the routes to ECR are checked.
    type: list
    elements: str
    default: []
  internet_install:
    description:
      - Whether to check the route to Docker's site, from which the role P(mlops.studio_local_mode.docker_cli#role) installs the CLI by default.
    type: bool
    default: false
  central_endpoints:
    description:
      - The services that the domains' subnets reach by endpoints that EC2 does not show in their VPC, such as those of a hub VPC.
      - The routes to these services are V(ok) without a check.
    type: list
    elements: str
    choices: [ecr.api, ecr.dkr, s3]
    default: []
  internet_proxy:
    description:
      - Whether the domains' apps reach the internet by a proxy.
      - The routes of the apps themselves are V(ok) then without a check. The engine's routes with rootless Docker are checked all the same, because
        AWS does not document a proxy for it.
    type: bool
    default: false
  concurrency:
    description:
      - The number of calls to each service that may be in flight at the same time.
    type: int
    default: 20
notes:
  - Needs the IAM actions C(sagemaker:DescribeDomain), C(sagemaker:ListDomains) unless all domains are given by ID, C(sagemaker:ListUserProfiles),
    C(sagemaker:DescribeUserProfile) and C(iam:SimulatePrincipalPolicy) on the execution roles. With O(images) of ECR, also C(ecr:GetRepositoryPolicy),
    C(ecr:DescribePullThroughCacheRules) and C(ecr:DescribeRepositoryCreationTemplates).
    For domains in VPC-only mode, also C(ec2:DescribeSubnets), C(ec2:DescribeRouteTables), C(ec2:DescribeNatGateways), C(ec2:DescribeVpcEndpoints) and
    C(ec2:DescribeSecurityGroups).
  - The policy of a repository in another account can only be read if that policy allows it. Otherwise that check is V(skipped).
  - IAM's simulation includes service control policies and permissions boundaries. Session policies, resource control policies, network ACLs,
    firewalls and the VPC's DNS settings are not checked.
  - In a shared VPC, the account that owns the VPC sees its NAT gateways and endpoints, and a participant does not. Checks that need them are a V(warning).
  - AWS does not publish which of its accounts VPC-only domains trust by default. The module uses the accounts from which the SageMaker Python SDK pulls
    Deep Learning Containers, scikit-learn, XGBoost and Spark images.
seealso:
  - module: mlops.studio_local_mode.sagemaker_domain_info
  - module: mlops.studio_local_mode.sagemaker_domain_trusted_accounts
  - plugin: mlops.studio_local_mode.local_mode_report_text
    plugin_type: filter
author:
  - mlops.studio_local_mode maintainers (@mlops)
"""

EXAMPLES = r"""
- name: Check a domain
  mlops.studio_local_mode.sagemaker_domain_prerequisites_info:
    domains: [research]
  register: prerequisites

- name: Print the findings
  ansible.builtin.debug:
    msg: "{{ (prerequisites.domains[0].findings | mlops.studio_local_mode.local_mode_report_text).splitlines() }}"

- name: Check two images and the route for an installation from the internet
  mlops.studio_local_mode.sagemaker_domain_prerequisites_info:
    domains: [research, d-abcdefghijkl]
    images:
      - 123456789012.dkr.ecr.eu-west-1.amazonaws.com/tools:1
      - 763104351884.dkr.ecr.eu-west-1.amazonaws.com/pytorch-training:2.5.1-cpu-py311-ubuntu22.04-sagemaker
    internet_install: true
  register: prerequisites

- name: Check a domain whose VPC uses the endpoints of a hub VPC
  mlops.studio_local_mode.sagemaker_domain_prerequisites_info:
    domains: [research]
    central_endpoints: [ecr.api, ecr.dkr]

- name: Stop if local mode cannot work
  ansible.builtin.assert:
    that: failed | length == 0
    fail_msg: "{{ failed | mlops.studio_local_mode.local_mode_report_text }}"
  vars:
    failed: "{{ prerequisites.domains | map(attribute='findings') | flatten | selectattr('status', 'eq', 'failed') | list }}"

- name: Check a domain of each of two accounts
  mlops.studio_local_mode.sagemaker_domain_prerequisites_info:
    targets:
      - name: production
        region: eu-west-1
        role_arn: arn:aws:iam::111122223333:role/studio-local-mode
        options:
          domains: [vision]
      - name: research
        region: us-east-1
        role_arn: arn:aws:iam::444455556666:role/studio-local-mode
        options:
          domains: [language]
"""

RETURN = r"""
domains:
  description: The domains in the given order.
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
      description: The domain's ID; null when the credentials are not authorized to list domains by name.
      returned: always
      type: str
      sample: d-abcdefghijkl
    domain_name:
      description: The domain's name; null when the domain could not be described.
      returned: always
      type: str
      sample: research
    error:
      description: The reason why this domain could not be checked, and the next step. A missing IAM permission is a finding instead.
      returned: when the checks of this domain failed
      type: str
      sample: No usable AWS credentials ...
    error_code:
      description: The error code of AWS; null for a failure that does not come from AWS.
      returned: when the checks of this domain failed
      type: str
      sample: NoCredentialsError
    unchecked:
      description: The names of the checks that could not be made. Checks that are not needed are not among them.
      returned: always
      type: list
      elements: str
      sample: [role_pull]
    findings:
      description:
        - The findings of C(domain), C(docker_access), C(network_mode), C(execution_roles), C(profile_roles) if they are unknown, C(security_groups),
          C(space_security_groups) if the domain has shared spaces, and C(ecr_login).
        - For each image, C(image_source) and, if it is in ECR, C(repository_policy), C(role_pull) and C(role_push). C(images) says that none were given.
        - Of the routes through the VPC, C(ecr_api_route), C(ecr_dkr_route), C(s3_route), C(registry_route) or C(registry_routes), and
          C(docker_site_route).
      returned: always
      type: list
      elements: dict
      contains:
        check:
          description: The check's name.
          returned: always
          type: str
          sample: role_pull
        status:
          description: One of V(ok), V(warning), V(failed) or V(skipped).
          returned: always
          type: str
          sample: failed
        observed:
          description: The state that was found.
          returned: always
          type: str
          sample: 'studio: ecr:BatchGetImage denied on 123456789012.dkr.ecr.eu-west-1.amazonaws.com/tools:1'
        expected:
          description: The state that local mode needs.
          returned: always
          type: str
          sample: ecr:BatchGetImage allowed on 123456789012.dkr.ecr.eu-west-1.amazonaws.com/tools:1
        reason:
          description: The consequence of the state, or the reason why the check was skipped; empty if the status is V(ok).
          returned: always
          type: str
          sample: docker pull and the SDK's local jobs fail with 'denied'.
        remediation:
          description: The next step; empty without one.
          returned: always
          type: str
          sample: Add to a policy of studio ...
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
  description: The error code and message of the first failure that comes from AWS.
  returned: when the module fails and AWS caused it
  type: dict
  contains:
    code:
      description: The error code.
      returned: always
      type: str
      sample: ThrottlingException
    message:
      description: The error message.
      returned: always
      type: str
      sample: Rate exceeded
boto3_version:
  description: The version of boto3.
  returned: when the module fails and AWS caused it
  type: str
  sample: 1.40.16
botocore_version:
  description: The version of botocore.
  returned: when the module fails and AWS caused it
  type: str
  sample: 1.40.16
"""

import typing as t

from ansible_collections.amazon.aws.plugins.module_utils.modules import AnsibleAWSModule
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._prerequisites import image_uri
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._prerequisites.api import PrerequisitesApi
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._prerequisites.facts import Declared
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._prerequisites.gather import (
    PrerequisitesGatherer,
)
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._targets.fleet import (
    Fleet,
    argument_spec,
    concurrency_problem,
)
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._targets.outcome import Outcome

if t.TYPE_CHECKING:
    from ansible_collections.mlops.studio_local_mode.plugins.module_utils._prerequisites.image_uri import Image
    from ansible_collections.mlops.studio_local_mode.plugins.module_utils._targets.fleet import Member

_OPTIONS: dict[str, t.Any] = {
    "domains": {"type": "list", "elements": "str"},
    "images": {"type": "list", "elements": "str", "default": []},
    "internet_install": {"type": "bool", "default": False},
    "central_endpoints": {
        "type": "list",
        "elements": "str",
        "choices": ["ecr.api", "ecr.dkr", "s3"],
        "default": [],
    },
    "internet_proxy": {"type": "bool", "default": False},
    "concurrency": {"type": "int", "default": 20},
}


def images_of(params: dict[str, t.Any]) -> list[Image]:
    """Return the images; raise ImageError for one that is no URI of an image."""
    return [image_uri.parse(uri) for uri in dict.fromkeys(params["images"])]


def problem_of(params: dict[str, t.Any]) -> str | None:
    """Return what is wrong with the options, or None."""
    if params["domains"] is None:
        return "missing required arguments: domains"
    if not any(params["domains"]):
        return concurrency_problem(params) or "No domain is given: domains must have at least one ID or name."
    try:
        images_of(params)
    except image_uri.ImageError as error:
        return concurrency_problem(params) or str(error)
    return concurrency_problem(params)


def gather(member: Member) -> Outcome:
    """Check the prerequisites of the domains of one account and region."""
    params, api = member.params, member.api
    services = PrerequisitesApi(member.connect, api.region, api.concurrency)
    declared = Declared(frozenset(params["central_endpoints"]), params["internet_proxy"])
    gatherer = PrerequisitesGatherer(
        api, services, images_of(params), params["internet_install"], declared, of_target=member.target is not None
    )
    domains, failure = gatherer.gather(params["domains"])
    values = {"changed": False, "domains": domains}
    failed = [f"{domain['domain_id']}: {domain['error']}" for domain in domains if "error" in domain]
    if failed:
        return Outcome(values, f"{len(failed)} of {len(domains)} domain(s) failed. {' '.join(failed)}", failure)
    return Outcome(values)


def main() -> None:
    module = AnsibleAWSModule(
        argument_spec={**_OPTIONS, **argument_spec()},
        supports_check_mode=True,
    )
    fleet = Fleet.of(module, _OPTIONS, problem_of, {"domains": []}, changes=False)
    fleet.end(fleet.each(gather))


if __name__ == "__main__":
    main()
