# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""An AWS request as far as the front door must understand it, whatever its service."""

from __future__ import annotations

import io
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import parse_qsl

_CREDENTIAL = re.compile(r"Credential=(?P<key>[^/]+)/\d+/(?P<region>[^/]+)/(?P<service>[^/]+)/aws4_request")
# The one service with the REST protocol whose operations the endpoint tells apart.
_ACCOUNT = "account"
# The headers of S3 that require an action of their own beside the call's.
S3_HEADER_ACTIONS = {
    "x-amz-acl": "s3:PutObjectAcl",
    "x-amz-grant-full-control": "s3:PutObjectAcl",
    "x-amz-grant-read": "s3:PutObjectAcl",
    "x-amz-grant-read-acp": "s3:PutObjectAcl",
    "x-amz-grant-write-acp": "s3:PutObjectAcl",
    "x-amz-tagging": "s3:PutObjectTagging",
}


@dataclass(frozen=True)
class AwsRequest:
    """`target` is the service's name in the JSON protocol, empty in others. `parameters` are those of a JSON or query
    protocol; a REST operation is named by method and path, those of Account by their names. S3's parameters are those
    of the URL's query and the headers that require another action.

    `account` and `principal` (ARN) are those of the access key, once it is known.
    """

    service: str
    region: str
    access_key: str
    target: str
    operation: str
    parameters: Mapping[str, Any]
    token: str = ""
    account: str = ""
    principal: str = ""

    @property
    def is_json(self) -> bool:
        return bool(self.target) or self.service == _ACCOUNT

    def by(self, account: str, principal: str) -> AwsRequest:
        return replace(self, account=account, principal=principal)

    @property
    def is_sagemaker(self) -> bool:
        # By the target: SageMaker's runtime and metrics are signed as "sagemaker" too.
        return self.target == "SageMaker"


def read_request(environ: dict[str, Any]) -> AwsRequest:
    """Read the request and leave its body readable for the next WSGI application.

    ValueError if the body is not what its protocol says.
    """
    signed = _CREDENTIAL.search(environ.get("HTTP_AUTHORIZATION", ""))
    service, region, key = signed.group("service", "region", "key") if signed else ("unsigned", "", "anonymous")
    target = environ.get("HTTP_X_AMZ_TARGET", "").partition(".")[0]
    operation, parameters = _operation(environ, service)
    token = environ.get("HTTP_X_AMZ_SECURITY_TOKEN", "")
    return AwsRequest(service, region, key, target, operation, parameters, token)


def _operation(environ: dict[str, Any], service: str) -> tuple[str, dict[str, Any]]:
    if target := environ.get("HTTP_X_AMZ_TARGET"):
        return target.rpartition(".")[2], _json_object(environ)
    if service == _ACCOUNT:
        name = environ.get("PATH_INFO", "/").strip("/")
        return name[:1].upper() + name[1:], _json_object(environ)
    if environ.get("CONTENT_TYPE", "").startswith("application/x-www-form-urlencoded"):
        parameters = dict(parse_qsl(_body(environ).decode()))
        parameters.pop("Version", None)
        return parameters.pop("Action", ""), parameters
    # The body stays unread: it may be a large object on its way to S3.
    return f"{environ['REQUEST_METHOD']} {environ.get('PATH_INFO', '/')}", _of_s3(environ) if service == "s3" else {}


def _of_s3(environ: dict[str, Any]) -> dict[str, Any]:
    query = dict(parse_qsl(environ.get("QUERY_STRING", ""), keep_blank_values=True))
    headers = {name: environ.get(f"HTTP_{name.upper().replace('-', '_')}") for name in S3_HEADER_ACTIONS}
    return query | {name: value for name, value in headers.items() if value}


def _json_object(environ: dict[str, Any]) -> dict[str, Any]:
    parameters = json.loads(_body(environ) or b"{}")
    if not isinstance(parameters, dict):
        raise ValueError("the body is no JSON object")
    return parameters


def _body(environ: dict[str, Any]) -> bytes:
    body = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
    environ["wsgi.input"] = io.BytesIO(body)
    return body
