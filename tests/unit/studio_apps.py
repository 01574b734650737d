# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Descriptions of Studio apps, as DescribeApp returns them, for the unit tests."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

NOON = datetime(2026, 1, 31, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)
DOMAIN = {
    "DomainId": "d-1",
    "DomainArn": "arn:aws:sagemaker:eu-west-1:123456789012:domain/d-1",
    "DomainName": "research",
    "LastModifiedTime": NOON,
}
LAB = {
    "AppArn": "arn:aws:sagemaker:eu-west-1:123456789012:app/d-1/ada-space/JupyterLab/default",
    "DomainId": "d-1",
    "SpaceName": "ada-space",
    "AppType": "JupyterLab",
    "AppName": "default",
    "Status": "InService",
    "CreationTime": NOON - HOUR,
}
KERNEL = {
    **{key: value for key, value in LAB.items() if key != "SpaceName"},
    "AppArn": "arn:aws:sagemaker:eu-west-1:123456789012:app/d-1/ada/KernelGateway/kernel",
    "UserProfileName": "ada",
    "AppType": "KernelGateway",
    "AppName": "kernel",
}
