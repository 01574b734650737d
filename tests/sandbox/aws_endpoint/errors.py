# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The errors of the operations, with AWS's codes."""

from __future__ import annotations

# moto looks for the service's model by the module of the exception's class, so it has to be one of moto.sagemaker's.
from moto.sagemaker.exceptions import SagemakerClientError


def not_found(message: str) -> SagemakerClientError:
    return SagemakerClientError("ResourceNotFound", message)


def in_use(message: str) -> SagemakerClientError:
    return SagemakerClientError("ResourceInUse", message)


def limit_exceeded(message: str) -> SagemakerClientError:
    return SagemakerClientError("ResourceLimitExceeded", message)


def invalid(message: str) -> SagemakerClientError:
    return SagemakerClientError("ValidationException", message)


class _InvalidWithoutMessage(SagemakerClientError):
    __module__ = SagemakerClientError.__module__

    def __str__(self) -> str:
        """moto sends this text where the message is empty."""
        return ""


def invalid_without_message() -> SagemakerClientError:
    return _InvalidWithoutMessage("ValidationException", "")


def internal_failure() -> SagemakerClientError:
    return SagemakerClientError("InternalFailure", "The request processing has failed because of an unknown error.")
