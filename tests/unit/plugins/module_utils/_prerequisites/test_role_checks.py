# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import pytest
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._prerequisites.facts import (
    Decision,
    Repository,
    Unknown,
)
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._prerequisites.role_checks import (
    ecr_login,
    role_pull,
    role_push,
)

from tests.unit.prerequisites import (
    DLC,
    NOT_ALLOWED,
    PARTNER,
    STUDIO,
    arn,
    decisions,
    domain,
    facts,
    image,
)

ADA = STUDIO.replace("studio", "ada")
LETS_IN = {"Statement": {"Effect": "Allow", "Principal": {"AWS": STUDIO}, "Action": "ecr:BatchGetImage"}}


@pytest.mark.parametrize(
    "check", [ecr_login, lambda observed: role_pull(observed, image()), lambda observed: role_push(observed, image())]
)
def test_a_role_that_may(check):
    finding = check(facts())
    assert finding.status == "ok"
    assert finding.observed.startswith("studio may, on ")


@pytest.mark.parametrize(
    ("decision", "says"),
    [
        (NOT_ALLOWED, "studio may not ecr:BatchGetImage on 123456789012.dkr.ecr.eu-west-1.amazonaws.com/tools:1"),
        (Decision("explicitDeny"), "ecr:BatchGetImage (denied explicitly)"),
        (Decision("implicitDeny", "not allowed by the role's permissions boundary"), "boundary"),
        (Decision("implicitDeny", "the role does not exist"), "the role does not exist"),
    ],
)
def test_a_role_that_may_not_pull(decision, says):
    finding = role_pull(facts(decisions=decisions(BatchGetImage=decision)), image())
    assert finding.status == "failed"
    assert says in finding.observed
    assert f'"Resource": "{arn()}"' in finding.remediation
    assert "AmazonSageMakerFullAccess" not in finding.remediation


def test_not_to_push_is_no_failure_and_says_what_the_managed_policy_allows():
    finding = role_push(facts(decisions=decisions(PutImage=NOT_ALLOWED)), image())
    assert finding.status == "warning"
    assert (
        "AmazonSageMakerFullAccess allows that for repositories with 'sagemaker' in their name only"
        in finding.remediation
    )


def test_nobody_pushes_to_other_accounts():
    assert role_push(facts(), image(PARTNER)).status == "skipped"
    assert role_push(facts(), image(DLC)).status == "skipped"


def test_not_to_log_in_fails():
    finding = ecr_login(facts(decisions=decisions(GetAuthorizationToken=NOT_ALLOWED)))
    assert finding.status == "failed"
    assert finding.observed == "studio may not ecr:GetAuthorizationToken on *"


@pytest.mark.parametrize(
    ("account", "decision", "expected"),
    [
        ("123456789012", NOT_ALLOWED, "ok"),
        ("123456789012", Decision("explicitDeny"), "failed"),
        ("123456789012", Decision("implicitDeny", "not allowed by a policy of the organization"), "failed"),
        (PARTNER, NOT_ALLOWED, "failed"),
    ],
)
def test_only_in_the_same_account_a_repository_makes_up_for_the_role_s_policies(account, decision, expected):
    observed = facts(
        decisions=decisions(BatchGetImage=decision), repositories={arn(account): Repository(True, policy=LETS_IN)}
    )
    assert role_pull(observed, image(account)).status == expected


def test_what_decides_but_is_not_known_is_a_warning_that_names_it():
    unread = facts(decisions=decisions(BatchGetImage=NOT_ALLOWED), repositories={arn(): Unknown("denied")})
    finding = role_pull(unread, image())
    assert finding.status == "warning"
    assert "depends on the repository's policy" in finding.reason
    conditional = Decision("implicitDeny", unsure_of=("aws:SourceVpc",))
    finding = role_pull(facts(decisions=decisions(BatchGetImage=conditional)), image())
    assert finding.status == "warning"
    assert "depends on aws:SourceVpc" in finding.reason
    assert f"aws iam simulate-principal-policy --policy-source-arn {STUDIO}" in finding.remediation


def test_one_action_that_is_lacking_for_certain_is_no_matter_of_doubt():
    conditional = Decision("implicitDeny", unsure_of=("aws:SourceVpc",))
    mixed = decisions(BatchGetImage=conditional, GetDownloadUrlForLayer=NOT_ALLOWED)
    assert role_pull(facts(decisions=mixed), image()).status == "failed"


def test_the_worst_of_the_roles_decides_and_every_one_that_lacks_is_named():
    conditional = decisions(ADA, BatchGetImage=Decision("implicitDeny", unsure_of=("aws:SourceVpc",)))
    observed = facts(profiles={"ada": ADA}, decisions={**decisions(BatchGetImage=NOT_ALLOWED), **conditional})
    finding = role_pull(observed, image())
    assert finding.status == "failed"
    assert "studio may not ecr:BatchGetImage; ada may not ecr:BatchGetImage on" in finding.observed
    assert finding.remediation.startswith("Add to a policy of studio:")


def test_a_role_that_may_not_be_asked_about_hides_none_that_lacks_something():
    asked = {**decisions(ADA), (ADA, arn()): Unknown("lack iam:SimulatePrincipalPolicy")}
    observed = facts(profiles={"ada": ADA}, decisions={**asked, **decisions(BatchGetImage=NOT_ALLOWED)})
    assert role_pull(observed, image()).status == "failed"
    assert role_pull(facts(profiles={"ada": ADA}, decisions={**asked, **decisions()}), image()).status == "skipped"


@pytest.mark.parametrize(
    "changes",
    [
        {"decisions": {**decisions(), (STUDIO, arn()): Unknown("lack iam:SimulatePrincipalPolicy")}},
        {"domain": domain(DefaultUserSettings={})},
    ],
    ids=["denied", "no role known"],
)
def test_what_is_not_known_is_never_ok(changes):
    assert role_pull(facts(**changes), image()).status == "skipped"
