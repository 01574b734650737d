# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The proxy of the environment is found by botocore's rules."""

import pytest
from ansible_collections.mlops.studio_local_mode.plugins.plugin_utils._session import http_proxy
from ansible_collections.mlops.studio_local_mode.plugins.plugin_utils._session.errors import SessionError

URL = "wss://ssmmessages.eu-west-1.amazonaws.com/v1/data-channel/s-1"


@pytest.fixture(autouse=True)
def _no_proxy(monkeypatch) -> None:
    for name in ("http_proxy", "https_proxy", "no_proxy", "all_proxy"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.upper(), raising=False)


def found(url: str = URL) -> tuple:
    options = http_proxy.options(url)
    return tuple(options.get(f"http_proxy_{name}") for name in ("host", "port", "auth"))


@pytest.mark.parametrize(
    ("value", "proxy"),
    [
        ("http://proxy:3128", ("proxy", 3128, None)),
        ("http://proxy:3128/", ("proxy", 3128, None)),
        ("http://proxy", ("proxy", 80, None)),
        ("proxy:3128", ("proxy", 3128, None)),
        ("//proxy:3128", ("proxy", 3128, None)),
        ("http://ada:p%40ss@proxy:3128", ("proxy", 3128, ("ada", "p@ss"))),
        ("http://ada@proxy:3128", ("proxy", 3128, ("ada", ""))),
        ("", (None, None, None)),
    ],
)
def test_the_proxy(monkeypatch, value, proxy) -> None:
    monkeypatch.setenv("HTTPS_PROXY", value)
    assert found() == proxy
    assert found("ws://127.0.0.1:1/x") == (None, None, None)


@pytest.mark.parametrize(
    ("value", "has_proxy"),
    [
        ("amazonaws.com", False),
        (".amazonaws.com", False),
        ("localhost, .eu-west-1.amazonaws.com", False),
        ("ssmmessages.eu-west-1.amazonaws.com", False),
        ("*", False),
        ("other.com", True),
        ("azonaws.com", True),
        ("", True),
    ],
)
def test_the_hosts_without_a_proxy(monkeypatch, value, has_proxy) -> None:
    monkeypatch.setenv("https_proxy", "http://proxy:3128")
    monkeypatch.setenv("no_proxy", value)
    assert (found()[0] == "proxy") is has_proxy


@pytest.mark.parametrize("value", ["socks5://proxy:1080", "https://proxy:443", "http://:3128", "http://proxy:port"])
def test_a_proxy_that_cannot_be_used_is_named_without_its_password(monkeypatch, value) -> None:
    monkeypatch.setenv("HTTPS_PROXY", value.replace("://", "://ada:secret@"))
    with pytest.raises(SessionError, match="The proxy in HTTPS_PROXY cannot be used") as raised:
        found()
    assert "secret" not in str(raised.value)
