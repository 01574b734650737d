# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""An organization of many accounts, made in one call: `POST /_sandbox/organization`."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from moto.core import DEFAULT_ACCOUNT_ID
from moto.iam.models import iam_backends
from moto.organizations.models import (
    FakeAccount,
    FakeDelegatedAdministrator,
    OrganizationsBackend,
    organizations_backends,
)

from .controls import ControlDesk
from .domains import create_domain
from .lifecycle import Moment
from .state import State
from .studio import studios

_PARTITION = "aws"
_WEEK = timedelta(days=7)
_FIRST_ACCOUNT = 111100000001
# No policy is attached to what is seeded: moto takes most of its time for that, and nothing here evaluates it.


@dataclass(frozen=True)
class Member:
    """An account to make. `role` empty: it has none. `trust` are the principals of its trust policy."""

    id: str
    name: str
    unit: str = ""
    tags: dict[str, str] = field(default_factory=dict)
    state: str = "ACTIVE"
    role: str = "studio-local-mode"
    external_id: str = ""
    trust: list[str] = field(default_factory=lambda: [f"arn:aws:iam::{DEFAULT_ACCOUNT_ID}:root"])
    max_session: int = 3600
    delegated: bool = False
    regions: dict[str, str] = field(default_factory=dict)
    """Region: its status in Account, where it differs from the default."""
    domains: int | None = None


@dataclass(frozen=True)
class Organization:
    """The request. `accounts` is a number, or a list of members' fields; `units` are paths of names below the root,
    over which so many accounts are spread in turn. `members` has fields of every account that it does not set itself.
    """

    accounts: int | list[dict[str, Any]] = 3
    units: list[str] = field(default_factory=list)
    regions: list[str] = field(default_factory=lambda: ["eu-west-1"])
    domains: int = 0
    docker_settings: dict[str, Any] | None = None
    members: dict[str, Any] = field(default_factory=dict)
    trusted_services: list[str] = field(default_factory=lambda: ["account.amazonaws.com"])


def make(request: Organization, state: State) -> dict[str, Any]:
    """Make the organization, managed by moto's default account. Returns its IDs."""
    backend = organizations_backends[DEFAULT_ACCOUNT_ID][_PARTITION]
    if backend.org is None:
        backend.create_organization(region="us-east-1", FeatureSet="ALL")
        backend.accounts[0].name = "management"
    for service in request.trusted_services:
        backend.enable_aws_service_access(ServicePrincipal=service)
    units = _Units(backend)
    for path in request.units:
        units.id_of(path)
    members = [_make_member(member, backend, units, state) for member in _members(request)]
    for member, made in zip(_members(request), members, strict=True):
        number = request.domains if member.domains is None else member.domains
        made["domains"] = {
            region: [_make_domain(member.id, region, f"studio-{n + 1}", request.docker_settings) for n in range(number)]
            for region in request.regions
        }
    return {
        "organization_id": backend.org.id,
        "management_account": DEFAULT_ACCOUNT_ID,
        "root_id": backend.org.root_id,
        "units": units.ids,
        "accounts": members,
    }


def _members(request: Organization) -> list[Member]:
    if isinstance(request.accounts, list):
        numbered = enumerate(request.accounts)
        return [Member(**{**_identity(number), **request.members, **account}) for number, account in numbered]
    units = request.units or [""]
    return [
        Member(**{"unit": units[number % len(units)], **_identity(number), **request.members})
        for number in range(request.accounts)
    ]


def _identity(number: int) -> dict[str, str]:
    return {"id": str(_FIRST_ACCOUNT + number), "name": f"team-{number + 1:02}"}


class _Units:
    """The organizational units by their path of names below the root."""

    def __init__(self, backend: OrganizationsBackend) -> None:
        self._backend = backend
        self.ids: dict[str, str] = {}

    def id_of(self, path: str) -> str:
        if not path:
            return str(self._backend.org.root_id)
        if path not in self.ids:
            parent, _, name = path.rpartition("/")
            made = self._backend.create_organizational_unit(Name=name, ParentId=self.id_of(parent))
            self.ids[path] = made["OrganizationalUnit"]["Id"]
        return self.ids[path]


def _make_member(member: Member, backend: OrganizationsBackend, units: _Units, state: State) -> dict[str, Any]:
    tags = [{"Key": key, "Value": value} for key, value in member.tags.items()]
    account = FakeAccount(backend.org, AccountName=member.name, Email=f"{member.name}@example.com", Tags=tags)
    account.id, account.state, account.status = member.id, member.state, member.state
    account.parent_id = units.id_of(member.unit)
    backend.accounts.append(account)
    organizations_backends.master_accounts[member.id] = (DEFAULT_ACCOUNT_ID, _PARTITION)
    if member.delegated:
        backend.admins.append(FakeDelegatedAdministrator(account))
    if member.regions:
        state.regions.change(member.id, member.regions)
    return {
        "id": member.id,
        "name": member.name,
        "unit": member.unit,
        "role_arn": _make_role(member) if member.role else None,
    }


def _make_role(member: Member) -> str:
    statement: dict[str, Any] = {"Effect": "Allow", "Principal": {"AWS": member.trust}, "Action": "sts:AssumeRole"}
    if member.external_id:
        statement["Condition"] = {"StringEquals": {"sts:ExternalId": member.external_id}}
    role = iam_backends[member.id][_PARTITION].create_role(
        role_name=member.role,
        assume_role_policy_document=json.dumps({"Version": "2012-10-17", "Statement": [statement]}),
        path="/",
        permissions_boundary=None,
        description="",
        tags=[],
        max_session_duration=str(member.max_session),
    )
    return str(role.arn)


def _make_domain(account: str, region: str, name: str, docker_settings: dict[str, Any] | None) -> str:
    studio = studios[account][region]
    request: dict[str, Any] = {
        "DomainName": name,
        "AuthMode": "IAM",
        "DefaultUserSettings": {"ExecutionRole": f"arn:aws:iam::{account}:role/sandbox-execution"},
        "VpcId": "vpc-0a1b2c3d4e5f60718",
        "SubnetIds": ["subnet-0a1b2c3d4e5f60718"],
        "AppNetworkAccessType": "VpcOnly",
    }
    if docker_settings is not None:
        request["DomainSettings"] = {"DockerSettings": docker_settings}
    desk = ControlDesk()
    desk.change({"transition_seconds": 0, "require_security_groups": False})
    return str(create_domain(studio, request, Moment(datetime.now(UTC) - _WEEK, desk))["DomainId"])
