# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import pytest
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._prerequisites.facts import (
    Decision,
    Profile,
    Repository,
    Unknown,
)
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._prerequisites.roles import (
    ecr_login,
    lacks_first_pull,
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
ALLOWS_STUDIO = {"Statement": {"Effect": "Allow", "Principal": {"AWS": STUDIO}, "Action": "ecr:BatchGetImage"}}


@pytest.mark.parametrize(
    "check", [ecr_login, lambda observed: role_pull(observed, image()), lambda observed: role_push(observed, image())]
)
def test_a_role_that_is_allowed(check):
    finding = check(facts())
    assert finding.status == "ok"
    assert finding.observed.startswith("studio: allowed on ")


def test_an_action_without_a_result_is_not_known():
    without_push = decisions()
    del without_push[STUDIO, arn()]["ecr:PutImage"]
    del without_push[STUDIO, arn()]["ecr:CreateRepository"]
    finding = role_push(facts(decisions=without_push), image())
    assert finding.status not in ("ok", "failed")
    assert "no result for ecr:PutImage" in f"{finding.observed} {finding.reason}"
    assert role_pull(facts(decisions=without_push), image()).status == "ok"
    assert lacks_first_pull(facts(decisions=without_push), arn()) == [STUDIO]


@pytest.mark.parametrize(
    ("decision", "says"),
    [
        (NOT_ALLOWED, "studio: ecr:BatchGetImage denied on 123456789012.dkr.ecr.eu-west-1.amazonaws.com/tools:1"),
        (Decision("explicitDeny"), "ecr:BatchGetImage (by an explicit deny)"),
        (Decision("implicitDeny", allowed_by_boundary=False), "by the permissions boundary"),
        (Decision("implicitDeny", role_exists=False), "the role does not exist"),
    ],
)
def test_a_role_that_is_denied_the_pull(decision, says):
    finding = role_pull(facts(decisions=decisions(BatchGetImage=decision)), image())
    assert finding.status == "failed"
    assert says in finding.observed
    assert says in finding.observed


def test_a_denied_push_is_a_warning_that_names_the_limit_of_the_managed_policy():
    finding = role_push(facts(decisions=decisions(PutImage=NOT_ALLOWED)), image())
    assert finding.status == "warning"
    assert (
        "AmazonSageMakerFullAccess allows that for repositories with 'sagemaker' in their name only"
        in finding.remediation
    )


def test_local_mode_pushes_nothing_to_other_accounts():
    assert role_push(facts(), image(PARTNER)).status == "skipped"
    assert role_push(facts(), image(DLC)).status == "skipped"


def test_a_denied_login_fails():
    finding = ecr_login(facts(decisions=decisions(GetAuthorizationToken=NOT_ALLOWED)))
    assert finding.status == "failed"
    assert finding.observed == "studio: ecr:GetAuthorizationToken denied on *"


@pytest.mark.parametrize(
    ("account", "decision", "expected"),
    [
        ("123456789012", NOT_ALLOWED, "ok"),
        ("123456789012", Decision("explicitDeny"), "failed"),
        ("123456789012", Decision("implicitDeny", allowed_by_boundary=False), "failed"),
        (PARTNER, NOT_ALLOWED, "failed"),
    ],
)
def test_only_in_the_same_account_a_repository_s_policy_allows_alone(account, decision, expected):
    observed = facts(
        decisions=decisions(BatchGetImage=decision), repositories={arn(account): Repository(True, policy=ALLOWS_STUDIO)}
    )
    assert role_pull(observed, image(account)).status == expected


def test_an_unknown_condition_is_a_warning_that_names_it():
    unread = facts(decisions=decisions(BatchGetImage=NOT_ALLOWED), repositories={arn(): Unknown("denied")})
    finding = role_pull(unread, image())
    assert finding.status == "warning"
    assert "depends on the repository's policy" in finding.observed
    conditional = Decision("implicitDeny", missing_context=("aws:SourceVpc",))
    finding = role_pull(facts(decisions=decisions(BatchGetImage=conditional)), image())
    assert finding.status == "warning"
    assert "depends on aws:SourceVpc" in finding.observed
    assert f"aws iam simulate-principal-policy --policy-source-arn {STUDIO}" in finding.remediation


def test_one_action_that_is_certainly_denied_fails():
    conditional = Decision("implicitDeny", missing_context=("aws:SourceVpc",))
    mixed = decisions(BatchGetImage=conditional, GetDownloadUrlForLayer=NOT_ALLOWED)
    assert role_pull(facts(decisions=mixed), image()).status == "failed"


def test_the_worst_of_the_roles_decides():
    conditional = decisions(ADA, BatchGetImage=Decision("implicitDeny", missing_context=("aws:SourceVpc",)))
    observed = facts(profiles={"ada": Profile(ADA)}, decisions={**decisions(BatchGetImage=NOT_ALLOWED), **conditional})
    finding = role_pull(observed, image())
    assert finding.status == "failed"
    assert finding.observed.startswith("studio: ecr:BatchGetImage denied on")
    assert finding.remediation.startswith("Add to a policy of studio:")


def test_a_role_that_cannot_be_simulated_does_not_hide_one_that_is_denied():
    partly = {**decisions(ADA), (ADA, arn()): Unknown("lack iam:SimulatePrincipalPolicy")}
    observed = facts(profiles={"ada": Profile(ADA)}, decisions={**partly, **decisions(BatchGetImage=NOT_ALLOWED)})
    assert role_pull(observed, image()).status == "failed"
    assert (
        role_pull(facts(profiles={"ada": Profile(ADA)}, decisions={**partly, **decisions()}), image()).status
        == "skipped"
    )


@pytest.mark.parametrize(
    "changes",
    [
        {"decisions": {**decisions(), (STUDIO, arn()): Unknown("lack iam:SimulatePrincipalPolicy")}},
        {"domain": domain(DefaultUserSettings={})},
    ],
    ids=["denied", "no role known"],
)
def test_an_unknown_decision_is_never_ok(changes):
    assert role_pull(facts(**changes), image()).status == "skipped"


@pytest.mark.parametrize(
    ("decision", "remediation"),
    [
        (NOT_ALLOWED, f'"Resource": "{arn()}"'),
        (Decision("explicitDeny"), "Remove the explicit deny from the policies of studio"),
        (Decision("implicitDeny", allowed_by_boundary=False), "in the permissions boundary of studio"),
        (Decision("implicitDeny", role_exists=False), "Create the role studio"),
    ],
)
def test_the_remediation_fits_the_denial(decision, remediation):
    finding = role_pull(facts(decisions=decisions(BatchGetImage=decision)), image())
    assert remediation in finding.remediation
    assert "AmazonSageMakerFullAccess" not in finding.remediation
    assert ("Add to a policy" in finding.remediation) is (decision == NOT_ALLOWED)


def test_a_denial_by_the_organization_may_depend_on_conditions_that_iam_hides():
    denied = Decision("implicitDeny", allowed_by_organization=False)
    finding = role_pull(facts(decisions=decisions(BatchGetImage=denied)), image())
    assert finding.status == "warning"
    assert "the conditions of a service control policy" in finding.observed


def test_an_allowed_action_with_missing_context_is_not_certain():
    """A statement that denies may apply when the key has a value."""
    finding = ecr_login(
        facts(decisions=decisions(GetAuthorizationToken=Decision("allowed", missing_context=("aws:SourceVpc",))))
    )
    assert finding.status == "warning"
    assert finding.observed == "studio: ecr:GetAuthorizationToken depends on aws:SourceVpc, on *"
    assert "--context-entries ContextKeyName=aws:SourceVpc," in finding.remediation


def test_a_conditional_repository_policy_is_not_certain():
    conditional = {
        "Statement": {**ALLOWS_STUDIO["Statement"], "Condition": {"StringEquals": {"aws:SourceVpc": "vpc-1"}}}
    }
    observed = facts(
        decisions=decisions(BatchGetImage=NOT_ALLOWED), repositories={arn(): Repository(True, policy=conditional)}
    )
    assert role_pull(observed, image()).status == "warning"
