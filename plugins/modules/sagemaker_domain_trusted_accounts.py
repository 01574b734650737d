#!/usr/bin/python
# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: sagemaker_domain_trusted_accounts
short_description: Manage single trusted accounts of VPC-only SageMaker Studio domains
version_added: 0.1.0
description:
  - Adds or removes AWS accounts whose ECR images the apps of a VPC-only SageMaker domain may push and pull (C(VpcOnlyTrustedAccounts)),
    and leaves the domain's other accounts and DockerSettings as they are.
  - The domain's own account and those of AWS's framework images are trusted without being listed.
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
  accounts:
    description:
      - The account IDs, 12 digits each, as strings in quotes, since YAML drops the leading zeros of numbers. Order and duplicates do not matter.
      - A domain trusts at most 20 accounts; the merged list is checked before the domain is touched.
    type: list
    elements: str
    required: true
  state:
    description:
      - V(present) adds the accounts, V(absent) removes them, V(exact) makes them the only ones.
    type: str
    choices: [present, absent, exact]
    default: present
notes:
  - Docker access itself is not switched on by this module, see M(mlops.studio_local_mode.sagemaker_domain_docker_settings).
  - A warning says where the list has no effect. That is so with rootless Docker, and in domains that are not VPC-only.
seealso:
  - module: mlops.studio_local_mode.sagemaker_domain_docker_settings
  - name: Getting started with local mode
    description: AWS's guide, the source of the rules.
    link: https://docs.aws.amazon.com/sagemaker/latest/dg/studio-updated-local-get-started.html
author:
  - mlops.studio_local_mode maintainers (@mlops)
"""

EXAMPLES = r"""
- name: Trust the images of the platform team's account, too
  mlops.studio_local_mode.sagemaker_domain_trusted_accounts:
    domains: [research]
    accounts: ['012345678901']

- name: Stop trusting an account in every domain of the region
  mlops.studio_local_mode.sagemaker_domain_trusted_accounts:
    all_domains: true
    accounts: ['210987654321']
    state: absent

- name: Trust two accounts and no others
  mlops.studio_local_mode.sagemaker_domain_trusted_accounts:
    domains: [d-abcdefghijkl, production]
    accounts: ['012345678901', '210987654321']
    state: exact
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


def main() -> None:
    module = AnsibleAWSModule(
        argument_spec=update_docker_settings.argument_spec(
            accounts={"type": "list", "elements": "str", "required": True},
            state={"type": "str", "choices": ["present", "absent", "exact"], "default": "present"},
        ),
        **select.RULES,
        supports_check_mode=True,
    )
    state = module.params["state"]
    try:
        accounts = docker_settings.check_accounts(module.params["accounts"])
    except docker_settings.SettingsError as error:
        module.fail_json(msg=str(error), changed=False, domains=[])
    update_docker_settings.run(module, lambda current: docker_settings.with_trusted_accounts(current, accounts, state))


if __name__ == "__main__":
    main()
