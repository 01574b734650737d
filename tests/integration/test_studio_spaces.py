# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The inventory plugin against the AWS endpoint: hosts, variables, calls, and what bad input says."""

from __future__ import annotations

import json
import re
from collections import Counter
from dataclasses import dataclass

import pytest
from ansible.parsing.dataloader import DataLoader
from ansible.template import Templar, trust_as_template
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._aws.sagemaker_api import SageMakerApi

from tests import iam_policies
from tests.integration.inventories import Inventory, Parser
from tests.sandbox.aws_endpoint.client import Endpoint

PLUGIN = "mlops.studio_local_mode.studio_spaces"
LARGE = {"InstanceType": "ml.m5.large"}
LISTS = {"ListDomains": 1, "ListSpaces": 1, "ListApps": 1}


@dataclass
class Spaces(Inventory):
    @property
    def reachable(self):
        return self.groups.get("studio_apps")


@pytest.fixture
def inventory(endpoint, tmp_path, monkeypatch, capfd):
    """Parse an inventory file with these options in this process; a failure of the plugin is in its warnings."""
    parser = Parser(endpoint, tmp_path, monkeypatch, capfd)

    def parse(name="studio_spaces.yml", *, refresh=False, **options):
        found = parser.parse((name, {"plugin": PLUGIN, **options}), refresh=refresh)
        return Spaces(found.manager, found.warnings)

    return parse


def remote_app(endpoint, domain_id, **options):
    return endpoint.app(domain_id, remote_access=True, ResourceSpec=LARGE, **options)


def counted(endpoint):
    return Counter(call.operation for call in endpoint.calls())


def test_reachable_spaces_are_hosts_with_all_that_the_lists_say(endpoint, inventory):
    domain_id = endpoint.domain("research")
    image = "arn:aws:sagemaker:eu-west-1:123456789012:image/sagemaker-distribution-cpu"
    spec = {**LARGE, "SageMakerImageArn": image, "SageMakerImageVersionAlias": "3.4.1"}
    endpoint.app(domain_id, remote_access=True, ResourceSpec=spec)
    endpoint.app(domain_id, profile="bob", ResourceSpec=spec)
    found = inventory()
    assert found.groups == {"all": ["ada-jupyterlab"], "studio_apps": ["ada-jupyterlab"], "ungrouped": []}
    variables = found.variables("ada-jupyterlab")
    assert variables.pop("studio_app_creation_time").endswith("+00:00")
    assert {name: value for name, value in variables.items() if not name.startswith("inventory_")} == {
        "ansible_connection": "mlops.studio_local_mode.studio_ssh",
        "studio_region": "eu-west-1",
        "studio_account_id": "123456789012",
        "studio_domain_id": domain_id,
        "studio_domain_name": "research",
        "studio_space_name": "ada-jupyterlab",
        "studio_space_arn": f"arn:aws:sagemaker:eu-west-1:123456789012:space/{domain_id}/ada-jupyterlab",
        "studio_space_status": "InService",
        "studio_sharing_type": "Private",
        "studio_owner": "ada",
        "studio_app_type": "JupyterLab",
        "studio_app_name": "default",
        "studio_app_status": "InService",
        "studio_instance_type": "ml.m5.large",
        "studio_image_arn": image,
        "studio_image_version": "3.4.1",
        "studio_remote_access": "ENABLED",
        "studio_reachable": True,
    }
    assert counted(endpoint) == LISTS


def test_unreachable_spaces_are_in_a_group_of_their_own_with_every_reason(endpoint, inventory):
    domain_id = endpoint.domain()
    small = {"InstanceType": "ml.t3.medium"}
    remote_app(endpoint, domain_id, space="fine")
    endpoint.app(domain_id, space="off", ResourceSpec=LARGE)
    endpoint.app(domain_id, space="small", remote_access=True, ResourceSpec=small)
    endpoint.space(domain_id, "empty", SpaceSettings={"AppType": "CodeEditor", "RemoteAccess": "ENABLED"})
    endpoint.space(domain_id, "classic", SpaceSettings={"AppType": "JupyterServer"})
    remote_app(endpoint, domain_id, space="stopped")
    stopped = {"SpaceName": "stopped", "AppType": "JupyterLab", "AppName": "default"}
    endpoint.update("delete_app", DomainId=domain_id, **stopped)
    endpoint.app(domain_id, space="older", ResourceSpec=LARGE)
    update = {"SpaceName": "older", "SpaceSettings": {"RemoteAccess": "ENABLED"}}
    endpoint.update("update_space", DomainId=domain_id, **update)
    assert inventory().reachable == ["fine"]
    found = inventory(include_unreachable=True)
    assert found.reachable == ["fine"]
    reasons = {
        "off": "remote access is off",
        "small": "ml.t3.medium has less than the 8 GiB of memory",
        "empty": "it has no running app",
        "classic": "its app type is JupyterServer",
        "stopped": "it has no running app",
        "older": "its app started before the last change of the space",
    }
    assert found.groups["studio_apps_unreachable"] == sorted(reasons)
    for host, reason in reasons.items():
        variables = found.variables(host)
        assert variables["studio_reachable"] is False
        assert reason in variables["studio_unreachable_because"]
    assert "studio_unreachable_because" not in found.variables("fine")


@pytest.mark.parametrize(
    ("options", "hosts"),
    [
        ({"domains": ["research"]}, {"ada-jupyterlab", "bob-codeeditor"}),
        ({"domains": ["team-*"]}, {"eve-jupyterlab"}),
        ({"domain_tags": {"team": "x"}}, {"eve-jupyterlab"}),
        ({"app_types": ["CodeEditor"]}, {"bob-codeeditor"}),
        ({"owners": ["ada", "e*"]}, {"ada-jupyterlab", "eve-jupyterlab"}),
        ({"filters": [{"exclude": "studio_owner == 'ada'"}]}, {"bob-codeeditor", "eve-jupyterlab"}),
        ({"filters": [{"include": "inventory_hostname.startswith('a')"}, {"exclude": True}]}, {"ada-jupyterlab"}),
        (
            {"hostnames": ["studio_missing", "studio_owner ~ '@' ~ studio_domain_name"], "owners": ["ada"]},
            {"ada_research"},
        ),
    ],
    ids=["name", "pattern", "tags", "app-type", "owner", "exclude", "include", "hostnames"],
)
def test_selected_spaces(endpoint, inventory, options, hosts):
    research, team = endpoint.domain("research"), endpoint.domain("team-a", tags={"team": "x"})
    remote_app(endpoint, research)
    remote_app(endpoint, research, profile="bob", app_type="CodeEditor")
    remote_app(endpoint, team, profile="eve")
    assert set(inventory(**options).reachable) == hosts


def test_constructed_groups_and_variables(endpoint, inventory):
    remote_app(endpoint, endpoint.domain("research"))
    found = inventory(
        compose={"short": "studio_space_name.split('-')[0]"},
        groups={"labs": "studio_app_type == 'JupyterLab'"},
        keyed_groups=[{"key": "studio_domain_name"}],
        leading_separator=False,
    )
    assert found.variables("ada-jupyterlab")["short"] == "ada"
    assert found.groups["labs"] == found.groups["research"] == ["ada-jupyterlab"]


def test_the_options_that_cost_more_calls(endpoint, inventory):
    for name, access in (("open", "ENABLED"), ("closed", "DISABLED"), ("empty", "ENABLED")):
        domain_id = endpoint.domain(name, {"EnableDockerAccess": access})
        if name != "empty":
            arn = remote_app(endpoint, domain_id, space=name)
            space_arn = arn.replace(":app/", ":space/").removesuffix("/JupyterLab/default")
            endpoint.update("add_tags", ResourceArn=space_arn, Tags=[{"Key": "cost", "Value": name}])
    found = inventory(docker_access=True, space_tags=True)
    assert {host: found.variables(host)["studio_docker_access"] for host in found.reachable} == {
        "open": True,
        "closed": False,
    }
    assert found.variables("open")["studio_tags"] == {"cost": "open"}
    assert counted(endpoint) == {**LISTS, "DescribeDomain": 2, "ListTags": 2}


def test_the_iam_policies_allow_the_calls_and_nothing_else(endpoint, inventory):
    remote_app(endpoint, endpoint.domain(tags={"team": "x"}))
    inventory()
    assert iam_policies.not_allowed(endpoint.calls(), "studio_spaces") == set()
    assert iam_policies.unused(endpoint.calls(), "studio_spaces") == set()
    inventory(domain_tags={"team": "x"}, docker_access=True, space_tags=True)
    assert iam_policies.not_allowed(endpoint.calls(), "studio_spaces", "studio_spaces_details") == set()
    assert iam_policies.unused(endpoint.calls(), "studio_spaces", "studio_spaces_details") == set()


def test_equal_names_are_told_apart(endpoint, inventory):
    first, second = endpoint.domain("first"), endpoint.domain("second")
    for domain_id in (first, second):
        remote_app(endpoint, domain_id)
    remote_app(endpoint, first, profile="bob")
    assert inventory().reachable == sorted([f"ada-jupyterlab.{first}", f"ada-jupyterlab.{second}", "bob-jupyterlab"])
    constant = inventory(hostnames=["'app'"], domains=["first"]).reachable
    assert constant == [f"app.ada-jupyterlab.{first}", f"app.bob-jupyterlab.{first}"]


def test_the_cache_keeps_the_answers_and_a_refresh_reads_them_again(endpoint, inventory, tmp_path):
    domain_id = endpoint.domain()
    remote_app(endpoint, domain_id)
    cache = {"cache": True, "cache_plugin": "ansible.builtin.jsonfile", "cache_connection": str(tmp_path / "cache")}
    before = inventory(**cache)
    endpoint.clear_calls()
    again = inventory(**cache, compose={"new": "1"})
    assert endpoint.calls() == []
    assert again.variables("ada-jupyterlab") | {"new": None} == before.variables("ada-jupyterlab") | {"new": None}
    remote_app(endpoint, domain_id, profile="bob")
    assert inventory(**cache, docker_access=True).reachable == ["ada-jupyterlab", "bob-jupyterlab"]
    remote_app(endpoint, domain_id, profile="eve")
    assert len(inventory(**cache, docker_access=True).reachable) == 2
    assert len(inventory(**cache, docker_access=True, refresh=True).reachable) == 3


def test_regions_and_one_without_permissions(endpoint, inventory):
    regions = ["eu-west-1", "eu-west-2", "us-east-1"]
    for region in regions:
        there = Endpoint(endpoint.url, region)
        remote_app(there, there.domain(f"studio-{region}"), space=region)
    assert inventory(regions=regions).reachable == regions
    endpoint.controls(denied_actions={"sagemaker:ListSpaces": "arn:aws:sagemaker:eu-west-2:*"})
    strict = inventory(regions=regions)
    assert strict.reachable is None
    assert "The spaces of eu-west-2 are not listed. The credentials lack the IAM action sagemaker:ListSpaces" in (
        strict.warnings
    )
    assert "strict_permissions: false" in strict.warnings
    lenient = inventory(regions=regions, strict_permissions=False)
    assert lenient.reachable == ["eu-west-1", "us-east-1"]
    assert "The spaces of eu-west-2 are not listed" in lenient.warnings
    unknown = inventory(regions=regions, strict_permissions=False, domains=["studio-eu-west-1", "studio-eu-west-2"])
    assert "no domain has the ID, ARN or name 'studio-eu-west-2'" in unknown.warnings
    assert "The domains of eu-west-2 could not be listed." in unknown.warnings


@pytest.mark.parametrize(
    ("name", "options", "message"),
    [
        ("spaces.yml", {}, "rename it, its name must end in studio_spaces.yml or studio_spaces.yaml"),
        ("studio_spaces.yml", {"domains": ["reserach"]}, "The domains of eu-west-1: research (d-"),
        ("studio_spaces.yml", {"regions": ["eu-wst-1"]}, "did you mean"),
        ("studio_spaces.yml", {"filters": ["x"]}, "must have one key, include or exclude"),
        ("studio_spaces.yml", {"filters": [{"include": "nothing.at.all"}]}, "filters: 'nothing.at.all' for"),
        ("studio_spaces.yml", {"profile": "missing"}, "missing"),
    ],
    ids=["file-name", "domain", "region", "filter", "condition", "profile"],
)
def test_bad_input(endpoint, inventory, monkeypatch, name, options, message):
    remote_app(endpoint, endpoint.domain("research"))
    if "regions" in options:
        monkeypatch.delenv("AWS_ENDPOINT_URL")
    if "profile" in options:
        monkeypatch.delenv("AWS_ACCESS_KEY_ID")
        monkeypatch.delenv("AWS_SECRET_ACCESS_KEY")
    found = inventory(name, **options)
    assert not found.reachable
    assert message in found.warnings


def test_a_role_is_assumed_with_its_external_id(endpoint, inventory, monkeypatch):
    remote_app(endpoint, endpoint.domain())
    monkeypatch.setenv("STUDIO_ROLE_ARN", "arn:aws:iam::123456789012:role/studio")
    monkeypatch.setenv("STUDIO_ROLE_EXTERNAL_ID", "secret")
    assert inventory().reachable == ["ada-jupyterlab"]
    [assume] = endpoint.calls("AssumeRole")
    assert "secret" in json.dumps(assume.parameters)
    assert {call.principal for call in endpoint.calls("ListApps")} != {"AKIASANDBOXSANDBOXSA"}


def test_a_role_of_the_file_is_that_of_the_sessions_too(endpoint, inventory, monkeypatch):
    remote_app(endpoint, endpoint.domain())
    role = {"assume_role_arn": "arn:aws:iam::123456789012:role/studio", "assume_role_external_id": "of-the-team"}
    variables = inventory(**role).variables("ada-jupyterlab")
    assert variables["studio_ssh_assume_role_arn"] == role["assume_role_arn"]
    assert variables["studio_ssh_assume_role_external_id"] == "of-the-team"
    monkeypatch.setenv("STUDIO_ROLE_ARN", role["assume_role_arn"])
    monkeypatch.setenv("STUDIO_ROLE_EXTERNAL_ID", "of-the-team")
    assert not [name for name in inventory().variables("ada-jupyterlab") if name.startswith("studio_ssh_")]


def test_twenty_calls_suffice_for_500_spaces(endpoint, inventory):
    ids = [endpoint.domain(f"domain-{number}") for number in range(5)]
    for number in range(500):
        endpoint.space(ids[number % 5], f"space-{number}", SpaceSettings={"AppType": "JupyterLab"})
    found = inventory(include_unreachable=True)
    assert len(found.groups["studio_apps_unreachable"]) == 500
    assert counted(endpoint) == {"ListDomains": 1, "ListSpaces": 5, "ListApps": 1}


def test_a_domain_without_a_name_has_its_id_and_one_without_an_arn_is_left_out(endpoint, inventory):
    nameless, arnless, whole = (endpoint.domain(name) for name in ("nameless", "arnless", "whole"))
    for domain_id, owner in ((nameless, "ada"), (arnless, "bob"), (whole, "eve")):
        remote_app(endpoint, domain_id, profile=owner)
    endpoint.controls(missing_domain_members={nameless: ["DomainName"], arnless: ["DomainArn"]})
    found = inventory()
    # Ansible shows the same warning once.
    assert f"{arnless} is left out" in found.warnings
    assert f"aws sagemaker describe-domain --region eu-west-1 --domain-id {arnless}" in found.warnings
    assert found.variables("ada-jupyterlab")["studio_domain_name"] == nameless
    for options in ({}, {"domains": [nameless, "w*"]}):
        assert set(inventory(**options).reachable) == {"ada-jupyterlab", "eve-jupyterlab"}
    assert not inventory(domain_tags={"team": "x"}).reachable
    assert f"{nameless} ({nameless})" in inventory(domains=["unknown"]).warnings


def test_what_is_not_listed_is_unknown_in_a_text(endpoint, inventory, monkeypatch):
    domain_id = endpoint.domain()
    settings = {"AppType": "JupyterLab", "RemoteAccess": "ENABLED"}
    spaces = [
        {"DomainId": domain_id, "SpaceName": "untyped", "Status": "InService"},
        {"DomainId": domain_id, "SpaceName": "ada", "SpaceSettingsSummary": settings},
    ]
    apps = [{"DomainId": domain_id, "SpaceName": "ada", "AppName": "default", "ResourceSpec": LARGE}]
    monkeypatch.setattr(SageMakerApi, "list_spaces", lambda self, domain_id=None: spaces)
    monkeypatch.setattr(SageMakerApi, "list_apps", lambda self, domain_id=None: apps)
    found = inventory(include_unreachable=True)
    reasons = {host: found.variables(host)["studio_unreachable_because"] for host in ("untyped", "ada")}
    assert reasons["untyped"].startswith("its app type is unknown")
    assert reasons["ada"] == "the status of the space is unknown; the status of its app is unknown"


def test_a_hostile_api_evaluates_nothing_and_breaks_no_name(endpoint, inventory, monkeypatch):
    domain_id = endpoint.domain()
    hostile = "{{ lookup('ansible.builtin.pipe', 'echo evaluated') }}"
    names = [hostile, "a\nb: c", "x" * 5000, "", "..", "-"]
    spaces = [
        {
            "DomainId": domain_id,
            "SpaceName": name,
            "Status": hostile,
            "SpaceSettingsSummary": {"AppType": "JupyterLab", "RemoteAccess": "ENABLED"},
            "OwnershipSettingsSummary": {"OwnerUserProfileName": hostile},
        }
        for name in names
    ]
    monkeypatch.setattr(SageMakerApi, "list_spaces", lambda self, domain_id=None: spaces)
    found = inventory(
        include_unreachable=True, compose={"copied": "studio_owner"}, keyed_groups=[{"key": "studio_owner"}]
    )
    hosts = found.groups["studio_apps_unreachable"]
    assert len(hosts) == len(names)
    assert all(re.fullmatch(r"[A-Za-z0-9._-]{1,253}", host) for host in hosts)
    for host in hosts:
        variables = found.variables(host)
        template = trust_as_template("{{ studio_owner }} {{ copied }}")
        assert Templar(DataLoader(), variables=variables).template(template) == f"{hostile} {hostile}"
        assert hostile in variables["studio_unreachable_because"]
    assert {found.variables(host).get("studio_space_name", "") for host in hosts} == set(names)
    assert all(re.fullmatch(r"\w+", group) for group in found.groups)
