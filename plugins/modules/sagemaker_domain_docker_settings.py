#!/usr/bin/python
# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: sagemaker_domain_docker_settings
short_description: Manage Docker access of SageMaker Studio domains
version_added: 0.1.0
description:
  - Switches Docker access and rootless Docker on or off for SageMaker domains, and sets the accounts whose ECR images a VPC-only domain may use.
  - With Docker access, Studio apps run containers, as local mode of the SageMaker Python SDK needs.
  - An option that is omitted is left as it is in each domain; one that is given is replaced.
extends_documentation_fragment:
  - amazon.aws.common.modules
  - amazon.aws.region.modules
  - amazon.aws.boto3
  - mlops.studio_local_mode._attributes
  - mlops.studio_local_mode._attributes.actiongroup_aws
  - mlops.studio_local_mode._domain_selection
  - mlops.studio_local_mode._docker_settings
attributes:
  check_mode:
    support: full
  diff_mode:
    support: full
  idempotent:
    support: full
options:
  enable_docker_access:
    description:
      - Whether apps of the domain may use Docker (C(EnableDockerAccess)).
    type: bool
  rootless_docker:
    description:
      - Whether apps get a rootless Docker daemon (C(RootlessDocker)). Needs O(enable_docker_access=true), given or already in force.
      - With it Docker's traffic takes the customer's VPC, O(vpc_only_trusted_accounts) is ignored, and container ports are reached at
        V(172.17.0.1) instead of localhost.
      - Needs botocore 1.40.16 or later. Keep to that version also where a domain has rootless Docker on and you change only its other
        settings, since an older one cannot see this one.
    type: bool
  vpc_only_trusted_accounts:
    description:
      - The AWS accounts, other than its own and those of AWS's framework images, whose ECR images a VPC-only domain may push and pull
        (C(VpcOnlyTrustedAccounts)). The list replaces the domain's; V([]) clears it.
      - At most 20 account IDs of 12 digits, as strings in quotes, since YAML drops the leading zeros of numbers.
      - To add or remove single accounts use M(mlops.studio_local_mode.sagemaker_domain_trusted_accounts).
    type: list
    elements: str
seealso:
  - module: mlops.studio_local_mode.sagemaker_domain_info
  - module: mlops.studio_local_mode.sagemaker_domain_trusted_accounts
  - name: Getting started with local mode
    description: AWS's guide, the source of the rules.
    link: https://docs.aws.amazon.com/sagemaker/latest/dg/studio-updated-local-get-started.html
author:
  - mlops.studio_local_mode maintainers (@mlops)
"""

EXAMPLES = r"""
- name: Let the apps of one domain use Docker
  mlops.studio_local_mode.sagemaker_domain_docker_settings:
    domains: [d-abcdefghijkl]
    enable_docker_access: true

- name: Let the apps of two VPC-only domains use Docker, with images of one more account
  mlops.studio_local_mode.sagemaker_domain_docker_settings:
    domains: [research, production]
    enable_docker_access: true
    vpc_only_trusted_accounts: ['012345678901']

- name: Give every domain of the region rootless Docker, and go on while they are updating
  mlops.studio_local_mode.sagemaker_domain_docker_settings:
    all_domains: true
    enable_docker_access: true
    rootless_docker: true
    wait: false

- name: Show which domains of the region still have Docker access, and change nothing
  mlops.studio_local_mode.sagemaker_domain_docker_settings:
    all_domains: true
    enable_docker_access: false
  check_mode: true
  diff: true
"""

RETURN = r"""
domains:
  description: The selected domains in the order they were given, each with what became of it.
  returned: always, empty when the task ended before any domain was described
  type: list
  elements: dict
  contains:
    domain_id:
      description: The domain's ID.
      returned: always
      type: str
      sample: d-abcdefghijkl
    domain_name:
      description: The domain's name; null when the domain could not be described.
      returned: always
      type: str
      sample: research
    domain_arn:
      description: The domain's ARN; null when the domain could not be described.
      returned: always
      type: str
      sample: arn:aws:sagemaker:eu-west-1:123456789012:domain/d-abcdefghijkl
    changed:
      description: Whether this domain's settings were changed, or would be in check mode.
      returned: always
      type: bool
      sample: true
    status:
      description: The domain's status; V(Updating) after a change with O(wait=false); null when the domain could not be described.
      returned: always
      type: str
      sample: InService
    docker_settings:
      description:
        - The domain's DockerSettings as described after the change, or as predicted in check mode or with O(wait=false).
        - Null when the domain could not be described.
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
    apps:
      description: The domain's apps, each with the keys of RV(mlops.studio_local_mode.sagemaker_domain_info#module:domains[].apps).
      returned: when O(include_apps=true) and no domain failed
      type: list
      elements: dict
      sample:
        - type: JupyterLab
          name: default
          owner: alices-space
          owner_type: space
          status: InService
          creation_time: '2026-01-31T11:00:00+00:00'
          predates_domain_update: true
    error:
      description: Why this domain failed, and what to do about it.
      returned: when this domain failed
      type: str
      sample: 'it ended in status Update_Failed: ...'
"""

from ansible_collections.amazon.aws.plugins.module_utils.modules import AnsibleAWSModule
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._domains import (
    docker_settings,
    select,
    update_docker_settings,
)

_SETTINGS = ("enable_docker_access", "rootless_docker", "vpc_only_trusted_accounts")


def main() -> None:
    module = AnsibleAWSModule(
        argument_spec=update_docker_settings.argument_spec(
            enable_docker_access={"type": "bool"},
            rootless_docker={"type": "bool"},
            vpc_only_trusted_accounts={"type": "list", "elements": "str"},
        ),
        **select.RULES,
        supports_check_mode=True,
    )
    try:
        given = docker_settings.requested_settings(module.params)
    except docker_settings.SettingsError as error:
        module.fail_json(msg=str(error), changed=False, domains=[])
    if not given:
        module.fail_json(msg=f"Nothing to set: give at least one of {', '.join(_SETTINGS)}.", changed=False, domains=[])
    if "rootless_docker" in given:
        module.require_botocore_at_least("1.40.16", reason="to set rootless_docker")
    update_docker_settings.run(module, lambda current: docker_settings.replaced(current, **given))


if __name__ == "__main__":
    main()
