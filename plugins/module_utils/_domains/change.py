# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# Note that this file is private to the collection: do not use it from outside.
"""Change each selected domain as soon as it is described: of many, the first descriptions would be obsolete otherwise.

Nothing is changed before it is certain that every requested domain exists. A list of all domains tells that, and IDs
that need no change spare the list.
"""

from __future__ import annotations

import threading
import typing as t

try:
    from botocore.exceptions import BotoCoreError, ClientError
except ImportError:
    pass  # AnsibleAWSModule reports the missing library.

from ansible_collections.mlops.studio_local_mode.plugins.module_utils._aws.call_queue import urgent
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._aws.concurrency import run_concurrently
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._aws.errors import (
    CallError,
    ResourceError,
    explain,
    is_denied,
)
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._domains.select import (
    describe,
    describe_listed,
    matching,
    usable,
    warn_of_unified_studio,
    with_ids,
)
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._report.progress import progress

if t.TYPE_CHECKING:
    from ansible_collections.mlops.studio_local_mode.plugins.module_utils._aws.reconcile import ResourceResult
    from ansible_collections.mlops.studio_local_mode.plugins.module_utils._aws.sagemaker_api import SageMakerApi
    from ansible_collections.mlops.studio_local_mode.plugins.module_utils._domains.selection import (
        DomainSelection,
        Selected,
    )

    # Changes a described domain, or completes the result of one that could not be described. It calls its second
    # argument before it waits for the domain or changes it.
    Change = t.Callable[[ResourceResult, t.Callable[[], None]], None]

# So many IDs are described at once rather than listed: the descriptions are fresh enough for an update.
_FEW = 10


class Unconfirmed(Exception):
    """It is not certain yet that every requested domain exists."""


def change_each(api: SageMakerApi, selection: DomainSelection, change: Change) -> list[ResourceResult]:
    """Call C(change) for every selected domain concurrently, and return the results in the order of the selection.

    Raises ResourceError as describe_selected(), before anything is changed.
    """
    selection = with_ids(api, selection)
    if selection.has_ids_only:
        return _change_by_id(api, selection, change)
    try:
        selected = matching(api, selection)
    except (ClientError, BotoCoreError) as error:
        raise ResourceError(explain(error, api.region)) from error

    def describe_and_change(item: Selected) -> ResourceResult | None:
        result = describe_listed(api, item)
        by_name = {item.domain_id} if item.by_name else set()
        for described in usable([result] if result else [], by_name, selection):
            change(described, lambda: None)
            return described
        return None

    return [result for result in run_concurrently(describe_and_change, selected, counted="domains") if result]


def _change_by_id(api: SageMakerApi, selection: DomainSelection, change: Change) -> list[ResourceResult]:
    confirmation = _Confirmation(api, selection)
    ids = list(dict.fromkeys(selection.names or ()))
    complete: set[str] = set()
    progress.expect("domains", len(ids))

    def describe_and_change(domain_id: str) -> ResourceResult | None:
        result = describe(api, domain_id)
        # An ID that is unknown or denied may be a domain's name.
        if result and not result.denied:
            warn_of_unified_studio([result])
            try:
                change(result, confirmation.check)
                complete.add(domain_id)
                progress.done("domains")
            except Unconfirmed:
                pass
        return result

    def change_and_count(result: ResourceResult) -> None:
        change(result, lambda: None)
        progress.done("domains")

    by_id = dict(zip(ids, run_concurrently(describe_and_change, ids)))
    results = _resolved(api, by_id, confirmation)
    left = [result for result in results if result.domain_id not in complete]
    run_concurrently(change_and_count, left)
    return results


def _resolved(
    api: SageMakerApi, by_id: dict[str, ResourceResult | None], confirmation: _Confirmation
) -> list[ResourceResult]:
    """Return the domains' results; raise ResourceError if a domain is unknown, or if that cannot be found out."""
    if confirmation.failed:
        raise confirmation.failed
    known = [result for result in by_id.values() if result]
    if len(known) == len(by_id) and not any(result.denied for result in known):
        return known
    try:
        selected = confirmation.selected()
    except (ClientError, BotoCoreError) as error:
        # A denied domain is an answer, too, if nobody can tell whether its ID is a name.
        if len(known) == len(by_id):
            return known
        raise ResourceError(explain(error, api.region)) from error
    results = run_concurrently(lambda item: by_id.get(item.domain_id) or describe_listed(api, item), selected)
    found = [result for result in results if result]
    warn_of_unified_studio(result for result in found if result.domain_id not in by_id)
    return found


class _Confirmation:
    """Whether every requested domain exists: the first domain to change lists them all, the others wait for that."""

    def __init__(self, api: SageMakerApi, selection: DomainSelection) -> None:
        self._api = api
        self._selection = selection
        self._may_list = len(selection.names or ()) > _FEW
        self._lock = threading.Lock()
        self._selected: list[Selected] | None = None
        self._denied: ClientError | None = None
        # Why no domain may be changed.
        self.failed: ResourceError | None = None

    def check(self) -> None:
        """Return if every domain exists; raise Unconfirmed if all must be described to know that."""
        if not self._may_list:
            raise Unconfirmed
        try:
            self.selected()
        except ClientError as error:
            raise Unconfirmed from error

    def selected(self) -> list[Selected]:
        """Return the requested domains, as listed. Raises ResourceError, or ClientError if IAM denies the list."""
        with self._lock:
            if self.failed or self._denied:
                raise t.cast("Exception", self.failed or self._denied)
            if self._selected is None:
                self._selected = self._list()
            return self._selected

    def _list(self) -> list[Selected]:
        try:
            with urgent():
                return matching(self._api, self._selection)
        except CallError:
            # It was not sent, because of a stop or the deadline of one domain.
            raise
        except ResourceError as error:
            self.failed = error
            raise
        except (ClientError, BotoCoreError) as error:
            if is_denied(error):
                self._denied = error
                raise
            self.failed = ResourceError(explain(error, self._api.region))
            raise self.failed from error
