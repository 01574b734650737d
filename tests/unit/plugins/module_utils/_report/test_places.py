# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The report and the summaries over many accounts and regions, and that one account shows nothing of it."""

from __future__ import annotations

import json

import jsonschema
import pytest
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._report.build import RegionResults, build
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._report.causes import Way
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._report.junit import as_junit
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._report.markdown import as_markdown
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._report.summary import (
    DomainsRun,
    Reader,
    summary,
)
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._report.text import as_lines
from ansible_collections.mlops.studio_local_mode.plugins.plugin_utils._report.render import as_html

from tests.sandbox import layout
from tests.unit.readiness import RUN, app, domain, finding, region, report, space

SCHEMA = json.loads((layout.ROOT / "docs/readiness_report.schema.json").read_text())
PLACES = {
    "prod-eu": ("111111111111", "eu-west-1"),
    "prod-us": ("111111111111", "us-east-1"),
    "lab-eu": ("222222222222", "eu-west-1"),
}


def tags(target):
    account, where = PLACES[target]
    return {"target": target, "account_id": account, "region": where}


def of_target(target, **fields):
    account, where = PLACES[target]
    arn = f"arn:aws:sagemaker:{where}:{account}:domain/d-{target}"
    return {**domain(f"d-{target}", target, domain_arn=arn, **fields), **tags(target)}


def results(failed=()):
    """What the modules return for three targets, with an app in one."""
    domains = [of_target("prod-eu", apps=[app()]), of_target("lab-eu", access=False)]
    targets = [
        {"name": name, "account_id": account, "region": where, **({"error": "No role."} if name in failed else {})}
        for name, (account, where) in PLACES.items()
    ]
    off = finding("docker_access", "failed")
    found = [{"domain_id": d["domain_id"], "findings": [finding("domain")], **tags(d["target"])} for d in domains]
    found[1]["findings"].append(off)
    return RegionResults(
        "",
        {"domains": domains, "targets": targets},
        {"spaces": [{**space(domain_id="d-prod-eu"), **tags("prod-eu")}]},
        {"domains": found},
    )


@pytest.fixture
def fleet():
    way = Way(inventories=("accounts.yml",))
    return build(dict(RUN), [results(["prod-us"])], [], way, {"111111111111": "production"})


def test_each_domain_and_app_has_its_account_and_region_and_each_account_its_totals(fleet):
    jsonschema.validate(json.loads(json.dumps(fleet)), SCHEMA, cls=jsonschema.Draft202012Validator)
    assert [(d["account"], d["region"], d["target"]) for d in fleet["domains"]] == [
        ("111111111111", "eu-west-1", "prod-eu"),
        ("222222222222", "eu-west-1", "lab-eu"),
    ]
    assert [(a["account"], a["region"], a["target"]) for a in fleet["apps"]] == [
        ("111111111111", "eu-west-1", "prod-eu")
    ]
    assert [(a["account"], a["name"], a["domains"]["total"], a["apps"]["total"]) for a in fleet["by_account"]] == [
        ("111111111111", "production", 1, 1),
        ("222222222222", "", 1, 0),
    ]
    [failed] = [entry for entry in fleet["regions"] if entry["error"]]
    assert failed == {"account": "111111111111", "region": "us-east-1", "target": "prod-us", "error": "No role."}


def test_the_command_for_targets_names_the_inventory_and_the_target_of_each_domain(fleet):
    [step] = [step for step in fleet["next_steps"] if step["cause"] == "docker_access"]
    assert step["commands"] == [
        "ansible-playbook -i accounts.yml mlops.studio_local_mode.enable_local_mode "
        """-e '{"domain_docker_access_domain_ids": ["d-lab-eu"], """
        """"domain_docker_access_domain_targets": {"d-lab-eu": "lab-eu"}}'"""
    ]
    found = build(dict(RUN), [results()], [], Way(in_awx=True))["next_steps"]
    [step] = [step for step in found if step["cause"] == "docker_access"]
    assert step["commands"] == ["Launch the template 'Studio local mode - enable domains' with Limit: localhost,lab-eu"]


def test_every_format_shows_the_accounts_and_what_failed(fleet):
    text = "\n".join(as_lines(fleet, 100))
    assert "2 accounts" in text
    assert "  111111111111 production: 1 domain: 1 ready; 1 app: 1 not looked at" in text
    assert "prod-us (111111111111, us-east-1): No role." in text
    assert "\u2718 domain lab-eu (d-lab-eu) (222222222222, eu-west-1)" in text
    page = as_html(fleet)
    assert '<table id="account-table">' in page
    assert page.count('<th scope="col">Account</th>') == 3
    assert page.count('<th scope="col">Region</th>') == 2
    markdown = as_markdown(fleet)
    assert "| State | Space | Account | Region | Domain |" in markdown
    assert "222222222222: 1 domain: 1 not ready; 0 apps" in markdown
    assert 'name="domain lab-eu (d-lab-eu) (222222222222, eu-west-1)"' in as_junit(fleet)
    assert 'name="target prod-us"' in as_junit(fleet)


def test_one_account_shows_nothing_of_it():
    found = report([region([domain(apps=[app()])], [space()])])
    assert [account["account"] for account in found["by_account"]] == ["123456789012"]
    page, text = as_html(found), "\n".join(as_lines(found, 100))
    assert "By account" not in text
    assert "account-table" not in page
    assert '<th scope="col">Account</th>' not in page
    assert "| State | Space | Domain |" in as_markdown(found)


def changed(target, error=None):
    account, where = PLACES[target]
    settings = {"enable_docker_access": True, "rootless_docker": False, "vpc_only_trusted_accounts": []}
    described = {
        "domain_id": f"d-{target}",
        "domain_name": "research",
        "domain_arn": f"arn:aws:sagemaker:{where}:{account}:domain/d-{target}",
        "changed": not error,
        "docker_settings": settings,
        "apps_to_restart": [],
        **tags(target),
    }
    return {**described, "error": error} if error else described


def test_a_summary_has_totals_by_account_and_the_targets_that_failed():
    run = DomainsRun(
        [changed("prod-eu"), changed("lab-eu", "it is Failed")],
        targets=[{"name": "prod-us", "account_id": "111111111111", "region": "us-east-1", "error": "No role."}],
    )
    found = summary(run, {}, [], False, Reader())
    assert found[:3] == [
        "2 domains: 1 changed, 1 failed",
        "  111111111111: 1 domain: 1 changed",
        "  222222222222: 1 domain: 1 failed",
    ]
    assert "  research (d-prod-eu) in prod-eu: changed, Docker access on, rootless off, trusted accounts: none" in found
    assert found[-4:] == [
        "  FAILED  1 target: prod-us (111111111111, us-east-1)",
        "    No role.",
        "  FAILED  1 domain: research (d-lab-eu) in lab-eu",
        "    it is Failed",
    ]
    assert len(summary(DomainsRun([changed("prod-eu")]), {}, [], False, Reader())) == 4
