# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# Note that this file is private to the collection: do not use it from outside.
"""One client for each service and region, which all targets of the region share."""

from __future__ import annotations

import os
import threading
import typing as t

try:
    import boto3
    import botocore.session
    from botocore.config import Config
    from botocore.exceptions import BotoCoreError, ClientError
except ImportError:
    pass  # AnsibleAWSModule reports the missing library.

from ansible_collections.mlops.studio_local_mode.plugins.module_utils._aws.client import RateLimitedClient
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._aws.errors import ResourceError, explain
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._aws.proxy_pages import refuse_pages
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._aws.retries import with_retries
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._aws.user_agent import user_agent_extra
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._targets.credentials import (
    ClientOfTarget,
    CredentialsOfTheCall,
    assume_role,
)

if t.TYPE_CHECKING:
    from ansible_collections.mlops.studio_local_mode.plugins.module_utils._targets.target import Target

# AWS allows an account 600 calls of AssumeRole a second; so many at the same time are done in a second or two.
_ASSUMED_AT_ONCE = 50
# The longest that botocore waits for a connection or an answer.
_SECONDS_OF_BOTOCORE = 60
# Connections that a client keeps. More are opened where more targets call at the same time.
_CONNECTIONS = 100


class Clients:
    """The clients of all targets. C(options) are those of a connection, as amazon.aws returns them.

    The roles are assumed in the region C(of_sts).
    """

    def __init__(self, of_sts: str, endpoint: str | None, options: dict[str, t.Any], timeout: int) -> None:
        options = dict(options)
        self._profile = options.pop("profile_name", None)
        self._verify = options.pop("verify", None)
        self._keys = {key: value for key, value in options.items() if key.startswith("aws_") and key != "aws_config"}
        self._region_of_sts = of_sts
        self._endpoint = endpoint
        seconds = min(timeout, _SECONDS_OF_BOTOCORE)
        self._config = Config(
            # As for a client of a module's own: a repeated update would be computed from an old description.
            retries={"total_max_attempts": 1},
            max_pool_connections=_CONNECTIONS,
            connect_timeout=seconds,
            read_timeout=seconds,
            user_agent_extra=user_agent_extra(os.environ),
        )
        if options.get("aws_config"):
            self._config = self._config.merge(options["aws_config"])
        # botocore's sessions must not create two clients at the same time.
        self._creating = threading.Lock()
        self._shared: dict[tuple[str, str], t.Any] = {}
        self._session: t.Any = None
        self._present: t.Any = None
        self._sts: RateLimitedClient | None = None

    def credentials_of(self, target: Target) -> t.Any:
        """Return the credentials for the target. Raises ResourceError if there are none."""
        sts = self._client_of_sts()
        if not target.role_arn:
            return self._present.get_credentials()
        return assume_role(sts, target, self._region_of_sts)

    def present_account(self) -> str:
        """Return the account of the present credentials. Raises ResourceError."""
        try:
            return t.cast("str", with_retries(self._client_of_sts().get_caller_identity)["Account"])
        except (ClientError, BotoCoreError) as error:
            raise ResourceError(explain(error, self._region_of_sts, "sts")) from error

    def of(self, target: Target, credentials: t.Any, service: str) -> ClientOfTarget:
        """Return a client for the target."""
        key = (service, target.region)
        with self._creating:
            if key not in self._shared:
                self._shared[key] = self._create(self._shared_session(), service, target.region)
        return ClientOfTarget(self._shared[key], credentials)

    def _client_of_sts(self) -> RateLimitedClient:
        """Return the client with the present credentials."""
        with self._creating:
            if not self._sts:
                try:
                    session = botocore.session.Session(profile=self._profile)
                    _prefer_regional_sts(session)
                    self._present = boto3.session.Session(botocore_session=session, **self._keys)
                    client = self._create(self._present, "sts", self._region_of_sts)
                except (BotoCoreError, OSError, ValueError) as error:
                    raise ResourceError(explain(error, self._region_of_sts, "sts")) from error
                self._sts = RateLimitedClient(client, _ASSUMED_AT_ONCE, one_rate=False)
            return self._sts

    def _shared_session(self) -> t.Any:
        if not self._session:
            session = botocore.session.Session(profile=self._profile)
            # The way in for credentials that are no pair of keys; botocore's public way takes keys only.
            session._credentials = CredentialsOfTheCall()
            self._session = boto3.session.Session(botocore_session=session)
        return self._session

    def _create(self, session: t.Any, service: str, region: str) -> t.Any:
        try:
            client = session.client(
                service, region_name=region, endpoint_url=self._endpoint, verify=self._verify, config=self._config
            )
        except (BotoCoreError, OSError, ValueError) as error:
            raise ResourceError(explain(error, region, service)) from error
        return refuse_pages(client)


def _prefer_regional_sts(session: t.Any) -> None:
    """Let the tokens be valid in every region: botocore before 1.40 calls the global endpoint of STS for older regions.

    AWS accepts the tokens of that endpoint only in the regions that every account has.
    """
    option = "sts_regional_endpoints"
    if not os.environ.get("AWS_STS_REGIONAL_ENDPOINTS") and option not in session.get_scoped_config():
        session.set_config_variable(option, "regional")
