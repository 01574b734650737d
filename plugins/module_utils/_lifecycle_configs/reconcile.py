# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# Note that this file is private to the collection: do not use it from outside.
"""One run of sagemaker_studio_lifecycle_config: create, attach or detach everywhere, and then remove what is unused."""

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
    explain,
)
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._aws.reconcile import ResourceResult, reconcile
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._aws.waiters import WaitPolicy
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._domains.select import describe_selected
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._lifecycle_configs import attach
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._lifecycle_configs.attachment_result import Target
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._lifecycle_configs.store import (
    LifecycleConfigStore,
    Removal,
)
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._lifecycle_configs.user_settings import (
    DomainUserSettingsResource,
    ProfileUserSettingsResource,
)

if t.TYPE_CHECKING:
    from ansible_collections.mlops.studio_local_mode.plugins.module_utils._aws.sagemaker_api import SageMakerApi
    from ansible_collections.mlops.studio_local_mode.plugins.module_utils._lifecycle_configs.attach import (
        Attachments,
        Family,
    )


@dataclass(frozen=True)
class Wanted:
    """What the task asks for; C(content) None is state=absent."""

    family: Family
    app_types: list[str]
    content: bytes | None
    attach_as: str
    user_profiles: list[str] | None
    purge: bool

    def applied_to(self, current: Attachments, arns: t.Mapping[str, str]) -> Attachments:
        """What becomes of these attachments; raises SettingsError where a place is taken."""
        if self.content is None:
            return attach.detached(current, self.family)
        return attach.attached(current, arns, self.family, self.attach_as)


@dataclass
class Done:
    """What the run did; C(configs) has (name, ARN) by app type, C(error) what went wrong after the attaching."""

    targets: list[Target]
    configs: dict[str, tuple[str, str]] = field(default_factory=dict)
    created: list[str] = field(default_factory=list)
    removal: Removal = field(default_factory=Removal)
    names_before: list[str] = field(default_factory=list)
    names_after: list[str] = field(default_factory=list)
    error: str | None = None


def reconcile_lifecycle_configs(
    api: SageMakerApi, wanted: Wanted, domains: t.Sequence[str] | None, wait_timeout: int, check_mode: bool
) -> Done:
    """Do what is wanted in the domains (IDs, names; None for all).

    Raises ResourceError for what ends it before any change; what fails later is in the targets' results and in
    C(error).
    """
    targets = _targets(api, wanted, domains)
    try:
        store = LifecycleConfigStore(api, wanted.family, wanted.app_types, check_mode)
    except (ClientError, BotoCoreError) as error:
        raise ResourceError(explain(error, api.region)) from error
    done = Done(targets, names_before=store.names, names_after=store.names)
    _refuse_what_is_taken(wanted, targets)
    if targets and all(target.result.error for target in targets):
        return done
    try:
        if wanted.content is not None:
            done.configs = _configs(wanted, wanted.content, store, targets)
    except (ResourceError, ClientError, BotoCoreError) as error:
        text = str(error) if isinstance(error, ResourceError) else explain(error, api.region)
        done.error = f"{text} Nothing was attached or detached. Created: {', '.join(store.created) or 'none'}."
    done.created, done.names_after = store.created, store.names
    if done.error:
        return done
    arns = {app_type: arn for app_type, (_name, arn) in done.configs.items()}
    wait_policy = WaitPolicy(True, wait_timeout)

    def bring(target: Target) -> None:
        if not target.result.error:
            resource = _subject(api, target, wanted.app_types)
            reconcile(
                resource, target.result, lambda current: wanted.applied_to(current, arns), wait_policy, check_mode
            )

    run_concurrently(bring, targets)
    if wanted.purge and not any(target.result.error for target in targets):
        kept = [name for name, _arn in done.configs.values()]
        try:
            store.purge(done.removal, kept, [target.arn for target in targets])
        except (ClientError, BotoCoreError) as error:
            done.error = (
                f"What was asked is done, but what it replaces could not be removed: {explain(error, api.region)}. Run "
                "this again with those permissions, or set purge to false."
            )
    done.names_after = store.names
    return done


def _targets(api: SageMakerApi, wanted: Wanted, domains: t.Sequence[str] | None) -> list[Target]:
    results = describe_selected(api, domains)
    if wanted.user_profiles is None:
        return [Target(result.description, None, result) for result in results]
    pairs = [(result, name) for result in results for name in dict.fromkeys(wanted.user_profiles)]
    return run_concurrently(lambda pair: _profile(api, *pair), pairs, api.concurrency)


def _profile(api: SageMakerApi, domain: ResourceResult, name: str) -> Target:
    target = Target(domain.description, name, ResourceResult(domain.domain_id, error=domain.error))
    if domain.error:
        return target
    try:
        target.result.description = api.describe_user_profile(domain.domain_id, name)
    except is_boto3_error_code("ResourceNotFound"):
        target.result.error = (
            "there is no such user profile; `aws sagemaker list-user-profiles --domain-id-equals "
            f"{domain.domain_id}` names those there are"
        )
    except (ClientError, BotoCoreError) as error:
        target.result.error = explain(error, api.region)
    return target


def _refuse_what_is_taken(wanted: Wanted, targets: t.Iterable[Target]) -> None:
    """Find out where nothing can be attached before anything is created."""
    to_be = dict.fromkeys(wanted.app_types, "to be created")
    for target in targets:
        if target.result.error:
            continue
        member = "UserSettings" if target.user_profile else "DefaultUserSettings"
        current = attach.attachments_of(target.result.description.get(member, {}), wanted.app_types)
        try:
            wanted.applied_to(current, to_be)
        except SettingsError as error:
            target.result.before = target.result.after = current
            target.result.error = str(error)


def _configs(
    wanted: Wanted, content: bytes, store: LifecycleConfigStore, targets: t.Sequence[Target]
) -> dict[str, tuple[str, str]]:
    arn_of_domain = next((target.domain["DomainArn"] for target in targets if target.domain), "")
    text = attach.encoded(content)
    configs = {}
    for app_type in wanted.app_types:
        name = wanted.family.config_name(app_type, content)
        configs[app_type] = (name, store.ensure(name, app_type, text, arn_of_domain))
    return configs


def _subject(api: SageMakerApi, target: Target, app_types: t.Sequence[str]) -> DomainUserSettingsResource:
    resource = {"DomainId": target.result.domain_id}
    if target.user_profile:
        return ProfileUserSettingsResource(api, {**resource, "UserProfileName": target.user_profile}, app_types)
    return DomainUserSettingsResource(api, resource, app_types)
