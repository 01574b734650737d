# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# Note that this file is private to the collection: do not use it from outside.
"""Many domains in one task: described and changed concurrently, each with its own outcome."""

from __future__ import annotations

import typing as t
from concurrent.futures import ThreadPoolExecutor

try:
    from botocore.exceptions import BotoCoreError, ClientError
except ImportError:
    pass  # AnsibleAWSModule reports the missing library.

from ansible_collections.amazon.aws.plugins.module_utils.botocore import is_boto3_error_code
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._sagemaker import selection
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._sagemaker.errors import (
    DomainError,
    explain,
    is_denied,
)
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._sagemaker.update_road import Outcome

if t.TYPE_CHECKING:
    from ansible_collections.mlops.studio_local_mode.plugins.module_utils._sagemaker.api import DomainApi

_T = t.TypeVar("_T")
_R = t.TypeVar("_R")

# A thread that waits for its domain costs some kilobytes; what AWS sees is bounded by PatientClient.
_MAX_THREADS = 512


def concurrently(work: t.Callable[[_T], _R], items: t.Sequence[_T], threads: int = _MAX_THREADS) -> list[_R]:
    """Call C(work) for every item at the same time; results in the order of the items.

    C(threads) bounds them where nobody waits for anything but calls, and more would only stand in each other's way.
    """
    if len(items) < 2:
        return [work(item) for item in items]
    with ThreadPoolExecutor(min(len(items), threads)) as pool:
        return list(pool.map(work, items))


def describe_selected(api: DomainApi, wanted: t.Sequence[str] | None) -> list[Outcome]:
    """Describe the domains wanted (IDs, names; None for all), each with its description or its own error.

    IDs cost one DescribeDomain each; a name or None costs the pages of ListDomains more. Raises DomainError for what
    concerns the task as a whole: an unknown domain, an ambiguous name, no permission to list.
    """
    if wanted is not None and all(selection.looks_like_id(text) for text in wanted):
        outcomes = concurrently(lambda domain_id: _describe(api, domain_id), list(dict.fromkeys(wanted)), api.places)
        if None not in outcomes:
            return t.cast("list[Outcome]", outcomes)
        # One of them is unknown, or a name that looks like an ID: the list tells.
    try:
        listed = api.list_domains()
    except (ClientError, BotoCoreError) as error:
        raise DomainError(explain(error, api.region)) from error
    ids = [d["DomainId"] for d in listed] if wanted is None else selection.match(wanted, listed, api.region)
    outcomes = concurrently(lambda domain_id: _describe(api, domain_id), ids, api.places)
    return [outcome for outcome in outcomes if outcome]


def _describe(api: DomainApi, domain_id: str) -> Outcome | None:
    """Return the domain's outcome so far: described, or failed; None when there is no such domain."""
    try:
        return Outcome(domain_id, api.describe_domain(domain_id))
    except is_boto3_error_code("ResourceNotFound"):
        return None
    except (ClientError, BotoCoreError) as error:
        return Outcome(domain_id, error=explain(error, api.region), denied=is_denied(error))
