# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The IAM actions that a call of S3 requires: its subresource and its headers decide, not the method and path alone."""

from __future__ import annotations

import io

import pytest

from tests.sandbox.aws_endpoint.aws_request import read_request
from tests.sandbox.aws_endpoint.required_actions import required_actions

BUCKET, OBJECT = "/my-bucket", "/my-bucket/debs/a.deb"
SIGNED = "AWS4-HMAC-SHA256 Credential=AKIASANDBOXSANDBOXSA/20260131/eu-west-1/s3/aws4_request, SignedHeaders=host"


def actions(method, path, query="", **headers):
    """The actions of a request with this URL; each must be of its bucket or object."""
    environ = {"REQUEST_METHOD": method, "PATH_INFO": path, "QUERY_STRING": query, "HTTP_AUTHORIZATION": SIGNED}
    environ |= {f"HTTP_{name.upper()}": value for name, value in headers.items()}
    found = list(required_actions(read_request({**environ, "wsgi.input": io.BytesIO()})))
    assert {arn for _action, arn in found} == {f"arn:aws:s3:::{path[1:]}"}
    return [action for action, _arn in found]


@pytest.mark.parametrize(
    ("method", "path", "query", "action"),
    [
        ("HEAD", BUCKET, "", "s3:ListBucket"),
        ("GET", BUCKET, "list-type=2&prefix=debs%2F&encoding-type=url", "s3:ListBucket"),
        ("GET", BUCKET, "ownershipControls", "s3:GetBucketOwnershipControls"),
        ("HEAD", OBJECT, "", "s3:GetObject"),
        ("HEAD", OBJECT, "partNumber=1", "s3:GetObject"),
        ("PUT", OBJECT, "", "s3:PutObject"),
        ("PUT", OBJECT, "partNumber=1&uploadId=x", "s3:PutObject"),
        ("POST", OBJECT, "uploads", "s3:PutObject"),
        ("DELETE", OBJECT, "uploadId=x", "s3:AbortMultipartUpload"),
        ("PUT", OBJECT, "acl", "s3:PutObjectAcl"),
        ("GET", OBJECT, "tagging", "s3:GetObjectTagging"),
        ("DELETE", OBJECT, "", "s3:DeleteObject"),
    ],
)
def test_the_subresource_decides(method, path, query, action):
    assert actions(method, path, query) == [action]


def test_an_acl_in_a_header_requires_an_action_of_its_own():
    assert actions("PUT", OBJECT, x_amz_acl="private") == ["s3:PutObject", "s3:PutObjectAcl"]
    assert actions("POST", OBJECT, "uploads", x_amz_tagging="a=b") == ["s3:PutObject", "s3:PutObjectTagging"]


def test_an_unknown_operation_is_one_that_no_policy_allows():
    assert actions("GET", OBJECT, "versionId=1&torrent") == ["s3:GET torrent versionId"]
