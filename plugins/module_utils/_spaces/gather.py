# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# Note that this file is private to the collection: do not use it from outside.
"""The selected spaces of the selected domains, with their apps, as the lists describe them."""

from __future__ import annotations

import typing as t

try:
    from botocore.exceptions import BotoCoreError, ClientError
except ImportError:
    pass  # AnsibleAWSModule reports the missing library.

from ansible_collections.mlops.studio_local_mode.plugins.module_utils._aws.concurrency import run_concurrently
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._aws.errors import ResourceError
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._aws.tags import UNREADABLE, readable_tags
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._aws.warnings import warn
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._spaces import reachability
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._spaces.space_result import SpaceResult

if t.TYPE_CHECKING:
    from ansible_collections.mlops.studio_local_mode.plugins.module_utils._aws.reconcile import ResourceResult
    from ansible_collections.mlops.studio_local_mode.plugins.module_utils._aws.sagemaker_api import SageMakerApi
    from ansible_collections.mlops.studio_local_mode.plugins.module_utils._spaces.select import SpaceSelection


def list_spaces(api: SageMakerApi, domains: t.Sequence[ResourceResult], selection: SpaceSelection) -> list[SpaceResult]:
    """Return the selected spaces. A domain whose spaces cannot be listed gets an C(error).

    Raises ResourceError that lists the names and owners that select no space, unless a domain failed.
    """

    def list_of(domain: ResourceResult) -> tuple[list[dict[str, t.Any]], list[SpaceResult]]:
        if domain.error:
            return [], []
        try:
            summaries = api.list_spaces(domain.domain_id)
            selected = [summary for summary in summaries if selection.matches(summary)]
            apps = api.list_apps(domain.domain_id) if selected else []
            return summaries, [_result(domain.description, summary, apps) for summary in selected]
        except (ClientError, BotoCoreError) as error:
            domain.fail(error, api.region)
            return [], []

    listed = run_concurrently(list_of, domains, api.concurrency)
    unknown = selection.unknown([summary for summaries, _results in listed for summary in summaries])
    if unknown and not any(domain.error for domain in domains):
        names = ", ".join(domain.description["DomainName"] for domain in domains)
        raise ResourceError(f"No space of {names} matches {', '.join(unknown)}.")
    results = [result for _summaries, results in listed for result in results]
    return _with_tags(api, results, selection) if selection.tags else results


def _result(domain: dict[str, t.Any], summary: dict[str, t.Any], apps: t.Sequence[dict[str, t.Any]]) -> SpaceResult:
    own = [app for app in apps if app.get("SpaceName") == summary["SpaceName"]]
    return SpaceResult.of(domain, summary, reachability.current_app(own))


def _with_tags(api: SageMakerApi, results: list[SpaceResult], selection: SpaceSelection) -> list[SpaceResult]:
    def is_tagged(result: SpaceResult) -> bool:
        try:
            tags = readable_tags(api, result.arn)
        except (ClientError, BotoCoreError) as error:
            # It may be one of the selected spaces.
            result.update.fail(error, api.region)
            return True
        if tags is None:
            warn(f"{result.arn} is skipped: {UNREADABLE}.")
            return False
        return selection.matches_tags(tags)

    tagged = run_concurrently(is_tagged, results, api.concurrency)
    return [result for result, selected in zip(results, tagged) if selected]
