#!/usr/bin/python
# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: sagemaker_studio_app
short_description: Restart or delete apps of SageMaker Studio, many at a time
version_added: 0.1.0
description:
  - Restarts apps of SageMaker Studio so that they get what their domain was given after they started, Docker access above all. An app that was
    running before does not have it until it is deleted and created again.
  - B(Whatever runs in an app ends with it), kernels and terminals included. Files in the home stay.
  - A restart deletes the app, waits until it is gone, creates it again with the same ResourceSpec (image, instance type, lifecycle configuration)
    and the same tags, and waits until it is in service. Apps are restarted at the same time, and one that fails does not stop the others.
  - Only apps that run are restarted. One that its user stopped is not started.
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
      - V(restarted) deletes each app selected and creates it again. It also finishes what an earlier run began, see the notes.
      - V(absent) deletes each app selected. Its owner may start it again at any time.
    type: str
    choices: [restarted, absent]
    default: restarted
  owners:
    description:
      - The spaces and user profiles whose apps are selected, by name. Without it, those of all.
    type: list
    elements: str
  types:
    description:
      - The types of app that are selected; these are all that support local mode.
    type: list
    elements: str
    choices: [JupyterLab, CodeEditor, KernelGateway]
    default: [JupyterLab, CodeEditor, KernelGateway]
  predates_domain_update:
    description:
      - Whether only apps are selected that are older than the last update of their domain, in whatever setting.
      - V(false) selects the others, too.
    type: bool
    default: true
notes:
  - A restart that was interrupted after the app was deleted, by an error or by the end of this process, is finished by the next run with
    O(state=restarted) that selects its domain, owner and type, if it is made within 24 hours; that is how long SageMaker tells what the app was.
  - To know such an app from one that its user stopped, the tag C(studio_local_mode:restarting:TYPE:NAME) is on the space or user profile from before
    the app is deleted until it is created again. Its value is the app's creation time. In addition, the new app has the tag
    C(studio_local_mode:restarted_for) with the time of the domain update, so that it is not restarted again should SageMaker give it the
    creation time of its predecessor.
  - Needs the IAM actions C(sagemaker:DescribeDomain), C(sagemaker:ListApps), C(sagemaker:DescribeApp), C(sagemaker:ListTags),
    C(sagemaker:AddTags), C(sagemaker:DeleteTags), C(sagemaker:DeleteApp) and C(sagemaker:CreateApp); and sagemaker:ListDomains where domains are
    selected by name or O(all_domains=true). With O(state=absent), those that change tags or create are not needed.
seealso:
  - module: mlops.studio_local_mode.sagemaker_domain_docker_settings
  - module: mlops.studio_local_mode.sagemaker_domain_info
author:
  - mlops.studio_local_mode maintainers (@mlops)
"""

EXAMPLES = r"""
- name: Restart the apps that are older than the last update of their domain
  mlops.studio_local_mode.sagemaker_studio_app:
    domains: [research]

- name: Name them first, and end nobody's kernels
  mlops.studio_local_mode.sagemaker_studio_app:
    domains: [research]
  check_mode: true
  diff: true

- name: Restart the JupyterLab of two spaces, whatever its age
  mlops.studio_local_mode.sagemaker_studio_app:
    domains: [d-abcdefghijkl]
    owners: [alices-space, bobs-space]
    types: [JupyterLab]
    predates_domain_update: false

- name: Stop every app that may use Docker, for the night
  mlops.studio_local_mode.sagemaker_studio_app:
    all_domains: true
    state: absent
    predates_domain_update: false
"""

RETURN = r"""
apps:
  description: The apps that were selected and had to go, and those that could not be looked at.
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
      description: The space or user profile the app belongs to.
      returned: always
      type: str
      sample: alices-space
    owner_type:
      description: V(space) or V(user_profile).
      returned: always
      type: str
      sample: space
    creation_time:
      description: When the app was created that had to go; ISO 8601, UTC.
      returned: always
      type: str
      sample: '2026-01-31T11:00:00+00:00'
    changed:
      description: Whether this app was restarted or deleted, or would be in check mode; also when it was deleted and could not be created again.
      returned: always
      type: bool
      sample: true
    status:
      description: The app's status now.
      returned: always
      type: str
      sample: InService
    specification:
      description:
        - With what the app is created again, in the form that C(aws sagemaker create-app --cli-input-json) takes.
        - Null when the app could not be looked at.
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
      description: Why this app failed, and what to do about it.
      returned: when this app failed
      type: str
      sample: 'it ended in status Failed: ...'
"""

import typing as t

from ansible.module_utils.common.warnings import warn
from ansible_collections.amazon.aws.plugins.module_utils.modules import AnsibleAWSModule
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._apps import app_result
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._apps.recreate import (
    LOCAL_MODE_APPS,
    AppSelection,
)
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._apps.restart import AppReconciler, listed_apps
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._aws.concurrency import run_concurrently
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._aws.errors import ResourceError
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
    "predates_domain_update": {"type": "bool", "default": True},
}


def main() -> None:
    module = AnsibleAWSModule(argument_spec=ARGUMENT_SPEC, **select.RULES, supports_check_mode=True)
    params, state = module.params, module.params["state"]
    problem = select.problem(params)
    if problem:
        module.fail_json(msg=problem, changed=False, apps=[])
    owners = params["owners"]
    wanted = AppSelection(
        tuple(params["types"]), None if owners is None else tuple(owners), params["predates_domain_update"]
    )
    try:
        api = SageMakerApi.of(module, params["concurrency"])
        domains = describe_selected(api, select.wanted(params))
    except ResourceError as error:
        module.fail_json(msg=f"{error} Nothing was changed.", changed=False, apps=[])
    apps, errors = listed_apps(api, domains, wanted)
    road = AppReconciler(api, wanted, WaitPolicy(True, params["wait_timeout"]), module.check_mode)
    results = run_concurrently(road.restart if state == "restarted" else road.delete, apps)
    for warning in app_result.warnings(results, owners):
        # Not module.warn(): AnsibleAWSModule passes its warnings on in a way that ansible-core 2.19 deprecates.
        warn(warning)
    chosen = [result for result in results if result.chosen]
    values = {
        "changed": any(result.changed for result in chosen),
        "apps": [app_result.as_result(result) for result in chosen],
        "diff": [app_result.diff(result, state) for result in chosen if result.changed],
    }
    if errors or any(result.error for result in chosen):
        module.fail_json(msg=app_result.failure_message(chosen, errors, state), **values)
    module.exit_json(**values)


if __name__ == "__main__":
    main()
