# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# Note that this file is private to the collection: do not use it from outside.
"""Who made a call: CloudTrail's userIdentity, in the words of the modules. Pure.

Source: CloudTrail user guide, "CloudTrail userIdentity element". Only the type is in every event.
"""

from __future__ import annotations

import typing as t

Identity = t.Mapping[str, t.Any]


def caller(identity: Identity) -> dict[str, t.Any]:
    """Return the caller; None where the event does not say it."""
    session = identity.get("sessionContext") or {}
    issuer = session.get("sessionIssuer") or {}
    kind = identity.get("type") or "Unknown"
    return {
        "type": kind,
        "name": _name(kind, identity, issuer),
        "arn": identity.get("arn"),
        "account_id": identity.get("accountId"),
        "role": issuer.get("userName") if issuer.get("type") == "Role" else None,
        "session_name": _last_part(identity.get("arn")) if kind == "AssumedRole" else None,
        "source_identity": session.get("sourceIdentity") or identity.get("sourceIdentity"),
        "invoked_by": identity.get("invokedBy") or _delegate(identity),
    }


def _name(kind: str, identity: Identity, issuer: Identity) -> str:
    """Return what a person would call this caller; never empty."""
    arn = identity.get("arn") or ""
    names = {
        "Root": f"root user of account {identity.get('accountId', 'unknown')}",
        "IAMUser": identity.get("userName"),
        # arn:aws:sts::123456789012:assumed-role/ROLE/SESSION. With IAM Identity Center, the session is the user's name.
        "AssumedRole": arn.partition(":assumed-role/")[2] or issuer.get("userName"),
        "FederatedUser": arn.partition(":federated-user/")[2],
        "AWSService": identity.get("invokedBy"),
        "AWSAccount": f"account {identity['accountId']}" if identity.get("accountId") else None,
        "IdentityCenterUser": (identity.get("onBehalfOf") or {}).get("userId"),
    }
    return str(names.get(kind) or identity.get("userName") or arn or identity.get("principalId") or kind)


def _delegate(identity: Identity) -> str | None:
    """Return the product provider that acted with temporary delegated access."""
    account = (identity.get("invokedByDelegate") or {}).get("accountId")
    return f"account {account}" if account else None


def _last_part(arn: str | None) -> str | None:
    return arn.rpartition("/")[2] if arn else None
