# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The errors of the sandbox without its engine, or with another."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.sandbox import engine, layout
from tests.sandbox.console import SandboxError
from tests.sandbox.namespaces import service as namespaces


@pytest.fixture
def private(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A separate sandbox folder; return the path of its socket."""
    monkeypatch.setattr(layout, "ENGINE", tmp_path)
    monkeypatch.setattr(layout, "ENGINE_SOCKET", tmp_path / "docker.sock")
    return tmp_path / "docker.sock"


def test_a_checkout_with_a_too_long_path(private: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    deep = private.parent / ("d" * 100) / "docker.sock"
    monkeypatch.setattr(layout, "ENGINE_SOCKET", deep)
    with pytest.raises(SandboxError, match=r"docker\.sock has \d+ bytes.*Move the checkout"):
        engine._check_paths()


def test_without_an_engine_the_error_has_the_command(private: Path) -> None:
    with pytest.raises(SandboxError, match=r"python -m tests\.sandbox up engine"):
        engine.client()


def test_a_checkout_in_the_home_of_the_app(private: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(layout, "ROOT", Path("/home/sagemaker-user/checkout"))
    with pytest.raises(SandboxError, match="Move the checkout /home/sagemaker-user/checkout out of it"):
        engine._check_paths()


def test_an_engine_outside_of_namespaces(private: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(engine, "is_up", lambda: True)
    monkeypatch.setattr(namespaces, "port", lambda: None)
    with pytest.raises(SandboxError, match=r"End it first: kill \$\(cat .*dockerd.pid\)"):
        engine.start()
