# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# Note that this file is private to the collection: do not use it from outside.
"""Which domains a task is about: IDs and names, mixed, or all of the region."""

from __future__ import annotations

import re
import typing as t

try:
    from botocore.exceptions import BotoCoreError, ClientError
except ImportError:
    pass  # AnsibleAWSModule reports the missing library.

from ansible_collections.amazon.aws.plugins.module_utils.botocore import is_boto3_error_code
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._aws.concurrency import run_concurrently
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._aws.errors import (
    ResourceError,
    explain,
    is_denied,
)
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._aws.reconcile import ResourceResult

if t.TYPE_CHECKING:
    from ansible_collections.mlops.studio_local_mode.plugins.module_utils._aws.sagemaker_api import SageMakerApi

# botocore model, DomainId: "d-(-*[a-z0-9]){1,61}". A name may look the same, so a miss is looked up by name, too.
_DOMAIN_ID = re.compile(r"d-(-*[a-z0-9]){1,61}")
_SHOWN = 10


# Arguments of AnsibleAWSModule that say how domains are selected.
RULES: dict[str, t.Any] = {
    "mutually_exclusive": [("domains", "all_domains")],
    "required_one_of": [("domains", "all_domains")],
}


def argument_spec() -> dict[str, t.Any]:
    """The options that select domains, for modules that change something in them."""
    return {
        "domains": {"type": "list", "elements": "str"},
        "all_domains": {"type": "bool"},
        "wait_timeout": {"type": "int", "default": 600},
        "concurrency": {"type": "int", "default": 10},
    }


def problem(params: dict[str, t.Any]) -> str | None:
    """Say what is wrong with the values of these options, or None."""
    if not params["all_domains"] and not any(text.strip() for text in params["domains"] or []):
        return "No domain is selected: give domains at least one domain ID or name, or set all_domains to true."
    for option in ("wait_timeout", "concurrency"):
        if params[option] < 1:
            return f"{option} is {params[option]}, it must be at least 1."
    return None


def wanted(params: dict[str, t.Any]) -> list[str] | None:
    """Return the domains that the options select, as describe_selected() takes them."""
    return None if params["all_domains"] else params["domains"]


def looks_like_id(wanted: str) -> bool:
    """Whether the text may be a domain's ID; that no domain is named so is not said."""
    return bool(_DOMAIN_ID.fullmatch(wanted))


def match(wanted: t.Iterable[str], domains: t.Sequence[dict[str, t.Any]], region: str) -> list[str]:
    """Return the IDs of the domains wanted, in order and once each, out of ListDomains' summaries.

    Raises ResourceError naming every one that is unknown or whose name two domains share, and what there is instead.
    """
    ids: list[str] = []
    problems: list[str] = []
    for text in wanted:
        found = [d["DomainId"] for d in domains if d["DomainId"] == text] or [
            d["DomainId"] for d in domains if d["DomainName"] == text
        ]
        if len(found) == 1:
            ids += found
        elif found:
            problems.append(f"{len(found)} domains have the name {text!r}, give the ID instead: {', '.join(found)}")
        else:
            problems.append(f"no domain has the ID or the name {text!r}")
    if problems:
        raise ResourceError(f"{'; '.join(problems)}. {_seen(domains, region)}")
    return list(dict.fromkeys(ids))


def _seen(domains: t.Sequence[dict[str, t.Any]], region: str) -> str:
    if not domains:
        return f"The region {region} has no domain at all: is it the right one, and the right account?"
    names = ", ".join(f"{d['DomainName']} ({d['DomainId']})" for d in domains[:_SHOWN])
    more = f" and {len(domains) - _SHOWN} more" if len(domains) > _SHOWN else ""
    return f"The region {region} has {len(domains)}: {names}{more}."


def describe_selected(api: SageMakerApi, wanted: t.Sequence[str] | None) -> list[ResourceResult]:
    """Describe the domains wanted (IDs, names; None for all), each with its description or its own error.

    IDs cost one DescribeDomain each; a name or None costs the pages of ListDomains more. Raises ResourceError for what
    concerns the task as a whole: an unknown domain, an ambiguous name, no permission to list.
    """
    if wanted is not None and all(looks_like_id(text) for text in wanted):
        results = run_concurrently(
            lambda domain_id: _describe(api, domain_id), list(dict.fromkeys(wanted)), api.concurrency
        )
        if None not in results:
            return t.cast("list[ResourceResult]", results)
        # One of them is unknown, or a name that looks like an ID: the list tells.
    try:
        listed = api.list_domains()
    except (ClientError, BotoCoreError) as error:
        raise ResourceError(explain(error, api.region)) from error
    ids = [d["DomainId"] for d in listed] if wanted is None else match(wanted, listed, api.region)
    results = run_concurrently(lambda domain_id: _describe(api, domain_id), ids, api.concurrency)
    return [result for result in results if result]


def _describe(api: SageMakerApi, domain_id: str) -> ResourceResult | None:
    """Return the domain's result so far: described, or failed; None when there is no such domain."""
    try:
        return ResourceResult(domain_id, api.describe_domain(domain_id))
    except is_boto3_error_code("ResourceNotFound"):
        return None
    except (ClientError, BotoCoreError) as error:
        return ResourceResult(domain_id, error=explain(error, api.region), denied=is_denied(error))
