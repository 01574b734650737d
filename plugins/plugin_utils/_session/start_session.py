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
import time
import typing as t

try:
    import botocore.session
    from botocore.config import Config
    from botocore.exceptions import BotoCoreError, ClientError, UnknownServiceError
except ImportError:
    HAS_BOTOCORE = False
else:
    HAS_BOTOCORE = True

from ...module_utils._aws.connection_failures import explain_connection
from . import refusals
from .errors import SessionError
from .request import Request, from_argument, parse_space_arn

# The pauses of the AWS Toolkit while the agent in the app comes up.
PAUSES = (1.5, 3.75, 7.1)
_SESSION_NAME = "ansible-studio-ssh"


def main(argument: str) -> int:
    """Print the answer of StartSession, or the message of its refusal, as JSON."""
    try:
        answer = start(from_argument(argument), os.getppid())
    except SessionError as error:
        answer = {"error": str(error)}
    print(json.dumps(answer), flush=True)
    return 0


def start(request: Request, parent: int) -> dict[str, str]:
    """Return SessionId, StreamUrl and TokenValue. Raises SessionError.

    Nothing is started any more for a parent that has gone: nobody would end that session.
    """
    if not HAS_BOTOCORE:
        raise SessionError("The Python library botocore is missing: `python -m pip install boto3` installs it.")
    deadline = time.monotonic() + request.timeout
    space = parse_space_arn(request.space_arn)
    if space is None:
        raise SessionError(f"{request.space_arn!r} is not the ARN of a space.")
    try:
        client = _client(request)
        for pause in (*PAUSES, None):
            if os.getppid() != parent:
                raise SessionError("ssh has ended.")
            try:
                answer = client.start_session(ResourceIdentifier=request.space_arn)
                return {name: answer[name] for name in ("SessionId", "StreamUrl", "TokenValue")}
            except ClientError as error:
                code, text = error.response["Error"]["Code"], error.response["Error"]["Message"]
                is_last = pause is None or time.monotonic() + pause >= deadline
                if code not in refusals.TRANSIENT or is_last:
                    raise SessionError(refusals.explain_refusal(code, text, space)) from error
                time.sleep(t.cast(float, pause))
    except (BotoCoreError, OSError, EOFError, ValueError) as error:
        raise SessionError(explain_connection(error, request.region, "sagemaker") or str(error)) from error
    raise AssertionError("the loop ends with an answer or an error")


def _client(request: Request) -> t.Any:
    session = botocore.session.Session(profile=request.profile)
    # The retries are this file's: botocore's own would wait for the agent, too.
    config = Config(retries={"total_max_attempts": 1}, connect_timeout=request.timeout, read_timeout=request.timeout)
    settings = {"region_name": request.region, "config": config}
    credentials = _assumed(session, request, settings) if request.role_arn else {}
    try:
        client = session.create_client("sagemaker", endpoint_url=request.endpoint_url, **settings, **credentials)
        client.start_session  # noqa: B018 - it is missing in old versions
    except (AttributeError, UnknownServiceError) as error:
        raise SessionError(
            f"botocore {botocore.__version__} has no StartSession of SageMaker: it needs 1.39.3 or later "
            "(`python -m pip install --upgrade boto3`)."
        ) from error
    return client


def _assumed(session: t.Any, request: Request, settings: dict[str, t.Any]) -> dict[str, str]:
    """The credentials of the role, as arguments of create_client."""
    parameters = {"RoleArn": request.role_arn, "RoleSessionName": _SESSION_NAME}
    if request.external_id:
        parameters["ExternalId"] = request.external_id
    try:
        assumed = session.create_client("sts", **settings).assume_role(**parameters)["Credentials"]
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
    return by_credentials or f"The role {request.role_arn} cannot be assumed ({code}: {text})."
