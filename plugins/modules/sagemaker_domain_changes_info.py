#!/usr/bin/python
# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: sagemaker_domain_changes_info
short_description: Gather the last changes of Docker settings of SageMaker Studio domains
version_added: 1.0.0
description:
  - Look up in CloudTrail's event history who set the DockerSettings of SageMaker domains last, when, and to which values.
  - The module asks for the updates of all domains of a region together. It asks for creations only if a domain that is younger than the event history
    has no update in it, and for nothing if the last update of every domain is older.
  - CloudTrail records the event history in every account without a trail.
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
  concurrency:
    description:
      - The maximum number of concurrent calls to SageMaker.
    type: int
    default: 20
notes:
  - Required IAM actions are C(cloudtrail:LookupEvents), C(sagemaker:DescribeDomain), C(sagemaker:ListDomains) unless all domains are given by ID or ARN,
    and C(sagemaker:ListTags) with O(domain_tags). C(cloudtrail:LookupEvents) does not support resource-level permissions.
  - The event history has the last 90 days of an account and region. It shows a call some minutes later, usually within 15.
  - AWS allows two LookupEvents calls a second in an account and region, those of other users included.
  - An event names the request, not its effect. RV(domains[].unknown_because) says where the present settings differ from the request.
seealso:
  - module: mlops.studio_local_mode.sagemaker_domain_docker_settings
  - name: CloudTrail event history
    description: What AWS records and for how long.
    link: https://docs.aws.amazon.com/awscloudtrail/latest/userguide/view-cloudtrail-events.html
author:
  - mlops.studio_local_mode maintainers (@mlops)
"""

EXAMPLES = r"""
- name: Find out who changed the Docker settings of one domain
  mlops.studio_local_mode.sagemaker_domain_changes_info:
    domains: [research]
  register: research

- name: Show it
  ansible.builtin.debug:
    msg: "{{ research.domains[0].last_change.user.name | default(research.domains[0].unknown_because, true) }}"

- name: Look up every domain of the region
  mlops.studio_local_mode.sagemaker_domain_changes_info:
  register: studio

- name: List the domains that somebody changed by other means than this collection
  ansible.builtin.debug:
    msg: "{{ studio.domains | selectattr('last_change') | rejectattr('last_change.made_by_this_collection') | map(attribute='domain_name') | list }}"
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
      description: The domain's ARN; null if the domain could not be described.
      returned: always
      type: str
      sample: arn:aws:sagemaker:eu-west-1:123456789012:domain/d-abcdefghijkl
    last_modified_time:
      description: The time of the domain's last update of any setting; ISO 8601, UTC. Null if the domain could not be described.
      returned: always
      type: str
      sample: '2026-01-31T12:00:00+00:00'
    last_change:
      description:
        - The last call in the event history that SageMaker accepted and that set the domain's DockerSettings, or created the domain.
        - Null if there is none; RV(domains[].unknown_because) or RV(domains[].error) says why.
      returned: always
      type: dict
      contains:
        event_name:
          description: The operation, V(UpdateDomain) or V(CreateDomain).
          returned: always
          type: str
          sample: UpdateDomain
        event_time:
          description: The time of the call; ISO 8601, UTC.
          returned: always
          type: str
          sample: '2026-01-31T12:00:00+00:00'
        event_id:
          description: CloudTrail's ID of the event.
          returned: always
          type: str
          sample: 0ebbaee4-6e67-431d-8225-ba0d81df5972
        user:
          description: Who made the call, out of CloudTrail's C(userIdentity). A value is null if the event does not have it.
          returned: always
          type: dict
          contains:
            type:
              description: The type of the identity, such as V(IAMUser), V(AssumedRole), V(Root), V(AWSService) or V(IdentityCenterUser).
              returned: always
              type: str
              sample: AssumedRole
            name:
              description: The name of the IAM user; for a role, the role and the session, which IAM Identity Center names after the user.
              returned: always
              type: str
              sample: AWSReservedSSO_Admin_0123456789abcdef/alice@example.org
            arn:
              description: The ARN of the identity.
              returned: always
              type: str
              sample: arn:aws:sts::123456789012:assumed-role/AWSReservedSSO_Admin_0123456789abcdef/alice@example.org
            account_id:
              description: The account of the identity.
              returned: always
              type: str
              sample: '123456789012'
            role:
              description: The name of the assumed role.
              returned: always
              type: str
              sample: AWSReservedSSO_Admin_0123456789abcdef
            session_name:
              description: The name of the role's session.
              returned: always
              type: str
              sample: alice@example.org
            source_identity:
              description: The source identity that was set when the role was assumed.
              returned: always
              type: str
              sample: alice
            invoked_by:
              description: The AWS service that made the call for this identity, such as CloudFormation, or the account of a product provider.
              returned: always
              type: str
              sample: cloudformation.amazonaws.com
        source_ip_address:
          description: The IP address that the call came from; for a call of an AWS service, its name.
          returned: always
          type: str
          sample: 203.0.113.4
        user_agent:
          description: The program that made the call, as it names itself.
          returned: always
          type: str
          sample: aws-cli/2.31.0 md/command#sagemaker.update-domain
        made_by_this_collection:
          description: Whether the user agent names this collection.
          returned: always
          type: bool
          sample: false
        awx_job_id:
          description: The ID of the AWX job, if this collection made the call in one.
          returned: always
          type: int
          sample: 42
        docker_settings:
          description:
            - The DockerSettings that the call sent, without the keys that it did not send.
            - Null if it sent none, which a creation may do, or if CloudTrail did not record the parameters.
          returned: always
          type: dict
          sample: {enable_docker_access: false}
    unknown_because:
      description:
        - The reason why RV(domains[].last_change) is null or uncertain; null if it explains the present settings.
        - It may be older than the event history, not visible yet, not recorded, or a request that did not lead to the present settings.
      returned: always
      type: str
      sample: "CloudTrail's event history of 90 days has no update of the DockerSettings: the last one is older."
    error:
      description: The reason why this domain could not be described, or its event history not be looked up, and the remediation.
      returned: when this domain failed
      type: str
      sample: The credentials lack the IAM action cloudtrail:LookupEvents ...
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
      sample: 'User: ... is not authorized to perform: cloudtrail:LookupEvents ...'
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
from datetime import datetime, timezone

from ansible_collections.amazon.aws.plugins.module_utils.modules import AnsibleAWSModule
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._aws.errors import first_failure
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._domain_changes.api import CloudTrailApi
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._domain_changes.gather import gather_changes
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._domains import select
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
    "concurrency": {"type": "int", "default": 20},
}


def gather(member: Member) -> Outcome:
    """Look up the last change of each selected domain of one account and region."""
    selection = replace(select.requested_domains(member.params), usable_only=False)
    results = gather_changes(member.api, CloudTrailApi(member.connect), selection, datetime.now(timezone.utc))
    values = {"changed": False, "domains": [result.as_dict() for result in results]}
    failed = [result.domain for result in results if result.domain.error]
    if not failed:
        return Outcome(values)
    # The domains of a region share the call to CloudTrail, and its failure.
    reasons = dict.fromkeys(str(result.error) for result in failed)
    message = f"{len(failed)} of {len(results)} domain(s) failed. {' '.join(reasons)}"
    return Outcome(values, message, first_failure(failed))


def main() -> None:
    module = AnsibleAWSModule(argument_spec={**_OPTIONS, **argument_spec()}, supports_check_mode=True)
    fleet = Fleet.of(module, _OPTIONS, concurrency_problem, {"domains": []}, changes=False)
    fleet.end(fleet.each(gather))


if __name__ == "__main__":
    main()
