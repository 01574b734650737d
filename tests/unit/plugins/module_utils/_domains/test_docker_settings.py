# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import pytest
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._aws.errors import SettingsError
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._domains import docker_settings
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._domains.docker_settings import DockerSettings

ONE, TWO, THREE = "012345678901", "111111111111", "222222222222"
TWENTY = tuple(f"{number:012}" for number in range(20))


def domain(**settings):
    return {"DomainId": "d-1", "DomainSettings": {"DockerSettings": settings}}


@pytest.mark.parametrize(
    "described",
    [{"DomainId": "d-1"}, {"DomainSettings": {}}, {"DomainSettings": {"DockerSettings": {}}}],
    ids=["no-domain-settings", "no-docker-settings", "empty-docker-settings"],
)
def test_settings_that_were_never_set_are_off(described):
    assert docker_settings.from_api(described) == DockerSettings(False, False, ())


def test_from_api_sorts_accounts_and_removes_duplicates():
    described = domain(EnableDockerAccess="ENABLED", RootlessDocker="ENABLED", VpcOnlyTrustedAccounts=[TWO, ONE, TWO])
    assert docker_settings.from_api(described) == DockerSettings(True, True, (ONE, TWO))


@pytest.mark.parametrize(
    ("desired", "current", "request_"),
    [
        (
            DockerSettings(True, False, ()),
            {},
            {"EnableDockerAccess": "ENABLED", "VpcOnlyTrustedAccounts": []},
        ),
        (
            DockerSettings(True, True, (ONE,)),
            {},
            {"EnableDockerAccess": "ENABLED", "RootlessDocker": "ENABLED", "VpcOnlyTrustedAccounts": [ONE]},
        ),
        (
            DockerSettings(False, False, ()),
            {"EnableDockerAccess": "ENABLED", "RootlessDocker": "ENABLED", "VpcOnlyTrustedAccounts": [ONE]},
            {"EnableDockerAccess": "DISABLED", "RootlessDocker": "DISABLED", "VpcOnlyTrustedAccounts": []},
        ),
        (
            DockerSettings(True, False, ()),
            {"KeyOfTheFuture": "KEPT"},
            {"EnableDockerAccess": "ENABLED", "VpcOnlyTrustedAccounts": [], "KeyOfTheFuture": "KEPT"},
        ),
    ],
    ids=["rootless-unknown-is-not-sent", "all-keys", "all-keys-off", "unknown-key-is-sent-back"],
)
def test_to_api_sends_every_known_key(desired, current, request_):
    assert docker_settings.to_api(desired, domain(**current)) == request_


def test_validate_accounts_removes_duplicates():
    assert docker_settings.validate_accounts("accounts", [TWO, ONE, TWO]) == (ONE, TWO)


@pytest.mark.parametrize(
    ("account", "message"),
    [
        ("12345678901", "'12345678901' has 11 digits, YAML drops the leading zeros of a number"),
        ("1234567890123", "'1234567890123' is invalid"),
        ("", "'' is invalid"),
        ("1234-5678-90", "'1234-5678-90' is invalid"),
        (" 123456789012", "' 123456789012' is invalid"),
        ("٠١٢٣٤٥٦٧٨٩٠١", "is invalid"),
        ("arn:aws:iam::123456789012:root", "is invalid"),
    ],
)
def test_validate_accounts_names_an_invalid_account(account, message):
    with pytest.raises(SettingsError, match="a string of 12 digits") as raised:
        docker_settings.validate_accounts("accounts", [ONE, account])
    assert message in str(raised.value)
    assert ONE not in str(raised.value)


def test_validate_accounts_names_every_invalid_account():
    with pytest.raises(SettingsError, match=r"'1' has 1 digits.*'x' is invalid"):
        docker_settings.validate_accounts("accounts", ["1", "x"])


def test_twenty_accounts_are_allowed_and_one_more_is_not():
    assert docker_settings.validate_accounts("accounts", TWENTY) == TWENTY
    with pytest.raises(SettingsError, match="at most 20 accounts, this list would have 21"):
        docker_settings.validate_accounts("accounts", (*TWENTY, ONE))


CURRENT = DockerSettings(True, True, (ONE,))


@pytest.mark.parametrize(
    ("given", "desired"),
    [
        ({}, CURRENT),
        ({"rootless_docker": False}, DockerSettings(True, False, (ONE,))),
        ({"enable_docker_access": False}, DockerSettings(False, False, (ONE,))),
        ({"vpc_only_trusted_accounts": ()}, DockerSettings(True, True, ())),
        ({"vpc_only_trusted_accounts": (TWO,)}, DockerSettings(True, True, (TWO,))),
    ],
)
def test_given_settings_replace_and_the_others_stay(given, desired):
    assert docker_settings.replaced(CURRENT, **given) == desired


def test_rootless_docker_requires_docker_access_given_or_present():
    assert docker_settings.replaced(DockerSettings(), enable_docker_access=True, rootless_docker=True).rootless_docker
    assert docker_settings.replaced(DockerSettings(True), rootless_docker=True).rootless_docker
    with pytest.raises(SettingsError, match="set enable_docker_access to true as well"):
        docker_settings.replaced(DockerSettings(), rootless_docker=True)


@pytest.mark.parametrize(
    ("state", "purge", "accounts"),
    [
        ("present", False, (ONE, TWO, THREE)),
        ("present", True, (TWO, THREE)),
        ("absent", False, (ONE,)),
    ],
)
def test_trusted_accounts(state, purge, accounts):
    current = DockerSettings(True, False, (ONE, TWO))
    desired = docker_settings.with_trusted_accounts(current, (THREE, TWO), state, purge)
    assert desired == DockerSettings(True, False, accounts)


def test_the_limit_applies_to_the_merged_list():
    with pytest.raises(SettingsError, match="this list would have 21"):
        docker_settings.with_trusted_accounts(DockerSettings(True, False, TWENTY), (ONE,), "present", False)
    full = docker_settings.with_trusted_accounts(DockerSettings(True, False, TWENTY), TWENTY[:1], "present", False)
    assert full.vpc_only_trusted_accounts == TWENTY


def test_differences_list_only_what_differs():
    before, after = DockerSettings(False, False, ()), DockerSettings(True, False, (ONE,))
    assert docker_settings.differences(before, after) == [
        ("enable_docker_access", False, True),
        ("vpc_only_trusted_accounts", [], [ONE]),
    ]
    assert docker_settings.differences(after, after) == []


@pytest.mark.parametrize(
    ("described", "desired_now", "keys"),
    [
        (DockerSettings(True, True, (ONE,)), DockerSettings(True, True, (ONE,)), []),
        (DockerSettings(True, True, (ONE, TWO)), DockerSettings(True, True, (ONE, TWO)), []),
        (DockerSettings(True, True, (ONE, TWO)), DockerSettings(True, True, (ONE,)), ["vpc_only_trusted_accounts"]),
        (DockerSettings(True, True, ()), DockerSettings(True, True, ()), ["vpc_only_trusted_accounts"]),
        (DockerSettings(True, False, (ONE, TWO)), DockerSettings(True, False, (ONE, TWO)), ["rootless_docker"]),
        (DockerSettings(False, True, (ONE,)), DockerSettings(True, True, (ONE,)), ["enable_docker_access"]),
    ],
    ids=["as-sent", "others-added", "kept", "lost-account", "lost-rootless", "ignored"],
)
def test_mismatches(described, desired_now, keys):
    sent = DockerSettings(True, True, (ONE,))
    assert [key for key, expected, observed in docker_settings.mismatches(sent, described, desired_now)] == keys


@pytest.mark.parametrize(
    ("settings", "network", "caveat"),
    [
        (DockerSettings(True, False, (ONE,)), "VpcOnly", None),
        (DockerSettings(True, True, (ONE,)), "VpcOnly", "rootless"),
        (DockerSettings(True, False, (ONE,)), "PublicInternetOnly", "has an effect in VpcOnly domains only"),
        (DockerSettings(True, True, ()), "PublicInternetOnly", None),
    ],
)
def test_caveats(settings, network, caveat):
    found = docker_settings.caveats(settings, network)
    assert [caveat in sentence for sentence in found] == ([True] if caveat else [])
