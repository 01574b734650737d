# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The controls of the sandbox's AWS endpoint, and its call log."""

from __future__ import annotations

import itertools
import time
from concurrent.futures import ThreadPoolExecutor

import pytest
from botocore.exceptions import ClientError, ConnectionClosedError

from tests.sandbox.aws_endpoint.client import Endpoint


def codes(call, times):
    """The error code, or `ok`, of each of so many calls."""
    return [code(call) for _ in range(times)]


def code(call):
    try:
        call()
    except ClientError as error:
        return error.response["Error"]["Code"]
    except ConnectionClosedError:
        return "dropped"
    return "ok"


@pytest.mark.parametrize(
    ("controls", "expected"),
    [
        ({"throttle_every": 3}, ["ok", "ok", "ThrottlingException", "ok", "ok", "ThrottlingException"]),
        ({"error_every": 2}, ["ok", "InternalFailure", "ok", "InternalFailure"]),
        ({"drop_every": 2}, ["ok", "dropped", "ok", "dropped"]),
        ({"throttle_every": 2, "error_every": 4}, ["ok", "ThrottlingException", "ok", "InternalFailure"]),
        ({"expired_credentials": True}, ["ExpiredTokenException"]),
        ({"denied_actions": {"sagemaker:DescribeDomain": "*"}}, ["ok"]),
        ({"denied_actions": {"sagemaker:ListDomains": "*"}}, ["AccessDeniedException"]),
    ],
)
def test_each_fault_is_met_by_its_calls(endpoint, controls, expected):
    endpoint.controls(**controls)
    assert codes(endpoint.boto3().list_domains, len(expected)) == expected


def test_counting_starts_again_when_the_controls_change(endpoint):
    list_domains = endpoint.boto3().list_domains
    endpoint.controls(throttle_every=2)
    assert codes(list_domains, 1) == ["ok"]
    endpoint.controls(latency_ms=0)
    assert codes(list_domains, 2) == ["ok", "ThrottlingException"]


def test_a_throttled_call_has_aws_s_message(endpoint):
    endpoint.controls(throttle_every=1)
    with pytest.raises(ClientError, match="Rate exceeded"):
        endpoint.boto3().list_domains()


def test_a_denied_call_names_who_may_not_do_what_on_which_resource(endpoint):
    allowed, denied = endpoint.domain(), endpoint.domain()
    endpoint.controls(denied_actions={"sagemaker:UpdateDomain": f"*/{denied}"})
    sagemaker = endpoint.boto3()
    sagemaker.update_domain(DomainId=allowed)
    with pytest.raises(ClientError) as refused:
        sagemaker.update_domain(DomainId=denied)
    assert refused.value.response["Error"]["Message"] == (
        "User: arn:aws:sts::123456789012:assumed-role/sandbox/ansible is not authorized to perform: "
        f"sagemaker:UpdateDomain on resource: arn:aws:sagemaker:eu-west-1:123456789012:domain/{denied} "
        "because no identity-based policy allows the sagemaker:UpdateDomain action"
    )


def test_the_first_updates_find_the_domain_in_use(endpoint):
    sagemaker, domain_id = endpoint.boto3(), endpoint.domain()
    endpoint.controls(busy_updates=2)
    updates = codes(lambda: sagemaker.update_domain(DomainId=domain_id), 3)
    assert updates == ["ResourceInUse", "ResourceInUse", "ok"]


@pytest.mark.parametrize(("moment", "status", "decided"), [("before", "InService", None), ("after", "Updating", 200)])
def test_a_dropped_update_had_its_effect_or_had_not(endpoint, moment, status, decided):
    sagemaker, domain_id = endpoint.boto3(), endpoint.domain()
    endpoint.controls(drop_every=1, drop_moment=moment, transition_seconds=60)
    with pytest.raises(ConnectionClosedError):
        sagemaker.update_domain(DomainId=domain_id)
    endpoint.controls(drop_every=0)
    assert sagemaker.describe_domain(DomainId=domain_id)["Status"] == status
    [update] = endpoint.calls("UpdateDomain")
    assert (update.status, update.answered) == (decided, False)


def test_calls_wait_side_by_side(endpoint):
    ids = [endpoint.domain(f"domain-{number}") for number in range(50)]
    sagemaker = endpoint.boto3()
    endpoint.controls(latency_ms=400)
    started = time.monotonic()
    with ThreadPoolExecutor(50) as pool:
        domains = list(pool.map(lambda domain_id: sagemaker.describe_domain(DomainId=domain_id), ids))
    assert [domain["DomainId"] for domain in domains] == ids
    # One after the other they would wait for 0.4 s each.
    assert 0.4 < time.monotonic() - started < 0.3 * len(ids)


def test_the_deletion_of_an_app_may_take_longer(endpoint):
    domain_id = endpoint.domain()
    endpoint.app(domain_id)
    endpoint.controls(transition_seconds=0, app_deletion_seconds=60)
    sagemaker = endpoint.boto3()
    app = {"DomainId": domain_id, "SpaceName": "ada-jupyterlab", "AppType": "JupyterLab", "AppName": "default"}
    sagemaker.delete_app(**app)
    assert sagemaker.describe_app(**app)["Status"] == "Deleting"


@pytest.mark.parametrize("at_end", [True, False])
def test_an_update_sets_the_modification_time_at_its_end_or_its_beginning(endpoint, at_end):
    sagemaker, domain_id = endpoint.boto3(), endpoint.domain()
    endpoint.controls(transition_seconds=0.3, modified_at_end_of_update=at_end)
    sagemaker.update_domain(DomainId=domain_id)
    begun_at = sagemaker.describe_domain(DomainId=domain_id)["LastModifiedTime"]
    while (domain := sagemaker.describe_domain(DomainId=domain_id))["Status"] == "Updating":
        pass
    assert (domain["LastModifiedTime"] > begun_at) == at_end


def test_reads_may_show_a_write_later(endpoint):
    sagemaker, domain_id = endpoint.boto3(), endpoint.domain()
    before = sagemaker.describe_domain(DomainId=domain_id)["LastModifiedTime"]
    endpoint.controls(stale_read_seconds=60, transition_seconds=0)
    sagemaker.update_domain(DomainId=domain_id)
    sagemaker.add_tags(ResourceArn=domain_arn(sagemaker, domain_id), Tags=[{"Key": "cost", "Value": "7"}])
    new = sagemaker.create_domain(DomainName="new", AuthMode="IAM", DefaultUserSettings={})["DomainId"]

    def shown():
        [domain] = sagemaker.list_domains()["Domains"]
        tags = sagemaker.list_tags(ResourceArn=domain["DomainArn"])["Tags"]
        created = code(lambda: sagemaker.describe_domain(DomainId=new))
        return sagemaker.describe_domain(DomainId=domain_id)["LastModifiedTime"] > before, tags, created

    assert shown() == (False, [], "ResourceNotFound")
    # A write is decided by the present, and what a test arranges is there at once.
    assert code(lambda: sagemaker.delete_domain(DomainId=new)) == "ok"
    endpoint.update("update_domain", DomainId=domain_id)
    assert shown() == (True, [{"Key": "cost", "Value": "7"}], "ResourceNotFound")


def test_the_states_before_several_writes_are_shown_one_after_the_other(endpoint):
    sagemaker, domain_id = endpoint.boto3(), endpoint.domain("old")
    endpoint.app(domain_id)
    app = {"DomainId": domain_id, "SpaceName": "ada-jupyterlab", "AppType": "JupyterLab", "AppName": "default"}
    endpoint.controls(stale_read_seconds=0.5, transition_seconds=0)
    created = sagemaker.describe_app(**app)["CreationTime"]
    sagemaker.delete_app(**app)
    shown = [sagemaker.describe_app(**app)["Status"]]
    while shown[-1] != "Deleted":
        shown.append(sagemaker.describe_app(**app)["Status"])
    sagemaker.create_app(**app)
    while shown[-1] == "Deleted":
        shown.append(sagemaker.describe_app(**app)["Status"])
    assert [status for status, _ in itertools.groupby(shown)] == ["InService", "Deleted", "InService"]
    assert sagemaker.describe_app(**app)["CreationTime"] > created


def domain_arn(sagemaker, domain_id):
    return sagemaker.describe_domain(DomainId=domain_id)["DomainArn"]


def test_arranging_is_neither_hindered_nor_logged(endpoint):
    endpoint.controls(
        latency_ms=5000, throttle_every=1, denied_actions={"sagemaker:CreateDomain": "*"}, stuck_domains=["*"]
    )
    domain_id = endpoint.domain()
    endpoint.app(domain_id)
    assert endpoint.calls() == []
    endpoint.controls(latency_ms=0, throttle_every=0)
    assert endpoint.boto3().describe_domain(DomainId=domain_id)["Status"] == "InService"


def test_the_log_has_each_call_in_order(endpoint):
    domain_id = endpoint.domain()
    sagemaker = endpoint.boto3()
    code(sagemaker.list_domains)
    code(lambda: sagemaker.describe_domain(DomainId="d-0123456789ab"))
    code(lambda: sagemaker.update_domain(DomainId=domain_id))
    code(Endpoint(endpoint.url, "us-east-1").boto3("sts").get_caller_identity)
    logged = [(call.service, call.region, call.operation, call.mutating, call.status) for call in endpoint.calls()]
    assert logged == [
        ("sagemaker", "eu-west-1", "ListDomains", False, 200),
        ("sagemaker", "eu-west-1", "DescribeDomain", False, 400),
        ("sagemaker", "eu-west-1", "UpdateDomain", True, 200),
        ("sts", "us-east-1", "GetCallerIdentity", False, 200),
    ]
    [unknown] = endpoint.calls("DescribeDomain")
    assert (unknown.parameters, unknown.error) == ({"DomainId": "d-0123456789ab"}, "ResourceNotFound")
    assert (unknown.answered, unknown.principal) == (True, endpoint.environment()["AWS_ACCESS_KEY_ID"])
    assert [call.operation for call in endpoint.mutating_calls()] == ["UpdateDomain"]
    endpoint.clear_calls()
    assert endpoint.calls() == []


def test_reset_forgets_everything(endpoint):
    endpoint.app(endpoint.domain())
    endpoint.controls(throttle_every=1)
    code(endpoint.boto3().list_domains)
    endpoint.reset()
    assert endpoint.calls() == []
    assert endpoint.controls()["throttle_every"] == 0
    assert endpoint.boto3().list_domains()["Domains"] == []
    assert endpoint.boto3().list_apps()["Apps"] == []


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"latency": 5}, "unknown controls latency; known are app_deletion_seconds"),
        ({"latency_ms": "5"}, "latency_ms is of type int, not '5'"),
        ({"throttle_every": True}, "throttle_every is of type int, not True"),
        ({"update_semantics": "append"}, "update_semantics is one of replace, merge, not 'append'"),
    ],
)
def test_a_wrong_control_is_refused_and_changes_nothing(endpoint, changes, message):
    before = endpoint.controls()
    with pytest.raises(ValueError, match=message):
        endpoint.controls(**changes, transition_seconds=9)
    assert endpoint.controls() == before
