# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import re

import pytest
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._report.summary import (
    AppRun,
    DomainsRun,
    summary,
)

APP = {
    "type": "JupyterLab",
    "name": "default",
    "owner_type": "user_profile",
    "owner": "ada",
    "creation_time": "2026-01-31T11:00:00+00:00",
}
NAME = "JupyterLab default of user profile ada"
FACTS = {
    "docker": {"version": "20.10.24", "path": "/usr/bin/docker"},
    "compose": {"version": "2.26.1"},
    "engine": {"reachable": True, "version": "20.10.24", "api_version": "1.41"},
}
FAILED = {"check": "engine", "status": "failed", "observed": "o", "expected": "e", "reason": "r", "remediation": "m"}
OK = {**FAILED, "check": "docker_cli", "status": "ok", "reason": "", "remediation": ""}


def domain(changed=True, access=True, apps=(APP,), **settings):
    return {
        "domain_id": "d-1",
        "domain_name": "research",
        "domain_arn": "arn:aws:sagemaker:eu-west-1:123456789012:domain/d-1",
        "changed": changed,
        "docker_settings": {
            "enable_docker_access": access,
            "rootless_docker": False,
            "vpc_only_trusted_accounts": [],
            **settings,
        },
        "apps_to_restart": list(apps),
    }


def lines(run=None, prerequisites=None, apps=(), check_mode=False):
    """The lines below the totals."""
    found = summary(run or DomainsRun(), prerequisites or {}, apps, check_mode)
    return found[found.index("") + 1 :] if found and re.match(r"\d+ (domain|app)s?: ", found[0]) else found


def test_nothing_done_has_no_lines():
    assert lines(apps=[AppRun("one")]) == []


@pytest.mark.parametrize(
    ("changed", "check_mode", "expected"),
    [
        (True, False, "changed"),
        (True, True, "would change"),
        (False, False, "unchanged"),
        (False, True, "unchanged"),
    ],
)
def test_a_domain_has_its_result_and_its_settings(changed, check_mode, expected):
    found = lines(DomainsRun([domain(changed, vpc_only_trusted_accounts=["1", "2"])]), check_mode=check_mode)
    line = f"  research (d-1): {expected}, Docker access on, rootless off, trusted accounts: 1, 2"
    assert found[:2] == ["Domains", line]


def test_an_app_to_restart_is_named_with_each_way_to_restart_it():
    found = lines(DomainsRun([domain()], restart_variable="restart_apps=true"))
    assert f"    Restart to apply the settings: {NAME}, created 2026-01-31T11:00:00+00:00" in found
    assert found[-2:] == [
        "    with this playbook: run it again with -e restart_apps=true",
        "    ansible localhost -m mlops.studio_local_mode.sagemaker_studio_app -a 'domains=d-1 region=eu-west-1'",
    ]


def test_in_awx_the_form_takes_the_place_of_commands():
    found = lines(DomainsRun([domain()], restart_variable="restart_apps=true", in_awx=True))
    assert found[-1] == "    in AWX: launch this template again with the answer true to 'Restart running apps'"
    found = lines(DomainsRun([domain(access=False)], restart_variable="restart_apps=true", in_awx=True))
    assert found[-1] == "    in Studio: stop the space, then run it"


def test_in_check_mode_the_advice_is_for_after_the_change():
    found = "\n".join(lines(DomainsRun([domain()]), check_mode=True))
    assert "After the change, restart it" in found


def test_removed_accounts_are_no_reason_to_get_anything():
    """The settings of the running apps are those from before the removal."""
    found = "\n".join(lines(DomainsRun([domain(vpc_only_trusted_accounts=[])])))
    assert "Restart to apply the settings" in found
    assert "restart_apps" not in found


def test_no_advice_without_an_app_to_restart():
    assert len(lines(DomainsRun([domain(apps=())], restart_variable="restart_apps=true"))) == 2


def test_after_docker_access_was_disabled_nothing_advises_to_enable_it():
    found = lines(DomainsRun([domain(access=False)], restart_variable="restart_apps=true"))
    assert any(line.startswith(f"    Restart to end Docker access: {NAME}") for line in found)
    assert "restart_apps" not in "\n".join(found)
    assert "sagemaker_studio_app" in found[-1]


@pytest.mark.parametrize(
    ("app", "check_mode", "expected"),
    [({}, False, "Restarted"), ({}, True, "Would restart"), ({"error": "no capacity"}, False, "NOT RESTARTED")],
)
def test_restarts_replace_the_advice(app, check_mode, expected):
    restarts = [{"skipped": True}, {"apps": [{**APP, "domain_id": "d-1", **app}, {**APP, "domain_id": "d-2"}]}]
    found = lines(DomainsRun([domain()], restarts), check_mode=check_mode)
    assert found[2] == f"    {expected}: {NAME}"
    # What is left has its advice.
    assert ("sagemaker_studio_app" in found[-1]) is (expected == "NOT RESTARTED")


def test_an_app_that_was_left_out_has_the_reason():
    restarts = [{"apps": [{**APP, "domain_id": "d-1", "skip_reason": "its space is shared"}]}]
    assert f"    NOT RESTARTED: {NAME}: its space is shared" in lines(DomainsRun([domain()], restarts))


def test_a_restart_that_failed_as_a_whole_has_no_apps():
    assert len(lines(DomainsRun([domain()], [{"failed": True, "msg": "denied"}]))) == 2


@pytest.mark.parametrize(
    ("result", "check_mode", "expected"),
    [
        ({"changed": True, "lifecycle_configs": [{}]}, False, "installs the Docker CLI runs at the next start"),
        ({"changed": True, "lifecycle_configs": [{}]}, True, "installs the Docker CLI would run at the next start"),
        ({"changed": True, "lifecycle_configs": []}, False, "is detached"),
        ({"changed": True, "lifecycle_configs": []}, True, "would be detached"),
    ],
)
def test_a_lifecycle_configuration_is_attached_or_detached(result, check_mode, expected):
    assert expected in lines(DomainsRun([domain(apps=())], lifecycle_config=result), check_mode=check_mode)[-1]


def test_a_lifecycle_configuration_that_did_not_change_is_not_named():
    assert len(lines(DomainsRun([domain(apps=())], lifecycle_config={"changed": False}))) == 2


def test_the_apps_that_an_earlier_job_named_unless_this_one_has_domains():
    earlier = DomainsRun(earlier_apps_to_restart={"d-2": [], "d-1": [APP]})
    assert lines(earlier)[1:] == [f"  d-1: {NAME}, created 2026-01-31T11:00:00+00:00"]
    assert lines(DomainsRun(earlier_apps_to_restart={"d-1": []})) == []
    own = DomainsRun([domain(apps=())], earlier_apps_to_restart={"d-1": [APP]})
    assert "earlier" not in "\n".join(lines(own))


def test_findings_of_domains_and_apps_share_one_table():
    prerequisites = {"domains": [{"domain_id": "d-1", "domain_name": "research", "findings": [OK]}]}
    found = lines(prerequisites=prerequisites, apps=[AppRun("one", True, {}, {"app": FACTS}, [FAILED])])
    assert found[0] == "AWS prerequisites and app checks"
    assert found[1] == "OK       research docker_cli  o"
    assert found[2] == "FAILED   one engine           o"
    assert found[-3:] == ["Apps", "  one: FAILED", "    See the table above."]
    assert lines(prerequisites=prerequisites)[0] == "AWS prerequisites"


def test_a_domain_without_a_name_is_named_by_its_id():
    unnamed = [{"domain_id": identity, "domain_name": None, "findings": [OK]} for identity in ("d-1", None)]
    found = lines(prerequisites={"domains": unnamed})
    assert found[1:3] == ["OK       d-1 docker_cli  o", "OK       AWS docker_cli  o"]


def test_prerequisites_that_could_not_be_checked():
    assert lines(prerequisites={"msg": "No AWS region."}) == ["AWS prerequisites were not checked: No AWS region."]


def test_an_app_s_findings_are_shown_where_the_domain_has_none():
    failed = {"msg": "No credentials.", "domains": [{"domain_id": "d-1", "domain_name": None, "findings": []}]}
    found = lines(prerequisites=failed, apps=[AppRun("one", True, {}, {"app": FACTS}, [FAILED])])
    assert "    FAILED   engine  o" in found
    assert "    See the table above." not in found


def test_an_app_that_works():
    installation = {"packages": [{"name": "docker-ce-cli", "version": "5:1"}], "app": {**FACTS, "docker": None}}
    found = lines(apps=[AppRun("one", False, installation, {"app": FACTS}, [OK])])
    assert found == [
        "Apps",
        "  one: local mode works, installed docker-ce-cli 5:1, docker 20.10.24 (/usr/bin/docker), Compose 2.26.1, "
        "engine 20.10.24 answers, API 1.41",
    ]


def test_an_app_in_check_mode():
    facts = {"docker": None, "compose": None, "engine": {"reachable": False, "error": "no socket"}}
    installation = {"packages": [{"name": "docker-ce-cli", "version": "5:1"}], "app": facts}
    assert lines(apps=[AppRun("one", False, installation)], check_mode=True)[1:] == [
        "  one: done, would install docker-ce-cli 5:1, docker not installed, Compose not installed, "
        "engine does not answer: no socket",
    ]


@pytest.mark.parametrize(
    ("app", "expected"),
    [
        (AppRun("one", True, {"failed": True, "msg": "no disk", "module_stderr": "x\n", "app": FACTS}), "no disk"),
        (AppRun("one", True, {}, {"unreachable": True, "msg": "no route"}), "unreachable: no route"),
        (AppRun("one", True, {}, {"app": FACTS}, [FAILED]), "FAILED   engine  o"),
        (AppRun("one", True), "No task of this app returned a result. Say why: ansible one -m ansible.builtin.ping"),
    ],
)
def test_an_app_that_failed_has_its_reason(app, expected):
    assert lines(apps=[app])[1:3] == ["  one: FAILED", f"    {expected}"]


def test_a_failed_domain_has_its_error():
    failed = {
        **domain(changed=False, apps=()),
        "docker_settings": None,
        "error": "it is Failed",
    }
    found = summary(DomainsRun([failed, {**failed, "domain_name": None}, {**failed, "changed": True}]), {}, [], False)
    assert found == [
        "3 domains: 3 failed",
        "",
        "Domains",
        "  research (d-1): FAILED",
        "    it is Failed",
        "  d-1: FAILED",
        "    it is Failed",
        "  research (d-1): changed, FAILED",
        "    it is Failed",
    ]


def test_the_totals_come_first_and_what_failed_last():
    failed = {**domain(apps=()), "docker_settings": None, "error": "it is Failed"}
    apps = [AppRun("bad", True), AppRun("good", False, {}, {"app": FACTS}, [OK]), AppRun("not handled")]
    found = summary(
        DomainsRun([failed, domain(False, apps=()), domain(apps=()), domain(False, apps=())]), {}, apps, False
    )
    assert found[:4] == ["4 domains: 2 unchanged, 1 changed, 1 failed", "2 apps: 1 ready, 1 failed", "", "Domains"]
    assert "FAILED" in found[found.index("Apps") - 3]
    assert [line.split(":")[0] for line in found[found.index("Apps") + 1 :]][:2] == ["  good", "  bad"]
