# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The IAM actions that a call requires, each with the ARN that IAM evaluates."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from .aws_request import S3_HEADER_ACTIONS, AwsRequest
from .calls import Call

# By method and subresource: API reference of S3, "Permissions" of each operation. PutObject has multipart uploads, too.
_OF_OBJECT = {
    "GET": "GetObject",
    "HEAD": "GetObject",
    "PUT": "PutObject",
    "DELETE": "DeleteObject",
    "GET acl": "GetObjectAcl",
    "PUT acl": "PutObjectAcl",
    "GET tagging": "GetObjectTagging",
    "PUT tagging": "PutObjectTagging",
    "DELETE tagging": "DeleteObjectTagging",
    "POST uploads": "PutObject",
    "PUT uploadId": "PutObject",
    "POST uploadId": "PutObject",
    "DELETE uploadId": "AbortMultipartUpload",
}
_OF_BUCKET = {
    "GET": "ListBucket",
    "HEAD": "ListBucket",
    "PUT": "CreateBucket",
    "DELETE": "DeleteBucket",
    "GET location": "GetBucketLocation",
    "GET ownershipControls": "GetBucketOwnershipControls",
}
# The parameters of a query that select no subresource.
_OPTIONS = {"continuation-token", "delimiter", "encoding-type", "list-type", "marker", "max-keys", "partNumber"}
_OPTIONS |= {"prefix", "start-after"}


def required_actions(call: AwsRequest | Call) -> Iterator[tuple[str, str]]:
    """Yield (action, ARN): the call itself, tags and ACLs that it sets, roles that it passes."""
    if call.service == "s3":
        yield from _required_by_s3(call)
        return
    arn = resource_arn(call)
    yield f"{call.service}:{call.operation}", arn
    if call.service != "sagemaker":
        return
    if call.operation.startswith("Create") and call.parameters.get("Tags"):
        yield "sagemaker:AddTags", arn
    for role in _roles(call.parameters):
        yield "iam:PassRole", role


def _required_by_s3(call: AwsRequest | Call) -> Iterator[tuple[str, str]]:
    method, path = call.operation.split(" ", 1)
    resource = path.strip("/")
    actions = _OF_OBJECT if "/" in resource else _OF_BUCKET
    subresources = [name for name in call.parameters if name not in _OPTIONS and name not in S3_HEADER_ACTIONS]
    operation = " ".join([method, *sorted(subresources)])
    # An operation that is not in the table keeps its name, which no policy allows.
    yield f"s3:{actions.get(operation, operation)}", f"arn:aws:s3:::{resource}"
    for name in S3_HEADER_ACTIONS:
        if name in call.parameters:
            yield S3_HEADER_ACTIONS[name], f"arn:aws:s3:::{resource}"


def _roles(parameters: Any) -> Iterator[str]:
    if isinstance(parameters, Mapping):
        for name, value in parameters.items():
            if name == "ExecutionRole" and value:
                yield str(value)
            else:
                yield from _roles(value)
    elif isinstance(parameters, list):
        for item in parameters:
            yield from _roles(item)


def resource_arn(request: AwsRequest | Call) -> str:
    """The ARN that IAM evaluates; for SageMaker's lists, any domain."""
    parameters = request.parameters
    if request.service == "iam":
        return str(parameters.get("PolicySourceArn", "*"))
    if request.service == "sts":
        return str(parameters.get("RoleArn", "*"))
    if request.service == "ecr":
        registry = parameters.get("registryId", request.account)
        return f"arn:aws:ecr:{request.region}:{registry}:repository/{parameters.get('repositoryName', '*')}"
    if request.service != "sagemaker":
        return "*"
    if arn := parameters.get("ResourceArn") or parameters.get("ResourceIdentifier"):
        return str(arn)
    return f"arn:aws:sagemaker:{request.region}:{request.account}:{subject(parameters)}"


def subject(parameters: Mapping[str, Any]) -> str:
    """The resource of the call, as the last part of its ARN."""
    if name := parameters.get("StudioLifecycleConfigName"):
        return f"studio-lifecycle-config/{name}"
    domain, space, profile = (parameters.get(name) for name in ("DomainId", "SpaceName", "UserProfileName"))
    if "AppName" in parameters:
        return f"app/{domain}/{space or profile}/{parameters.get('AppType')}/{parameters['AppName']}"
    if space or profile:
        return f"space/{domain}/{space}" if space else f"user-profile/{domain}/{profile}"
    return f"domain/{domain or '*'}"
