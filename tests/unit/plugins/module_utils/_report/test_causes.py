# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import pytest
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._report.causes import Way
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._studio_checks.symptoms import INSTALL

from tests.unit.readiness import app, domain, finding, host, region, report, space


def steps(regions=(), hosts=(), **way):
    return {step["cause"]: step for step in report(regions, hosts, Way(**way))["next_steps"]}


def test_a_cause_counts_what_it_concerns_and_has_one_command_for_all():
    listed = [domain(access=False, apps=[app("one"), app("two")]), domain("d-2", "other", access=False)]
    off = finding("docker_access", "failed")
    found = steps([region(listed, findings=[off])])["docker_access"]
    assert (found["domains"], found["apps"]) == (2, 2)
    assert found["commands"] == [
        "ansible-playbook mlops.studio_local_mode.enable_local_mode"
        " -e domain_docker_access_domains=d-1,d-2 -e domain_docker_access_region=eu-west-1"
    ]


def test_failures_come_first_then_what_concerns_most():
    listed = [domain(apps=[app("one", predates=True), app("two", predates=True)])]
    hosts = [host(failed=["compose"])]
    found = report([region(listed, [space()])], hosts)["next_steps"]
    assert [step["cause"] for step in found] == ["compose", "app_age", "app_checks"]


@pytest.mark.parametrize("access", [True, False])
def test_the_symptoms_of_a_cause_are_no_cause(access):
    listed = domain(access=access, apps=[app(predates=True)])
    found = steps([region([listed], [space()])], [host(failed=["docker_host", "engine"])])
    assert set(found) == {"app_age" if access else "docker_access"}


def test_a_restart_leaves_out_what_aws_would_not_create_again():
    listed = [domain(apps=[app(predates=True, type="JupyterServer")]), domain("d-2", apps=[app("b", predates=True)])]
    assert steps([region(listed)])["app_age"]["commands"] == [
        "ansible localhost -m mlops.studio_local_mode.sagemaker_studio_app -a 'domains=d-2 region=eu-west-1'"
    ]


def test_an_installation_names_the_hosts_and_the_inventory():
    found = steps(hosts=[host("a", failed=["compose"])], inventories=("my spaces.yml",))["compose"]
    assert found["commands"] == [
        "ansible-playbook -i 'my spaces.yml' mlops.studio_local_mode.install_docker_cli --limit a"
    ]


@pytest.mark.parametrize(
    ("inventories", "expected"),
    [
        ((), "-i ~/this_app.yml "),
        (("/home/sagemaker-user/this_app.yml",), "-i /home/sagemaker-user/this_app.yml "),
        (("my spaces.yml", "more.yml"), "-i 'my spaces.yml' -i more.yml "),
    ],
)
def test_a_command_for_the_app_has_the_inventories_of_the_run(inventories, expected):
    [found] = Way(inventories).findings([{"remediation": f"Install it: {INSTALL}"}])
    command = f"ansible-playbook {expected}mlops.studio_local_mode.install_docker_cli"
    assert found["remediation"] == f"Install it: {command}"


def test_a_name_that_a_user_chose_runs_nothing():
    found = steps(hosts=[host("a; rm -rf ~", failed=["compose"])])["compose"]
    assert found["commands"][0].endswith("--limit 'a; rm -rf ~'")


def test_remote_access_that_is_off_has_its_command():
    listed = [domain(apps=[app()])]
    found = steps([region(listed, [space(remote_access=False, unreachable_because="its remote access is off")])])
    assert "remote_access=true" in found["app_checks"]["commands"][0]


def test_in_awx_templates_and_questions_take_the_place_of_commands():
    listed = [domain(access=False, apps=[app()]), domain("d-2", apps=[app("b", predates=True)])]
    off = finding("docker_access", "failed")
    found = steps([region(listed, findings=[off])], [host("h", failed=["compose"])], in_awx=True, template_prefix="T ")
    commands = [command for step in found.values() for command in step["commands"]]
    assert commands
    assert all(command.startswith("Launch the template 'T Studio local mode - ") for command in commands)
    assert "with Domains: d-1, d-2; Region: eu-west-1" in found["docker_access"]["commands"][0]


def test_each_reason_why_nobody_looked_is_a_step_of_its_own_until_they_are_too_many():
    spaces = [space(f"s-{i}", unreachable_because=f"reason {i}") for i in range(100)]
    found = report([region([domain()], spaces)])["next_steps"]
    assert 2 < len(found) < 50
    assert sum(step["apps"] for step in found) == 100


def test_in_awx_a_result_with_another_message_has_no_exception_with_the_first_one():
    message = "Stage one: ansible-playbook mlops.studio_local_mode.stage_docker_debs"
    command = {"failed": True, "msg": message, "exception": message}
    assert Way(in_awx=True).result(command, "studio_docker_cli") == {
        "failed": True,
        "msg": "Stage one: launch the template 'Studio local mode - stage packages'",
    }
    assert Way().result(command, "studio_docker_cli") == command
    crash = {"failed": True, "msg": "It crashed.", "exception": "Traceback"}
    assert Way(in_awx=True).result(crash, "studio_docker_cli") == crash
