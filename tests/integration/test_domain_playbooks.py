# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The playbooks that change domains, against the AWS endpoint: what one bad domain and a wrong selection do."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.integration.test_domain_selection import unusable
from tests.sandbox import layout

BOTH = {"domain_docker_access_domains": "research", "domain_docker_access_all_domains": "true"}
ACCOUNTS = {"domain_docker_access_accounts": "'012345678901'"}


@pytest.fixture
def playbook(endpoint, tmp_path):
    """Run a playbook of the collection; returns the exit status and the output."""
    program = Path(sys.executable).with_name("ansible-playbook")
    environment = {**os.environ, **endpoint.environment(), "ANSIBLE_COLLECTIONS_PATH": str(layout.COLLECTIONS)}

    def run(name, *arguments, **variables):
        path = name if isinstance(name, Path) else f"playbooks/{name}.yml"
        command = [program, path, f"--extra-vars={json.dumps(variables)}", *arguments]
        done = subprocess.run(
            command,
            cwd=layout.ROOT,
            env={**environment, "HOME": str(tmp_path), "ANSIBLE_LOCALHOST_WARNING": "false"},
            capture_output=True,
            text=True,
            check=False,
            timeout=600,
        )
        return done.returncode, done.stdout + done.stderr

    return run


def docker_access(endpoint, domain_id):
    settings = endpoint.boto3().describe_domain(DomainId=domain_id)["DomainSettings"]["DockerSettings"]
    return settings["EnableDockerAccess"]


@pytest.mark.parametrize(
    ("name", "variables"),
    [("enable_local_mode", {}), ("disable_local_mode", {}), ("trusted_accounts", ACCOUNTS)],
)
def test_domains_and_all_domains_together_are_refused(endpoint, playbook, name, variables):
    endpoint.domain("research", {"EnableDockerAccess": "ENABLED"})
    code, output = playbook(name, **BOTH, **variables)
    assert code != 0
    assert "domain_docker_access_domains and domain_docker_access_all_domains=true exclude each other" in output
    assert endpoint.calls() == []


def test_a_bad_domain_fails_after_the_others_are_done_and_restarted(endpoint, playbook):
    bad = unusable(endpoint, "bad", "Delete_Failed")
    good = endpoint.domain("good", {"EnableDockerAccess": "DISABLED"})
    endpoint.app(good)
    code, output = playbook(
        "enable_local_mode",
        "--diff",
        domain_docker_access_domains=["bad", "good"],
        restart_apps=True,
    )
    assert code != 0
    assert "+    enable_docker_access: true" in output
    summary = output[output.index("TASK [Summary]") :]
    assert f"FAILED  1 domain: bad ({bad})" in summary
    assert f"good ({good}): changed" in summary
    assert "Restarted: JupyterLab default of space ada-jupyterlab" in summary
    last = summary[summary.index("\nfatal: [") :]
    assert f"bad ({bad}): it is Delete_Failed" in last
    assert docker_access(endpoint, good) == "ENABLED"

    code, output = playbook("enable_local_mode", domain_docker_access_all_domains=True)
    assert code == 0
    assert f"bad ({bad}) is skipped: it is Delete_Failed." in output


@pytest.mark.slow
def test_the_lifecycle_configuration_is_attached_to_the_other_domains(endpoint, playbook, tmp_path):
    unusable(endpoint, "bad", "Failed")
    good = endpoint.domain("good")
    role = {"name": "mlops.studio_local_mode.domain_docker_access"}
    block = [{"ansible.builtin.include_role": {**role, "public": True}}]
    attach = {"ansible.builtin.include_role": {**role, "tasks_from": "attach_lifecycle_config"}}
    tasks = [{"block": block, "rescue": [{"ansible.builtin.meta": "noop"}]}, attach]
    path = tmp_path / "play.json"
    path.write_text(json.dumps([{"hosts": "localhost", "gather_facts": False, "tasks": tasks}]))
    script = {"domain_docker_access_lifecycle_config": "#!/bin/bash\n:\n"}
    code, output = playbook(path, domain_docker_access_domains="bad, good", **script)
    assert code == 0, output
    settings = endpoint.boto3().describe_domain(DomainId=good)["DefaultUserSettings"]
    assert settings["JupyterLabAppSettings"]["BuiltInLifecycleConfigArn"]


@pytest.mark.slow
def test_a_bad_domain_does_not_keep_the_others_from_trusted_accounts(endpoint, playbook):
    unusable(endpoint, "bad", "Failed")
    good = endpoint.domain("good", {"EnableDockerAccess": "ENABLED"})
    code, output = playbook("trusted_accounts", domain_docker_access_domains="bad, good", **ACCOUNTS)
    assert code != 0
    assert "bad (" in output[output.index("\nfatal: [") :]
    settings = endpoint.boto3().describe_domain(DomainId=good)["DomainSettings"]["DockerSettings"]
    assert settings["VpcOnlyTrustedAccounts"] == ["012345678901"]


@pytest.mark.slow
def test_a_bad_domain_that_needs_no_change_does_not_fail(endpoint, playbook):
    unusable(endpoint, "bad", "Failed")
    good = endpoint.domain("good", {"EnableDockerAccess": "ENABLED"})
    assert playbook("disable_local_mode", domain_docker_access_domains="bad, good")[0] == 0
    assert docker_access(endpoint, good) == "DISABLED"


def test_patterns_tags_and_exclude_reach_the_module(endpoint, playbook):
    first = endpoint.domain("team-a", {"EnableDockerAccess": "ENABLED"}, tags={"team": "x"})
    second = endpoint.domain("team-b", {"EnableDockerAccess": "ENABLED"}, tags={"team": "x"})
    third = endpoint.domain("other", {"EnableDockerAccess": "ENABLED"}, tags={"team": "y"})
    variables = {"domain_docker_access_domains": "team-*", "domain_docker_access_exclude": "team-b"}
    assert playbook("disable_local_mode", **variables)[0] == 0
    assert [docker_access(endpoint, domain_id) for domain_id in (first, second)] == ["DISABLED", "ENABLED"]
    assert playbook("disable_local_mode", domain_docker_access_domain_tags={"team": "y"})[0] == 0
    assert [docker_access(endpoint, domain_id) for domain_id in (second, third)] == ["ENABLED", "DISABLED"]


@pytest.mark.slow
def test_without_any_result_the_run_ends_at_once(endpoint, playbook):
    endpoint.domain("research")
    code, output = playbook("enable_local_mode", domain_docker_access_domains="reserach")
    assert code != 0
    assert "no domain has the ID or the name 'reserach'" in output
    assert "TASK [Summary]" not in output


def test_a_value_of_the_wrong_type_is_refused_before_anything_changes(endpoint, playbook):
    research = endpoint.domain("research", {"EnableDockerAccess": "DISABLED"})
    code, output = playbook("enable_local_mode", domain_docker_access_domains="research", restart_apps="maybe")
    assert code != 0
    assert "argument 'restart_apps' is of type str and we were unable to convert to bool" in output
    assert docker_access(endpoint, research) == "DISABLED"
