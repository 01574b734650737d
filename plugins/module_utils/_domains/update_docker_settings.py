# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# Note that this file is private to the collection: do not use it from outside.
"""Update the DockerSettings of the selected domains: options, run and return values of the two modules that do it."""

from __future__ import annotations

import typing as t

from ansible_collections.mlops.studio_local_mode.plugins.module_utils._aws.errors import SettingsError, first_failure
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._aws.reconcile import ResourceResult, reconcile
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._aws.stop import stop
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._aws.waiters import WaitPolicy
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._aws.warnings import warn
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._domains import select
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._domains.apps import AppLister, apps_to_restart
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._domains.change import change_each
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._domains.docker_settings import caveats
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._domains.docker_settings_resource import (
    DockerSettingsResource,
)
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._targets.fleet import Fleet
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._targets.outcome import Outcome

if t.TYPE_CHECKING:
    from ansible_collections.amazon.aws.plugins.module_utils.modules import AnsibleAWSModule
    from ansible_collections.mlops.studio_local_mode.plugins.module_utils._domains.docker_settings import DockerSettings
    from ansible_collections.mlops.studio_local_mode.plugins.module_utils._targets.fleet import Member

    Params = t.Dict[str, t.Any]
    Desired = t.Callable[[DockerSettings, t.Mapping[str, t.Any]], DockerSettings]


def argument_spec(**own: dict[str, t.Any]) -> dict[str, t.Any]:
    """Return the options of every module that changes DockerSettings, and the module's C(own)."""
    return {
        **select.argument_spec(),
        **own,
        "include_apps": {"type": "bool", "default": False},
        "wait": {"type": "bool", "default": True},
    }


def run(module: AnsibleAWSModule, spec: dict[str, t.Any], desired_of: t.Callable[[Params], Desired]) -> None:
    """Reconcile every selected domain of every target, and end the module.

    C(spec) is what argument_spec() returned. C(desired_of) returns a function of a domain's current settings and of its
    description, for the options of one target; it raises SettingsError. A domain that fails does not stop the others:
    the module fails at its end with the result of each domain.
    """

    def problem(params: Params) -> str | None:
        try:
            desired_of(params)
        except SettingsError as error:
            return str(error)
        return select.problem(params)

    fleet = Fleet.of(module, spec, problem, {"domains": []}, select.RULES)
    fleet.end(fleet.each(lambda member: _update(member, desired_of(member.params))))


def _update(member: Member, desired: Desired) -> Outcome:
    params, api = member.params, member.api
    wait_policy = WaitPolicy(params["wait"], params["wait_timeout"])
    lister = AppLister(api)

    def update(result: ResourceResult, confirm: t.Callable[[], None]) -> None:
        if not result.error:
            resource = DockerSettingsResource(api, result.domain_id)
            domain = result.description

            def desired_for(current: DockerSettings) -> DockerSettings:
                return desired(current, domain)

            reconcile(resource, result, desired_for, wait_policy, member.check_mode, confirm)
        if params["include_apps"]:
            result.apps = lister.apps_of(result) or []

    results = change_each(api, select.requested_domains(params), update)
    for warning in [*warnings(results), *filter(None, [lister.warning()])]:
        warn(warning)
    values = {
        "changed": any(result.changed for result in results),
        "domains": [as_result(result) for result in results],
        "diff": [diff(result) for result in results if result.changed],
        "previous_docker_settings": {result.domain_id: previous(result) for result in results if result.changed},
    }
    if any(result.error for result in results):
        return Outcome(values, failure_message(results, member.check_mode), first_failure(results))
    return Outcome(values)


def label(result: ResourceResult) -> str:
    """Return the domain's name for messages: name and ID, or the ID alone if it could not be described."""
    name = result.description.get("DomainName")
    return f"{name} ({result.domain_id})" if name else result.domain_id


def as_result(result: ResourceResult) -> dict[str, t.Any]:
    """Return one element of the modules' return value C(domains)."""
    values = {
        "domain_id": result.domain_id,
        "domain_name": result.description.get("DomainName"),
        "domain_arn": result.description.get("DomainArn"),
        "changed": result.changed,
        "status": "Updating" if result.updating else result.description.get("Status"),
        "docker_settings": result.after.as_dict() if result.after else None,
    }
    if result.apps is not None:
        values["apps_to_restart"] = apps_to_restart(result.apps, result.changed, result.before, result.after)
    if result.error:
        values |= {"error": result.error, "error_code": result.error_code}
    return values


def previous(result: ResourceResult) -> dict[str, t.Any]:
    """Return the settings before the change, of the keys that differ."""
    return {key: before for key, before, dummy in result.differences}


def diff(result: ResourceResult) -> dict[str, t.Any]:
    """Return the diff of one domain that Ansible shows: only the keys that differ."""
    changes = result.differences
    header = f"docker_settings of {label(result)}"
    return {
        "before_header": header,
        "after_header": header,
        "before": previous(result),
        "after": {key: after for key, dummy, after in changes},
    }


def warnings(results: t.Iterable[ResourceResult]) -> list[str]:
    """Return warnings about domains that did not fail."""
    found = []
    for result in results:
        if result.error or result.after is None:
            continue
        network = result.description.get("AppNetworkAccessType")
        found += [f"{label(result)}: {caveat}." for caveat in caveats(result.after, network)]
        if result.updating:
            found.append(f"{label(result)} is still Updating (wait is false): its settings are not verified.")
    return found


def failure_message(results: t.Sequence[ResourceResult], check_mode: bool) -> str:
    """Return which domains failed and why, and the result of the others."""
    failed = [result for result in results if result.error and not result.stopped]
    parts = [f"{len(failed)} of {len(results)} domain(s) failed."]
    parts += [f"{label(result)}: {result.error}." for result in failed]
    if stop.reason:
        not_started = [label(result) for result in results if result.not_started]
        not_verified = [label(result) for result in results if result.stopped and not result.not_started]
        parts.append(f"The task was stopped because {stop.reason}.")
        parts.append(f"Not started: {', '.join(not_started) or 'none'}.")
        parts.append(f"Sent but not verified: {', '.join(not_verified) or 'none'}.")
    changed = [label(result) for result in results if result.changed]
    unchanged = [label(result) for result in results if not result.changed and not result.error]
    parts.append(f"{'Would change' if check_mode else 'Changed'}: {', '.join(changed) or 'none'}.")
    parts.append(f"Unchanged: {', '.join(unchanged) or 'none'}.")
    return " ".join(part.replace("..", ".") for part in parts)
