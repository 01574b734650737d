#!/usr/bin/python
# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: sagemaker_studio_lifecycle_config
short_description: Let a script run at every start of SageMaker Studio apps
version_added: 0.1.0
description:
  - Makes a script a Studio lifecycle configuration and attaches it to domains or user profiles, for the app types asked for.
  - The service cannot change a lifecycle configuration. So the name carries a hash of the content, as in V(docker-jupyterlab-0123456789ab). An
    unchanged script changes nothing; a changed one is created and attached in place of the older one, which is removed once nothing uses it.
  - What else is attached there stays as it is.
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
    support: full
options:
  name:
    description:
      - How the lifecycle configurations begin. What has this name, an app type and a hash is taken for this module's, and nothing else.
      - At most 36 letters, digits and inner hyphens.
    type: str
    required: true
  state:
    description:
      - V(present) creates and attaches.
      - V(absent) detaches whatever has this name, whichever content it has, and with O(purge) removes it once nothing uses it.
    type: str
    choices: [present, absent]
    default: present
  src:
    description:
      - The file with the script, on the host where this module runs.
      - Exactly one of O(src) and O(content) is required with O(state=present). The script may have 16,384 characters in base64, 12,288 bytes that is.
    type: path
  content:
    description:
      - The script itself.
    type: str
  app_types:
    description:
      - The app types at whose start the script runs. Each has a lifecycle configuration of its own.
      - The configurations of other app types are neither attached nor detached nor removed.
    type: list
    elements: str
    choices: [JupyterLab, CodeEditor, KernelGateway]
    default: [JupyterLab, CodeEditor]
  attach_as:
    description:
      - V(built_in) always runs, at the next start of each app, and before what users choose. There is one place for it; one that somebody
        else has attached there is an error. Not for V(KernelGateway).
      - V(default) is chosen for users who do not choose, and can be chosen. Users' spaces that have one already keep it. There is one place for it, too.
      - V(available) can be chosen.
    type: str
    choices: [built_in, default, available]
    default: built_in
  user_profiles:
    description:
      - The user profiles to attach to, by name, in each of the domains. Without it, the domains themselves.
      - What is attached to a user profile goes before what is attached to its domain.
    type: list
    elements: str
  purge:
    description:
      - Whether lifecycle configurations of this name with another content are removed.
      - One that a domain, user profile, space or running app of the region uses is kept, with a warning. To know that, all of them are
        looked at, but only if there is something to remove.
      - One younger than that of this content is left for an hour, since another run may be about to attach it.
    type: bool
    default: true
notes:
  - The script has to end within five minutes and without an error, or the app does not start.
  - Needs the IAM actions C(sagemaker:DescribeDomain), C(sagemaker:UpdateDomain), C(sagemaker:ListStudioLifecycleConfigs),
    C(sagemaker:CreateStudioLifecycleConfig) and C(sagemaker:DescribeStudioLifecycleConfig).
  - With O(user_profiles), C(sagemaker:DescribeUserProfile) and C(sagemaker:UpdateUserProfile).
  - Where there is something to remove, C(sagemaker:DeleteStudioLifecycleConfig), C(sagemaker:ListDomains), C(sagemaker:ListApps),
    C(sagemaker:ListUserProfiles), C(sagemaker:DescribeUserProfile), C(sagemaker:ListSpaces) and C(sagemaker:DescribeSpace).
  - Of the domain's settings only the block of the app type is sent, all its keys as they were, so that the values is the same whether the service
    replaces or merges; and the domain is described again to prove it.
seealso:
  - module: mlops.studio_local_mode.sagemaker_studio_app
  - ref: mlops.studio_local_mode.lifecycle_config role <ansible_collections.mlops.studio_local_mode.lifecycle_config_role>
    description: Renders the script that gives apps the Docker CLI and Compose.
author:
  - mlops.studio_local_mode maintainers (@mlops)
"""

EXAMPLES = r"""
- name: Let a script run at every start of JupyterLab and Code Editor
  mlops.studio_local_mode.sagemaker_studio_lifecycle_config:
    name: docker
    src: /srv/lifecycle_config.sh
    domains: [research]

- name: Try it with one user's Studio Classic first, as a script that can be chosen
  mlops.studio_local_mode.sagemaker_studio_lifecycle_config:
    name: docker
    src: /srv/lifecycle_config.sh
    domains: [d-abcdefghijkl]
    user_profiles: [ada]
    app_types: [KernelGateway]
    attach_as: available

- name: Say what would change, and change nothing
  mlops.studio_local_mode.sagemaker_studio_lifecycle_config:
    name: greeting
    content: |
      #!/bin/sh
      echo "Started at $(date)" >> "$HOME/starts.log"
    all_domains: true
  check_mode: true
  diff: true

- name: Take it away again
  mlops.studio_local_mode.sagemaker_studio_lifecycle_config:
    name: docker
    state: absent
    domains: [research]
"""

RETURN = r"""
lifecycle_configs:
  description: The lifecycle configurations with this content, one for each app type. Empty with O(state=absent).
  returned: always
  type: list
  elements: dict
  contains:
    app_type:
      description: The app type.
      returned: always
      type: str
      sample: JupyterLab
    name:
      description: The name, which carries a hash of the content.
      returned: always
      type: str
      sample: docker-jupyterlab-0123456789ab
    arn:
      description: The ARN.
      returned: always
      type: str
      sample: arn:aws:sagemaker:eu-west-1:123456789012:studio-lifecycle-config/docker-jupyterlab-0123456789ab
    created:
      description: Whether it was created, or would be in check mode.
      returned: always
      type: bool
      sample: true
attachments:
  description: What is attached to each domain or user profile.
  returned: always
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
    user_profile:
      description: The name of the user profile; null for the domain itself.
      returned: always
      type: str
      sample: ada
    changed:
      description: Whether something was attached or detached here, or would be in check mode.
      returned: always
      type: bool
      sample: true
    app_types:
      description:
        - For each app type asked for, the ARNs of what is attached after the change, or as predicted in check mode, whoever attached it.
        - Its keys are C(built_in), C(default) (each null if there is none) and C(available).
        - Null when the domain or user profile could not be described.
      returned: always
      type: dict
      sample:
        JupyterLab:
          built_in: arn:aws:sagemaker:eu-west-1:123456789012:studio-lifecycle-config/docker-jupyterlab-0123456789ab
          default: null
          available: []
    error:
      description: Why this one failed, and what to do about it.
      returned: when this one failed
      type: str
      sample: JupyterLab already has a built-in lifecycle configuration ...
removed:
  description: The names of the lifecycle configurations that were removed, or would be in check mode.
  returned: always
  type: list
  elements: str
  sample: [docker-jupyterlab-ba9876543210]
"""

import typing as t
from pathlib import Path

from ansible.module_utils.common.warnings import warn
from ansible_collections.amazon.aws.plugins.module_utils.modules import AnsibleAWSModule
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._apps.select import LOCAL_MODE_APPS
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._aws.errors import ResourceError, SettingsError
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._aws.sagemaker_api import SageMakerApi
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._domains import select
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._lifecycle_configs import (
    attach,
    attachment_result,
)
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._lifecycle_configs.reconcile import (
    Wanted,
    reconcile_lifecycle_configs,
)

ARGUMENT_SPEC: dict[str, t.Any] = {
    "name": {"type": "str", "required": True},
    "state": {"type": "str", "choices": ["present", "absent"], "default": "present"},
    **select.argument_spec(),
    "src": {"type": "path"},
    "content": {"type": "str"},
    "app_types": {
        "type": "list",
        "elements": "str",
        "choices": list(LOCAL_MODE_APPS),
        "default": ["JupyterLab", "CodeEditor"],
    },
    "attach_as": {"type": "str", "choices": ["built_in", "default", "available"], "default": "built_in"},
    "user_profiles": {"type": "list", "elements": "str"},
    "purge": {"type": "bool", "default": True},
}


def wanted(params: dict[str, t.Any]) -> Wanted:
    """Read the options; raise SettingsError for what is wrong by itself, whatever the service has."""
    problem = select.problem(params)
    if problem:
        raise SettingsError(problem)
    family = attach.Family(params["name"])
    family.check()
    app_types = list(dict.fromkeys(params["app_types"]))
    if not app_types:
        raise SettingsError("app_types is empty: name at least one app type.")
    present = params["state"] == "present"
    if present and params["attach_as"] == "built_in" and "KernelGateway" in app_types:
        raise SettingsError(
            "KernelGateway has no built-in lifecycle configuration: set attach_as to default or available for it, in a "
            "task of its own if other app types are to have a built-in one."
        )
    if params["user_profiles"] is not None and not params["user_profiles"]:
        raise SettingsError("user_profiles is empty: name at least one user profile, or leave it out for the domain.")
    return Wanted(
        family,
        app_types,
        _content(params) if present else None,
        params["attach_as"],
        params["user_profiles"],
        params["purge"],
    )


def _content(params: dict[str, t.Any]) -> bytes:
    if params["content"] is not None:
        content = params["content"].encode()
    else:
        try:
            content = Path(params["src"]).read_bytes()
        except OSError as error:
            raise SettingsError(f"src cannot be read: {error}.") from error
    attach.encoded(content)
    return content


def main() -> None:
    module = AnsibleAWSModule(
        argument_spec=ARGUMENT_SPEC,
        mutually_exclusive=[*select.RULES["mutually_exclusive"], ("src", "content")],
        required_one_of=select.RULES["required_one_of"],
        required_if=[("state", "present", ["src", "content"], True)],
        supports_check_mode=True,
    )
    nothing: dict[str, t.Any] = {"changed": False, "lifecycle_configs": [], "attachments": [], "removed": []}
    params = module.params
    try:
        plan = wanted(params)
        api = SageMakerApi.of(module, params["concurrency"])
        done = reconcile_lifecycle_configs(api, plan, select.wanted(params), params["wait_timeout"], module.check_mode)
    except (SettingsError, ResourceError) as error:
        module.fail_json(msg=f"{error} Nothing was changed.", **nothing)
    for warning in attachment_result.warnings(done.removal, params["state"]):
        # Not module.warn(): AnsibleAWSModule passes its warnings on in a way that ansible-core 2.19 deprecates.
        warn(warning)
    values = {
        "changed": bool(done.created or done.removal.deleted or any(target.result.changed for target in done.targets)),
        "lifecycle_configs": [
            {"app_type": app_type, "name": name, "arn": arn, "created": name in done.created}
            for app_type, (name, arn) in done.configs.items()
        ],
        "attachments": [attachment_result.as_result(target) for target in done.targets],
        "removed": done.removal.deleted,
        "diff": attachment_result.diff(done.targets, done.names_before, done.names_after),
    }
    if done.error or any(target.result.error for target in done.targets):
        module.fail_json(msg=done.error or attachment_result.failure_message(done.targets, done.created), **values)
    module.exit_json(**values)


if __name__ == "__main__":
    main()
