# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import dataclasses

import pytest
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._prerequisites import domain as domain_checks
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._prerequisites.facts import Profile, Unknown
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._report.causes import Way

from tests.unit.prerequisites import PARTNER, ROOTLESS, STUDIO, domain, facts

ADA = STUDIO.replace("studio", "ada")


@pytest.mark.parametrize(
    ("members", "expected", "says"),
    [
        ({}, "ok", "research (d-1), InService"),
        ({"Status": "Updating"}, "warning", "Check again in some minutes"),
        ({"Status": "Update_Failed", "FailureReason": "no IP left"}, "warning", "The last update failed: no IP left"),
        ({"Status": "Failed", "FailureReason": "no VPC"}, "failed", "No app can be started in it: no VPC"),
        ({"Status": "Deleting"}, "failed", "Use another domain"),
    ],
)
def test_status(members, expected, says):
    finding = domain_checks.status(facts(domain=domain(**members)))
    assert (finding.check, finding.status) == ("domain", expected)
    assert says in f"{finding.observed} {finding.reason} {finding.remediation}"


def test_access_that_is_on_names_apps_that_may_be_older():
    finding = domain_checks.docker_access(facts())
    assert (finding.status, finding.observed) == ("ok", "on; an app created before 2026-01-31 12:00 UTC may be without")
    assert domain_checks.docker_access(facts(domain=domain(LastModifiedTime=None))).observed == "on"


@pytest.mark.parametrize("members", [{"DomainSettings": {}}, {"DomainSettings": None}])
def test_access_that_is_off_or_was_never_set(members):
    finding = domain_checks.docker_access(facts(domain=domain(**members)))
    assert (finding.status, finding.observed) == ("failed", "off")
    assert """-e '{"domain_docker_access_domains": ["d-1"]}'""" in finding.remediation


def test_access_of_a_domain_of_a_target_is_enabled_by_its_arn_whatever_its_group_selects():
    found = domain_checks.docker_access(facts(domain=domain(DomainSettings={}), of_target=True))
    arn = domain()["DomainArn"]
    assert found.remediation.endswith(
        "ansible-playbook -i INVENTORY mlops.studio_local_mode.enable_local_mode -e '"
        f'{{"domain_docker_access_domains": ["{arn}"], "domain_docker_access_all_domains": false}}\''
    )
    [shown] = Way(inventories=("my accounts.yml",)).findings([dataclasses.asdict(found)])
    assert "ansible-playbook -i 'my accounts.yml' mlops" in shown["remediation"]
    [asked] = Way(in_awx=True).findings([dataclasses.asdict(found)])
    assert asked["remediation"].endswith(f"with Domains: {arn}; All domains of the region: false")


TRUSTING = {"EnableDockerAccess": "ENABLED", "VpcOnlyTrustedAccounts": [PARTNER]}


@pytest.mark.parametrize(
    ("described", "expected", "says"),
    [
        (domain(), "ok", "VpcOnly, rootless Docker off; accounts trusted besides the domain's own and AWS's: none"),
        (domain(TRUSTING), "ok", f"the domain's own and AWS's: {PARTNER}"),
        (domain(ROOTLESS), "ok", "VpcOnly, rootless Docker on"),
        (domain({**ROOTLESS, **TRUSTING}), "warning", "ignores vpc_only_trusted_accounts"),
        (domain(AppNetworkAccessType="PublicInternetOnly"), "ok", "PublicInternetOnly, rootless Docker off"),
        (domain(TRUSTING, AppNetworkAccessType="PublicInternetOnly"), "warning", "has an effect in VpcOnly domains"),
    ],
)
def test_network_mode(described, expected, says):
    finding = domain_checks.network_mode(facts(domain=described))
    assert finding.status == expected
    assert says in f"{finding.observed} {finding.reason}"


def test_the_roles_and_whose_they_are():
    profiles = {name: Profile(ADA) for name in ("ada", "bob", "cyd", "dan")} | {
        "eve": Profile(STUDIO),
        "fay": Profile(),
    }
    described = domain(DefaultSpaceSettings={"ExecutionRole": STUDIO})
    [finding] = domain_checks.execution_roles(facts(domain=described, profiles=profiles))
    assert finding.status == "ok"
    assert finding.observed == (
        "studio of users, shared spaces, profile eve; ada of profile ada, profile bob, profile cyd and 1 more"
    )


def test_a_domain_without_a_role():
    [finding] = domain_checks.execution_roles(
        facts(domain=domain(DefaultUserSettings={}), profiles={"ada": Profile(ADA)})
    )
    assert finding.status == "failed"
    assert "aws sagemaker update-domain --domain-id d-1" in finding.remediation


def test_profiles_that_cannot_be_listed_are_unchecked():
    found = domain_checks.execution_roles(facts(profiles=Unknown("lack sagemaker:ListUserProfiles")))
    assert [(finding.check, finding.status) for finding in found] == [
        ("execution_roles", "ok"),
        ("profile_roles", "skipped"),
    ]
    assert "sagemaker:ListUserProfiles" in found[1].reason


@pytest.mark.parametrize(
    ("groups", "profiles", "status", "says"),
    [
        (["sg-1"], {}, "ok", "sg-1"),
        (["sg-1"], Unknown("lack sagemaker:ListUserProfiles"), "ok", "sg-1"),
        ([], {}, "failed", "no app starts"),
        ([], {"ada": Profile(security_groups=("sg-2",))}, "ok", "each user profile has its own"),
        ([], {"ada": Profile(security_groups=("sg-2",)), "bob": Profile()}, "failed", "in the user profiles bob"),
        ([], Unknown("lack sagemaker:ListUserProfiles"), "skipped", "lack sagemaker:ListUserProfiles"),
    ],
)
def test_vpc_only_needs_security_groups(groups, profiles, status, says):
    described = domain(DefaultUserSettings={"ExecutionRole": STUDIO, "SecurityGroups": groups})
    [finding] = domain_checks.security_groups(facts(domain=described, profiles=profiles))
    assert (finding.check, finding.status) == ("security_groups", status)
    assert says in f"{finding.observed} {finding.reason} {finding.remediation}"
    if status == "failed":
        assert "--default-user-settings SecurityGroups=" in finding.remediation


def test_public_internet_needs_no_security_groups():
    described = domain(AppNetworkAccessType="PublicInternetOnly", DefaultUserSettings={})
    [finding] = domain_checks.security_groups(facts(domain=described))
    assert finding.status == "skipped"


@pytest.mark.parametrize(
    ("settings", "status"), [({"SecurityGroups": ["sg-1"]}, "ok"), ({"ExecutionRole": STUDIO}, "warning")]
)
def test_shared_spaces_take_their_own_security_groups(settings, status):
    [of_users, of_spaces] = domain_checks.security_groups(facts(domain=domain(DefaultSpaceSettings=settings)))
    assert (of_users.check, of_users.status) == ("security_groups", "ok")
    assert (of_spaces.check, of_spaces.status) == ("space_security_groups", status)


@pytest.mark.parametrize(
    ("groups", "profiles", "expected"),
    [
        (["sg-1"], {"ada": Profile(security_groups=("sg-2",))}, [{"sg-1"}]),
        ([], {"ada": Profile(security_groups=("sg-2", "sg-3")), "bob": Profile()}, [{"sg-2", "sg-3"}]),
        ([], Unknown("denied"), []),
    ],
)
def test_the_groups_that_apps_have(groups, profiles, expected):
    described = domain(DefaultUserSettings={"SecurityGroups": groups})
    assert list(domain_checks.app_groups(facts(domain=described, profiles=profiles))) == expected
