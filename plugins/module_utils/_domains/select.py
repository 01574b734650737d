# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# Note that this file is private to the collection: do not use it from outside.
"""Select the domains of a task: by ID, by name, or all domains of the region."""

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
)
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._aws.reconcile import ResourceResult

if t.TYPE_CHECKING:
    from ansible_collections.mlops.studio_local_mode.plugins.module_utils._aws.sagemaker_api import SageMakerApi

# botocore model, DomainId: "d-(-*[a-z0-9]){1,61}". A name may match, too.
_DOMAIN_ID = re.compile(r"d-(-*[a-z0-9]){1,61}")
_SHOWN = 10


# Arguments of AnsibleAWSModule for the options that select domains.
RULES: dict[str, t.Any] = {
    "mutually_exclusive": [("domains", "all_domains")],
    "required_one_of": [("domains", "all_domains")],
}


def argument_spec() -> dict[str, t.Any]:
    """Return the options that select domains, for modules that change them."""
    return {
        "domains": {"type": "list", "elements": "str"},
        "all_domains": {"type": "bool"},
        "wait_timeout": {"type": "int", "default": 600},
        "concurrency": {"type": "int", "default": 10},
    }


def problem(params: dict[str, t.Any]) -> str | None:
    """Return what is wrong with the values of these options, or None."""
    if not params["all_domains"] and not any(text.strip() for text in params["domains"] or []):
        return "No domain is selected: set domains to at least one domain ID or name, or set all_domains to true."
    for option in ("wait_timeout", "concurrency"):
        if params[option] < 1:
            return f"{option} is {params[option]}, it must be at least 1."
    return None


def requested_domains(params: dict[str, t.Any]) -> list[str] | None:
    """Return the domains that the options select, as describe_selected() takes them."""
    return None if params["all_domains"] else params["domains"]


def looks_like_id(text: str) -> bool:
    """Whether the text has the form of a domain ID; it may still be a domain's name."""
    return bool(_DOMAIN_ID.fullmatch(text))


def match(requested: t.Iterable[str], domains: t.Sequence[dict[str, t.Any]], region: str) -> list[str]:
    """Return the IDs of the requested domains, in order and once each; C(domains) are ListDomains' summaries.

    Raises ResourceError that names each unknown domain, each name that two domains share, and the domains that exist.
    """
    ids: list[str] = []
    problems: list[str] = []
    for text in requested:
        found = [d["DomainId"] for d in domains if d["DomainId"] == text] or [
            d["DomainId"] for d in domains if d["DomainName"] == text
        ]
        if len(found) == 1:
            ids += found
        elif found:
            problems.append(f"{len(found)} domains have the name {text!r}, use the ID instead: {', '.join(found)}")
        else:
            problems.append(f"no domain has the ID or the name {text!r}")
    if problems:
        raise ResourceError(f"{'; '.join(problems)}. {_existing(domains, region)}")
    return list(dict.fromkeys(ids))


def _existing(domains: t.Sequence[dict[str, t.Any]], region: str) -> str:
    if not domains:
        return f"The region {region} has no domain: check region and account with `aws sts get-caller-identity`."
    names = ", ".join(f"{d['DomainName']} ({d['DomainId']})" for d in domains[:_SHOWN])
    more = f" and {len(domains) - _SHOWN} more" if len(domains) > _SHOWN else ""
    return f"The region {region} has {len(domains)}: {names}{more}."


def describe_selected(api: SageMakerApi, requested: t.Sequence[str] | None) -> list[ResourceResult]:
    """Describe the requested domains (IDs and names, or None for all), each with its description or its own error.

    An ID costs one DescribeDomain call; a name or None costs the pages of ListDomains, too. Raises ResourceError for a
    failure of the whole task: an unknown domain, an ambiguous name, no permission to list.
    """
    if requested is not None and all(looks_like_id(text) for text in requested):
        results = run_concurrently(
            lambda domain_id: _describe(api, domain_id), list(dict.fromkeys(requested)), api.concurrency
        )
        if None not in results:
            return t.cast("list[ResourceResult]", results)
        # An ID is unknown, or it is a name with the form of an ID: ListDomains decides.
    try:
        listed = api.list_domains()
    except (ClientError, BotoCoreError) as error:
        raise ResourceError(explain(error, api.region)) from error
    ids = [d["DomainId"] for d in listed] if requested is None else match(requested, listed, api.region)
    results = run_concurrently(lambda domain_id: _describe(api, domain_id), ids, api.concurrency)
    return [result for result in results if result]


def _describe(api: SageMakerApi, domain_id: str) -> ResourceResult | None:
    """Return the described or failed domain; None if it does not exist."""
    try:
        return ResourceResult(domain_id, api.describe_domain(domain_id))
    except is_boto3_error_code("ResourceNotFound"):
        return None
    except (ClientError, BotoCoreError) as error:
        result = ResourceResult(domain_id)
        result.fail(error, api.region)
        return result
