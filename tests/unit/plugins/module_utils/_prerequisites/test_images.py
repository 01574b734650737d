# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import pytest
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._prerequisites.facts import (
    Profile,
    Repository,
    Unknown,
)
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._prerequisites.image_uri import parse
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._prerequisites.images import (
    image_source,
    repository,
)

from tests.unit.prerequisites import (
    ACCOUNT,
    DLC,
    NOT_ALLOWED,
    PARTNER,
    ROOTLESS,
    STUDIO,
    arn,
    decisions,
    domain,
    facts,
    image,
)

TRUSTING = {"EnableDockerAccess": "ENABLED", "VpcOnlyTrustedAccounts": [PARTNER]}
PUBLIC = {"AppNetworkAccessType": "PublicInternetOnly"}
PULL = ["ecr:BatchCheckLayerAvailability", "ecr:GetDownloadUrlForLayer", "ecr:BatchGetImage"]


@pytest.mark.parametrize(
    ("described", "used", "expected", "says"),
    [
        (domain(), image(), "ok", "of the domain's own account"),
        (domain(), image(DLC), "ok", "AWS's account for Deep Learning Containers, which is trusted by default"),
        (domain(), image("141502667606"), "ok", "scikit-learn and XGBoost"),
        (domain(), image("571004829621"), "ok", "Spark"),
        (domain(TRUSTING), image(PARTNER), "ok", f"of account {PARTNER}, which is trusted"),
        (domain(), image(PARTNER), "failed", f'"accounts": ["{PARTNER}"]'),
        (domain(), parse("python:3"), "failed", "python:3 is of docker.io"),
        (domain(), parse("public.ecr.aws/x/python:3"), "failed", "not an ECR Image"),
        (domain(**PUBLIC), parse("python:3"), "ok", "by the internet from docker.io"),
        (domain(ROOTLESS), parse("python:3"), "skipped", "ignores trusted accounts"),
        (domain(ROOTLESS), image(PARTNER), "skipped", "ignores trusted accounts"),
    ],
)
def test_image_source(described, used, expected, says):
    finding = image_source(facts(domain=described), used)
    assert (finding.check, finding.status) == ("image_source", expected)
    assert says in f"{finding.observed} {finding.reason} {finding.remediation}"


def policy(principal="*", kind="Allow", **more):
    return {"Statement": [{"Effect": kind, "Principal": principal, "Action": PULL, **more}]}


CONDITION = {"StringEquals": {"aws:PrincipalOrgID": "o-1"}}


@pytest.mark.parametrize(
    ("account", "found", "expected", "says"),
    [
        (ACCOUNT, Repository(True), "ok", "leaves the decision to the roles' own policies"),
        (ACCOUNT, Repository(True, policy()), "ok", "allows studio"),
        (ACCOUNT, Repository(True, policy(kind="Deny")), "failed", "denies studio"),
        (ACCOUNT, Repository(False), "failed", "aws ecr create-repository --repository-name tools --region eu-west-1"),
        (PARTNER, Repository(True), "failed", "no resource-based policy allows the ecr:BatchGetImage action"),
        (PARTNER, Repository(True, policy({"AWS": ACCOUNT})), "ok", "allows studio"),
        (PARTNER, Repository(True, policy({"AWS": "999999999999"})), "failed", f"Allow {PULL[0]}"),
        (PARTNER, Repository(True, policy(Condition=CONDITION)), "warning", "depends on aws:PrincipalOrgID"),
        (PARTNER, Repository(True, policy({"AWS": "AROAX"})), "warning", "depends on the session's name"),
        (PARTNER, Unknown("lack ecr:GetRepositoryPolicy"), "skipped", "lack ecr:GetRepositoryPolicy"),
        (ACCOUNT, Unknown("lack ecr:GetRepositoryPolicy"), "skipped", "lack ecr:GetRepositoryPolicy"),
        (PARTNER, Unknown("denied"), "skipped", f"Ask account {PARTNER} to check it"),
    ],
)
def test_repository_policy(account, found, expected, says):
    finding = repository(facts(repositories={arn(account): found}), image(account))
    assert (finding.check, finding.status) == ("repository_policy", expected)
    assert says in f"{finding.observed} {finding.reason} {finding.remediation}"


def test_a_role_that_is_denied_is_named_alone():
    other = STUDIO.replace("studio", "other")
    observed = facts(
        profiles={"ada": Profile(other)}, repositories={arn(PARTNER): Repository(True, policy({"AWS": STUDIO}))}
    )
    finding = repository(observed, image(PARTNER))
    assert finding.observed == f"{arn(PARTNER)} denies other"
    assert f"to {other} in" in finding.remediation


def test_aws_s_own_repositories_are_skipped():
    finding = repository(facts(repositories={}), image(DLC))
    assert finding.status == "skipped"
    assert "AWS's own images (Deep Learning Containers)" in finding.reason


RULE = Repository(False, pull_through_rule="docker-hub")


@pytest.mark.parametrize(
    ("found", "status", "says"),
    [
        (RULE, "ok", "pull-through cache rule docker-hub creates it at the first pull"),
        (Repository(False, creation_template="team"), "warning", "creation template team creates it at the first push"),
        (Repository(False, pull_through_rule=Unknown("lack ecr:X")), "warning", "lack ecr:X"),
        (Repository(False, creation_template=Unknown("lack ecr:Y")), "warning", "lack ecr:Y"),
        (Repository(False), "failed", "a push fails, too"),
    ],
)
def test_ecr_creates_some_repositories_on_use(found, status, says):
    finding = repository(facts(repositories={arn(): found}), image())
    assert finding.status == status
    assert says in f"{finding.observed} {finding.reason}"


@pytest.mark.parametrize("action", ["BatchImportUpstreamImage", "CreateRepository"])
def test_the_first_pull_through_the_cache_needs_more_permissions(action):
    observed = facts(repositories={arn(): RULE}, decisions=decisions(**{action: NOT_ALLOWED}))
    finding = repository(observed, image())
    assert finding.status == "warning"
    assert f"ecr:{action}" in finding.reason
    assert "studio" in finding.reason
    assert f"docker pull {image().uri}" in finding.remediation
