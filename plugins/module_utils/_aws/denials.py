# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# Note that this file is private to the collection: do not use it from outside.
"""AWS's denials: which action was denied, by which kind of policy, and who can change that. Pure.

The texts are those of the IAM guide ("Troubleshoot access denied error messages"): ``not authorized to perform: ACTION
on resource: ARN because no KIND allows the ACTION action``, or ``with an explicit deny in a KIND``, which may be
followed by the policy's ARN; older texts end after ``with an explicit deny``. Nothing but the text has this, so that it
is read here and nowhere else.
"""

from __future__ import annotations

import re
import typing as t

_ACTION = re.compile(r"perform: ([a-z0-9-]+:\w+)")
_RESOURCE = re.compile(r"on resource: ([^\s,]+)")
_ROLE = re.compile(r"User: arn:[\w-]+:sts::\d*:assumed-role/([^\s/]+)/")
_USER = re.compile(r"User: arn:[\w-]+:iam::\d*:user/(?:[^\s/]+/)*([^\s/]+)")
_EXPLICIT = re.compile(r"explicit deny(?: in an? ([\w -]*?(?:policy|boundary))(?:: (arn:\S+))?)?")
_IMPLICIT = re.compile(r"because no ([\w -]*?(?:policy|boundary)) allows")
_POLICY_ID = re.compile(r"p-[0-9a-z]+$")
_IDENTITY_BASED = "identity-based policy"
# Of an explicit deny whose text does not name the kind.
_ANY_KIND = "policy"


class Denial(t.NamedTuple):
    """One denial; C(kind) is the kind of policy, C(policy) its ARN where AWS names it."""

    action: str
    resource: str
    kind: str
    is_explicit: bool
    policy: str | None
    role: str | None
    user: str | None


def read_denial(text: str, called_action: str) -> Denial:
    """Read AWS's text; C(called_action) is the action of the call, which need not be the denied one."""
    action, resource, role, user = (pattern.search(text) for pattern in (_ACTION, _RESOURCE, _ROLE, _USER))
    explicit, implicit = _EXPLICIT.search(text), _IMPLICIT.search(text)
    found = explicit or implicit
    return Denial(
        action=action.group(1) if action else called_action,
        resource=resource.group(1) if resource else "the resource",
        kind=_normal(found.group(1) or _ANY_KIND) if found else _IDENTITY_BASED,
        is_explicit=bool(explicit),
        policy=explicit.group(2) if explicit else None,
        role=role.group(1) if role else None,
        user=user.group(1) if user else None,
    )


def _normal(kind: str) -> str:
    return kind.replace("permissions boundary policy", "permissions boundary").strip()


def explain_denial(denial: Denial, region: str | None, service: str) -> str:
    """Return the message: the denied action, the policy that denies it, and the remediation."""
    where = f"{denial.action} on {denial.resource}{f' in {region}' if region else ''}"
    if denial.is_explicit:
        named = f" ({denial.policy})" if denial.policy else ""
        article = "an" if denial.kind[0] in "aeio" else "a"
        problem = f"An explicit deny in {article} {denial.kind}{named} denies the IAM action {where}"
    elif denial.kind == _IDENTITY_BASED:
        problem = f"The credentials lack the IAM action {where}"
    else:
        problem = f"No {denial.kind} allows the IAM action {where}"
    return f"{problem}: {_remediation(denial, region, service)}"


def _remediation(denial: Denial, region: str | None, service: str) -> str:
    kind, name = ("user", denial.user) if denial.user else ("role", denial.role or "ROLE")
    if denial.action == "sts:AssumeRole" and denial.kind in (_IDENTITY_BASED, "resource-based policy"):
        assumed = denial.resource.rpartition("/")[2]
        return (
            f"the trust policy of the role and a policy of the caller must both allow it; "
            f"`aws iam get-role --role-name {assumed} --query Role.AssumeRolePolicyDocument` prints the trust policy"
        )
    endpoint = "sagemaker.api" if service == "sagemaker" else service
    by_organization = f"only an administrator of the AWS organization can change it{_organization(denial)}"
    by_kind = {
        "service control policy": by_organization,
        "resource control policy": by_organization,
        "permissions boundary": (
            f"the boundary limits every policy of the {kind}; `aws iam get-{kind} --{kind}-name {name} "
            f"--query {kind.capitalize()}.PermissionsBoundary` names it"
        ),
        "session policy": "the session policy that was passed when the role was assumed must allow it, too",
        "VPC endpoint policy": (
            "the policy of the VPC endpoint that this machine calls through must allow it; `aws ec2 "
            f"describe-vpc-endpoints --filters Name=service-name,Values=com.amazonaws.{region}.{endpoint}` prints it"
        ),
        "resource-based policy": "the policy of that resource must allow it, which its owner can change",
        _IDENTITY_BASED: f"add it to the {kind}'s policy",
    }
    if denial.is_explicit and denial.kind == _IDENTITY_BASED:
        return (
            f"no other policy overrides a deny, so that its statement must be changed; `aws iam "
            f"list-attached-{kind}-policies --{kind}-name {name}` lists the policies"
        )
    return by_kind.get(denial.kind, "ask the administrator of this policy")


def _organization(denial: Denial) -> str:
    policy = _POLICY_ID.search(denial.policy or "")
    return f": `aws organizations describe-policy --policy-id {policy.group()}`" if policy else ""
