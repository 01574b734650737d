#!/usr/bin/python
# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: sagemaker_domain_docker_settings
short_description: Manage Docker access of SageMaker Studio domains
version_added: 1.0.0
description:
  - Enable or disable Docker access and rootless Docker for SageMaker domains, and set the accounts whose ECR images a VPC-only domain may use.
  - With Docker access, Studio apps can run containers. Local mode of the SageMaker Python SDK requires that.
  - An omitted option keeps its value in each domain; a given option replaces it.
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
  enable_docker_access:
    description:
      - Whether apps of the domain may use Docker (C(EnableDockerAccess)). V(false) disables rootless Docker, too, since AWS requires both for it.
    type: bool
  rootless_docker:
    description:
      - Whether apps get a rootless Docker daemon (C(RootlessDocker)). Requires Docker access, from O(enable_docker_access) or already enabled.
      - With rootless Docker, Docker's traffic goes through the customer's VPC, and SageMaker ignores O(vpc_only_trusted_accounts).
      - Requires botocore 1.40.16 or later. Use that version in domains with rootless Docker even if you change other settings only, since an older
        version does not return this setting.
    type: bool
  vpc_only_trusted_accounts:
    description:
      - The AWS accounts whose ECR images a VPC-only domain may push and pull (C(VpcOnlyTrustedAccounts)), besides its own account and the accounts of
        AWS's framework images. The list replaces the domain's list; V([]) clears it.
      - At most 20 account IDs of 12 digits, as strings in quotes, since YAML drops the leading zeros of numbers.
      - To add or remove single accounts use M(mlops.studio_local_mode.sagemaker_domain_trusted_accounts).
    type: list
    elements: str
  domain_settings:
    description:
      - Settings of single domains in place of those above, by ID, name or pattern of names. Each is a dictionary with C(enable_docker_access),
        C(rootless_docker) and C(vpc_only_trusted_accounts), all optional.
      - It selects no domain. The settings of a domain's ID are over those of its name, and these are over those of patterns.
    type: dict
    default: {}
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
- name: Enable Docker access for one domain
  mlops.studio_local_mode.sagemaker_domain_docker_settings:
    domains: [d-abcdefghijkl]
    enable_docker_access: true

- name: Enable Docker access for two VPC-only domains, and trust the images of one more account
  mlops.studio_local_mode.sagemaker_domain_docker_settings:
    domains: [research, production]
    enable_docker_access: true
    vpc_only_trusted_accounts: ['012345678901']

- name: Enable Docker access for every domain of the region but those for production
  mlops.studio_local_mode.sagemaker_domain_docker_settings:
    all_domains: true
    enable_docker_access: true
    domain_settings:
      production-*: {enable_docker_access: false}

- name: Enable rootless Docker for every domain of the region, and do not wait for the updates
  mlops.studio_local_mode.sagemaker_domain_docker_settings:
    all_domains: true
    enable_docker_access: true
    rootless_docker: true
    wait: false

- name: List the domains of the region that still have Docker access, without changing them
  mlops.studio_local_mode.sagemaker_domain_docker_settings:
    all_domains: true
    enable_docker_access: false
  check_mode: true
  diff: true

- name: Enable Docker access in two accounts, in one of them for the domains of one team only
  mlops.studio_local_mode.sagemaker_domain_docker_settings:
    all_domains: true
    enable_docker_access: true
    targets:
      - name: production
        region: eu-west-1
        role_arn: arn:aws:iam::111122223333:role/studio-local-mode
      - name: research
        region: us-east-1
        role_arn: arn:aws:iam::444455556666:role/studio-local-mode
        external_id: studio-4711
        options:
          domains: [vision-*]
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
  sample: {d-abcdefghijkl: {enable_docker_access: false}}
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
    settings_of_domains,
    update_docker_settings,
)
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._targets import fleet

_SETTINGS = ("enable_docker_access", "rootless_docker", "vpc_only_trusted_accounts")
_OPTIONS = update_docker_settings.argument_spec(
    enable_docker_access={"type": "bool"},
    rootless_docker={"type": "bool"},
    vpc_only_trusted_accounts={"type": "list", "elements": "str"},
    domain_settings={"type": "dict", "default": {}},
)


def main() -> None:
    module = AnsibleAWSModule(
        argument_spec={**_OPTIONS, **fleet.argument_spec()}, **select.RULES, supports_check_mode=True
    )

    def desired_of(params: dict[str, t.Any]) -> update_docker_settings.Desired:
        general = docker_settings.requested_settings(params)
        by_domain = settings_of_domains.requested_for_domains(params["domain_settings"])
        requests = [general, *by_domain.values()]
        if not any(requests):
            raise SettingsError(f"No setting is given: set at least one of {', '.join(_SETTINGS)}.")
        if any("rootless_docker" in requested for requested in requests):
            module.require_botocore_at_least("1.40.16", reason="to set rootless_docker")
        return lambda current, domain: docker_settings.replaced(
            current, **settings_of_domains.requested_for(domain, general, by_domain)
        )

    update_docker_settings.run(module, _OPTIONS, desired_of)


if __name__ == "__main__":
    main()
