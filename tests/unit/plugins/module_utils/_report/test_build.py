# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import pytest
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._report.build import HostResult, RegionResults

from tests.unit.readiness import app, domain, finding, host, region, report, space


def only_app(regions=(), hosts=()):
    [found] = report(regions, hosts)["apps"]
    return found


@pytest.mark.parametrize(
    ("listed", "found", "state"),
    [
        (domain(), host(), "ready"),
        (domain(), host(warnings=["home_space"]), "ready"),
        (domain(), host(failed=["compose"]), "not_ready"),
        # What the app shows counts more than its age.
        (domain(apps=[app(predates=True)]), host(), "ready"),
        (domain(apps=[app(predates=True)]), host(failed=["docker_host"]), "ready_after_restart"),
        (domain(apps=[app(predates=True)]), host(failed=["docker_host", "compose"]), "not_ready"),
        (domain(apps=[app(predates=False)]), host(failed=["docker_host"]), "not_ready"),
        (domain(access=False), host(failed=["docker_host"]), "not_ready"),
    ],
)
def test_the_state_of_an_app_that_was_inspected(listed, found, state):
    assert only_app([region([listed], [space()])], [found])["state"] == state


@pytest.mark.parametrize(
    ("listed", "state"),
    [
        # AWS does not show whether the app has a Docker CLI: nobody calls it ready.
        (domain(apps=[app()]), "not_checked"),
        (domain(apps=[app(predates=True)]), "ready_after_restart"),
        (domain(apps=[app(predates=True, type="JupyterServer")]), "not_ready"),
        (domain(apps=[app(status="Failed")]), "not_ready"),
        (domain(access=False, apps=[app()]), "not_ready"),
        (domain(docker_settings=None, error="denied", apps=[app()]), "not_checked"),
    ],
)
def test_the_state_of_an_app_from_aws_alone(listed, state):
    assert only_app([region([listed])])["state"] == state


@pytest.mark.parametrize(
    ("listed", "findings", "state"),
    [
        (domain(), [], "ready"),
        (domain(), [finding("ecr_login", "warning")], "ready"),
        (domain(), [finding("ecr_login", "failed")], "not_ready"),
        (domain(access=False), [], "not_ready"),
        (domain(docker_settings=None, error="denied"), [], "not_checked"),
    ],
)
def test_the_state_of_a_domain(listed, findings, state):
    [found] = report([region([listed], findings=findings)])["domains"]
    assert found["state"] == state


def test_a_domain_whose_prerequisites_nobody_checked_is_not_ready():
    [found] = report([RegionResults("eu-west-1", {"domains": [domain()]})])["domains"]
    assert found["state"] == "not_checked"


def test_a_domain_that_may_not_be_described_is_in_the_report():
    found = report([region([domain(name=None, docker_settings=None, error="lacks sagemaker:DescribeDomain")])])
    assert found["domains"][0]["error"] == "lacks sagemaker:DescribeDomain"
    assert found["next_steps"][-1]["reason"] == "lacks sagemaker:DescribeDomain"


def test_a_space_a_host_and_an_app_are_one_item():
    listed = domain(apps=[app(predates=True)])
    found = only_app([region([listed], [space()])], [host("web", studio_image_version="2.4.1")])
    assert (found["host"], found["space"]) == ("web", "ada-space")
    assert found["owner"] == "ada"
    assert found["instance_type"] == "ml.m5.large"
    assert found["image"] == "2.4.1"
    assert found["predates_domain_update"] is True
    assert (found["docker_cli"], found["compose"], found["engine"]) == ("20.10.24", "2.26.1", "20.10.24")
    assert "docker_cli" in found["passed"]


def test_without_aws_the_hosts_are_the_report():
    variables = {"studio_domain_id": "d-9", "studio_space_name": "x", "studio_region": "eu-west-1"}
    apps = report(hosts=[host(), HostResult("gone", variables, {"unreachable": True, "msg": "no route"})])["apps"]
    assert {(a["host"], a["domain_id"], a["space"]) for a in apps} == {
        ("ada-space", "d-1", "ada-space"),
        ("gone", "d-9", "x"),
    }


@pytest.mark.parametrize(
    ("found", "reason"),
    [
        (HostResult("h", {}, {"unreachable": True, "msg": "no route"}), "Ansible could not connect: no route"),
        (HostResult("h", {}, {"msg": "MODULE FAILURE"}), "The app could not be inspected: MODULE FAILURE"),
        (
            HostResult("h", {"studio_unreachable_because": "its remote access is off"}, {"unreachable": True}),
            "Ansible could not connect: Ansible gives no reason. its remote access is off",
        ),
        (HostResult("h", {"studio_unreachable_because": "it has no running app"}), "it has no running app"),
    ],
)
def test_an_app_that_nobody_looked_into_has_the_reason(found, reason):
    shown = only_app(hosts=[found])
    assert shown["state"] == "not_checked"
    assert [(f["check"], f["reason"]) for f in shown["findings"]] == [("app_checks", reason)]


def test_hosts_that_say_nothing_of_their_space_are_not_joined():
    apps = report([region([domain()], [space()])], [HostResult("a", {}, {}), HostResult("b", {}, {})])["apps"]
    assert len(apps) == 3


def test_apps_of_the_last_day_that_are_deleted_are_left_out():
    assert report([region([domain(apps=[app(status="Deleted")])])])["apps"] == []
    gone = space(app={"status": "Deleted"})
    assert only_app([region([domain(apps=[app(status="Deleted")])], [gone])])["status"] == ""


def test_a_region_that_aws_does_not_show_has_the_reason():
    found = report([RegionResults("eu-west-1", {"msg": "No usable AWS credentials."})])
    assert found["regions"] == [
        {"account": "", "region": "eu-west-1", "target": "", "error": "No usable AWS credentials."}
    ]
    assert found["summary"]["domains"]["total"] == 0
    assert found["accounts"] == []


def test_the_error_of_one_domain_is_not_that_of_the_region():
    results = RegionResults("eu-west-1", {"msg": "1 of 1 failed", "domains": [domain(error="denied")]})
    assert report([results])["regions"][0]["error"] == ""
