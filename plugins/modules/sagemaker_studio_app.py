#!/usr/bin/python
# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: sagemaker_studio_app
short_description: Restart or delete SageMaker Studio apps
version_added: 0.1.0
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
      - With O(state=restarted), how many apps are restarted at the same time, after the first one. So many apps at most are down, besides those that do
        not get into service again.
    type: int
    default: 10
  max_failures:
    description:
      - With O(state=restarted), how many apps may fail to get into service again before the module deletes no further app.
      - An app that could not be deleted still runs and does not count.
    type: int
    default: 0
notes:
  - The next run with O(state=restarted) that selects the app finishes a restart that ended after the app was deleted, whether by an error or by the
    end of this process. It must start within 24 hours, because SageMaker describes a deleted app for that long.
  - The tag C(studio_local_mode:restarting:TYPE:NAME) on the space or user profile tells such an app from one that its user stopped, and an app that
    failed after a restart from one that failed before. It is set before the app is deleted and removed when the new app is in service. Its value is the
    creation time of the deleted app, and then C(recreated).
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
"""

RETURN = r"""
apps:
  description: The apps that were selected for a restart or deletion, and the apps that could not be described.
  returned: always
  type: list
  elements: dict
  contains:
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
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._aws.errors import (
    ResourceError,
    aws_error,
    failure_values,
    first_failure,
)
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._aws.sagemaker_api import SageMakerApi
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._aws.stop import stop
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._aws.waiters import WaitPolicy
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._aws.warnings import warn
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._domains import select
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._domains.apps import (
    CLASSIC_APPS,
    RESTARTABLE_APPS,
)
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._domains.select import describe_selected

ARGUMENT_SPEC: dict[str, t.Any] = {
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


def reconcile(api: SageMakerApi, apps: list[AppResult], params: dict[str, t.Any], check_mode: bool) -> None:
    """Restart or delete those of the listed apps that are selected; in check mode predict it."""
    restarts = params["state"] == "restarted"
    inspector = AppInspector(api, selection_of(params))
    (inspector.find_apps_to_restart if restarts else inspector.find_apps_to_delete)(apps)
    pending = [app for app in apps if app.selected and not app.error and not app.skip_reason]
    if check_mode:
        for app in pending:
            app.changed = True
        return
    reconciler = AppReconciler(api, WaitPolicy(True, params["wait_timeout"]))
    if restarts:
        RollingRestart(reconciler.restart, params["batch_size"], params["max_failures"]).run(pending)
    else:
        run_concurrently(reconciler.delete, pending, counted="apps")


def main() -> None:
    module = AnsibleAWSModule(argument_spec=ARGUMENT_SPEC, **select.RULES, supports_check_mode=True)
    params, state = module.params, module.params["state"]
    problem = problem_of(params)
    if problem:
        module.fail_json(msg=problem, changed=False, apps=[])
    try:
        api = SageMakerApi.of(module, params["concurrency"])
        domains = describe_selected(api, select.requested_domains(params))
    except ResourceError as error:
        failure = failure_values(aws_error(error))
        module.fail_json(msg=f"{error} Nothing was changed.", changed=False, apps=[], **failure)
    results = list_apps(api, domains, selection_of(params))
    reconcile(api, results, params, module.check_mode)
    for warning in app_result.warnings(results, params["owners"]):
        warn(warning)
    selected = [result for result in results if result.selected]
    values: dict[str, t.Any] = {
        "changed": any(result.changed for result in selected),
        "apps": [app_result.as_dict(result) for result in selected],
        "diff": [app_result.diff(result, state) for result in selected if result.changed],
    }
    if state == "restarted":
        listed = [domain.domain_id for domain in domains if not domain.error]
        values["apps_to_restart"] = app_result.apps_to_restart(selected, listed)
    errors = {domain.domain_id: domain.error for domain in domains if domain.error}
    if errors or stop.reason or any(result.error for result in selected):
        message = app_result.failure_message(selected, errors, state)
        stop.log(module, message)
        module.fail_json(msg=message, **values, **first_failure([*domains, *selected]))
    module.exit_json(**values)


if __name__ == "__main__":
    main()
