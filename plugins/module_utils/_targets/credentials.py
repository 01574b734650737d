# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# Note that this file is private to the collection: do not use it from outside.
"""The credentials of the targets: present ones, or those of a role that is assumed once and renewed before they end."""

from __future__ import annotations

import contextlib
import contextvars
import functools
import typing as t
from datetime import datetime, timezone

try:
    from botocore.credentials import Credentials, RefreshableCredentials
    from botocore.exceptions import BotoCoreError, ClientError, NoCredentialsError
except ImportError:
    # AnsibleAWSModule reports the missing library.
    Credentials = object

from ansible_collections.mlops.studio_local_mode.plugins.module_utils._aws.errors import (
    CallError,
    ResourceError,
    explain,
    is_denied,
)
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._aws.retries import with_retries

if t.TYPE_CHECKING:
    from ansible_collections.mlops.studio_local_mode.plugins.module_utils._targets.target import Target

# botocore's own: from then on one thread renews the credentials, and from then on all threads wait for that.
_ADVISORY_SECONDS, _MANDATORY_SECONDS = 15 * 60, 10 * 60

_current: contextvars.ContextVar[t.Any] = contextvars.ContextVar("credentials", default=None)


class CredentialsOfTheCall(Credentials):
    """The credentials of the target whose call is being signed, so that targets share the clients of a region.

    A client of SageMaker costs a megabyte and 15 ms of CPU, those of EC2 and IAM more.
    """

    def __init__(self) -> None:
        super().__init__("none", "none", method="targets")

    def get_frozen_credentials(self) -> t.Any:
        """Return the credentials of the target; raise NoCredentialsError outside of using()."""
        credentials = _current.get()
        if credentials is None:
            raise NoCredentialsError()
        return credentials.get_frozen_credentials()


@contextlib.contextmanager
def using(credentials: t.Any) -> t.Iterator[None]:
    """Sign the calls of this block with these credentials."""
    token = _current.set(credentials)
    try:
        yield
    finally:
        _current.reset(token)


class ClientOfTarget:
    """A client that several targets share, for one of them."""

    def __init__(self, client: t.Any, credentials: t.Any) -> None:
        self._client = client
        self._credentials = credentials

    def __getattr__(self, name: str) -> t.Any:
        attribute = getattr(self._client, name)
        if not callable(attribute):
            return attribute

        @functools.wraps(attribute)
        def call(*args: t.Any, **kwargs: t.Any) -> t.Any:
            with using(self._credentials):
                return attribute(*args, **kwargs)

        return call


def assume_role(sts: t.Any, target: Target, region: str) -> t.Any:
    """Assume the target's role with a client of STS in this region; raise ResourceError if AWS refuses it.

    The credentials renew themselves before they end: those of an hour a quarter of an hour before, as botocore does by
    default, and shorter ones at the same share of their time, not with each call.
    """
    request = {"RoleArn": target.role_arn, "RoleSessionName": target.session_name}
    if target.external_id:
        request["ExternalId"] = target.external_id

    def assumed() -> dict[str, str]:
        """Return the credentials in botocore's form."""
        credentials = with_retries(lambda: sts.assume_role(**request), shared_rate=False)["Credentials"]
        return {
            "access_key": credentials["AccessKeyId"],
            "secret_key": credentials["SecretAccessKey"],
            "token": credentials["SessionToken"],
            "expiry_time": credentials["Expiration"].isoformat(),
        }

    def renewed() -> dict[str, str]:
        try:
            return assumed()
        except (ClientError, BotoCoreError) as error:
            # In the middle of another call, whose refusal it must not be taken for.
            raise CallError(_refusal(target, region, error)) from error

    try:
        first = assumed()
    except (ClientError, BotoCoreError) as error:
        raise ResourceError(_refusal(target, region, error)) from error
    seconds = (datetime.fromisoformat(first["expiry_time"]) - datetime.now(timezone.utc)).total_seconds()
    return RefreshableCredentials.create_from_metadata(
        first,
        refresh_using=renewed,
        method="sts-assume-role",
        advisory_timeout=min(_ADVISORY_SECONDS, seconds / 4),
        mandatory_timeout=min(_MANDATORY_SECONDS, seconds / 6),
    )


def _refusal(target: Target, region: str, error: Exception) -> str:
    text = f"The role {target.role_arn} cannot be assumed: {explain(error, region, 'sts').rstrip('.')}."
    if is_denied(error):
        text += (
            f" Check that the account {target.account_id} is active and has the role, that its trust policy allows "
            "the present credentials (`aws sts get-caller-identity`) and the external ID if it requires one, and that "
            "their own policies allow sts:AssumeRole on it."
        )
    return text
