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
def test_what_was_never_set_is_off(described):
    assert docker_settings.from_api(described) == DockerSettings(False, False, ())


def test_from_api_sorts_and_folds_the_accounts():
    described = domain(EnableDockerAccess="ENABLED", RootlessDocker="ENABLED", VpcOnlyTrustedAccounts=[TWO, ONE, TWO])
    assert docker_settings.from_api(described) == DockerSettings(True, True, (ONE, TWO))


@pytest.mark.parametrize(
    ("wanted", "current", "request_"),
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
def test_to_api_sends_every_known_key(wanted, current, request_):
    assert docker_settings.to_api(wanted, domain(**current)) == request_


def test_check_accounts_folds():
    assert docker_settings.check_accounts([TWO, ONE, TWO]) == (ONE, TWO)


@pytest.mark.parametrize(
    ("account", "message"),
    [
        ("12345678901", "'12345678901' has 11 digits, as a YAML number that lost its leading zeros"),
        ("1234567890123", "'1234567890123' is none"),
        ("", "'' is none"),
        ("1234-5678-90", "'1234-5678-90' is none"),
        (" 123456789012", "' 123456789012' is none"),
        ("٠١٢٣٤٥٦٧٨٩٠١", "is none"),
        ("arn:aws:iam::123456789012:root", "is none"),
    ],
)
def test_check_accounts_names_what_is_none(account, message):
    with pytest.raises(SettingsError, match="strings of 12 digits") as raised:
        docker_settings.check_accounts([ONE, account])
    assert message in str(raised.value)
    assert ONE not in str(raised.value)


def test_check_accounts_names_every_wrong_one():
    with pytest.raises(SettingsError, match=r"'1' has 1 digits.*'x' is none"):
        docker_settings.check_accounts(["1", "x"])


def test_twenty_accounts_are_allowed_and_one_more_is_not():
    assert docker_settings.check_accounts(TWENTY) == TWENTY
    with pytest.raises(SettingsError, match="at most 20 accounts, these would be 21"):
        docker_settings.check_accounts((*TWENTY, ONE))


CURRENT = DockerSettings(True, True, (ONE,))


@pytest.mark.parametrize(
    ("given", "wanted"),
    [
        ({}, CURRENT),
        ({"rootless_docker": False}, DockerSettings(True, False, (ONE,))),
        ({"enable_docker_access": False}, DockerSettings(False, True, (ONE,))),
        ({"vpc_only_trusted_accounts": ()}, DockerSettings(True, True, ())),
        ({"vpc_only_trusted_accounts": (TWO,)}, DockerSettings(True, True, (TWO,))),
    ],
)
def test_what_is_given_replaces_and_the_rest_stays(given, wanted):
    assert docker_settings.replaced(CURRENT, **given) == wanted


def test_rootless_needs_access_given_or_in_force():
    assert docker_settings.replaced(DockerSettings(), enable_docker_access=True, rootless_docker=True).rootless_docker
    assert docker_settings.replaced(DockerSettings(True), rootless_docker=True).rootless_docker
    with pytest.raises(SettingsError, match="set enable_docker_access to true as well"):
        docker_settings.replaced(DockerSettings(), rootless_docker=True)


@pytest.mark.parametrize(
    ("state", "accounts"), [("present", (ONE, TWO, THREE)), ("absent", (ONE,)), ("exact", (TWO, THREE))]
)
def test_trusted_accounts(state, accounts):
    current = DockerSettings(True, False, (ONE, TWO))
    wanted = docker_settings.with_trusted_accounts(current, (THREE, TWO), state)
    assert wanted == DockerSettings(True, False, accounts)


def test_the_limit_holds_for_the_merged_list():
    with pytest.raises(SettingsError, match="these would be 21"):
        docker_settings.with_trusted_accounts(DockerSettings(True, False, TWENTY), (ONE,), "present")
    full = docker_settings.with_trusted_accounts(DockerSettings(True, False, TWENTY), TWENTY[:1], "present")
    assert full.vpc_only_trusted_accounts == TWENTY


def test_differences_list_only_what_differs():
    before, after = DockerSettings(False, False, ()), DockerSettings(True, False, (ONE,))
    assert docker_settings.differences(before, after) == [
        ("enable_docker_access", False, True),
        ("vpc_only_trusted_accounts", [], [ONE]),
    ]
    assert docker_settings.differences(after, after) == []


@pytest.mark.parametrize(
    ("described", "still_desired", "keys"),
    [
        (DockerSettings(True, True, (ONE,)), DockerSettings(True, True, (ONE,)), []),
        (DockerSettings(True, True, (ONE, TWO)), DockerSettings(True, True, (ONE, TWO)), []),
        (DockerSettings(True, True, (ONE, TWO)), DockerSettings(True, True, (ONE,)), ["vpc_only_trusted_accounts"]),
        (DockerSettings(True, True, ()), DockerSettings(True, True, ()), ["vpc_only_trusted_accounts"]),
        (DockerSettings(True, False, (ONE, TWO)), DockerSettings(True, False, (ONE, TWO)), ["rootless_docker"]),
        (DockerSettings(False, True, (ONE,)), DockerSettings(True, True, (ONE,)), ["enable_docker_access"]),
    ],
    ids=["as-asked", "others-added", "kept-what-was-to-go", "lost-unasked", "lost-switch", "not-taken"],
)
def test_unproven(described, still_desired, keys):
    wanted = DockerSettings(True, True, (ONE,))
    assert [key for key, asked, seen in docker_settings.mismatches(wanted, described, still_desired)] == keys


@pytest.mark.parametrize(
    ("settings", "network", "caveat"),
    [
        (DockerSettings(True, False, (ONE,)), "VpcOnly", None),
        (DockerSettings(True, True, (ONE,)), "VpcOnly", "rootless"),
        (DockerSettings(True, False, (ONE,)), "PublicInternetOnly", "only has effect in VpcOnly"),
        (DockerSettings(True, True, ()), "PublicInternetOnly", None),
    ],
)
def test_caveats(settings, network, caveat):
    found = docker_settings.caveats(settings, network)
    assert [caveat in sentence for sentence in found] == ([True] if caveat else [])
