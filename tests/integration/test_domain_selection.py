# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Which domains the modules select, skip and refuse, against the AWS endpoint."""

from __future__ import annotations

import pytest

from tests.sandbox.aws_endpoint.client import ROLE, SUBNETS, VPC

SETTINGS, INFO = "sagemaker_domain_docker_settings", "sagemaker_domain_info"
ON = {"enable_docker_access": True}
MANAGED = {"UnifiedStudioSettings": {"DomainId": "dzd-4nukfwbt", "ProjectId": "5h0cqnvl"}}


def names(run):
    return [domain["domain_name"] for domain in run["domains"]]


def calls(endpoint):
    return [call.operation for call in endpoint.calls()]


def unusable(endpoint, name, status):
    """Return the ID of a domain in this status."""
    if status == "Failed":
        endpoint.controls(create_failure="The subnet has no free addresses.", transition_seconds=0.0)
        created = endpoint.boto3().create_domain(
            DomainName=name,
            AuthMode="IAM",
            DefaultUserSettings={"ExecutionRole": ROLE},
            VpcId=VPC,
            SubnetIds=SUBNETS,
        )
        endpoint.controls(create_failure="", transition_seconds=0.3)
        return created["DomainId"]
    domain_id = endpoint.domain(name)
    if status == "Deleting":
        endpoint.controls(stuck_domains=[domain_id])
    else:
        endpoint.controls(delete_failure="The file system is in use.", transition_seconds=0.0)
    endpoint.boto3().delete_domain(DomainId=domain_id)
    endpoint.controls(delete_failure="", transition_seconds=0.3)
    return domain_id


def test_patterns_tags_exclude_and_arns(endpoint, direct):
    first = endpoint.domain("team-a", tags={"team": "x", "stage": "prod"})
    endpoint.domain("team-b", tags={"team": "x"})
    endpoint.domain("other", tags={"team": "y"})
    arn = f"arn:aws:sagemaker:eu-west-1:123456789012:domain/{first}"
    assert set(names(direct.ok(SETTINGS, check=True, domains=["team-*"], **ON))) == {"team-a", "team-b"}
    assert names(direct.ok(SETTINGS, check=True, domains=["team-*"], exclude=["team-b"], **ON)) == ["team-a"]
    assert set(names(direct.ok(SETTINGS, check=True, domain_tags={"team": "x"}, **ON))) == {"team-a", "team-b"}
    both = direct.ok(SETTINGS, check=True, domains=["*"], domain_tags={"team": "x", "stage": "prod"}, **ON)
    assert names(both) == ["team-a"]
    everywhere = direct.ok(SETTINGS, check=True, all_domains=True, exclude=["team-?"], **ON)
    assert names(everywhere) == ["other"]
    endpoint.clear_calls()
    assert names(direct.ok(SETTINGS, check=True, domains=[arn], **ON)) == ["team-a"]
    assert calls(endpoint) == ["DescribeDomain"]
    assert names(direct.ok(INFO, domain_tags={"team": "y"})) == ["other"]


def test_a_selection_that_matches_nothing_fails(endpoint, direct):
    endpoint.domain("research")
    assert "None of 1 domain(s) in eu-west-1 has the tags" in direct.fails(SETTINGS, domain_tags={"team": "x"}, **ON)
    assert "matches the pattern 'x*'" in direct.fails(SETTINGS, domains=["x*"], **ON)
    assert "exclude: no domain has" in direct.fails(SETTINGS, all_domains=True, exclude=["reserach"], **ON)
    assert "No domain is selected" in direct.fails(SETTINGS, domains=[], domain_tags={"team": "x"}, **ON)
    foreign = "arn:aws:sagemaker:us-east-1:123456789012:domain/d-abc"
    assert "the region of this task is eu-west-1" in direct.fails(SETTINGS, domains=[foreign], **ON)


def test_a_denied_list_of_tags_fails_the_task(endpoint, direct):
    endpoint.domain("research")
    endpoint.controls(denied_actions={"sagemaker:ListTags": "*"})
    run = direct.run(SETTINGS, domain_tags={"team": "x"}, **ON)
    assert "sagemaker:ListTags" in run["msg"]
    assert run["error"]["code"] == "AccessDeniedException"


@pytest.mark.parametrize("status", ["Failed", "Deleting", "Delete_Failed"])
def test_an_unusable_domain_is_skipped_unless_it_is_named(endpoint, direct, status):
    bad = unusable(endpoint, "bad", status)
    good = endpoint.domain("good")
    for selection in ({"all_domains": True}, {"domains": ["*"]}):
        run = direct.ok(SETTINGS, check=True, **selection, **ON)
        assert names(run) == ["good"]
        assert f"bad ({bad}) is skipped: it is {status}." in run.warnings
    assert set(names(direct.ok(INFO))) == {"bad", "good"}

    run = direct.run(SETTINGS, domains=["bad", "good"], include_apps=True, **ON)
    assert run.returncode != 0
    assert f"bad ({bad}): it is {status}, and SageMaker no longer updates it" in run["msg"]
    assert f"Changed: good ({good})." in run["msg"]
    assert [domain["changed"] for domain in run["domains"]] == [False, True]
    assert [domain["status"] for domain in run["domains"]] == [status, "InService"]
    assert len(run["diff"]) == 1


@pytest.mark.parametrize("status", ["Failed", "Deleting"])
def test_a_domain_whose_tags_cannot_be_read_is_skipped(endpoint, direct, status):
    bad = unusable(endpoint, "bad", status)
    endpoint.domain("good", tags={"team": "x"})
    run = direct.ok(SETTINGS, check=True, domain_tags={"team": "x"}, **ON)
    assert names(run) == ["good"]
    assert f"bad ({bad}) is skipped: it is {status}." in run.warnings
    # Here the status is no reason to skip it.
    for module, selection in ((INFO, {}), (SETTINGS, {"domains": ["bad", "good"], "check": True, **ON})):
        run = direct.ok(module, domain_tags={"team": "x"}, **selection)
        assert names(run) == ["good"]
        assert f"bad ({bad}) is skipped: SageMaker does not return its tags" in run.warnings


@pytest.mark.parametrize("status", ["Failed", "Deleting", "Delete_Failed"])
def test_an_unusable_domain_does_not_make_a_name_ambiguous(endpoint, direct, status):
    unusable(endpoint, "research", status)
    domain_id = endpoint.domain("research")
    run = direct.ok(SETTINGS, check=True, domains=["research"], **ON)
    assert [domain["domain_id"] for domain in run["domains"]] == [domain_id]
    assert direct.ok("sagemaker_domain", name="research")["domain"]["domain_id"] == domain_id


def test_a_domain_of_unified_studio_is_skipped_unless_it_is_named(endpoint, direct):
    managed = endpoint.domain("managed", DomainSettings=MANAGED)
    endpoint.domain("own")
    run = direct.ok(SETTINGS, all_domains=True, **ON)
    assert names(run) == ["own"]
    assert f"managed ({managed}) is skipped: Amazon SageMaker Unified Studio manages it." in run.warnings
    run = direct.ok(SETTINGS, domains=["managed"], **ON)
    assert run["changed"]
    assert "Unified Studio manages this domain and may overwrite the change" in run.warnings


def test_a_name_like_an_id_with_permissions_by_arn(endpoint, direct):
    domain_id = endpoint.domain("d-research")
    endpoint.controls(denied_actions={"sagemaker:DescribeDomain": "*:domain/d-research"})
    run = direct.ok(SETTINGS, domains=["d-research"], **ON)
    assert [domain["domain_id"] for domain in run["domains"]] == [domain_id]


def test_a_denied_id_without_permission_to_list_fails_alone(endpoint, direct):
    denied, good = endpoint.domain("denied"), endpoint.domain("good")
    endpoint.controls(denied_actions={"sagemaker:DescribeDomain": f"*{denied}", "sagemaker:ListDomains": "*"})
    run = direct.run(SETTINGS, domains=[denied, good], **ON)
    assert f"{denied}: The credentials lack" in run["msg"]
    assert [domain["changed"] for domain in run["domains"]] == [False, True]


# With these options, each module works on all domains that are selected.
OF_MODULES = {
    SETTINGS: ON,
    INFO: {},
    "sagemaker_studio_app": {"state": "restarted"},
    "sagemaker_studio_lifecycle_config": {"name": "docker", "content": "#!/bin/sh\n:\n"},
}


@pytest.mark.parametrize("module", OF_MODULES)
def test_a_named_domain_that_was_just_deleted_is_a_failure(endpoint, direct, module):
    gone, _other = endpoint.domain("gone"), endpoint.domain("other")
    endpoint.controls(forgotten_domains=[gone])
    for domains in (["gone"], [gone], ["gone", "other"], [gone, "other"]):
        message = direct.fails(module, domains=domains, **OF_MODULES[module])
        assert "it was deleted meanwhile" in message
        assert "'gone'" in message


@pytest.mark.parametrize("module", OF_MODULES)
def test_a_domain_that_was_just_deleted_is_left_out_of_a_pattern(endpoint, direct, module):
    gone, _other = endpoint.domain("gone"), endpoint.domain("other")
    endpoint.controls(forgotten_domains=[gone])
    for selection in ({"all_domains": True}, {"domains": ["*"]}):
        run = direct.ok(
            module, **({} if module == INFO and "all_domains" in selection else selection), **OF_MODULES[module]
        )
        assert gone not in str(run.result)
