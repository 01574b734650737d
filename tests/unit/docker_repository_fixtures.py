# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Fixtures of the fake Docker repository, for `pytest_plugins = ["tests.unit.docker_repository_fixtures"]`."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._docker_repository import download

from tests.unit.fake_docker_repository import FakeRepository, SigningKey, served, signing_key


@pytest.fixture(scope="session")
def docker_key() -> Iterator[SigningKey]:
    with signing_key("docker") as key:
        yield key


@pytest.fixture(scope="session")
def other_key() -> Iterator[SigningKey]:
    with signing_key("somebody-else") as key:
        yield key


@pytest.fixture(scope="session")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A self-signed certificate for localhost, which is its own CA, and its key in one file."""
    folder = tmp_path_factory.mktemp("tls")
    path = folder / "localhost.pem"
    command = (
        "openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=localhost -addext subjectAltName=DNS:localhost"
    )
    subprocess.run([*command.split(), "-keyout", path, "-out", folder / "crt"], check=True, capture_output=True)
    with path.open("ab") as file:
        file.write((folder / "crt").read_bytes())
    return path


@pytest.fixture
def no_waiting(monkeypatch: pytest.MonkeyPatch) -> None:
    """Retry as often as usual, without delays."""
    monkeypatch.setattr(download, "generate_jittered_backoff", lambda retries, **_delays: [0] * retries)


@pytest.fixture
def repository(
    tmp_path: Path, docker_key: SigningKey, certificate: Path, no_waiting: None, monkeypatch: pytest.MonkeyPatch
) -> Iterator[FakeRepository]:
    """A repository with Docker's packages for ubuntu jammy, served over TLS."""
    for name in [name for name in os.environ if name.lower().endswith("_proxy")]:
        monkeypatch.delenv(name)
    with served(FakeRepository(tmp_path / "repository", docker_key).build(), certificate) as running:
        yield running
