# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""fleet_report.yml: with apps and without, its files, its verdict, its destinations, and bad input before anything."""

from __future__ import annotations

import json
import os
import re
import stat
import subprocess
import sys
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import jsonschema
import pytest
import yaml

from tests.sandbox import layout

SCHEMA = json.loads((layout.ROOT / "docs/readiness_report.schema.json").read_text())


@pytest.fixture
def fleet_report(endpoint, tmp_path):
    """Run the playbook with these variables and hosts; returns the exit status and the output."""

    def run(hosts=None, environment=None, inventory=None, **variables):
        if inventory is None:
            inventory = tmp_path / "inventory.yml"
            inventory.write_text(yaml.safe_dump({"studio_apps": {"hosts": hosts or {}}}))
        done = subprocess.run(
            [
                Path(sys.executable).with_name("ansible-playbook"),
                f"--inventory={inventory}",
                "playbooks/fleet_report.yml",
                f"--extra-vars={json.dumps(variables)}",
            ],
            cwd=layout.ROOT,
            env={
                **os.environ,
                "ANSIBLE_COLLECTIONS_PATH": str(layout.COLLECTIONS),
                **endpoint.environment(),
                **(environment or {}),
            },
            capture_output=True,
            text=True,
            check=False,
            timeout=120,
        )
        output = done.stdout + done.stderr
        assert "Traceback" not in output
        return done.returncode, output

    return run


def shown(output):
    """The text at the end, without what follows it."""
    return re.split(r"\n(?:ok: \[|\[ERROR\]|fatal: \[)", output[output.index("TASK [Show the report]") :])[0]


def test_domains_spaces_and_hosts_are_one_report(endpoint, fleet_report, tmp_path):
    domain_id = endpoint.domain("research", {"EnableDockerAccess": "ENABLED"})
    endpoint.domain("production")
    endpoint.app(domain_id)
    endpoint.app(domain_id, profile="bob")
    here = {"ansible_connection": "local", "ansible_python_interpreter": sys.executable}
    gone = {"ansible_connection": "community.docker.docker", "ansible_docker_extra_args": "-H unix:///nowhere"}
    hosts = {
        "here": {**here, "studio_domain_id": domain_id, "studio_space_name": "ada-jupyterlab"},
        "gone": {**gone, "studio_domain_id": domain_id, "studio_space_name": "bob-jupyterlab"},
    }
    paths = [str(tmp_path / f"report.{suffix}") for suffix in ("html", "json", "md", "txt", "xml")]
    code, output = fleet_report(hosts, report_path=paths)
    assert code != 0
    report = json.loads(Path(paths[1]).read_text())
    jsonschema.validate(report, SCHEMA, cls=jsonschema.Draft202012Validator)
    apps = {app["host"]: app for app in report["apps"]}
    assert {(a["space"], a["state"], a["owner"]) for a in apps.values()} == {
        ("ada-jupyterlab", "not_ready", "ada"),
        ("bob-jupyterlab", "ready_after_restart", "bob"),
    }
    assert "unix:///nowhere" in json.dumps(apps["gone"]["findings"])
    assert {d["domain_name"]: d["docker_access"] for d in report["domains"]} == {"research": True, "production": False}
    assert {stat.S_IMODE(Path(path).stat().st_mode) for path in paths} == {0o600}
    text = shown(output)
    assert "2 apps: 1 ready after a restart, 1 not ready" in text
    assert [line for line in text.splitlines() if line.startswith("Report: ")] == [f"Report: {path}" for path in paths]
    assert "report_fail_on is failed. 2 domains: 2 not ready." in output


@pytest.mark.slow
def test_drift_is_part_of_the_report_with_who_changed_it(endpoint, fleet_report, tmp_path):
    trusted = {"EnableDockerAccess": "ENABLED", "VpcOnlyTrustedAccounts": ["210987654321"]}
    endpoint.domain("production", trusted)
    domain_id = endpoint.domain("research", trusted)
    alice = "arn:aws:iam::123456789012:user/alice"
    settings = {"DockerSettings": {**trusted, "VpcOnlyTrustedAccounts": []}}
    endpoint.update("update_domain", DomainId=domain_id, age=3600, by=alice, DomainSettingsForUpdate=settings)
    path = tmp_path / "report.json"
    code, _output = fleet_report(
        report_path=str(path),
        report_drift=True,
        look_up_changes=True,
        domain_docker_access_trusted_accounts=["210987654321"],
    )
    assert code != 0
    report = json.loads(path.read_text())
    jsonschema.validate(report, SCHEMA, cls=jsonschema.Draft202012Validator)
    drift = {d["domain_name"]: f for d in report["domains"] for f in d["findings"] if f["check"] == "drift"}
    assert {name: found["status"] for name, found in drift.items()} == {"production": "ok", "research": "failed"}
    finding = drift["research"]
    assert finding["expected"] == "vpc_only_trusted_accounts 210987654321"
    assert finding["observed"].startswith("vpc_only_trusted_accounts none. Last changed by alice (IAMUser) ")
    assert [d["passed"].count("drift") for d in report["domains"]] == [1, 0]
    assert [step["domains"] for step in report["next_steps"] if step["cause"] == "drift"] == [1]
    assert endpoint.mutating_calls() == []


@pytest.mark.slow
def test_the_spaces_of_the_inventory_plugin_are_the_apps_of_the_report(endpoint, fleet_report, tmp_path):
    """From studio_spaces over the hosts to the files: each space once, with its host or why it has none."""
    domain_id = endpoint.domain("research", {"EnableDockerAccess": "ENABLED"})
    large = {"InstanceType": "ml.m5.large"}
    endpoint.app(domain_id, space="ready", remote_access=True, ResourceSpec=large)
    endpoint.app(domain_id, space="off", ResourceSpec=large)
    source = tmp_path / "studio_spaces.yml"
    # The command of the reachable app runs on this machine, which is no app.
    here = {"ansible_connection": "'local'", "ansible_python_interpreter": repr(sys.executable)}
    options = {"plugin": "mlops.studio_local_mode.studio_spaces", "include_unreachable": True, "compose": here}
    source.write_text(yaml.safe_dump(options))
    paths = [tmp_path / "report.json", tmp_path / "report.html"]
    code, output = fleet_report(inventory=source, report_path=[str(path) for path in paths])
    assert code != 0
    report = json.loads(paths[0].read_text())
    jsonschema.validate(report, SCHEMA, cls=jsonschema.Draft202012Validator)
    apps = {app["space"]: app for app in report["apps"]}
    assert {space: (app["state"], app["host"] != "") for space, app in apps.items()} == {
        "ready": ("not_ready", True),
        "off": ("ready_after_restart", True),
    }
    assert apps["ready"]["instance_type"] == "ml.m5.large"
    assert "docker_host" in {finding["check"] for finding in apps["ready"]["findings"]}
    [unseen] = [finding for finding in apps["off"]["findings"] if finding["check"] == "app_checks"]
    assert "remote access" in unseen["reason"]
    assert "sagemaker_studio_space" in json.dumps(report["next_steps"])
    page = paths[1].read_text()
    assert apps["off"]["host"] in page
    assert "2 apps: 1 ready after a restart, 1 not ready" in shown(output)


@pytest.mark.slow
def test_from_aws_alone_and_what_changed_since(endpoint, fleet_report, tmp_path):
    domain_id = endpoint.domain("research")
    endpoint.app(domain_id)
    path = tmp_path / "report.json"
    code, output = fleet_report(report_path=str(path), report_compare_to=str(path), report_fail_on="never")
    assert code == 0, output
    assert f"Nothing to compare with: there is no report {path} yet." in output
    endpoint.app(domain_id, profile="bob")
    code, output = fleet_report(report_path=str(path), report_compare_to=str(path), report_fail_on="never")
    assert code == 0
    assert "1 app added: bob-jupyterlab" in shown(output)
    assert json.loads(path.read_text())["changes"]["apps"]["added"][0]["name"] == "bob-jupyterlab"


@pytest.mark.slow
def test_no_domain_no_app_no_failure(fleet_report):
    code, output = fleet_report()
    assert code == 0, output
    assert "  0 domains\n  0 apps" in shown(output)


@pytest.mark.slow
def test_what_may_not_be_described_is_in_the_report(endpoint, fleet_report, tmp_path):
    endpoint.domain("research")
    endpoint.controls(denied_actions={"sagemaker:DescribeDomain": "*"})
    path = tmp_path / "report.json"
    code, output = fleet_report(report_path=str(path))
    assert code != 0
    [domain] = json.loads(path.read_text())["domains"]
    assert domain["state"] == "not_checked"
    assert "sagemaker:DescribeDomain" in domain["error"]
    assert "sagemaker:DescribeDomain" in shown(output)


def test_without_credentials_the_report_says_so(fleet_report):
    nowhere = {"AWS_ACCESS_KEY_ID": "", "AWS_SECRET_ACCESS_KEY": "", "HOME": "/nonexistent"}
    nowhere["AWS_EC2_METADATA_DISABLED"] = "true"
    code, output = fleet_report(environment=nowhere)
    assert code != 0
    assert "AWS did not show all of" in shown(output)
    assert "credentials" in shown(output)


class Hook(BaseHTTPRequestHandler):
    received: list = []  # noqa: RUF012
    status = 200

    def do_POST(self):
        self.received.append(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
        self.send_response(self.status)
        self.end_headers()

    def log_message(self, *_arguments):
        pass


@pytest.fixture
def webhook():
    server = HTTPServer(("127.0.0.1", 0), Hook)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    Hook.received.clear()
    Hook.status = 200
    yield f"http://127.0.0.1:{server.server_port}/hooks/s3cret-t0ken"
    server.shutdown()


@pytest.mark.slow
def test_s3_and_the_webhook_get_the_report_and_no_log_has_the_url(endpoint, fleet_report, webhook):
    endpoint.domain("research")
    s3 = endpoint.boto3("s3")
    s3.create_bucket(Bucket="reports", CreateBucketConfiguration={"LocationConstraint": "eu-west-1"})
    address = "s3://reports/weekly/report.html"
    code, output = fleet_report(report_path=address, report_fail_on="never", report_webhook_url=webhook)
    assert code == 0, output
    assert f"Report: {address}" in shown(output)
    assert b"<!DOCTYPE html>" in s3.get_object(Bucket="reports", Key="weekly/report.html")["Body"].read()
    assert Hook.received[0]["summary"]["domains"]["total"] == 1
    assert "s3cret" not in output

    Hook.status = 500
    elsewhere = "s3://no-such-bucket/report.html"
    code, output = fleet_report(report_path=elsewhere, report_fail_on="never", report_webhook_url=webhook)
    assert code != 0
    assert "The webhook did not take the summary: HTTP status 500." in output
    assert "The report was not uploaded to S3: " in output
    assert "s3cret" not in output


@pytest.mark.slow
@pytest.mark.parametrize(
    ("variables", "says"),
    [
        ({"report_path": "s3://bucket.html"}, "is no s3://BUCKET/KEY"),
        ({"report_fail_on": "always"}, "value of report_fail_on must be one of: failed, warning, never"),
        ({"report_compare_to": "galaxy.yml"}, "is not a report in JSON or HTML"),
    ],
)
def test_bad_input_is_refused_before_anything_is_gathered(endpoint, fleet_report, variables, says):
    endpoint.clear_calls()
    code, output = fleet_report(**variables)
    assert code != 0
    assert says in " ".join(output.split())
    assert endpoint.calls() == []
