# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import re

import pytest
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._report.causes import Way
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._report.summary import (
    AppRun,
    DomainsRun,
    Reader,
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


def lines(run=None, prerequisites=None, apps=(), check_mode=False, **way):
    """The lines below the totals."""
    found = summary(run or DomainsRun(), prerequisites or {}, apps, check_mode, Reader(100, Way(**way)))
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
    found = lines(DomainsRun([domain()], restart_variable="restart_apps=true"), in_awx=True)
    restart = "    Launch the template 'Studio local mode - restart apps' with Domains: d-1; Region: eu-west-1"
    assert found[-2:] == [
        "    in AWX: launch this template again with the answer true to 'Restart running apps'",
        restart,
    ]
    found = lines(DomainsRun([domain(access=False)], restart_variable="restart_apps=true"), in_awx=True)
    assert found[-2:] == ["    in Studio: stop the space, then run it", restart]


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
    [
        ({}, False, "    Restarted: "),
        ({}, True, "    Would restart: "),
        ({"error": "no capacity"}, False, "  NOT RESTARTED  1 app: "),
    ],
)
def test_restarts_replace_the_advice(app, check_mode, expected):
    restarts = [{"skipped": True}, {"apps": [{**APP, "domain_id": "d-1", **app}, {**APP, "domain_id": "d-2"}]}]
    found = lines(DomainsRun([domain()], restarts), check_mode=check_mode)
    assert f"{expected}{NAME}" in found
    # What is left has its advice.
    assert ("sagemaker_studio_app" in "".join(found)) is ("NOT RESTARTED" in expected)


def test_an_app_that_was_left_out_has_the_reason():
    restarts = [{"apps": [{**APP, "domain_id": "d-1", "skip_reason": "its space is shared"}]}]
    assert lines(DomainsRun([domain()], restarts))[-2:] == [
        f"  NOT RESTARTED  1 app: {NAME}",
        "    its space is shared",
    ]


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


def checked(*findings, identity="d-1", name="research", unchecked=()):
    return {"domain_id": identity, "domain_name": name, "findings": list(findings), "unchecked": list(unchecked)}


def test_findings_are_listed_by_cause_with_the_numbers_and_the_next_step_and_then_in_full():
    off = {**FAILED, "check": "docker_access", "remediation": "Enable it."}
    apps = [AppRun(name, True, {}, {"app": FACTS}, [FAILED, OK]) for name in ("one", "two")]
    found = lines(prerequisites={"domains": [checked(off, OK), checked(OK, identity="d-2")]}, apps=apps)
    assert found[: found.index("")] == [
        "What to do next",
        "  1. engine (2 apps): r",
        "     m",
        "     Where: one, two",
        "  2. docker_access (1 domain): r",
        "     Enable it.",
        "       ansible-playbook mlops.studio_local_mode.enable_local_mode -e domain_docker_access_domains=d-1",
        "     Where: research (d-1)",
    ]
    assert "  \u2714 research (d-2): 1 ok" in found
    failed = found[found.index("Failed") :]
    assert failed[1:3] == ["  \u2718 domain research (d-1)", "    FAILED  docker_access: o"]
    assert failed.count("    FAILED  engine: o") == 2


def test_an_app_without_docker_in_a_domain_without_docker_access_has_one_cause():
    off = {**FAILED, "check": "docker_access"}
    facts = {**FACTS, "resource_metadata": {"domain_id": "d-1"}}
    found = lines(prerequisites={"domains": [checked(off)]}, apps=[AppRun("one", True, {}, {"app": facts}, [FAILED])])
    assert found[1] == "  1. docker_access (1 domain, 1 app): r"
    assert not any(line.startswith("  2.") for line in found)


def test_a_check_that_could_not_be_made_is_a_step():
    skipped = {**OK, "status": "skipped", "reason": "denied"}
    assert "  1. docker_cli (1 domain): denied" in lines(
        prerequisites={"domains": [checked(skipped, unchecked=["docker_cli"])]}
    )
    assert "What to do next" not in lines(prerequisites={"domains": [checked(skipped)]})


def test_in_awx_a_remediation_names_the_template():
    off = {**FAILED, "remediation": "Enable it: ansible-playbook mlops.studio_local_mode.enable_local_mode."}
    found = lines(prerequisites={"domains": [checked(off)]}, in_awx=True, template_prefix="T ")
    assert "     Enable it: launch the template 'T Studio local mode - enable domains'." in found


def test_a_domain_without_a_name_is_named_by_its_id():
    unnamed = [checked(OK, identity=identity, name=None) for identity in ("d-1", None)]
    found = lines(prerequisites={"domains": unnamed})
    assert found[-2:] == ["  \u2714 d-1: 1 ok", "  \u2714 AWS: 1 ok"]


def test_unreachable_spaces_are_steps_by_reason_the_most_frequent_first():
    reasons = {"a": "off", **{f"b{number}": "stopped" for number in range(12)}}
    hosts = [
        {"inventory_hostname": h, "studio_unreachable_because": r, "studio_domain_id": "d-1"}
        for h, r in reasons.items()
    ]
    other = {"inventory_hostname": "c", "studio_unreachable_because": "off", "studio_domain_id": "d-2"}
    found = lines(DomainsRun([domain(apps=())], unreachable=[*hosts, other]))
    assert found[1:3] == [
        "  1. app_checks (12 apps): stopped",
        "       ansible localhost -m mlops.studio_local_mode.sagemaker_studio_space "
        "-a 'domains=d-1 remote_access=true'",
    ]
    assert "  2. app_checks (1 app): off" in found
    assert "     Where: b0, b1, b2, b3, b4 and 7 more" in found


def test_prerequisites_that_could_not_be_checked():
    assert lines(prerequisites={"msg": "No AWS region."}) == ["AWS prerequisites were not checked: No AWS region."]


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
        (
            AppRun("one", True, {"failed": True, "msg": "no disk", "module_stderr": "x\n", "app": FACTS}),
            ["  FAILED  1 app: one", "    no disk", "    x"],
        ),
        (
            AppRun("one", True, {}, {"unreachable": True, "msg": "no route"}),
            ["  UNREACHABLE  1 app: one", "    no route"],
        ),
        (
            AppRun("one", True),
            [
                "  FAILED  1 app: one",
                "    No task of this app returned a result. The task above that failed has the reason.",
            ],
        ),
    ],
)
def test_an_app_that_failed_has_its_reason(app, expected):
    assert lines(apps=[app]) == ["Failed", *expected]


def test_apps_and_domains_that_failed_for_one_reason_are_one_cause():
    apps = [AppRun(name, True, {"failed": True, "msg": f"{name}: no disk"}) for name in ("one", "two")]
    failed = [
        {**domain(changed=number == 2, apps=()), "domain_id": f"d-{number}", "error": f"d-{number} is Failed"}
        for number in range(3)
    ]
    found = summary(DomainsRun(failed), {}, apps, False, Reader())
    assert found == [
        "3 domains: 3 failed",
        "2 apps: 2 failed",
        "",
        "Failed",
        "  FAILED  3 domains: research (d-0), research (d-1), research (d-2) changed",
        "    d-0 is Failed",
        "  FAILED  2 apps: one, two",
        "    one: no disk",
    ]


def test_the_totals_come_first_and_what_failed_last():
    failed = {**domain(apps=()), "docker_settings": None, "error": "it is Failed"}
    apps = [AppRun("bad", True), AppRun("good", False, {}, {"app": FACTS}, [OK]), AppRun("not handled")]
    run = DomainsRun([failed, domain(False, apps=()), domain(apps=()), domain(False, apps=())])
    found = summary(run, {}, apps, False, Reader())
    assert found[:4] == ["4 domains: 2 unchanged, 1 changed, 1 failed", "2 apps: 1 ready, 1 failed", "", "Domains"]
    assert found[found.index("Apps") + 1].startswith("  good: local mode works")
    assert [line for line in found if "FAILED" in line] == found[found.index("Failed") + 1 :: 2]


def test_restarts_without_a_change_of_domains_are_listed():
    app = {**APP, "domain_id": "d-1", "domain_name": "research", "changed": True}
    run = DomainsRun(restarts=[{"apps": [app, {**app, "changed": False}, {**app, "error": "no capacity"}]}])
    assert lines(run) == [
        "Apps",
        f"  research: {NAME}: restarted",
        f"  research: {NAME}: not restarted",
        "",
        "Failed",
        f"  NOT RESTARTED  1 app: {NAME}",
        "    no capacity",
    ]
    assert (
        lines(DomainsRun(restarts=[{"apps": [app]}]), check_mode=True)[1] == f"  research: {NAME}: would be restarted"
    )
    assert lines(DomainsRun(restarts=[{"apps": []}])) == ["No app needs a restart."]
