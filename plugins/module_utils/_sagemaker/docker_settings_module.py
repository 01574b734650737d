# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# Note that this file is private to the collection: do not use it from outside.
"""What the two modules that write DockerSettings share: options, the run over the fleet, and the result."""

from __future__ import annotations

import typing as t

from ansible.module_utils.common.warnings import warn
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._sagemaker import selection
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._sagemaker.api import DomainApi
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._sagemaker.docker_settings import caveats
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._sagemaker.domain_docker_settings import (
    DomainDockerSettings,
)
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._sagemaker.domain_info import apps_of
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._sagemaker.errors import DomainError
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._sagemaker.fleet import (
    concurrently,
    describe_selected,
)
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._sagemaker.update_road import (
    Outcome,
    travel,
)
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._sagemaker.waiting import Patience

if t.TYPE_CHECKING:
    from ansible_collections.amazon.aws.plugins.module_utils.modules import AnsibleAWSModule
    from ansible_collections.mlops.studio_local_mode.plugins.module_utils._sagemaker.docker_settings import (
        DockerSettings,
    )

    Desired = t.Callable[[DockerSettings], DockerSettings]


def argument_spec(**own: dict[str, t.Any]) -> dict[str, t.Any]:
    """The options every module that changes DockerSettings has, and the module's C(own)."""
    return {
        **selection.argument_spec(),
        **own,
        "include_apps": {"type": "bool", "default": False},
        "wait": {"type": "bool", "default": True},
    }


def run(module: AnsibleAWSModule, desired: Desired) -> t.NoReturn:
    """Bring every selected domain to what C(desired) makes of its settings, and end the module.

    A domain that fails neither stops nor hides the others: the module fails at the end and says what became of each.
    """
    problem = selection.problem(module.params)
    if problem:
        module.fail_json(msg=problem, changed=False, domains=[])
    patience = Patience(module.params["wait"], module.params["wait_timeout"])
    try:
        api = DomainApi.of(module, module.params["concurrency"])
        outcomes = describe_selected(api, selection.wanted(module.params))
    except DomainError as error:
        module.fail_json(msg=f"{error} Nothing was changed.", changed=False, domains=[])

    def bring(outcome: Outcome) -> Outcome:
        if not outcome.error:
            travel(DomainDockerSettings(api, outcome.domain_id), outcome, desired, patience, module.check_mode)
        if module.params["include_apps"]:
            outcome.apps = apps_of(api, outcome)
        return outcome

    outcomes = concurrently(bring, outcomes)
    for warning in warnings(outcomes):
        # Not module.warn(): AnsibleAWSModule passes its warnings on in a way that ansible-core 2.19 deprecates.
        warn(warning)
    failed = any(outcome.error for outcome in outcomes)
    if failed:
        # The apps of a hundred domains would hide what became of the domains.
        for outcome in outcomes:
            outcome.apps = None
    result = {
        "changed": any(outcome.changed for outcome in outcomes),
        "domains": [as_result(outcome) for outcome in outcomes],
        "diff": [diff(outcome) for outcome in outcomes if outcome.changed],
    }
    if failed:
        module.fail_json(msg=failure_message(outcomes, module.check_mode), **result)
    module.exit_json(**result)


def label(outcome: Outcome) -> str:
    """The domain as messages name it: name and ID, or the ID alone while nothing else is known."""
    name = outcome.description.get("DomainName")
    return f"{name} ({outcome.domain_id})" if name else outcome.domain_id


def as_result(outcome: Outcome) -> dict[str, t.Any]:
    """One element of the modules' return value C(domains)."""
    result = {
        "domain_id": outcome.domain_id,
        "domain_name": outcome.description.get("DomainName"),
        "domain_arn": outcome.description.get("DomainArn"),
        "changed": outcome.changed,
        "status": "Updating" if outcome.updating else outcome.description.get("Status"),
        "docker_settings": outcome.after.as_dict() if outcome.after else None,
    }
    if outcome.apps is not None:
        result["apps"] = outcome.apps
    if outcome.error:
        result["error"] = outcome.error
    return result


def diff(outcome: Outcome) -> dict[str, t.Any]:
    """The difference of one domain as Ansible shows it: only the keys that differ."""
    changes = outcome.differences
    header = f"docker_settings of {label(outcome)}"
    return {
        "before_header": header,
        "after_header": header,
        "before": {key: before for key, before, dummy in changes},
        "after": {key: after for key, dummy, after in changes},
    }


def warnings(outcomes: t.Iterable[Outcome]) -> list[str]:
    """What the user should know about domains that did not fail."""
    found = []
    for outcome in outcomes:
        if outcome.error or outcome.after is None:
            continue
        network = outcome.description.get("AppNetworkAccessType")
        found += [f"{label(outcome)}: {caveat}." for caveat in caveats(outcome.after, network)]
        if outcome.updating:
            found.append(f"{label(outcome)} is still Updating (wait is false): its settings are requested, not proven.")
    return found


def failure_message(outcomes: t.Sequence[Outcome], check_mode: bool) -> str:
    """Say which domains failed and why, and what became of the others."""
    failed = [outcome for outcome in outcomes if outcome.error]
    parts = [f"{len(failed)} of {len(outcomes)} domain(s) failed."]
    parts += [f"{label(outcome)}: {outcome.error}." for outcome in failed]
    changed = [label(outcome) for outcome in outcomes if outcome.changed]
    right = [label(outcome) for outcome in outcomes if not outcome.changed and not outcome.error]
    parts.append(f"{'Would change' if check_mode else 'Changed'}: {', '.join(changed) or 'none'}.")
    parts.append(f"Already right: {', '.join(right) or 'none'}.")
    return " ".join(part.replace("..", ".") for part in parts)
