# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# Note that this file is private to the collection: do not use it from outside.
"""One run of sagemaker_studio_lifecycle_config: create, attach or detach everywhere, then purge."""

from __future__ import annotations

import typing as t
from dataclasses import dataclass, field

try:
    from botocore.exceptions import BotoCoreError, ClientError
except ImportError:
    pass  # AnsibleAWSModule reports the missing library.

from ansible_collections.amazon.aws.plugins.module_utils.botocore import is_boto3_error_code
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._aws.concurrency import run_concurrently
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._aws.errors import (
    ResourceError,
    SettingsError,
    aws_error,
    explain,
)
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._aws.reconcile import ResourceResult, reconcile
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._aws.waiters import WaitPolicy
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._domains.select import describe_selected
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._lifecycle_configs import attach, names, script
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._lifecycle_configs.attachment_result import Target
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._lifecycle_configs.purge import PurgeResult, purge
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._lifecycle_configs.store import (
    LifecycleConfigStore,
    refuse_foreign,
)
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._lifecycle_configs.user_settings import (
    DomainUserSettingsResource,
    ProfileUserSettingsResource,
)

if t.TYPE_CHECKING:
    from ansible_collections.mlops.studio_local_mode.plugins.module_utils._aws.sagemaker_api import SageMakerApi
    from ansible_collections.mlops.studio_local_mode.plugins.module_utils._domains.selection import DomainSelection
    from ansible_collections.mlops.studio_local_mode.plugins.module_utils._lifecycle_configs.attach import Attachments
    from ansible_collections.mlops.studio_local_mode.plugins.module_utils._lifecycle_configs.names import NamePrefix


@dataclass(frozen=True)
class DesiredState:
    """The options of the task; C(content) is None with state=absent."""

    prefix: NamePrefix
    app_types: list[str]
    content: bytes | None
    attach_as: str
    user_profiles: list[str] | None
    purge: bool

    def applied_to(self, current: Attachments, arns: t.Mapping[str, str]) -> Attachments:
        """Return the desired attachments; raise SettingsError where the task cannot attach."""
        if self.content is None:
            return attach.detach(current, self.prefix)
        return attach.attach(current, arns, self.prefix, self.attach_as)


@dataclass
class RunResult:
    """The result of the run. C(configs) has (name, ARN) by app type; C(error) is a failure of the run as a whole."""

    targets: list[Target]
    configs: dict[str, tuple[str, str]] = field(default_factory=dict)
    created: list[str] = field(default_factory=list)
    purged: PurgeResult = field(default_factory=PurgeResult)
    names_before: list[str] = field(default_factory=list)
    names_after: list[str] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)
    error: str | None = None
    aws_error: dict[str, str] | None = None


def reconcile_lifecycle_configs(
    api: SageMakerApi, desired: DesiredState, domains: DomainSelection, wait_timeout: int, check_mode: bool
) -> RunResult:
    """Reconcile the domains (IDs, names; None for all) with the desired state.

    Raises ResourceError for a failure before any change. A later failure is in the targets' results or in C(error).
    """
    targets = _targets(api, desired, domains)
    try:
        store = LifecycleConfigStore(api, desired.prefix, desired.app_types, check_mode)
        result = RunResult(targets, names_before=store.names, names_after=store.names)
        _find_conflicts(api, desired, targets)
        if desired.content is not None:
            _verify_contents(desired, desired.content, store, result)
    except (ClientError, BotoCoreError) as error:
        raise ResourceError(explain(error, api.region)) from error
    if targets and all(target.result.error for target in targets):
        return result
    if desired.content is not None:
        _create(api, desired, desired.content, store, result)
    if result.error:
        return result
    _attach_or_detach(api, desired, result, WaitPolicy(True, wait_timeout), check_mode)
    if desired.purge and not any(target.result.error for target in targets):
        _purge(api, store, result)
    result.names_after = store.names
    return result


def _targets(api: SageMakerApi, desired: DesiredState, domains: DomainSelection) -> list[Target]:
    results = describe_selected(api, domains)
    if desired.user_profiles is None:
        return [Target(result.description, None, result) for result in results]
    pairs = [(result, name) for result in results for name in dict.fromkeys(desired.user_profiles)]
    return run_concurrently(lambda pair: _profile(api, *pair), pairs, api.concurrency)


def _profile(api: SageMakerApi, domain: ResourceResult, name: str) -> Target:
    target = Target(domain.description, name, ResourceResult(domain.domain_id, error=domain.error))
    if domain.error:
        target.result.aws_error = domain.aws_error
        return target
    try:
        target.result.description = api.describe_user_profile(domain.domain_id, name)
    except is_boto3_error_code("ResourceNotFound"):
        target.result.error = (
            "the domain has no such user profile. List them with `aws sagemaker list-user-profiles --domain-id-equals "
            f"{domain.domain_id}`"
        )
    except (ClientError, BotoCoreError) as error:
        target.result.fail(error, api.region)
    return target


def _verify_contents(desired: DesiredState, content: bytes, store: LifecycleConfigStore, result: RunResult) -> None:
    """Compare content and app type of the existing configurations with their names, which anyone can choose.

    Raises ResourceError for one that this run would attach or has attached. An attached one that this run replaces is
    a warning.
    """
    app_types = {desired.prefix.config_name(app_type, content): app_type for app_type in desired.app_types}
    attached = {
        names.config_name(arn)
        for target in result.targets
        if target.result.before
        for arn in target.result.before.arns()
    }
    for name, found in store.contents({*app_types, *attached}).items():
        app_type = store.configs[name].app_type
        if name in app_types:
            # Not their hashes: another content with the same 12 digits can be found.
            refuse_foreign(name, found == content, app_type == app_types[name])
        contradiction = names.contradiction(
            f"attached lifecycle configuration {name}",
            names.matches_content(name, found),
            names.matches_app_type(name, app_type),
        )
        if contradiction:
            result.warnings.append(
                f"{contradiction}, so someone else created it. It is replaced; review what it did in the apps that "
                "ran it."
            )


def _find_conflicts(api: SageMakerApi, desired: DesiredState, targets: t.Iterable[Target]) -> None:
    """Fail each target to which the task cannot attach, before anything is created."""
    arns = dict.fromkeys(desired.app_types, "to be created")
    for target in targets:
        if target.result.error:
            continue
        current = _resource(api, target, desired.app_types).read(target.result.description)
        target.result.before = target.result.after = current
        try:
            desired.applied_to(current, arns)
        except SettingsError as error:
            target.result.error = str(error)


def _create(
    api: SageMakerApi, desired: DesiredState, content: bytes, store: LifecycleConfigStore, result: RunResult
) -> None:
    """Create the missing configurations and set C(result.configs), or C(result.error)."""
    domain_arn = next((target.domain["DomainArn"] for target in result.targets if target.domain), "")
    text = script.encode(content)
    try:
        for app_type in desired.app_types:
            name = desired.prefix.config_name(app_type, content)
            result.configs[app_type] = (name, store.ensure(name, app_type, text, domain_arn))
    except (ResourceError, ClientError, BotoCoreError) as error:
        reason = str(error) if isinstance(error, ResourceError) else explain(error, api.region)
        result.configs = {}
        result.aws_error = aws_error(error)
        result.error = f"{reason} Nothing was attached or detached. Created: {', '.join(store.created) or 'none'}."
    result.created, result.names_after = store.created, store.names


def _attach_or_detach(
    api: SageMakerApi, desired: DesiredState, result: RunResult, wait_policy: WaitPolicy, check_mode: bool
) -> None:
    arns = {app_type: arn for app_type, (_name, arn) in result.configs.items()}

    def reconcile_target(target: Target) -> None:
        if not target.result.error:
            resource = _resource(api, target, desired.app_types)
            reconcile(
                resource, target.result, lambda current: desired.applied_to(current, arns), wait_policy, check_mode
            )

    run_concurrently(reconcile_target, result.targets, counted="domains and user profiles")


def _resource(api: SageMakerApi, target: Target, app_types: t.Sequence[str]) -> DomainUserSettingsResource:
    identifier = {"DomainId": target.result.domain_id}
    if target.user_profile:
        return ProfileUserSettingsResource(api, {**identifier, "UserProfileName": target.user_profile}, app_types)
    return DomainUserSettingsResource(api, identifier, app_types)


def _purge(api: SageMakerApi, store: LifecycleConfigStore, result: RunResult) -> None:
    keep = [name for name, _arn in result.configs.values()]
    try:
        purge(api, store, result.purged, keep, [target.arn for target in result.targets])
    except (ClientError, BotoCoreError) as error:
        result.aws_error = aws_error(error)
        result.error = (
            "The requested lifecycle configurations are in place, but replaced ones could not be deleted: "
            f"{explain(error, api.region)}. Run this again to delete them."
        )
