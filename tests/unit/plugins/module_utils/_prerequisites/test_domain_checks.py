# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import pytest
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._prerequisites import domain_checks
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._prerequisites.facts import Unknown

from tests.unit.prerequisites import PARTNER, ROOTLESS, STUDIO, domain, facts

ADA = STUDIO.replace("studio", "ada")


@pytest.mark.parametrize(
    ("members", "expected", "says"),
    [
        ({}, "ok", "research (d-1), InService"),
        ({"Status": "Updating"}, "warning", "Check again in some minutes"),
        ({"Status": "Update_Failed", "FailureReason": "no IP left"}, "warning", "did not come through: no IP left"),
        ({"Status": "Failed", "FailureReason": "no VPC"}, "failed", "No app can be started in it: no VPC"),
        ({"Status": "Deleting"}, "failed", "Use another domain"),
    ],
)
def test_status(members, expected, says):
    finding = domain_checks.status(facts(domain=domain(**members)))
    assert (finding.check, finding.status) == ("domain", expected)
    assert says in f"{finding.observed} {finding.reason} {finding.remediation}"


def test_access_that_is_on_names_the_apps_that_may_be_older():
    finding = domain_checks.docker_access(facts())
    assert (finding.status, finding.observed) == ("ok", "on; an app created before 2026-01-31 12:00 UTC may be without")
    assert domain_checks.docker_access(facts(domain=domain(LastModifiedTime=None))).observed == "on"


@pytest.mark.parametrize("members", [{"DomainSettings": {}}, {"DomainSettings": None}])
def test_access_that_is_off_or_was_never_set(members):
    finding = domain_checks.docker_access(facts(domain=domain(**members)))
    assert (finding.status, finding.observed) == ("failed", "off")
    assert """-e '{"domain_docker_access_domains": ["d-1"]}'""" in finding.remediation


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
    profiles = {name: ADA for name in ("ada", "bob", "cyd", "dan")} | {"eve": STUDIO}
    described = domain(DefaultSpaceSettings={"ExecutionRole": STUDIO})
    [finding] = domain_checks.execution_roles(facts(domain=described, profiles=profiles))
    assert finding.status == "ok"
    assert finding.observed == (
        "studio of users, shared spaces, profile eve; ada of profile ada, profile bob, profile cyd and 1 more"
    )


def test_a_domain_without_a_role():
    [finding] = domain_checks.execution_roles(facts(domain=domain(DefaultUserSettings={}), profiles={"ada": ADA}))
    assert finding.status == "failed"
    assert "aws sagemaker update-domain --domain-id d-1" in finding.remediation


def test_profiles_that_may_not_be_listed_are_no_reason_to_say_they_have_no_roles():
    found = domain_checks.execution_roles(facts(profiles=Unknown("lack sagemaker:ListUserProfiles")))
    assert [(finding.check, finding.status) for finding in found] == [
        ("execution_roles", "ok"),
        ("profile_roles", "skipped"),
    ]
    assert "sagemaker:ListUserProfiles" in found[1].reason
