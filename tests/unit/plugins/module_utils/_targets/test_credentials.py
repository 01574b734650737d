# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Targets that share a client: each call is signed with the credentials of its own target, and they are renewed."""

from __future__ import annotations

import threading
from datetime import UTC, datetime, timedelta

import boto3
import botocore.session
import pytest
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._aws.errors import CallError, ResourceError
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._targets.credentials import (
    ClientOfTarget,
    CredentialsOfTheCall,
    assume_role,
)
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._targets.target import Target
from botocore.awsrequest import AWSResponse
from botocore.credentials import Credentials
from botocore.exceptions import ClientError, NoCredentialsError

TARGET = Target("one", "eu-west-1", "111122223333", "arn:aws:iam::111122223333:role/studio", "secret-handshake")


@pytest.fixture
def sent():
    """The access keys with which requests were signed, in order, and the client that sends nothing."""
    session = botocore.session.Session()
    session._credentials = CredentialsOfTheCall()
    client = boto3.session.Session(botocore_session=session).client("sagemaker", region_name="eu-west-1")
    keys = []

    def answer(request, **_event):
        authorization = request.headers["Authorization"].decode()
        keys.append(authorization.split("Credential=")[1].split("/")[0])
        response = AWSResponse(request.url, 200, {"content-type": "application/x-amz-json-1.1"}, None)
        response._content = b"{}"
        return response

    client.meta.events.register("before-send.sagemaker", answer)
    return keys, client


def test_each_call_has_the_credentials_of_its_target(sent):
    keys, client = sent
    of = {name: ClientOfTarget(client, Credentials(name, "x")) for name in ("ONE", "TWO")}
    threads = [threading.Thread(target=of[name].list_domains) for name in ("ONE", "TWO") * 5]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(keys) == ["ONE"] * 5 + ["TWO"] * 5


def test_the_shared_client_has_no_credentials_of_its_own(sent):
    keys, client = sent
    with pytest.raises(NoCredentialsError):
        client.list_domains()
    assert keys == []


class Sts:
    """Hands out a session for each call."""

    def __init__(self, seconds=3600) -> None:
        self.seconds = seconds
        self.requests = []
        self.refusal = None

    def assume_role(self, **request):
        self.requests.append(request)
        if self.refusal:
            raise self.refusal
        return {
            "Credentials": {
                "AccessKeyId": f"KEY-{len(self.requests)}",
                "SecretAccessKey": "x",
                "SessionToken": "y",
                "Expiration": datetime.now(UTC) + timedelta(seconds=self.seconds),
            }
        }


def denied():
    error = {"Error": {"Code": "AccessDenied", "Message": "no"}, "ResponseMetadata": {"HTTPStatusCode": 403}}
    return ClientError(error, "AssumeRole")


def later(credentials, seconds):
    """Let botocore's clock be so many seconds ahead."""
    credentials._time_fetcher = lambda: datetime.now(UTC) + timedelta(seconds=seconds)


@pytest.mark.parametrize(("seconds", "renewed_at"), [(3600, 3100), (900, 760)])
def test_credentials_are_renewed_before_they_end_and_not_with_each_call(seconds, renewed_at):
    sts = Sts(seconds)
    credentials = assume_role(sts, TARGET, "eu-west-1")
    for passed in (0, seconds / 2):
        later(credentials, passed)
        assert credentials.get_frozen_credentials().access_key == "KEY-1"
    later(credentials, renewed_at)
    assert credentials.get_frozen_credentials().access_key == "KEY-2"
    assert (
        sts.requests
        == [{"RoleArn": TARGET.role_arn, "RoleSessionName": "studio-local-mode", "ExternalId": "secret-handshake"}] * 2
    )


def test_a_role_that_is_refused_at_the_beginning_or_later():
    sts = Sts()
    credentials = assume_role(sts, TARGET, "eu-west-1")
    later(credentials, 3100)
    sts.refusal = denied()
    # An error of a call that was not sent: it is no denial of the call itself.
    with pytest.raises(CallError, match="The role arn:aws:iam::111122223333:role/studio cannot be assumed"):
        credentials.get_frozen_credentials()
    with pytest.raises(ResourceError, match="Check that the account 111122223333 is active"):
        assume_role(sts, TARGET, "eu-west-1")
