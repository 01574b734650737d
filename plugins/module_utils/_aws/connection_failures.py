# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# Note that this file is private to the collection: do not use it from outside.
"""Failures before AWS evaluates a permission: region, clock, profile, credentials, network; with the remediation."""

from __future__ import annotations

import difflib
import json

try:
    import botocore.session
    from botocore import exceptions
except ImportError:
    pass  # AnsibleAWSModule reports the missing library.

# Relative, as studio_ssh imports this file outside Ansible, too.
from .partitions import must_be_enabled

_EXPIRED = frozenset({"ExpiredToken", "ExpiredTokenException"})
_CLOCK = frozenset({"RequestTimeTooSkewed", "RequestExpired"})
# With these codes AWS also answers when the clock is wrong; only its text tells that.
_SIGNATURE = frozenset({"SignatureDoesNotMatch", "InvalidSignatureException"})
_CLOCK_TEXTS = ("Signature expired", "Signature not yet current")
_UNKNOWN_KEY = frozenset({"InvalidClientTokenId", "UnrecognizedClientException", "AuthFailure", "OptInRequired"})
_CHECK_KEY = "Check them with `aws sts get-caller-identity`."
_PRINT_HELPER = "Run it in a terminal: `aws configure get credential_process --profile PROFILE` prints its command."
# Of shlex, which splits the command of a credential_process.
_UNBALANCED = ("No closing quotation", "No escaped character")
_BY_HAND = "Get temporary credentials in a terminal: `aws configure export-credentials --profile PROFILE --format env`."


def explain_refused_credentials(code: str, text: str, region: str | None) -> str | None:
    """Return the message for an error code that AWS answers before it evaluates a policy; None for any other code."""
    said = f"({code}: {text})"
    if code in _EXPIRED:
        return f"The AWS credentials have expired {said}. Renew them, with `aws sso login` for an SSO session."
    if code in _CLOCK or (code in _SIGNATURE and any(part in text for part in _CLOCK_TEXTS)):
        return f"The clock of this machine is wrong {said}. Synchronize it: `timedatectl set-ntp true`."
    if code in _SIGNATURE:
        return f"The AWS secret access key does not belong to the access key {said}. {_CHECK_KEY}"
    if code in _UNKNOWN_KEY and must_be_enabled(region):
        return (
            f"AWS does not accept the credentials in {region} {said}. The region may be disabled in this account: "
            f"`aws account get-region-opt-status --region-name {region}`."
        )
    if code in _UNKNOWN_KEY:
        return f"AWS does not accept the credentials {said}. {_CHECK_KEY}"
    return None


def explain_connection(error: BaseException, region: str | None, service: str) -> str | None:
    """Return the message for an error without an answer from AWS; None for an unknown one."""
    if isinstance(error, EOFError):
        return f"The profile needs an MFA code, and this task has no terminal to type it in. {_BY_HAND}"
    # Some of botocore's errors are an OSError or a ValueError as well.
    if not isinstance(error, exceptions.BotoCoreError):
        return _explain_file(error)
    if isinstance(error, exceptions.EndpointConnectionError):
        return _explain_endpoint(error, region, service)
    if is_invalid_header(error):
        # The error itself has the secret.
        return (
            "A value of the AWS credentials has a line break or another character that HTTP does not allow. Set it "
            "again without: AWS_ACCESS_KEY_ID, AWS_SESSION_TOKEN, or the profile in ~/.aws/credentials."
        )
    if isinstance(error, exceptions.CredentialRetrievalError):
        return _explain_retrieval(error)
    for kinds, message in _messages():
        if isinstance(error, kinds):
            return message.format(error=str(error).rstrip("."))
    return None


def is_invalid_header(error: BaseException) -> bool:
    """Whether the request could not be sent because of a character in its headers, which have the credentials."""
    cause = error.kwargs.get("error") if isinstance(error, exceptions.HTTPClientError) else None
    # The texts are those of http.client.
    return isinstance(cause, UnicodeError) or str(cause).startswith("Invalid header")


def _explain_file(error: BaseException) -> str | None:
    """Return the message for a helper or a file that botocore reads the credentials from with the first call."""
    if isinstance(error, OSError):
        return (
            f"The AWS credentials cannot be read: {error}. It is the program of credential_process or the file of "
            "web_identity_token_file: check the profile in ~/.aws/config, and AWS_WEB_IDENTITY_TOKEN_FILE."
        )
    if isinstance(error, json.JSONDecodeError) or str(error) in _UNBALANCED:
        return (
            f"The AWS profile has no usable credentials: {error}. Its credential_process must print JSON with Version, "
            f"AccessKeyId and SecretAccessKey. {_PRINT_HELPER}"
        )
    return None


def _explain_retrieval(error: exceptions.CredentialRetrievalError) -> str:
    text, provider = str(error).rstrip("."), error.kwargs.get("provider")
    if provider == "custom-process":
        return f"The credential helper of the AWS profile failed: {text}. {_PRINT_HELPER}"
    if provider == "container-role":
        return (
            f"The credentials of the container are not available: {text}. They are those of a task in ECS or a pod in "
            "EKS: check its role; elsewhere unset AWS_CONTAINER_CREDENTIALS_FULL_URI and "
            "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI."
        )
    return f"The AWS credentials cannot be retrieved: {text}. `aws sts get-caller-identity` does the same."


def _messages() -> list[tuple[tuple[type[Exception], ...], str]]:
    return [
        (
            (exceptions.NoCredentialsError, exceptions.PartialCredentialsError),
            "No usable AWS credentials: {error}. Set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or a profile "
            "(AWS_PROFILE, option profile); in AWX attach an AWS credential to the job template.",
        ),
        (
            (exceptions.ProfileNotFound,),
            "The AWS profile does not exist: {error}. `aws configure list-profiles` lists the profiles.",
        ),
        (
            (exceptions.RefreshWithMFAUnsupportedError,),
            "The profile needs an MFA code for each session: {error}. " + _BY_HAND,
        ),
        (
            (exceptions.TokenRetrievalError, exceptions.SSOError),
            "The AWS SSO session has ended ({error}). Run `aws sso login`, with --profile if you use one.",
        ),
        (
            # Since botocore 1.41.
            (getattr(exceptions, "LoginError", exceptions.TokenRetrievalError),),
            "The session of `aws login` has ended ({error}). Run `aws login`, with --profile if you use one.",
        ),
        (
            (exceptions.ConfigParseError, exceptions.ConfigNotFound, exceptions.InvalidConfigError),
            "The AWS configuration is invalid: {error}. `aws configure list` prints the settings in use.",
        ),
        (
            (exceptions.InvalidRegionError,),
            "{error}. Set the option region to a name such as eu-west-1.",
        ),
        (
            (exceptions.ProxyConnectionError,),
            "{error}. Check HTTPS_PROXY, and NO_PROXY for VPC endpoints.",
        ),
        (
            (exceptions.SSLError,),
            "{error}. Behind a proxy with its own CA set the option aws_ca_bundle, or AWS_CA_BUNDLE.",
        ),
        (
            (exceptions.ParamValidationError,),
            "The installed botocore rejects the request; a newer version may accept it: {error}",
        ),
    ]


def _explain_endpoint(error: BaseException, region: str | None, service: str) -> str:
    known = _regions(service)
    if region and known and region not in known:
        similar = difflib.get_close_matches(region, known, 3)
        hint = f": did you mean {' or '.join(similar)}?" if similar else "."
        return f"{error} The installed botocore knows no region {region!r}{hint} Set the option region or AWS_REGION."
    endpoint = "sagemaker.api" if service == "sagemaker" else service
    return (
        f"{error} Check that {region!r} is the right region and that its endpoint is reachable from here "
        f"(proxy, VPC endpoint for {endpoint})."
    )


def _regions(service: str) -> list[str]:
    session = botocore.session.get_session()
    partitions = session.get_available_partitions()
    return [region for partition in partitions for region in session.get_available_regions(service, partition)]
