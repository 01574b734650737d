# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The summary at the end of the playbooks, and that a failing app makes the run fail."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from tests.sandbox import layout


@pytest.fixture
def inventory(tmp_path):
    """Returns a function that writes an inventory of apps, each with its variables."""
    path = tmp_path / "inventory.yml"

    def write(**hosts):
        path.write_text(yaml.safe_dump({"studio_apps": {"hosts": hosts}}))
        return path

    return write


@pytest.fixture
def check(inventory):
    """Run check_local_mode.yml for two hosts on this machine, which is not a Studio app, and one unreachable host."""
    here = {"ansible_connection": "local", "ansible_python_interpreter": sys.executable}
    gone = {
        **here,
        "ansible_connection": "community.docker.docker_api",
        "ansible_docker_docker_host": "unix:///nowhere",
    }
    apps = inventory(one=here, two=here, gone=gone)
    return lambda *arguments: ansible_playbook("playbooks/check_local_mode.yml", f"--inventory={apps}", *arguments)


def ansible_playbook(*arguments, environment=None):
    """Run a playbook from the checkout; returns the exit status and the output."""
    done = run_playbook(*arguments, environment=environment)
    return done.returncode, done.stdout


def run_playbook(*arguments, environment=None):
    environment = {**os.environ, "ANSIBLE_COLLECTIONS_PATH": str(layout.COLLECTIONS), **(environment or {})}
    environment.pop("DOCKER_HOST", None)
    program = Path(sys.executable).with_name("ansible-playbook")
    return subprocess.run(
        [program, *arguments],
        cwd=layout.ROOT,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
        timeout=600,
    )


def summary(output):
    return output[output.index("TASK [Summary]") : output.index("PLAY RECAP")]


def test_every_app_is_named_with_its_result(check):
    code, output = check()
    assert code != 0
    text = summary(output)
    assert "3 apps: 3 failed" in text
    steps, failed = text.split("\nFailed\n")
    assert "docker_host (2 apps)" in steps
    assert "UNREACHABLE  1 app: gone" in failed
    assert "\u2718 app one\n" in failed
    assert "\u2718 app two\n" in failed
    assert "FAILED  docker_host: " in failed


def test_the_message_of_a_connection_is_in_the_summary(inventory):
    """Without a container there is no module that could fail: only the connection says why."""
    gone = {"ansible_connection": "community.docker.docker", "ansible_docker_extra_args": "-H unix:///nowhere"}
    for playbook in ("install_docker_cli", "check_local_mode"):
        code, output = ansible_playbook(f"playbooks/{playbook}.yml", f"--inventory={inventory(gone=gone)}")
        assert code != 0
        assert "unix:///nowhere" in summary(output)


@pytest.mark.parametrize("playbook", ["install_docker_cli", "check_local_mode"])
def test_a_run_for_apps_fails_if_the_inventory_has_no_group_of_them(playbook):
    """As in the app, without --inventory: Ansible itself warns and succeeds."""
    code, output = ansible_playbook(f"playbooks/{playbook}.yml", "--inventory=localhost,")
    assert code != 0
    assert "The inventory has no group studio_apps: this run had no app and did nothing." in summary(output)


def test_the_summary_is_plain_text_and_stays_out_of_a_callback_s_json(endpoint):
    domain_id = endpoint.domain("research")
    arguments = ("playbooks/disable_local_mode.yml", f"--extra-vars=domain_docker_access_domains={domain_id}")
    expected = [
        "1 domain: 1 unchanged",
        "",
        "Domains",
        f"  research ({domain_id}): unchanged, Docker access off, rootless off, trusted accounts: none",
    ]
    for result_format in ("json", "yaml"):
        environment = {**endpoint.environment(), "ANSIBLE_CALLBACK_RESULT_FORMAT": result_format}
        _code, output = ansible_playbook(*arguments, environment=environment)
        assert summary(output).splitlines()[1:6] == [*expected, "ok: [localhost]"]
    as_json = {**endpoint.environment(), "ANSIBLE_STDOUT_CALLBACK": "ansible.posix.json"}
    _code, output = ansible_playbook(*arguments, environment=as_json)
    tasks = [task for play in json.loads(output)["plays"] for task in play["tasks"]]
    [result] = [task["hosts"]["localhost"] for task in tasks if task["task"]["name"] == "Summary"]
    assert result["lines"] == expected


ADVICE = [
    (
        "disable_local_mode",
        {},
        "Restart to end Docker access: JupyterLab default",
        "Restart it, which ends its kernels",
    ),
    ("disable_local_mode", {"--check": ""}, "Restart to end Docker access: ", "After the change, restart it"),
    (
        "trusted_accounts",
        {"domain_docker_access_accounts": "012345678901", "domain_docker_access_accounts_state": "absent"},
        "Restart to apply the settings: ",
        "Restart it, which ends its kernels",
    ),
]


@pytest.mark.slow
@pytest.mark.parametrize(("playbook", "options", "app", "advice"), ADVICE)
def test_the_advice_fits_the_playbook(endpoint, playbook, options, app, advice):
    settings = {"EnableDockerAccess": "ENABLED", "VpcOnlyTrustedAccounts": ["012345678901"]}
    domain_id = endpoint.domain("research", settings)
    endpoint.app(domain_id)
    variables = {"domain_docker_access_domains": domain_id, **options}
    arguments = [name for name in variables if name.startswith("--")]
    extra = " ".join(f"{name}={value}" for name, value in variables.items() if not name.startswith("--"))
    code, output = ansible_playbook(
        f"playbooks/{playbook}.yml", f"--extra-vars={extra}", *arguments, environment=endpoint.environment()
    )
    assert code == 0
    text = summary(output)
    assert app in text
    assert advice in text
    assert f"sagemaker_studio_app -a 'domains={domain_id} region=eu-west-1'" in text
    assert "restart_apps" not in text
    assert "get it" not in text


@pytest.mark.slow
def test_a_change_that_reaches_no_app_advises_no_restart(endpoint):
    domain_id = endpoint.domain("research", {"EnableDockerAccess": "DISABLED"})
    endpoint.app(domain_id)
    code, output = ansible_playbook(
        "playbooks/trusted_accounts.yml",
        f"--extra-vars=domain_docker_access_domains={domain_id} domain_docker_access_accounts=012345678901",
        environment=endpoint.environment(),
    )
    assert code == 0
    assert f"research ({domain_id}): changed" in summary(output)
    assert "estart" not in summary(output)


@pytest.mark.slow
def test_a_restart_that_fails_is_reported_before_it_fails_the_run(endpoint):
    domain_id = endpoint.domain("research", {"EnableDockerAccess": "DISABLED"})
    endpoint.app(domain_id)
    endpoint.app(domain_id, profile="bob")
    endpoint.controls(app_failures={"bob-jupyterlab": "No capacity."})
    code, output = ansible_playbook(
        "playbooks/enable_local_mode.yml",
        f"--extra-vars=domain_docker_access_domains={domain_id} restart_apps=true",
        environment=endpoint.environment(),
    )
    assert code != 0
    text = summary(output)
    assert f"research ({domain_id}): changed" in text
    assert "Restarted: JupyterLab default of space ada-jupyterlab" in text
    assert "NOT RESTARTED  1 app: JupyterLab default of space bob-jupyterlab" in text
    assert "No capacity." in output[output.index("\nfatal: [") :]


def test_a_run_limited_to_one_app_says_why_that_one_failed(check):
    code, output = check("--limit=two")
    assert code != 0
    assert "\ntwo\nOK       " in output
    assert re.search(r"^FAILED   docker_host +not set$", output, re.MULTILINE)
    assert "docker_host" in output[output.index("fatal: [two]") :]
    assert "[one]" not in output


def test_the_outcome_of_the_apps_is_passed_as_artifacts(inventory, tmp_path):
    here = {"ansible_connection": "local", "ansible_python_interpreter": sys.executable}
    finding = {"check": "engine", "observed": "", "expected": "", "reason": "", "remediation": ""}
    checked = {status: [{**finding, "status": status}] for status in ("ok", "failed")}
    apps = inventory(
        right={**here, "local_mode_check_report": checked["ok"]},
        wrong={**here, "local_mode_check_report": checked["failed"]},
        other=here,
        broken={**here, "breaks": True},
    )
    task = {"ansible.builtin.fail": {"msg": "It breaks."}, "when": "breaks is defined"}
    plays = [
        {"hosts": "studio_apps", "gather_facts": False, "tasks": [task]},
        {"import_playbook": str(layout.ROOT / "playbooks/report.yml")},
    ]
    playbook = tmp_path / "playbook.json"
    playbook.write_text(json.dumps(plays))
    environment = {"ANSIBLE_SHOW_CUSTOM_STATS": "true", "ANSIBLE_STDOUT_CALLBACK": "ansible.builtin.default"}
    _status, output = ansible_playbook(playbook, f"--inventory={apps}", environment=environment)
    stats = output[output.index("CUSTOM STATS") :]
    for part in ("works", "does_not_work", "not_checked", "failed"):
        assert f'"{part}": 1' in stats or f"{part}: 1" in stats
    assert '"total": 4' in stats or "total: 4" in stats


@pytest.mark.slow
@pytest.mark.parametrize("callback", ["ansible.builtin.default", "ansible.posix.json"])
def test_who_waits_for_a_long_update_sees_how_far_it_is(endpoint, callback):
    domains = [endpoint.domain(name, {"EnableDockerAccess": "DISABLED"}) for name in ("one", "two")]
    endpoint.controls(transition_seconds=12)
    done = run_playbook(
        "playbooks/trusted_accounts.yml",
        f"--extra-vars=domain_docker_access_domains={','.join(domains)} domain_docker_access_accounts=012345678901",
        environment={**endpoint.environment(), "ANSIBLE_STDOUT_CALLBACK": callback},
    )
    assert done.returncode == 0
    output = done.stderr if "json" in callback else done.stdout
    assert re.search(r"^\[localhost\] [01] of 2 domains after \d+ s$", output, re.MULTILINE), done
    if "json" in callback:
        json.loads(done.stdout)
