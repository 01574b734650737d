# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""AWS as an app finds it: S3, STS, SageMaker and ECR under AWS's names, and the credentials of the execution role.

server.py runs in a container with registry.py, a stand-in for ECR's registries; service.py starts it.
"""

from __future__ import annotations

REGION = "eu-west-1"
# Where AWS serves the credentials of containers.
ADDRESS = "169.254.170.2"
REGISTRY_PORT = 5000


def registry_host(account: str) -> str:
    """Return the name of an account's registry."""
    return f"{account}.dkr.ecr.{REGION}.amazonaws.com"
