#!/usr/bin/python
# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: sagemaker_studio_lifecycle_config
short_description: Attach a lifecycle configuration to SageMaker Studio domains and user profiles
version_added: 1.0.0
description:
  - Creates a Studio lifecycle configuration from a script and attaches it to domains or user profiles, so that the script runs at every start of
    their apps.
  - SageMaker cannot update a lifecycle configuration. Therefore its name ends with a hash of the content, as in V(docker-jupyterlab-0123456789ab). An
    unchanged script changes nothing. A changed script is created and attached in place of the older one, which is deleted when nothing uses it.
  - All other lifecycle configurations stay attached.
  - Every run compares the content of the existing configurations with their names. A configuration whose content is not the one that its name says was
    created by someone else. The module does not attach it and fails.
  - A domain with default space settings has separate settings for JupyterLab in shared spaces. The module attaches there, too.
extends_documentation_fragment:
  - amazon.aws.common.modules
  - amazon.aws.region.modules
  - amazon.aws.boto3
  - mlops.studio_local_mode._attributes
  - mlops.studio_local_mode._attributes.actiongroup_aws
  - mlops.studio_local_mode._domain_selection
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
  name:
    description:
      - The prefix of the names of the lifecycle configurations. The module manages the configurations whose names consist of this prefix, an app type
        and a hash, and no others.
      - At most 36 letters, digits and inner hyphens.
    type: str
    required: true
  state:
    description:
      - V(present) creates and attaches the lifecycle configurations.
      - V(absent) detaches every lifecycle configuration with this name, whatever its content. With O(purge) it also deletes those that nothing uses.
    type: str
    choices: [present, absent]
    default: present
  src:
    description:
      - The path of the script on the host where this module runs.
      - Exactly one of O(src) and O(content) is required with O(state=present). The script can have 16,384 characters in base64, which is 12,288 bytes.
      - A script that cannot start is refused, because no app would start with it. Its first line must be C(#!) and the absolute path of an interpreter with
        at most one argument. It must have neither CRLF line ends nor a byte order mark nor NUL bytes. Where bash is installed, it reads a script for sh or
        bash, without running it, and a syntax error is refused, too.
    type: path
  content:
    description:
      - The script itself.
    type: str
  app_types:
    description:
      - The app types at whose start the script runs. Each app type has a lifecycle configuration of its own.
      - The configurations of other app types are neither attached, detached nor deleted.
    type: list
    elements: str
    choices: [JupyterLab, CodeEditor, KernelGateway]
    default: [JupyterLab, CodeEditor]
  attach_as:
    description:
      - V(built_in) runs at the next start of every app, before the configuration that the user chooses. An app type has one built-in configuration.
        It is an error if it already has one with another name. V(KernelGateway) does not support it.
      - V(default) is preselected for users, who can choose another one. Spaces that already have a configuration keep it. An app type has one default
        configuration, too.
      - V(available) is a configuration that users can choose.
    type: str
    choices: [built_in, default, available]
    default: built_in
  user_profiles:
    description:
      - The names of the user profiles to attach to, in each of the domains. By default, the module attaches to the domains themselves.
      - The settings of a user profile override the settings of its domain.
    type: list
    elements: str
  purge:
    description:
      - Whether to delete the lifecycle configurations with this name that have another content.
      - A configuration that a domain, user profile, space or running app of the region uses is kept, with a warning. The module searches all of them, but
        only if there is a configuration to delete.
      - A configuration that is newer than the one with this content is kept for an hour, because another run may be about to attach it.
    type: bool
    default: true
notes:
  - The script must end within five minutes and with exit status 0, or the app does not start.
  - The lifecycle configurations have the tag C(studio_local_mode:created_by) with the name of this module.
  - Requires the IAM actions C(sagemaker:DescribeDomain), C(sagemaker:UpdateDomain), C(sagemaker:ListStudioLifecycleConfigs),
    C(sagemaker:CreateStudioLifecycleConfig), sagemaker:AddTags and C(sagemaker:DescribeStudioLifecycleConfig).
  - O(user_profiles) requires C(sagemaker:DescribeUserProfile) and C(sagemaker:UpdateUserProfile).
  - If there is a configuration to delete, C(sagemaker:DeleteStudioLifecycleConfig), C(sagemaker:ListDomains), C(sagemaker:ListApps),
    C(sagemaker:ListUserProfiles), C(sagemaker:DescribeUserProfile), C(sagemaker:ListSpaces) and C(sagemaker:DescribeSpace) are required.
  - Of the domain's settings only the block of the app type is sent, with all its current keys, so that the result is the same whether SageMaker
    replaces or merges them. The module describes the domain again to verify the result.
seealso:
  - module: mlops.studio_local_mode.sagemaker_studio_app
  - module: mlops.studio_local_mode.sagemaker_studio_lifecycle_config_info
  - ref: mlops.studio_local_mode.lifecycle_config role <ansible_collections.mlops.studio_local_mode.lifecycle_config_role>
    description: Renders a script that installs the Docker CLI and Compose in apps.
author:
  - mlops.studio_local_mode maintainers (@mlops)
"""

EXAMPLES = r"""
- name: Run a script at every start of JupyterLab and Code Editor
  mlops.studio_local_mode.sagemaker_studio_lifecycle_config:
    name: docker
    src: /srv/lifecycle_config.sh
    domains: [research]

- name: Offer the script to the Studio Classic apps of one user
  mlops.studio_local_mode.sagemaker_studio_lifecycle_config:
    name: docker
    src: /srv/lifecycle_config.sh
    domains: [d-abcdefghijkl]
    user_profiles: [ada]
    app_types: [KernelGateway]
    attach_as: available

- name: Show the changes without making them
  mlops.studio_local_mode.sagemaker_studio_lifecycle_config:
    name: greeting
    content: |
      #!/bin/sh
      echo "Started at $(date)" >> "$HOME/starts.log"
    all_domains: true
  check_mode: true
  diff: true

- name: Detach and delete the script
  mlops.studio_local_mode.sagemaker_studio_lifecycle_config:
    name: docker
    state: absent
    domains: [research]

- name: Attach the script in every target of the inventory
  mlops.studio_local_mode.sagemaker_studio_lifecycle_config:
    name: studio-local-mode
    src: files/install-docker.sh
    all_domains: true
    targets: "{{ studio_targets_result.targets }}"
"""

RETURN = r"""
lifecycle_configs:
  description: The lifecycle configuration of each app type with this content. Empty with O(state=absent).
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
    app_type:
      description: The app type.
      returned: always
      type: str
      sample: JupyterLab
    name:
      description: The name, which ends with a hash of the content.
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
  description: The lifecycle configurations that are attached to each domain or user profile.
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
      description: The ID of the domain.
      returned: always
      type: str
      sample: d-abcdefghijkl
    domain_name:
      description: The name of the domain. Null if the domain could not be described.
      returned: always
      type: str
      sample: research
    user_profile:
      description: The name of the user profile. Null for the domain itself.
      returned: always
      type: str
      sample: ada
    changed:
      description: Whether a configuration was attached or detached here, or would be in check mode.
      returned: always
      type: bool
      sample: true
    app_types:
      description:
        - The ARNs of all attached configurations by app type, whatever their names, after the change or as predicted in check mode.
        - The keys of each app type are C(built_in) and C(default), which can be null, and C(available).
        - Null if the domain or user profile could not be described.
      returned: always
      type: dict
      sample:
        JupyterLab:
          built_in: arn:aws:sagemaker:eu-west-1:123456789012:studio-lifecycle-config/docker-jupyterlab-0123456789ab
          default: null
          available: []
    shared_spaces:
      description:
        - The ARNs of all configurations that are attached for the shared spaces of the domain, in the form of RV(attachments[].app_types).
        - Empty for a user profile and for a domain without default space settings. Null if the domain or user profile could not be described.
      returned: always
      type: dict
      sample:
        JupyterLab:
          built_in: arn:aws:sagemaker:eu-west-1:123456789012:studio-lifecycle-config/docker-jupyterlab-0123456789ab
          default: null
          available: []
    error:
      description: The reason why this domain or user profile failed, and the remediation.
      returned: when it failed
      type: str
      sample: JupyterLab already has a built-in lifecycle configuration ...
    error_code:
      description: AWS's error code. Null if AWS did not refuse a call.
      returned: when it failed
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
removed:
  description: The names of the lifecycle configurations that were deleted, or would be in check mode.
  returned: always
  type: list
  elements: str
  sample: [docker-jupyterlab-ba9876543210]
in_use:
  description: The names of the older lifecycle configurations that were kept because something still uses them. Empty with O(purge=false).
  returned: always
  type: list
  elements: str
  sample: []
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
from pathlib import Path

from ansible_collections.amazon.aws.plugins.module_utils.modules import AnsibleAWSModule
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._aws.errors import (
    SettingsError,
    failure_values,
    first_failure,
)
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._aws.warnings import warn
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._domains import select
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._lifecycle_configs import (
    attachment_result,
    script,
    syntax,
)
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._lifecycle_configs.names import NamePrefix
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._lifecycle_configs.reconcile import (
    DesiredState,
    reconcile_lifecycle_configs,
)
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._targets.fleet import Fleet
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._targets.fleet import (
    argument_spec as options_of_targets,
)
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._targets.outcome import Outcome

if t.TYPE_CHECKING:
    from ansible_collections.mlops.studio_local_mode.plugins.module_utils._targets.fleet import Member

_OPTIONS: dict[str, t.Any] = {
    "name": {"type": "str", "required": True},
    "state": {"type": "str", "choices": ["present", "absent"], "default": "present"},
    **select.argument_spec(),
    "src": {"type": "path"},
    "content": {"type": "str"},
    "app_types": {
        "type": "list",
        "elements": "str",
        "choices": ["JupyterLab", "CodeEditor", "KernelGateway"],
        "default": ["JupyterLab", "CodeEditor"],
    },
    "attach_as": {"type": "str", "choices": ["built_in", "default", "available"], "default": "built_in"},
    "user_profiles": {"type": "list", "elements": "str"},
    "purge": {"type": "bool", "default": True},
}
_EXCLUSIVE = [*select.RULES["mutually_exclusive"], ("src", "content")]


def desired_state(params: dict[str, t.Any]) -> DesiredState:
    """Read the options; raise SettingsError for an error that does not depend on the current state."""
    problem = select.problem(params)
    if problem:
        raise SettingsError(problem)
    prefix = NamePrefix(params["name"])
    prefix.check()
    app_types = list(dict.fromkeys(params["app_types"]))
    if not app_types:
        raise SettingsError("app_types is empty. Give it at least one app type.")
    present = params["state"] == "present"
    if present and params["attach_as"] == "built_in" and "KernelGateway" in app_types:
        raise SettingsError(
            "KernelGateway does not support a built-in lifecycle configuration. Set attach_as to default or available, "
            "in a task of its own if other app types use built_in."
        )
    if params["user_profiles"] is not None and not params["user_profiles"]:
        raise SettingsError("user_profiles is empty. Give it at least one user profile, or omit it for the domain.")
    return DesiredState(
        prefix,
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
    script.encode(content)
    syntax.check(content)
    return content


def problem_of(params: dict[str, t.Any]) -> str | None:
    """Return what is wrong with the options, or None."""
    try:
        desired_state(params)
    except SettingsError as error:
        return f"{error} Nothing was changed."
    return None


def reconcile(member: Member) -> Outcome:
    """Create, attach or detach the lifecycle configurations in one account and region."""
    params = member.params
    result = reconcile_lifecycle_configs(
        member.api,
        desired_state(params),
        select.requested_domains(params),
        params["wait_timeout"],
        member.check_mode,
    )
    for warning in [*result.warnings, *attachment_result.warnings(result.purged, params["state"])]:
        warn(warning)
    changed_targets = [target for target in result.targets if target.result.changed]
    values = {
        "changed": bool(result.created or result.purged.deleted or changed_targets),
        "lifecycle_configs": [
            {"app_type": app_type, "name": name, "arn": arn, "created": name in result.created}
            for app_type, (name, arn) in result.configs.items()
        ],
        "attachments": [attachment_result.as_dict(target) for target in result.targets],
        "removed": result.purged.deleted,
        "in_use": sorted(result.purged.used),
        "diff": attachment_result.diff(result.targets, result.names_before, result.names_after),
    }
    if result.error:
        return Outcome(values, result.error, failure_values(result.aws_error))
    if any(target.result.error for target in result.targets):
        message = attachment_result.failure_message(result.targets, result.created)
        return Outcome(values, message, first_failure(target.result for target in result.targets))
    return Outcome(values)


def main() -> None:
    module = AnsibleAWSModule(
        argument_spec={**_OPTIONS, **options_of_targets()},
        mutually_exclusive=_EXCLUSIVE,
        required_one_of=select.RULES["required_one_of"],
        required_if=[("state", "present", ["src", "content"], True)],
        supports_check_mode=True,
    )
    empty: dict[str, t.Any] = {"lifecycle_configs": [], "attachments": [], "removed": [], "in_use": []}
    fleet = Fleet.of(module, _OPTIONS, problem_of, empty, {"mutually_exclusive": _EXCLUSIVE})
    fleet.end(fleet.each(reconcile))


if __name__ == "__main__":
    main()
