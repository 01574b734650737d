# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# Note that this file is private to the collection: do not use it from outside.
"""StartSession, in a process that ends with it: botocore needs more memory than the rest of a session.

The answer goes to the parent through a pipe, so that the token is in no argument, environment or file.
"""

from __future__ import annotations

import json
import os
import random
import time
import typing as t

try:
    import botocore.session
    from botocore.config import Config
    from botocore.exceptions import BotoCoreError, ClientError, ConnectionClosedError, UnknownServiceError
except ImportError:
    HAS_BOTOCORE = False
else:
    HAS_BOTOCORE = True

from ...module_utils._aws.connection_failures import explain_connection
from ...module_utils._aws.proxy_pages import refuse_pages
from . import refusals
from .errors import SessionError
from .request import Request, SpaceName, from_argument, parse_space_arn
from .signals import StopSignals

# The pauses of the AWS Toolkit while the agent in the app comes up.
PAUSES = (1.5, 3.75, 7.1)
_LONGEST_PAUSE = 16.0
_ATTEMPTS_OF_ROLE = 4
_NO_ANSWER = "no answer"
_SESSION_NAME = "ansible-studio-ssh"


def main(argument: str) -> int:
    """Print the answer of StartSession, or the message of its refusal, as JSON."""
    parent = os.getppid()
    with StopSignals() as signals:
        try:
            answer = start(from_argument(argument), lambda pause: signals.wait(pause) or os.getppid() != parent)
        except SessionError as error:
            answer = {"error": str(error)}
        print(json.dumps(answer), flush=True)
    return 0


def start(request: Request, is_unwanted: t.Callable[[float], bool]) -> dict[str, str]:
    """Return SessionId, StreamUrl and TokenValue, and CaBundle if there is one. Raises SessionError.

    C(is_unwanted) pauses for so many seconds, and tells whether ssh has gone: nothing is started for it any more.
    """
    if not HAS_BOTOCORE:
        raise SessionError("The Python library botocore is missing: `python -m pip install boto3` installs it.")
    deadline = time.monotonic() + request.timeout
    space = parse_space_arn(request.space_arn)
    if space is None:
        raise SessionError(f"{request.space_arn!r} is not the ARN of a space.")
    try:
        session = botocore.session.Session(profile=request.profile)
        client = _client(session, request)
        answer = _call(client, request.space_arn, space, deadline, is_unwanted)
        bundle = session.get_config_variable("ca_bundle") or os.environ.get("REQUESTS_CA_BUNDLE")
    except (BotoCoreError, OSError, EOFError, ValueError) as error:
        raise SessionError(explain_connection(error, request.region, "sagemaker") or str(error)) from error
    try:
        found = {name: str(answer[name]) for name in ("SessionId", "StreamUrl", "TokenValue")}
    except KeyError as error:
        raise SessionError(f"StartSession was answered without {error}. Is endpoint_url SageMaker's?") from error
    return {**found, **({"CaBundle": bundle} if bundle else {})}


def _call(
    client: t.Any, arn: str, space: SpaceName, deadline: float, is_unwanted: t.Callable[[float], bool]
) -> dict[str, t.Any]:
    """The answer. A run starts the sessions of many spaces at the same time: throttled calls wait longer and longer."""
    pauses, throttled, pause = list(PAUSES), 0, 0.0
    while not is_unwanted(pause):
        try:
            return t.cast("dict[str, t.Any]", client.start_session(ResourceIdentifier=arn))
        except (ClientError, ConnectionClosedError) as error:
            code = error.response["Error"]["Code"] if isinstance(error, ClientError) else _NO_ANSWER
            pause = float("inf")
            if code in refusals.THROTTLED:
                throttled += 1
                pause = random.uniform(0.5, min(2.0**throttled, _LONGEST_PAUSE))  # noqa: S311 - no secret
            elif pauses and (code == _NO_ANSWER or refusals.is_temporary(code)):
                pause = pauses.pop(0)
            if time.monotonic() + pause < deadline:
                continue
            if isinstance(error, ClientError):
                text = error.response["Error"].get("Message", "")
                raise SessionError(refusals.explain_refusal(code, text, space)) from error
            raise
    raise SessionError("ssh has ended.")


def _client(session: t.Any, request: Request) -> t.Any:
    credentials = _assumed(session, request) if request.role_arn else {}
    # The retries are this file's: botocore's own would wait for the agent, too.
    config = Config(retries={"total_max_attempts": 1}, connect_timeout=request.timeout, read_timeout=request.timeout)
    try:
        client = session.create_client(
            "sagemaker", region_name=request.region, endpoint_url=request.endpoint_url, config=config, **credentials
        )
        client.start_session  # noqa: B018 - it is missing in old versions
    except ValueError as error:
        if not request.endpoint_url:
            raise
        raise SessionError(f"The option endpoint_url must be a URL such as https://HOST ({error}).") from error
    except (AttributeError, UnknownServiceError) as error:
        raise SessionError(
            f"botocore {botocore.__version__} has no StartSession of SageMaker: it needs 1.39.3 or later "
            "(`python -m pip install --upgrade boto3`)."
        ) from error
    return refuse_pages(client)


def _assumed(session: t.Any, request: Request) -> dict[str, str]:
    """The credentials of the role, as arguments of create_client."""
    seconds = request.timeout / _ATTEMPTS_OF_ROLE
    retries = {"mode": "standard", "total_max_attempts": _ATTEMPTS_OF_ROLE}
    client = session.create_client(
        "sts",
        region_name=request.region,
        config=Config(retries=retries, connect_timeout=seconds, read_timeout=seconds),
    )
    parameters = {"RoleArn": request.role_arn, "RoleSessionName": _SESSION_NAME}
    if request.external_id:
        parameters["ExternalId"] = request.external_id
    try:
        assumed = refuse_pages(client).assume_role(**parameters)["Credentials"]
    except ClientError as error:
        code, text = error.response["Error"]["Code"], error.response["Error"]["Message"]
        raise SessionError(_explain_role(code, text, request)) from error
    return {
        "aws_access_key_id": assumed["AccessKeyId"],
        "aws_secret_access_key": assumed["SecretAccessKey"],
        "aws_session_token": assumed["SessionToken"],
    }


def _explain_role(code: str, text: str, request: Request) -> str:
    by_credentials = refusals.explain_refused_credentials(code, text, request.region)
    return by_credentials or (
        f"The role {request.role_arn} cannot be assumed ({code}: {text}). Check that its trust policy allows the "
        "present credentials (`aws sts get-caller-identity`) and the external ID if it requires one, and that their "
        "policies allow sts:AssumeRole on it."
    )
