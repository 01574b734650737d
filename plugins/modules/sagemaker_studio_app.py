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
    and the same tags, and waits until it is in service. The apps are restarted at the same time, and an app that fails does not stop the others.
  - Only running apps are restarted. An app that its user stopped is not started.
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
    type: list
    elements: str
  types:
    description:
      - The app types that are selected. The default is every type that supports local mode.
    type: list
    elements: str
    choices: [JupyterLab, CodeEditor, KernelGateway]
    default: [JupyterLab, CodeEditor, KernelGateway]
  predates_domain_update:
    description:
      - Whether to select only the apps that were created before the last update of their domain, whatever setting was updated.
      - The default is V(true) with O(state=restarted) and V(false) with O(state=absent), which deletes every selected app.
    type: bool
notes:
  - The next run with O(state=restarted) that selects the app finishes a restart that ended after the app was deleted, whether by an error or by the
    end of this process. It must start within 24 hours, because SageMaker describes a deleted app for that long.
  - The tag C(studio_local_mode:restarting:TYPE:NAME) on the space or user profile tells such an app from one that its user stopped. It is set before
    the app is deleted and removed when the app is created again. Its value is the app's creation time.
  - The new app has the tag C(studio_local_mode:restarted_for) with the time of the domain update, so that it is not restarted again if SageMaker
    gives it the creation time of its predecessor.
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

- name: Delete every app that supports local mode, for the night
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
    error:
      description: The reason why this app failed, and the remediation.
      returned: when this app failed
      type: str
      sample: 'it ended in status Failed: ...'
    error_code:
      description: AWS's error code. Null if AWS did not refuse a call.
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

from ansible.module_utils.common.warnings import warn
from ansible_collections.amazon.aws.plugins.module_utils.modules import AnsibleAWSModule
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._apps import app_result
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._apps.gather import list_apps
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._apps.restart import AppReconciler
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._apps.select import LOCAL_MODE_APPS, AppSelection
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._aws.concurrency import run_concurrently
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._aws.errors import (
    ResourceError,
    aws_error,
    failure_values,
    first_failure,
)
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._aws.sagemaker_api import SageMakerApi
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._aws.waiters import WaitPolicy
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._domains import select
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._domains.select import describe_selected

ARGUMENT_SPEC: dict[str, t.Any] = {
    "state": {"type": "str", "choices": ["restarted", "absent"], "default": "restarted"},
    **select.argument_spec(),
    "owners": {"type": "list", "elements": "str"},
    "types": {
        "type": "list",
        "elements": "str",
        "choices": list(LOCAL_MODE_APPS),
        "default": list(LOCAL_MODE_APPS),
    },
    "predates_domain_update": {"type": "bool"},
}


def selection_of(params: dict[str, t.Any]) -> AppSelection:
    """Return the selection that the options describe."""
    owners, predates = params["owners"], params["predates_domain_update"]
    return AppSelection(
        tuple(params["types"]),
        None if owners is None else tuple(owners),
        params["state"] == "restarted" if predates is None else predates,
    )


def main() -> None:
    module = AnsibleAWSModule(argument_spec=ARGUMENT_SPEC, **select.RULES, supports_check_mode=True)
    params, state = module.params, module.params["state"]
    problem = select.problem(params)
    if problem:
        module.fail_json(msg=problem, changed=False, apps=[])
    selection = selection_of(params)
    try:
        api = SageMakerApi.of(module, params["concurrency"])
        domains = describe_selected(api, select.requested_domains(params))
    except ResourceError as error:
        failure = failure_values(aws_error(error))
        module.fail_json(msg=f"{error} Nothing was changed.", changed=False, apps=[], **failure)
    apps = list_apps(api, domains, selection)
    reconciler = AppReconciler(api, selection, WaitPolicy(True, params["wait_timeout"]), module.check_mode)
    results = run_concurrently(reconciler.restart if state == "restarted" else reconciler.delete, apps)
    for warning in app_result.warnings(results, params["owners"]):
        # Not module.warn(): AnsibleAWSModule passes its warnings on in a way that ansible-core 2.19 deprecates.
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
    if errors or any(result.error for result in selected):
        message = app_result.failure_message(selected, errors, state)
        module.fail_json(msg=message, **values, **first_failure([*domains, *selected]))
    module.exit_json(**values)


if __name__ == "__main__":
    main()
