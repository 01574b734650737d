# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# Note that this file is private to the collection: do not use it from outside.
"""The options that select domains, and the descriptions of the selected domains."""

from __future__ import annotations

import typing as t
from dataclasses import replace

try:
    from botocore.exceptions import BotoCoreError, ClientError
except ImportError:
    pass  # AnsibleAWSModule reports the missing library.

from ansible_collections.amazon.aws.plugins.module_utils.botocore import is_boto3_error_code
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._aws.concurrency import run_concurrently
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._aws.errors import (
    NothingSelected,
    ResourceError,
    explain,
)
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._aws.reconcile import ResourceResult
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._aws.tags import UNREADABLE, readable_tags
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._aws.warnings import warn
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._domains import selection as pure
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._domains.selection import DomainSelection

if t.TYPE_CHECKING:
    from ansible_collections.mlops.studio_local_mode.plugins.module_utils._aws.sagemaker_api import SageMakerApi
    from ansible_collections.mlops.studio_local_mode.plugins.module_utils._domains.selection import Selected

# Arguments of AnsibleAWSModule for the options that select domains.
RULES: dict[str, t.Any] = {
    "mutually_exclusive": [("domains", "all_domains")],
    "required_one_of": [("domains", "all_domains", "domain_tags", "targets")],
}


def argument_spec() -> dict[str, t.Any]:
    """Return the options that select domains, for modules that change them."""
    return {
        "domains": {"type": "list", "elements": "str"},
        "all_domains": {"type": "bool"},
        "domain_tags": {"type": "dict"},
        "exclude": {"type": "list", "elements": "str", "default": []},
        "wait_timeout": {"type": "int", "default": 600},
        "concurrency": {"type": "int", "default": 20},
    }


def problem(params: dict[str, t.Any]) -> str | None:
    """Return what is wrong with the values of these options, or None."""
    names = params["domains"]
    selects_by_tags = names is None and params["domain_tags"]
    if not params["all_domains"] and not selects_by_tags and not any(text.strip() for text in names or []):
        return "No domain is selected: set domains to at least one domain ID or name, or set all_domains to true."
    for option in ("wait_timeout", "concurrency"):
        if params[option] < 1:
            return f"{option} is {params[option]}, it must be at least 1."
    return None


def requested_domains(params: dict[str, t.Any]) -> DomainSelection:
    """Return the selection that the options request."""
    names, tags = params["domains"], params["domain_tags"]
    return DomainSelection(
        None if names is None else tuple(names),
        {str(key): str(value) for key, value in tags.items()} if tags else None,
        tuple(text for text in params["exclude"] if text.strip()),
        # A pattern for many accounts is about those that have such domains.
        each_matches=params.get("targets") is None,
        account_id=params.get("account_id"),
    )


def with_ids(api: SageMakerApi, selection: DomainSelection) -> DomainSelection:
    """Return the selection with IDs in place of ARNs. Raises NothingSelected if all of them are of other targets."""
    names = selection.names
    if names is not None:
        names = pure.without_arns(names, api.region, selection.account_id)
        if selection.names and not names:
            raise NothingSelected(f"None of {', '.join(selection.names)} is in {selection.account_id}, {api.region}.")
    exclude = pure.without_arns(selection.exclude, api.region, selection.account_id)
    return replace(selection, names=names, exclude=exclude)


def describe_selected(api: SageMakerApi, selection: DomainSelection) -> list[ResourceResult]:
    """Describe the selected domains, each with its description or its own error; warn about skipped domains.

    An ID costs one DescribeDomain call; everything else costs the pages of ListDomains, too. Raises ResourceError for a
    failure of the whole task: an unknown domain, an ambiguous name, no permission to list.
    """
    selection = with_ids(api, selection)
    by_id: dict[str, ResourceResult | None] = {}
    if selection.has_ids_only:
        ids = list(dict.fromkeys(selection.names or ()))
        by_id = dict(zip(ids, run_concurrently(lambda domain_id: describe(api, domain_id), ids, api.concurrency)))
        certain = [result for result in by_id.values() if result and not result.denied]
        if len(certain) == len(ids):
            return usable(certain, set(ids), selection)
    try:
        selected = matching(api, selection)
    except (ClientError, BotoCoreError) as error:
        # A denied domain is an answer, too, if nobody can tell whether its ID is a name.
        if by_id and None not in by_id.values():
            return [result for result in by_id.values() if result]
        raise ResourceError(explain(error, api.region)) from error
    results = run_concurrently(
        lambda item: by_id.get(item.domain_id) or describe_listed(api, item), selected, api.concurrency
    )
    by_name = {item.domain_id for item in selected if item.by_name}
    return usable([result for result in results if result], by_name, selection)


def matching(api: SageMakerApi, selection: DomainSelection) -> list[Selected]:
    """List all domains, and return those that are selected; warn about skipped ones."""
    selected = pure.match(selection, api.list_domains(), api.region)
    if selection.usable_only:
        selected = [item for item in selected if item.by_name or not _skipped(item.summary, item.domain_id)]
    return _with_tags(api, selected, selection)


def _with_tags(api: SageMakerApi, selected: list[Selected], selection: DomainSelection) -> list[Selected]:
    """Return the domains that have all tags of the selection; raise NothingSelected if none has.

    A domain whose tags cannot be read is skipped with a warning.
    """
    tags = selection.tags
    if not tags:
        return selected
    all_tags = run_concurrently(lambda item: readable_tags(api, item.summary["DomainArn"]), selected, api.concurrency)
    tagged = []
    for item, present in zip(selected, all_tags):
        if present is None:
            warn(f"{item.summary['DomainName']} ({item.domain_id}) is skipped: {UNREADABLE}.")
        elif tags.items() <= present.items():
            tagged.append(item)
    if not tagged:
        raise NothingSelected(
            f"None of {len(selected)} domain(s) in {api.region} has the tags {dict(tags)}. Correct domain_tags."
        )
    return tagged


def usable(results: t.Sequence[ResourceResult], by_name: set[str], selection: DomainSelection) -> list[ResourceResult]:
    """Leave out domains that the task should not change, unless they were requested by their own ID, ARN or name."""
    if not selection.usable_only:
        return list(results)
    warn_of_unified_studio(result for result in results if result.domain_id in by_name)
    return [
        result
        for result in results
        if result.domain_id in by_name or not _skipped(result.description, result.domain_id)
    ]


def warn_of_unified_studio(results: t.Iterable[ResourceResult]) -> None:
    """Warn about the domains that are changed although Unified Studio manages them."""
    for result in results:
        if pure.is_managed_by_unified_studio(result.description):
            name = f"{result.description['DomainName']} ({result.domain_id})"
            warn(f"{name}: Amazon SageMaker Unified Studio manages this domain and may overwrite the change.")


def _skipped(domain: t.Mapping[str, t.Any], domain_id: str) -> bool:
    """Warn about the domain, as listed or described, if it is to be skipped."""
    reason = pure.skip_reason(domain)
    if reason:
        warn(f"{domain['DomainName']} ({domain_id}) is skipped: {reason}.")
    return bool(reason)


def describe_listed(api: SageMakerApi, item: Selected) -> ResourceResult | None:
    """Return the described or failed domain; one that is gone is a failure only if its own ID, ARN or name requests it.

    Otherwise it is None: a pattern, tags or the whole region no longer select it.
    """
    result = describe(api, item.domain_id)
    if result or not item.by_name:
        return result
    name = item.summary["DomainName"]
    reason = f"it was deleted meanwhile, ListDomains still had it as {name!r}: remove it from domains, or create it"
    return ResourceResult(item.domain_id, error=reason)


def describe(api: SageMakerApi, domain_id: str) -> ResourceResult | None:
    """Return the described or failed domain; None if it does not exist."""
    try:
        description = api.describe_domain(domain_id)
        if not description.get("DomainArn"):
            raise ResourceError("SageMaker describes it without an ARN. Run this again")
        return ResourceResult(domain_id, description)
    except is_boto3_error_code("ResourceNotFound"):
        return None
    except (ClientError, BotoCoreError, ResourceError) as error:
        result = ResourceResult(domain_id)
        result.fail(error, api.region)
        return result
