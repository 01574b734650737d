# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# Note that this file is private to the collection: do not use it from outside.
"""Which domains of a region a task selects: by ID, ARN, name, pattern or all of them. Pure functions."""

from __future__ import annotations

import fnmatch
import re
import typing as t
from dataclasses import dataclass

from ansible_collections.mlops.studio_local_mode.plugins.module_utils._aws.errors import NothingSelected, ResourceError

Summary = t.Mapping[str, t.Any]

# botocore model, DomainId: "d-(-*[a-z0-9]){1,61}". A name may match, too.
_DOMAIN_ID = re.compile(r"d-(-*[a-z0-9]){1,61}")
_DOMAIN_ARN = re.compile(r"arn:aws[a-z-]*:sagemaker:(?P<region>[a-z0-9-]+):(?P<account>[0-9]{12}):domain/(?P<id>.+)")
# Nothing can be changed in such a domain; it can only be deleted.
UNUSABLE = ("Failed", "Deleting", "Delete_Failed")
_SHOWN = 10
_UNMATCHED = "no domain's name matches the pattern"


@dataclass(frozen=True)
class DomainSelection:
    """The domains of a task. C(names) are IDs, ARNs, names and patterns of names; None selects all domains.

    C(tags) limits them to domains with these tags. C(usable_only): a domain that is selected by a pattern, by tags or
    with all others is skipped if nothing can be changed in it. C(each_matches): each pattern must match a domain.
    C(account_id) is that of a target, where an ARN may be of another one.
    """

    names: tuple[str, ...] | None = None
    tags: t.Mapping[str, str] | None = None
    exclude: tuple[str, ...] = ()
    usable_only: bool = True
    each_matches: bool = True
    account_id: str | None = None

    @property
    def has_ids_only(self) -> bool:
        """Whether the domains can be described without listing all domains first."""
        return self.names is not None and not self.tags and not self.exclude and all(map(looks_like_id, self.names))


@dataclass(frozen=True)
class Selected:
    """A selected domain, as ListDomains returns it; C(by_name): it was requested by its own ID, ARN or name."""

    summary: Summary
    by_name: bool

    @property
    def domain_id(self) -> str:
        return t.cast("str", self.summary["DomainId"])


def looks_like_id(text: str) -> bool:
    """Whether the text has the form of a domain ID; it may still be a domain's name."""
    return bool(_DOMAIN_ID.fullmatch(text))


def is_pattern(text: str) -> bool:
    """Whether the text is a pattern of names, as in shells: C(*), C(?) and C([...])."""
    return any(character in text for character in "*?[")


def without_arns(texts: t.Sequence[str], region: str, account_id: str | None = None) -> tuple[str, ...]:
    """Replace each domain ARN by its ID; raise ResourceError that names the ARNs of other regions.

    C(account_id): the task has other accounts and regions, too, and their ARNs are left out.
    """
    ids, foreign = [], []
    for text in texts:
        arn = _DOMAIN_ARN.fullmatch(text)
        if not arn or (arn["region"] == region and account_id in (None, arn["account"])):
            ids.append(arn["id"] if arn else text)
        else:
            foreign.append(text)
    if foreign and not account_id:
        raise ResourceError(
            f"{', '.join(foreign)}: the region of this task is {region}. Set region, or remove the ARN."
        )
    return tuple(ids)


def match(selection: DomainSelection, domains: t.Sequence[Summary], region: str) -> list[Selected]:
    """Return the selected domains, in order and once each, without regard to tags; C(domains) are all of the region.

    Raises ResourceError that names each unknown domain, each name that two domains share, and the domains that exist;
    NothingSelected if patterns are all that is unknown.
    """
    requested, problems = _requested(selection.names, domains)
    only_patterns = all(map(is_pattern, selection.names or ()))
    if requested and not selection.each_matches:
        problems = [problem for problem in problems if not problem.startswith(_UNMATCHED)]
    problems = [f"domains: {problem}" for problem in problems]
    excluded, excluded_problems = _requested(selection.exclude, domains, ambiguous_is_a_problem=False)
    # A pattern may exclude nothing; a name that excludes nothing is probably a typing error.
    problems += [f"exclude: {problem}" for problem in excluded_problems if "pattern" not in problem]
    if problems:
        kind = NothingSelected if only_patterns and not requested and not excluded_problems else ResourceError
        raise kind(f"{'; '.join(problems)}. {_existing(domains, region)}")
    ids_excluded = {selected.domain_id for selected in excluded}
    found: dict[str, Selected] = {}
    for selected in requested:
        known = found.get(selected.domain_id)
        found[selected.domain_id] = Selected(selected.summary, selected.by_name or bool(known and known.by_name))
    return [selected for domain_id, selected in found.items() if domain_id not in ids_excluded]


def _requested(
    names: t.Sequence[str] | None, domains: t.Sequence[Summary], ambiguous_is_a_problem: bool = True
) -> tuple[list[Selected], list[str]]:
    if names is None:
        return [Selected(domain, by_name=False) for domain in domains], []
    found: list[Selected] = []
    problems: list[str] = []
    for text in names:
        if is_pattern(text):
            matching = [domain for domain in domains if fnmatch.fnmatchcase(domain["DomainName"], text)]
            found += [Selected(domain, by_name=False) for domain in matching]
            problems += [] if matching else [f"{_UNMATCHED} {text!r}"]
            continue
        named = _named(text, domains)
        if len(named) > 1 and ambiguous_is_a_problem:
            ids = ", ".join(domain["DomainId"] for domain in named)
            problems.append(f"{len(named)} domains have the name {text!r}, use the ID instead: {ids}")
            continue
        found += [Selected(domain, by_name=True) for domain in named]
        problems += [] if named else [f"no domain has the ID or the name {text!r}"]
    return found, problems


def _named(text: str, domains: t.Sequence[Summary]) -> list[Summary]:
    """Return the domain with this ID, or the domains with this name; usable domains hide unusable ones of the name."""
    by_id = [domain for domain in domains if domain["DomainId"] == text]
    if by_id:
        return by_id
    named = [domain for domain in domains if domain["DomainName"] == text]
    return [domain for domain in named if domain.get("Status") not in UNUSABLE] or named


def _existing(domains: t.Sequence[Summary], region: str) -> str:
    if not domains:
        return f"The region {region} has no domain: check region and account with `aws sts get-caller-identity`."
    names = ", ".join(f"{d['DomainName']} ({d['DomainId']})" for d in domains[:_SHOWN])
    more = f" and {len(domains) - _SHOWN} more" if len(domains) > _SHOWN else ""
    return f"The region {region} has {len(domains)}: {names}{more}."


def skip_reason(domain: Summary) -> str | None:
    """Return why a domain, as listed or described, is skipped unless its own ID, ARN or name requests it."""
    if domain.get("Status") in UNUSABLE:
        return f"it is {domain['Status']}"
    if is_managed_by_unified_studio(domain):
        return "Amazon SageMaker Unified Studio manages it"
    return None


def is_managed_by_unified_studio(domain: Summary) -> bool:
    """Whether a described domain belongs to a project of Unified Studio (botocore model: UnifiedStudioSettings)."""
    settings = (domain.get("DomainSettings") or {}).get("UnifiedStudioSettings") or {}
    return bool(settings.get("DomainId") or settings.get("ProjectId"))
