# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# Note that this file is private to the collection: do not use it from outside.
"""The spaces of one region, put together from the answers of SageMaker, and their host variables. Pure."""

from __future__ import annotations

import typing as t
from dataclasses import dataclass, field
from datetime import datetime

from ansible_collections.mlops.studio_local_mode.plugins.module_utils._spaces import reachability
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._spaces.select import owner_of
from ansible_collections.mlops.studio_local_mode.plugins.plugin_utils._spaces.copy_time import CONNECTION

if t.TYPE_CHECKING:
    from ansible_collections.mlops.studio_local_mode.plugins.plugin_utils._spaces.place import Place
    from ansible_collections.mlops.studio_local_mode.plugins.plugin_utils._spaces.select import Selection

    Summary = t.Mapping[str, t.Any]

_TIMES = ("CreationTime", "LastModifiedTime")


@dataclass
class Space:
    """A space with its domain and its app, as the lists describe them; None where nothing was asked."""

    place: Place
    domain: Summary
    summary: Summary
    app: Summary | None
    docker_access: bool | None = None
    tags: dict[str, str] | None = None
    obstacles: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.obstacles = reachability.obstacles(_with_times(self.summary), self.app and _with_times(self.app))

    @property
    def arn(self) -> str:
        """Derived from the domain's ARN, because ListSpaces returns none."""
        prefix, _colon, domain_id = self.domain["DomainArn"].partition(":domain/")
        return f"{prefix}:space/{domain_id}/{self.summary['SpaceName']}"

    @property
    def description(self) -> str:
        return self.arn

    @property
    def distinctions(self) -> tuple[str, str]:
        domain_id = self.domain["DomainId"]
        return domain_id, f"{self.summary['SpaceName']}.{domain_id}"

    def variables(self) -> dict[str, t.Any]:
        """Return the host variables; a value that is not known has no variable."""
        app = self.app or {}
        spec = app.get("ResourceSpec") or {}
        version = (spec.get("SageMakerImageVersionArn") or "").rpartition("/")[2]
        found = {
            "ansible_connection": CONNECTION,
            "studio_region": self.place.region,
            "studio_account_id": self.domain["DomainArn"].split(":")[4],
            "studio_domain_id": self.domain["DomainId"],
            "studio_domain_name": self.domain["DomainName"],
            "studio_space_name": self.summary["SpaceName"],
            "studio_space_arn": self.arn,
            "studio_space_status": self.summary.get("Status"),
            "studio_sharing_type": (self.summary.get("SpaceSharingSettingsSummary") or {}).get("SharingType"),
            "studio_owner": owner_of(self.summary),
            "studio_app_type": reachability.app_type(self.summary, self.app),
            "studio_app_name": app.get("AppName"),
            "studio_app_status": app.get("Status"),
            "studio_app_creation_time": app.get("CreationTime"),
            "studio_instance_type": reachability.instance_type(self.app),
            "studio_image_arn": spec.get("SageMakerImageArn"),
            "studio_image_version": spec.get("SageMakerImageVersionAlias") or version,
            "studio_remote_access": "ENABLED" if reachability.is_enabled(self.summary) else "DISABLED",
            "studio_docker_access": self.docker_access,
            "studio_tags": self.tags,
            "studio_reachable": not self.obstacles,
            "studio_unreachable_because": "; ".join(self.obstacles),
            **self.place.variables(),
        }
        return {name: value for name, value in found.items() if value not in (None, "")}


class Region:
    """The answers of one region of an account."""

    def __init__(self, place: Place, answers: dict[str, t.Any]) -> None:
        self.place = place
        # The ARN of a space is made from that of its domain.
        self.domains: list[Summary] = [domain for domain in answers["domains"] if domain.get("DomainArn")]
        self.without_arn: list[str] = [
            domain["DomainId"] for domain in answers["domains"] if not domain.get("DomainArn")
        ]
        self._answers = answers

    def selected(self, selection: Selection) -> t.Iterator[Space]:
        """Yield the selected spaces, in the order of ListSpaces.

        A space that was created or whose domain was deleted between the calls has no domain, and is left out.
        """
        apps = self._apps()
        tags = self._answers.get("domain_tags", {})
        domains = {
            domain["DomainId"]: domain
            for domain in self.domains
            if selection.has_domain(domain, tags.get(domain["DomainId"], {}))
        }
        for summary in self._answers["spaces"]:
            domain = domains.get(summary["DomainId"])
            app = reachability.current_app(apps.get((summary["DomainId"], summary["SpaceName"]), []))
            if domain and selection.has_space(summary, app):
                yield self._space(domain, summary, app)

    def _space(self, domain: Summary, summary: Summary, app: Summary | None) -> Space:
        space = Space(self.place, domain, summary, app)
        space.docker_access = self._answers.get("docker_access", {}).get(domain["DomainId"])
        space.tags = self._answers.get("space_tags", {}).get(space.arn)
        return space

    def _apps(self) -> dict[tuple[str, str], list[Summary]]:
        apps: dict[tuple[str, str], list[Summary]] = {}
        for app in self._answers["apps"]:
            if app.get("SpaceName"):
                apps.setdefault((app["DomainId"], app["SpaceName"]), []).append(app)
        return apps


def _with_times(summary: Summary) -> Summary:
    return {key: datetime.fromisoformat(value) if key in _TIMES else value for key, value in summary.items()}
