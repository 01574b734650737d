# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The fixtures of an AWS endpoint that nobody else uses, for the conftest.py of whoever runs Ansible."""

from __future__ import annotations

import pytest

from tests.sandbox.aws_endpoint import process
from tests.sandbox.aws_endpoint.client import Endpoint


@pytest.fixture(scope="session")
def endpoint_url(tmp_path_factory):
    folder = tmp_path_factory.mktemp("aws")
    yield process.start(folder)
    process.stop(folder)


@pytest.fixture
def endpoint(endpoint_url):
    """A healthy, empty SageMaker in eu-west-1."""
    endpoint = Endpoint(endpoint_url)
    endpoint.reset()
    return endpoint
