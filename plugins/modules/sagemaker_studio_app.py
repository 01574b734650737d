#!/usr/bin/python
# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: sagemaker_studio_app
short_description: Restart or delete SageMaker Studio apps
version_added: 1.0.0
description:
  - Restarts SageMaker Studio apps, so that they get the settings that their domain received after they started, Docker access above all. A running
    app does not have Docker access until it is deleted and created again.
  - B(Whatever runs in an app ends with it), kernels and terminals included. Files in the home directory stay.
  - A restart deletes the app, waits until it is gone, creates it again with the same ResourceSpec (image, instance type, lifecycle configuration)
    and the same tags, and waits until it is in service. If M(mlops.studio_local_mode.sagemaker_studio_lifecycle_config) replaced its lifecycle
    configuration, the new app starts the newer one.
  - One app is restarted first, and the others in batches when it is in service. If more than O(max_failures) apps do not get into service again, no
    further app is deleted. The next run creates these apps again before it restarts others.
  - Only running apps are restarted. An app that its user stopped is not started. An app in recovery mode is not restarted, because its user is
    repairing it.
  - B(Apps of Studio Classic cannot be restarted), because AWS no longer creates them after they are deleted.
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
    support: partial
    details:
      - With O(state=restarted) and O(predates_domain_update=false) every run restarts the apps.
options:
  state:
    description:
      - V(restarted) deletes each selected app and creates it again. It also finishes a restart that an earlier run began, see the notes.
      - V(absent) deletes each selected app. Its owner can start it again at any time.
    type: str
    choices: [restarted, absent]
    default: restarted
  owners:
    description:
      - The names of the spaces and user profiles whose apps are selected. By default, the apps of every owner are selected.
      - A user profile selects the apps of its private spaces, too.
    type: list
    elements: str
  types:
    description:
      - The app types that are selected. The default is every type that supports local mode, except that of Studio Classic.
      - V(KernelGateway) and V(JupyterServer) are apps of Studio Classic. They require O(state=absent), and AWS does not create them again.
    type: list
    elements: str
    choices: [JupyterLab, CodeEditor, KernelGateway, JupyterServer]
    default: [JupyterLab, CodeEditor]
  predates_domain_update:
    description:
      - Whether to select only the apps that were created before the last update of their domain, whatever setting was updated.
      - The default is V(true) with O(state=restarted) and V(false) with O(state=absent), which deletes every selected app.
    type: bool
  batch_size:
    description:
      - With O(state=restarted), how many apps are restarted at the same time, after the first one is in service again. So many apps at most are down,
        besides those that do not get into service again.
    type: int
    default: 10
  max_failures:
    description:
      - With O(state=restarted), how many apps may fail to get into service again before the module deletes no further app.
      - An app that could not be deleted still runs and does not count.
      - With O(targets), this option and O(batch_size) count the apps of all targets together.
    type: int
    default: 0
notes:
  - The next run with O(state=restarted) that selects the app finishes a restart that ended after the app was deleted, whether by an error or by the
    end of this process. It must start within 24 hours, because SageMaker describes a deleted app for that long.
  - The tag C(studio_local_mode:restarting:TYPE:NAME) on the space or user profile tells such an app from one that its user stopped, and an app that
    failed after a restart from one that failed before or that its user started later. It is set before the app is deleted and removed when the new
    app is in service. Its value is the creation time of the deleted app, and then C(recreated) with the time of that.
  - Quotas and a lack of capacity can keep an app from starting although nothing is wrong with it. The message says so.
  - The new app has the tag C(studio_local_mode:restarted_for) with the time of the domain update, so that it is not restarted again if SageMaker
    gives it the creation time of its predecessor.
  - O(owners) requires C(sagemaker:ListSpaces). An app whose lifecycle configuration was replaced for its user profile requires
    sagemaker:DescribeSpace and sagemaker:DescribeUserProfile, without which it starts the older one again.
  - Requires the IAM actions C(sagemaker:DescribeDomain), C(sagemaker:ListApps), C(sagemaker:DescribeApp), C(sagemaker:ListTags),
    C(sagemaker:AddTags), C(sagemaker:DeleteTags), C(sagemaker:DeleteApp) and C(sagemaker:CreateApp), and sagemaker:ListDomains if domains are
    selected by name or by O(all_domains=true). O(state=absent) does not require the actions that create an app or change tags.
seealso:
  - module: mlops.studio_local_mode.sagemaker_domain_docker_settings
  - module: mlops.studio_local_mode.sagemaker_domain_info
author:
  - mlops.studio_local_mode maintainers (@mlops)
"""

EXAMPLES = r"""
- name: Restart the apps that were created before the last update of their domain
  mlops.studio_local_mode.sagemaker_studio_app:
    domains: [research]

- name: List the apps that would be restarted
  mlops.studio_local_mode.sagemaker_studio_app:
    domains: [research]
  check_mode: true
  diff: true

- name: Restart the JupyterLab apps of two spaces, whenever they were created
  mlops.studio_local_mode.sagemaker_studio_app:
    domains: [d-abcdefghijkl]
    owners: [alices-space, bobs-space]
    types: [JupyterLab]
    predates_domain_update: false

- name: Restart the apps of all domains, 20 at a time, although a few may not start for lack of capacity
  mlops.studio_local_mode.sagemaker_studio_app:
    all_domains: true
    batch_size: 20
    max_failures: 3

- name: Delete every JupyterLab and Code Editor app, for the night
  mlops.studio_local_mode.sagemaker_studio_app:
    all_domains: true
    state: absent

- name: Restart the apps of every target of the inventory, one of all of them first
  mlops.studio_local_mode.sagemaker_studio_app:
    all_domains: true
    targets: "{{ studio_targets_result.targets }}"
"""

RETURN = r"""
apps:
  description: The apps that were selected for a restart or deletion, and the apps that could not be described.
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
      description: The ID of the app's domain.
      returned: always
      type: str
      sample: d-abcdefghijkl
    domain_name:
      description: The name of the app's domain.
      returned: always
      type: str
      sample: research
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
      description: The name of the space or user profile that the app belongs to.
      returned: always
      type: str
      sample: alices-space
    owner_type:
      description: V(space) or V(user_profile).
      returned: always
      type: str
      sample: space
    creation_time:
      description: The creation time of the app before this task, in ISO 8601 and UTC.
      returned: always
      type: str
      sample: '2026-01-31T11:00:00+00:00'
    changed:
      description: Whether this app was restarted or deleted, or would be in check mode. Also true if it was deleted and could not be created again.
      returned: always
      type: bool
      sample: true
    status:
      description: The app's current status.
      returned: always
      type: str
      sample: InService
    specification:
      description:
        - The request that creates the app again, in the form of C(aws sagemaker create-app --cli-input-json).
        - Null if the app could not be described.
      returned: always
      type: dict
      sample:
        DomainId: d-abcdefghijkl
        SpaceName: alices-space
        AppType: JupyterLab
        AppName: default
        ResourceSpec:
          InstanceType: ml.t3.medium
          SageMakerImageArn: arn:aws:sagemaker:eu-west-1:819792524951:image/sagemaker-distribution-cpu
    skip_reason:
      description: The reason why this app was selected and not restarted.
      returned: when this app was not restarted although it did not fail
      type: str
      sample: 1 app(s) did not get into service again, and max_failures is 0
    error:
      description: The reason why this app failed, and the remediation.
      returned: when this app failed
      type: str
      sample: 'it ended in status Failed: ...'
    error_code:
      description: AWS's error code, or the name at the beginning of its FailureReason for a lack of capacity. Null if AWS did not cause the failure.
      returned: when this app failed
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
  description:
    - The selected apps that were not restarted, by the ID of their domain, as a later job needs them. In check mode, the apps that would not be restarted.
    - Each domain whose apps could be listed is a key, even if its list is empty.
  returned: when O(state=restarted)
  type: dict
  sample:
    d-abcdefghijkl:
      - type: JupyterLab
        name: default
        owner: alices-space
        owner_type: space
        status: Deleted
        creation_time: '2026-01-31T11:00:00+00:00'
        predates_domain_update: true
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
      sample: 'User: ... is not authorized to perform: sagemaker:CreateApp on resource: ...'
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
from dataclasses import dataclass

from ansible_collections.amazon.aws.plugins.module_utils.modules import AnsibleAWSModule
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._apps import app_result
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._apps.app_result import AppResult
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._apps.gather import list_apps
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._apps.inspect import AppInspector
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._apps.restart import AppReconciler
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._apps.rolling_restart import RollingRestart
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._apps.select import AppSelection
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._apps.select import problem as selection_problem
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._aws.concurrency import run_concurrently
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._aws.errors import first_failure
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._aws.stop import stop
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._aws.waiters import WaitPolicy
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._aws.warnings import warn
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._domains import select
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._domains.apps import (
    CLASSIC_APPS,
    RESTARTABLE_APPS,
)
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._domains.select import describe_selected
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._targets import target as targets
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._targets.fleet import Fleet
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._targets.outcome import Outcome

if t.TYPE_CHECKING:
    from ansible_collections.mlops.studio_local_mode.plugins.module_utils._aws.reconcile import ResourceResult
    from ansible_collections.mlops.studio_local_mode.plugins.module_utils._targets.fleet import Member

_OPTIONS: dict[str, t.Any] = {
    "state": {"type": "str", "choices": ["restarted", "absent"], "default": "restarted"},
    **select.argument_spec(),
    "owners": {"type": "list", "elements": "str"},
    "types": {
        "type": "list",
        "elements": "str",
        "choices": [*RESTARTABLE_APPS, *CLASSIC_APPS],
        "default": list(RESTARTABLE_APPS),
    },
    "predates_domain_update": {"type": "bool"},
    "batch_size": {"type": "int", "default": 10},
    "max_failures": {"type": "int", "default": 0},
}


def selection_of(params: dict[str, t.Any]) -> AppSelection:
    """Return the selection that the options describe."""
    owners, predates = params["owners"], params["predates_domain_update"]
    return AppSelection(
        tuple(params["types"]),
        None if owners is None else tuple(owners),
        params["state"] == "restarted" if predates is None else predates,
    )


def problem_of(params: dict[str, t.Any]) -> str | None:
    """Return the reason why the options are invalid, or None."""
    for option, minimum in (("batch_size", 1), ("max_failures", 0)):
        if params[option] < minimum:
            return f"{option} is {params[option]}, but must be at least {minimum}."
    return select.problem(params) or selection_problem(params["types"], params["state"])


@dataclass
class Plan:
    """The domains and apps of one account and region, and which of the apps are to be restarted or deleted."""

    member: Member
    domains: list[ResourceResult]
    apps: list[AppResult]

    @property
    def pending(self) -> list[AppResult]:
        return [app for app in self.apps if app.selected and not app.error and not app.skip_reason]


def plan(member: Member) -> Plan:
    """List the apps, and find those to restart or delete."""
    params, api = member.params, member.api
    domains = describe_selected(api, select.requested_domains(params))
    apps = list_apps(api, domains, selection_of(params))
    inspector = AppInspector(api, selection_of(params))
    (inspector.find_apps_to_restart if params["state"] == "restarted" else inspector.find_apps_to_delete)(apps)
    return Plan(member, domains, apps)


def reconcile(plans: list[Plan], params: dict[str, t.Any], check_mode: bool) -> None:
    """Restart or delete the apps of all plans together; in check mode predict it."""
    pending = [app for plan in plans for app in plan.pending]
    if check_mode:
        for app in pending:
            app.changed = True
        return
    reconcilers = {
        id(app): AppReconciler(plan.member.api, WaitPolicy(True, plan.member.params["wait_timeout"]))
        for plan in plans
        for app in plan.pending
    }
    if params["state"] == "restarted":
        # One app of all targets is the first, and a batch has apps of all of them.
        rolling = RollingRestart(
            lambda app: reconcilers[id(app)].restart(app), params["batch_size"], params["max_failures"]
        )
        rolling.run(pending)
    else:
        run_concurrently(lambda app: reconcilers[id(app)].delete(app), pending, counted="apps")


def outcome_of(plan: Plan) -> Outcome:
    """Return the results of one account and region."""
    params, state = plan.member.params, plan.member.params["state"]
    with plan.member.its_warnings():
        for warning in app_result.warnings(plan.apps, params["owners"]):
            warn(warning)
    selected = [app for app in plan.apps if app.selected]
    values: dict[str, t.Any] = {
        "changed": any(app.changed for app in selected),
        "apps": [app_result.as_dict(app) for app in selected],
        "diff": [app_result.diff(app, state) for app in selected if app.changed],
    }
    if state == "restarted":
        listed = [domain.domain_id for domain in plan.domains if not domain.error]
        values["apps_to_restart"] = app_result.apps_to_restart(selected, listed)
    errors = {domain.domain_id: domain.error for domain in plan.domains if domain.error}
    if errors or stop.reason or any(app.error for app in selected):
        message = app_result.failure_message(selected, errors, state)
        return Outcome(values, message, first_failure([*plan.domains, *selected]))
    return Outcome(values)


def main() -> None:
    module = AnsibleAWSModule(
        argument_spec={**_OPTIONS, **targets.argument_spec()}, **select.RULES, supports_check_mode=True
    )
    fleet = Fleet.of(module, _OPTIONS, problem_of, {"apps": []}, select.RULES)
    plans = fleet.each(plan)
    reconcile([found for _member, found in plans], module.params, module.check_mode)
    fleet.end([(member, outcome_of(found)) for member, found in plans])


if __name__ == "__main__":
    main()
