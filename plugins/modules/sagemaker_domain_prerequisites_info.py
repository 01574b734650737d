#!/usr/bin/python
# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: sagemaker_domain_prerequisites_info
short_description: Check the AWS prerequisites of local mode for SageMaker Studio domains
version_added: 0.1.0
description:
  - Looks at what local mode needs of AWS before an app is even started. That is the domain's DockerSettings and network mode, its execution roles and
    their rights in ECR, the images its users want, and the ways through its VPC.
  - Each check has one finding, in the form of those that P(mlops.studio_local_mode.local_mode_report#filter) gives for an app.
    P(mlops.studio_local_mode.local_mode_report_text#filter) makes a table of them.
  - What the credentials may not ask is V(skipped) and names the IAM action that is missing. It is never taken for V(ok).
extends_documentation_fragment:
  - amazon.aws.common.modules
  - amazon.aws.region.modules
  - amazon.aws.boto3
  - mlops.studio_local_mode._attributes
  - mlops.studio_local_mode._attributes.info_module
  - mlops.studio_local_mode._attributes.actiongroup_aws
options:
  domains:
    description:
      - The domains to look at, by ID (V(d-...)) or by name, mixed as you like.
    type: list
    elements: str
    required: true
  images:
    description:
      - The images the domains' users want to run, build on or push, as they write them for C(docker pull).
      - Without any, nothing is said about images, and the way to ECR is looked at all the same.
    type: list
    elements: str
    default: []
  internet_install:
    description:
      - Whether the Docker CLI is to be installed from the internet, as the role P(mlops.studio_local_mode.docker_cli#role) does by default.
        Then a way from the domain's subnets to Docker's site is looked for.
    type: bool
    default: false
  concurrency:
    description:
      - How many calls to each service may be in flight at the same time.
    type: int
    default: 10
notes:
  - Needs the IAM actions C(sagemaker:DescribeDomain), C(sagemaker:ListDomains) unless all domains are given by ID, C(sagemaker:ListUserProfiles),
    C(sagemaker:DescribeUserProfile) and C(iam:SimulatePrincipalPolicy) on the execution roles. With O(images) of ECR, also C(ecr:GetRepositoryPolicy).
    For domains in VPC-only mode, also C(ec2:DescribeSubnets), C(ec2:DescribeRouteTables), C(ec2:DescribeNatGateways), C(ec2:DescribeVpcEndpoints) and
    C(ec2:DescribeSecurityGroups).
  - The policy of a repository in another account can only be read if that policy allows it. Otherwise that check is V(skipped).
  - What a simulation cannot know, such as condition keys of the request, makes a V(warning) where it decides. Service control policies are in the
    simulation. Not looked at are session policies, security groups that user profiles have of their own, network ACLs, endpoint policies, firewalls and
    the VPC's own DNS settings.
  - AWS does not publish which of its own accounts VPC-only domains trust by default. Those that the SageMaker Python SDK pulls Deep Learning Containers,
    scikit-learn, XGBoost and Spark images from are taken for it.
seealso:
  - module: mlops.studio_local_mode.sagemaker_domain_info
  - module: mlops.studio_local_mode.sagemaker_domain_trusted_accounts
  - plugin: mlops.studio_local_mode.local_mode_report_text
    plugin_type: filter
author:
  - mlops.studio_local_mode maintainers (@mlops)
"""

EXAMPLES = r"""
- name: Look at a domain
  mlops.studio_local_mode.sagemaker_domain_prerequisites_info:
    domains: [research]
  register: prerequisites

- name: Print what was found
  ansible.builtin.debug:
    msg: "{{ (prerequisites.domains[0].findings | mlops.studio_local_mode.local_mode_report_text).splitlines() }}"

- name: Look whether two images can be used, and whether the CLI can be installed from the internet
  mlops.studio_local_mode.sagemaker_domain_prerequisites_info:
    domains: [research, d-abcdefghijkl]
    images:
      - 123456789012.dkr.ecr.eu-west-1.amazonaws.com/tools:1
      - 763104351884.dkr.ecr.eu-west-1.amazonaws.com/pytorch-training:2.5.1-cpu-py311-ubuntu22.04-sagemaker
    internet_install: true
  register: prerequisites

- name: Stop if local mode cannot work, with every reason
  ansible.builtin.assert:
    that: failed | length == 0
    fail_msg: "{{ failed | mlops.studio_local_mode.local_mode_report_text }}"
  vars:
    failed: "{{ prerequisites.domains | map(attribute='findings') | flatten | selectattr('status', 'eq', 'failed') | list }}"
"""

RETURN = r"""
domains:
  description: The domains in the order they were given.
  returned: always
  type: list
  elements: dict
  contains:
    domain_id:
      description: The domain's ID; null when domains may not be listed by name.
      returned: always
      type: str
      sample: d-abcdefghijkl
    domain_name:
      description: The domain's name; null when the domain could not be described.
      returned: always
      type: str
      sample: research
    error:
      description: Why this domain could not be looked at, other than that it may not be asked for, and what to do about it.
      returned: when that failed for this domain
      type: str
      sample: No usable AWS credentials ...
    findings:
      description:
        - The findings of C(domain), C(docker_access), C(network_mode), C(execution_roles), C(profile_roles) where they could not be asked for, and
          C(ecr_login); for each image C(image_source) and, if it is in ECR, C(repository_policy), C(role_pull) and C(role_push); of the ways through the
          VPC C(ecr_api_route), C(ecr_dkr_route), C(s3_route), C(registry_route) or C(registry_routes), and C(docker_site_route). C(images) says that none
          were given.
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
          description: What is there.
          returned: always
          type: str
          sample: studio may not ecr:BatchGetImage on 123456789012.dkr.ecr.eu-west-1.amazonaws.com/tools:1
        expected:
          description: What should be there.
          returned: always
          type: str
          sample: ecr:BatchGetImage allowed on 123456789012.dkr.ecr.eu-west-1.amazonaws.com/tools:1
        reason:
          description: Why it matters, or why the check was skipped; empty where all is well.
          returned: always
          type: str
          sample: docker pull and the SDK's local jobs fail with 'denied'.
        remediation:
          description: What to do next; empty where there is nothing to do.
          returned: always
          type: str
          sample: Add to a policy of studio ...
"""

from ansible_collections.amazon.aws.plugins.module_utils.modules import AnsibleAWSModule
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._aws.errors import ResourceError
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._aws.sagemaker_api import SageMakerApi
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._prerequisites import image_uri
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._prerequisites.api import PrerequisitesApi
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._prerequisites.gather import Look


def main() -> None:
    module = AnsibleAWSModule(
        argument_spec={
            "domains": {"type": "list", "elements": "str", "required": True},
            "images": {"type": "list", "elements": "str", "default": []},
            "internet_install": {"type": "bool", "default": False},
            "concurrency": {"type": "int", "default": 10},
        },
        supports_check_mode=True,
    )
    options = module.params
    concurrency = options["concurrency"]
    if concurrency < 1:
        module.fail_json(msg=f"concurrency is {concurrency}, it must be at least 1.", domains=[])
    if not any(options["domains"]):
        module.fail_json(msg="No domain is given: domains must have at least one ID or name.", domains=[])
    try:
        images = [image_uri.parse(uri) for uri in dict.fromkeys(options["images"])]
        api = SageMakerApi.of(module, concurrency)
        services = PrerequisitesApi.of(module, api.region, concurrency)
        domains = Look(api, services, images, options["internet_install"]).at(options["domains"])
    except (image_uri.ImageError, ResourceError) as error:
        module.fail_json(msg=str(error), domains=[])
    failed = [f"{domain['domain_id']}: {domain['error']}" for domain in domains if "error" in domain]
    if failed:
        module.fail_json(msg=f"{len(failed)} of {len(domains)} domain(s) failed. {' '.join(failed)}", domains=domains)
    module.exit_json(changed=False, domains=domains)


if __name__ == "__main__":
    main()
