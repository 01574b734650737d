# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""More IDs than are described before the first change: nothing is changed before all are known to exist."""

from __future__ import annotations

import pytest

SETTINGS, ACCOUNTS = "sagemaker_domain_docker_settings", "sagemaker_domain_trusted_accounts"
ON = {"enable_docker_access": True}
TRUST = {"accounts": ["012345678901"]}
MODULES = [(SETTINGS, ON), (ACCOUNTS, TRUST)]
MANY = 12


def domains(endpoint, settings=None):
    return [endpoint.domain(f"domain-{number}", settings) for number in range(MANY)]


def operations(endpoint):
    return [call.operation for call in endpoint.calls()]


def test_no_list_where_nothing_is_to_be_changed(endpoint, direct):
    ids = domains(endpoint, {"EnableDockerAccess": "ENABLED"})
    endpoint.clear_calls()
    run = direct.ok(SETTINGS, domains=ids, **ON)
    assert not run["changed"]
    assert [domain["domain_id"] for domain in run["domains"]] == ids
    assert operations(endpoint) == ["DescribeDomain"] * MANY


@pytest.mark.parametrize(("module", "options"), MODULES)
def test_one_list_before_the_first_change(endpoint, direct, module, options):
    ids = domains(endpoint)
    endpoint.clear_calls()
    run = direct.ok(module, domains=[*ids, ids[0]], **options)
    assert [domain["changed"] for domain in run["domains"]] == [True] * MANY
    made = operations(endpoint)
    assert made.count("UpdateDomain") == MANY
    assert "ListDomains" in made[: made.index("UpdateDomain")]


@pytest.mark.parametrize("denied", [{}, {"sagemaker:ListDomains": "*"}])
@pytest.mark.parametrize(("module", "options"), MODULES)
@pytest.mark.parametrize("check", [False, True])
def test_an_unknown_id_among_many_changes_nothing(endpoint, direct, module, options, denied, check):
    ids = domains(endpoint)
    endpoint.controls(denied_actions=denied)
    run = direct.run(module, check=check, domains=[*ids, "d-unknown"], **options)
    assert run.returncode != 0
    assert run["msg"].endswith("Nothing was changed.")
    assert ("ListDomains" if denied else "'d-unknown'") in run["msg"]
    assert run["domains"] == []
    assert not [call for call in endpoint.calls() if call.mutating]


def test_an_unknown_id_is_told_before_a_busy_domain_is_waited_for(endpoint, direct):
    ids = domains(endpoint)
    endpoint.controls(stuck_domains=[ids[0]])
    endpoint.boto3().update_domain(
        DomainId=ids[0], DomainSettingsForUpdate={"DockerSettings": {"EnableDockerAccess": "DISABLED"}}
    )
    assert "'d-unknown'" in direct.fails(SETTINGS, domains=[*ids, "d-unknown"], wait_timeout=30, **ON)
    few = direct.fails(SETTINGS, domains=[ids[0], "d-unknown"], wait_timeout=30, **ON)
    assert "'d-unknown'" in few


def test_many_ids_are_changed_without_the_right_to_list(endpoint, direct):
    ids = domains(endpoint)
    endpoint.controls(denied_actions={"sagemaker:ListDomains": "*"})
    run = direct.ok(SETTINGS, domains=ids, **ON)
    assert all(domain["changed"] for domain in run["domains"])


def test_a_name_that_looks_like_an_id_among_many(endpoint, direct):
    ids = domains(endpoint)
    named = endpoint.domain("d-research")
    run = direct.ok(SETTINGS, domains=[*ids, "d-research", named], **ON)
    assert [domain["domain_id"] for domain in run["domains"]] == [*ids, named]
    assert len(endpoint.calls("UpdateDomain")) == MANY + 1


def test_a_denied_domain_among_many_fails_alone(endpoint, direct):
    ids = domains(endpoint)
    arn = f"arn:aws:sagemaker:eu-west-1:123456789012:domain/{ids[3]}"
    endpoint.controls(denied_actions={"sagemaker:DescribeDomain": arn})
    run = direct.run(SETTINGS, domains=ids, **ON)
    assert [bool(domain.get("error")) for domain in run["domains"]] == [domain_id == ids[3] for domain_id in ids]
    assert len(endpoint.calls("UpdateDomain")) == MANY - 1
