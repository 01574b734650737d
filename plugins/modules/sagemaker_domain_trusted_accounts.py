#!/usr/bin/python
# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: sagemaker_domain_trusted_accounts
short_description: Manage trusted accounts of SageMaker Studio domains
version_added: 1.0.0
description:
  - Add or remove AWS accounts whose ECR images the apps of a VPC-only SageMaker domain may push and pull (C(VpcOnlyTrustedAccounts)).
  - The domain's other DockerSettings do not change.
  - The domain's own account and the accounts of AWS's framework images are trusted without being listed.
extends_documentation_fragment:
  - amazon.aws.common.modules
  - amazon.aws.region.modules
  - amazon.aws.boto3
  - mlops.studio_local_mode._attributes
  - mlops.studio_local_mode._attributes.actiongroup_aws
  - mlops.studio_local_mode._domain_selection
  - mlops.studio_local_mode._docker_settings
  - mlops.studio_local_mode._targets
  - mlops.studio_local_mode._targets.max_failures
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
      - A domain trusts at most 20 accounts. The module validates the merged list before it changes the domain.
    type: list
    elements: str
    required: true
  state:
    description:
      - V(present) adds the accounts, V(absent) removes them.
    type: str
    choices: [present, absent]
    default: present
  purge_accounts:
    description:
      - Whether to remove all other accounts. Allowed with O(state=present) only.
    type: bool
    default: false
notes:
  - This module does not change Docker access itself, see M(mlops.studio_local_mode.sagemaker_domain_docker_settings).
  - The list has no effect with rootless Docker and in domains that are not VPC-only. The module warns about that.
seealso:
  - module: mlops.studio_local_mode.sagemaker_domain_docker_settings
  - name: Getting started with local mode
    description: AWS's guide, the source of the rules.
    link: https://docs.aws.amazon.com/sagemaker/latest/dg/studio-updated-local-get-started.html
author:
  - mlops.studio_local_mode maintainers (@mlops)
"""

EXAMPLES = r"""
- name: Trust the images of the platform team's account
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
    purge_accounts: true

- name: Trust one more account in every target of the inventory
  mlops.studio_local_mode.sagemaker_domain_trusted_accounts:
    all_domains: true
    accounts: ['012345678901']
    targets: "{{ studio_targets_result.targets }}"
    max_failures: 0
"""

RETURN = r"""
domains:
  description: The result for each selected domain, in the order of O(domains). Empty if the task failed before it described any domain.
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
      description: The domain's ARN; null if the domain could not be described.
      returned: always
      type: str
      sample: arn:aws:sagemaker:eu-west-1:123456789012:domain/d-abcdefghijkl
    changed:
      description: Whether the module changed this domain's settings, or would change them in check mode.
      returned: always
      type: bool
      sample: true
    status:
      description: The domain's status; V(Updating) after a change with O(wait=false); null if the domain could not be described.
      returned: always
      type: str
      sample: InService
    docker_settings:
      description:
        - The domain's DockerSettings after the change; in check mode and with O(wait=false) the predicted ones.
        - Null if the domain could not be described.
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
    apps_to_restart:
      description:
        - The running apps that do not have the domain's DockerSettings yet, each with the keys of
          RV(mlops.studio_local_mode.sagemaker_domain_info#module:domains[].apps). Only apps of the types C(JupyterLab) and C(CodeEditor)
          count, because AWS does not create apps of Studio Classic again.
        - In a changed domain, these are all its running apps; in an unchanged one, the apps that predate its last update.
        - Empty for domains without Docker access, before and after the change, because their settings reach no app.
        - Empty for domains whose apps the credentials may not list. The module warns about that.
      returned: when O(include_apps=true)
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
      description: The reason why this domain failed, and the remediation.
      returned: when this domain failed
      type: str
      sample: 'it ended in status Update_Failed: ...'
    error_code:
      description: AWS's error code. Null if AWS did not refuse a call.
      returned: when this domain failed
      type: str
      sample: AccessDeniedException
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
previous_docker_settings:
  description:
    - The settings before the change by domain ID, of the keys that differ. With them, a task restores what this one changed.
    - With O(targets), each has the key C(target), too.
  returned: unless the task failed before it described any domain
  type: dict
  sample: {d-abcdefghijkl: {vpc_only_trusted_accounts: []}}
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
      sample: 'User: ... is not authorized to perform: sagemaker:UpdateDomain on resource: ...'
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
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._aws.errors import SettingsError
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._domains import (
    docker_settings,
    select,
    update_docker_settings,
)
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._targets import fleet

_OPTIONS = update_docker_settings.argument_spec(
    accounts={"type": "list", "elements": "str", "required": True},
    state={"type": "str", "choices": ["present", "absent"], "default": "present"},
    purge_accounts={"type": "bool", "default": False},
)


def desired_of(params: dict[str, t.Any]) -> update_docker_settings.Desired:
    """Return the desired settings as a function of the current ones; raise SettingsError for invalid options."""
    state, purge = params["state"], params["purge_accounts"]
    if purge and state == "absent":
        raise SettingsError("purge_accounts is allowed with state=present only.")
    accounts = docker_settings.validate_accounts("accounts", params["accounts"])
    return lambda current, domain: docker_settings.with_trusted_accounts(current, accounts, state, purge)


def main() -> None:
    module = AnsibleAWSModule(
        argument_spec={**_OPTIONS, **fleet.argument_spec()}, **select.RULES, supports_check_mode=True
    )
    update_docker_settings.run(module, _OPTIONS, desired_of)


if __name__ == "__main__":
    main()
