#!/usr/bin/python
# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: sagemaker_studio_space
short_description: Set remote access of SageMaker Studio spaces
version_added: 1.0.0
description:
  - Sets remote access of spaces, which P(mlops.studio_local_mode.studio_ssh#connection) requires, and describes whether Ansible can reach them.
  - Remote access reaches only apps that start after it was enabled. O(restart=true) restarts the running apps, the other apps get it at their next start.
  - B(Whatever runs in an app ends with a restart), kernels and terminals included. Files in the home directory stay.
  - A restart deletes the app, updates the space, and creates the app again, as AWS Toolkit for VS Code does. It is the restart of
    M(mlops.studio_local_mode.sagemaker_studio_app), one app first and then batches. An app whose space cannot be updated is created again, too.
  - An app whose instance type has too little memory for remote access is not restarted. The module names it in a warning, in check mode, too.
    With O(remote_access=true), it also names the spaces without a running app whose next app would start on such an instance type.
  - Without O(remote_access) the module describes the spaces and changes nothing.
extends_documentation_fragment:
  - amazon.aws.common.modules
  - amazon.aws.region.modules
  - amazon.aws.boto3
  - mlops.studio_local_mode._attributes
  - mlops.studio_local_mode._attributes.actiongroup_aws
  - mlops.studio_local_mode._domain_selection
  - mlops.studio_local_mode._targets
attributes:
  check_mode:
    support: full
  diff_mode:
    support: full
  idempotent:
    support: full
options:
  spaces:
    description:
      - The spaces by name, or pattern of names as in shells (V(team-*)). By default, all spaces of the domains.
      - The task fails before it changes anything if one of them matches no space.
    type: list
    elements: str
  owners:
    description:
      - The user profiles whose spaces are selected, by name, or pattern of names as in shells. By default, the spaces of every owner.
      - The task fails before it changes anything if one of them owns no space.
    type: list
    elements: str
  space_tags:
    description:
      - Select only spaces that have all of these tags.
      - A space is skipped with a warning if SageMaker does not return its tags, as of one that has failed or is deleted.
    type: dict
  remote_access:
    description:
      - Whether the spaces have remote access. If omitted, the module changes nothing.
      - Spaces of app types without remote access, as those of Studio Classic, are skipped with a warning.
    type: bool
  restart:
    description:
      - Whether to restart the running apps that do not have the setting of their space, because they started before it changed.
      - If V(false), a space is updated beside its running app. AWS does not document whether it accepts that. If it refuses, the space fails, and
        the message says so.
    type: bool
    default: false
  batch_size:
    description:
      - With O(restart=true), how many apps are restarted at the same time, after the first one.
    type: int
    default: 10
  max_failures:
    description:
      - With O(restart=true), how many apps may fail to get into service again before the module restarts no further app.
      - With O(targets), this option and O(batch_size) count the apps of all targets together.
    type: int
    default: 0
notes:
  - AWS does not document which updates change the time of the last change of a space. An app that is older than any change of its space counts as
    one that has to be restarted for remote access.
  - The new app has the tag C(studio_local_mode:restarted_for_space) with the time of that change, so that it is not restarted again if SageMaker gives it
    the creation time of its predecessor.
  - If this task ends after an app was deleted, the next run with O(restart=true) creates the app again. It must start within 24 hours.
  - Requires the IAM actions C(sagemaker:DescribeDomain), C(sagemaker:ListSpaces) and C(sagemaker:ListApps), sagemaker:ListDomains if domains are selected by
    name or by O(all_domains=true), and sagemaker:ListTags with O(space_tags).
  - O(remote_access) requires sagemaker:DescribeSpace and sagemaker:UpdateSpace, whose condition key C(sagemaker:RemoteAccess) can limit the
    update to this setting.
  - O(restart=true) requires the actions of M(mlops.studio_local_mode.sagemaker_studio_app) in addition.
seealso:
  - plugin: mlops.studio_local_mode.studio_spaces
    plugin_type: inventory
  - module: mlops.studio_local_mode.sagemaker_studio_app
author:
  - mlops.studio_local_mode maintainers (@mlops)
"""

EXAMPLES = r"""
- name: List the spaces of a domain, and what keeps Ansible from reaching them
  mlops.studio_local_mode.sagemaker_studio_space:
    domains: [research]

- name: Show what enabling remote access changes, and which apps would be restarted
  mlops.studio_local_mode.sagemaker_studio_space:
    domains: [research]
    remote_access: true
    restart: true
  check_mode: true
  diff: true

- name: Enable remote access in the spaces of two users. Running apps get it at their next start
  mlops.studio_local_mode.sagemaker_studio_space:
    domains: [research]
    owners: [ada, bob]
    remote_access: true

- name: Enable remote access in all tagged spaces and restart their apps, 20 at a time
  mlops.studio_local_mode.sagemaker_studio_space:
    all_domains: true
    space_tags: {managed-by: ansible}
    remote_access: true
    restart: true
    batch_size: 20
    max_failures: 2

- name: Disable remote access everywhere
  mlops.studio_local_mode.sagemaker_studio_space:
    all_domains: true
    remote_access: false

- name: List the spaces of every target of the inventory
  mlops.studio_local_mode.sagemaker_studio_space:
    all_domains: true
    targets: "{{ studio_targets_result.targets }}"
"""

RETURN = r"""
spaces:
  description: The selected spaces.
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
      description: The ID of the space's domain.
      returned: always
      type: str
      sample: d-abcdefghijkl
    domain_name:
      description: The name of the space's domain.
      returned: always
      type: str
      sample: research
    space_name:
      description: The space's name.
      returned: always
      type: str
      sample: alices-space
    space_arn:
      description: The space's ARN.
      returned: always
      type: str
      sample: arn:aws:sagemaker:eu-west-1:111122223333:space/d-abcdefghijkl/alices-space
    status:
      description: The space's status.
      returned: always
      type: str
      sample: InService
    sharing_type:
      description: V(Private) or V(Shared).
      returned: always
      type: str
      sample: Private
    owner:
      description: The user profile that owns the space.
      returned: always
      type: str
      sample: alice
    app_type:
      description: The app type of the space.
      returned: always
      type: str
      sample: JupyterLab
    remote_access:
      description: Whether the space has remote access after the task. In check mode, whether it would have.
      returned: always
      type: bool
      sample: true
    app:
      description: The app of the space, the newest one if none runs. Null if the space had none in the last day.
      returned: always
      type: dict
      contains:
        name:
          description: The app's name.
          returned: always
          type: str
          sample: default
        status:
          description: The app's current status.
          returned: always
          type: str
          sample: InService
        instance_type:
          description: The app's instance type. Null if SageMaker does not list it.
          returned: always
          type: str
          sample: ml.m5.large
        creation_time:
          description: The creation time of the app before this task, in ISO 8601 and UTC.
          returned: always
          type: str
          sample: '2026-01-31T11:00:00+00:00'
    reachable:
      description: Whether nothing is known to prevent a session after the task.
      returned: always
      type: bool
      sample: false
    unreachable_because:
      description: What prevents a session after the task, and the remediation. Empty if nothing is known to.
      returned: always
      type: str
      sample: it has no running app
    restart_required:
      description: Whether the running app does not have the setting of the space, because it started before that changed.
      returned: always
      type: bool
      sample: false
    restarted:
      description: Whether the app was restarted, or would be in check mode. Also true if it was deleted and could not be created again.
      returned: always
      type: bool
      sample: true
    changed:
      description: Whether the space was changed or its app restarted, or would be in check mode.
      returned: always
      type: bool
      sample: true
    skip_reason:
      description: The reason why the space was not changed, or its app not restarted.
      returned: when it was skipped
      type: str
      sample: its instance type ml.t3.medium has less than the 8 GiB of memory that remote access requires, ...
    error:
      description: The reason why this space failed, and the remediation.
      returned: when this space failed
      type: str
      sample: 'The credentials lack the IAM action sagemaker:UpdateSpace on ...'
    error_code:
      description: AWS's error code. Null if AWS did not cause the failure.
      returned: when this space failed
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
apps_to_restart:
  description: The running apps that have to be restarted, by the ID of their domain, in the form of M(mlops.studio_local_mode.sagemaker_domain_info).
  returned: always
  type: dict
  sample:
    d-abcdefghijkl:
      - type: JupyterLab
        name: default
        owner: alices-space
        owner_type: space
        status: InService
        creation_time: '2026-01-31T11:00:00+00:00'
        predates_domain_update: false
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
      sample: 'User: ... is not authorized to perform: sagemaker:UpdateSpace on resource: ...'
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
from dataclasses import dataclass, field

from ansible_collections.amazon.aws.plugins.module_utils.modules import AnsibleAWSModule
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._aws.errors import first_failure
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._aws.stop import stop
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._aws.waiters import WaitPolicy
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._aws.warnings import warn
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._domains import select as domain_options
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._domains.select import describe_selected
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._spaces import space_result
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._spaces.gather import list_spaces
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._spaces.remote_access import RemoteAccess
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._spaces.select import SpaceSelection
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._spaces.switch import Switch, restart
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._targets import target as targets
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._targets.fleet import Fleet
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._targets.outcome import Outcome

if t.TYPE_CHECKING:
    from ansible_collections.mlops.studio_local_mode.plugins.module_utils._aws.reconcile import ResourceResult
    from ansible_collections.mlops.studio_local_mode.plugins.module_utils._spaces.space_result import SpaceResult
    from ansible_collections.mlops.studio_local_mode.plugins.module_utils._targets.fleet import Member

_OPTIONS: dict[str, t.Any] = {
    **domain_options.argument_spec(),
    "spaces": {"type": "list", "elements": "str"},
    "owners": {"type": "list", "elements": "str"},
    "space_tags": {"type": "dict"},
    "remote_access": {"type": "bool"},
    "restart": {"type": "bool", "default": False},
    "batch_size": {"type": "int", "default": 10},
    "max_failures": {"type": "int", "default": 0},
}


def selection_of(params: dict[str, t.Any]) -> SpaceSelection:
    """Return the selection that the options describe."""
    names, owners, tags = params["spaces"], params["owners"], params["space_tags"]
    return SpaceSelection(
        None if names is None else tuple(names),
        None if owners is None else tuple(owners),
        {str(key): str(value) for key, value in tags.items()} if tags else None,
        # A pattern for many accounts is about those that have such spaces.
        each_matches=params.get("targets") is None,
    )


def problem_of(params: dict[str, t.Any]) -> str | None:
    """Return the reason why the options are invalid, or None."""
    for option, minimum in (("batch_size", 1), ("max_failures", 0)):
        if params[option] < minimum:
            return f"{option} is {params[option]}, but must be at least {minimum}."
    if params["restart"] and params["remote_access"] is None:
        return "restart=true requires remote_access: it restarts the apps that do not have that setting."
    return domain_options.problem(params)


@dataclass
class Plan:
    """The domains and spaces of one account and region, and the spaces whose apps are left to restart."""

    member: Member
    domains: list[ResourceResult]
    spaces: list[SpaceResult]
    switch: Switch | None = None
    restarts: list[SpaceResult] = field(default_factory=list)


def plan(member: Member) -> Plan:
    """List the spaces, and switch those whose apps are not restarted."""
    params, api = member.params, member.api
    domains = describe_selected(api, domain_options.requested_domains(params))
    found = Plan(member, domains, list_spaces(api, domains, selection_of(params)))
    if params["remote_access"] is not None:
        desired = RemoteAccess(params["remote_access"])
        wait_policy = WaitPolicy(True, params["wait_timeout"])
        found.switch = Switch(api, desired, wait_policy, member.check_mode, params["restart"])
        found.restarts = found.switch.run(found.spaces)
    return found


def outcome_of(plan: Plan) -> Outcome:
    """Return the results of one account and region."""
    spaces = plan.spaces
    with plan.member.its_warnings():
        for warning in space_result.warnings(spaces):
            warn(warning)
    values: dict[str, t.Any] = {
        "changed": any(space.changed for space in spaces),
        "spaces": [space_result.as_dict(space) for space in spaces],
        "apps_to_restart": space_result.apps_to_restart(spaces),
        "diff": [space_result.diff(space) for space in spaces if space.changed],
    }
    errors = {domain.domain_id: domain.error for domain in plan.domains if domain.error}
    if errors or stop.reason or any(space.error for space in spaces):
        message = space_result.failure_message(spaces, errors)
        return Outcome(values, message, first_failure([*plan.domains, *spaces]))
    return Outcome(values)


def main() -> None:
    module = AnsibleAWSModule(
        argument_spec={**_OPTIONS, **targets.argument_spec()}, **domain_options.RULES, supports_check_mode=True
    )
    params = module.params
    empty: dict[str, t.Any] = {"spaces": [], "apps_to_restart": {}}
    fleet = Fleet.of(module, _OPTIONS, problem_of, empty, domain_options.RULES)
    plans = fleet.each(plan)
    restart(
        [(found.switch, found.restarts) for _member, found in plans if found.switch],
        params["batch_size"],
        params["max_failures"],
    )
    fleet.end([(member, outcome_of(found)) for member, found in plans])


if __name__ == "__main__":
    main()
