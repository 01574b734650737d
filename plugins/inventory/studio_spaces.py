# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The inventory plugin: its options, its calls, its hosts. The spaces themselves are in plugin_utils/_spaces."""

from __future__ import annotations

DOCUMENTATION = r"""
name: studio_spaces
short_description: List SageMaker Studio spaces as hosts
version_added: 1.0.0
description:
  - Lists the spaces of SageMaker Studio whose app Ansible can reach through SageMaker's own session, with
    P(mlops.studio_local_mode.studio_ssh#connection). Nobody has to write the apps into an inventory.
  - The hosts are in the group C(studio_apps), which the playbooks of this collection work on.
  - The variables of the hosts have the profile, role and endpoint that the inventory file names, so that their sessions start with them, too. What the
    environment names is not in them, because the connection reads its own environment, nor are access keys.
  - A space is reachable if its remote access is on, its app is C(InService) and started after that, and its instance type has enough memory.
    O(include_unreachable) lists the other spaces, too, each with the reason.
  - The inventory file is a YAML file whose name ends in C(studio_spaces.yml) or C(studio_spaces.yaml).
  - A region costs one call of C(ListDomains), C(ListSpaces) and C(ListApps) for every 100 domains, spaces and apps. Options that cost more say so.
extends_documentation_fragment:
  - inventory_cache
  - constructed
  - amazon.aws.boto3
  - amazon.aws.common.plugins
  - amazon.aws.region.plugins
options:
  plugin:
    description: The name of this plugin.
    type: str
    required: true
    choices: [mlops.studio_local_mode.studio_spaces]
  regions:
    description:
      - The regions whose spaces are listed, concurrently.
      - By default it is one region, that of O(region) or of boto3's configuration. No value selects all regions.
    type: list
    elements: str
    default: []
    env:
      - name: STUDIO_REGIONS
  targets_from_inventory:
    description:
      - Whether to list the spaces of the hosts in the group C(studio_targets), which an earlier inventory made, such as that of
        P(mlops.studio_local_mode.studio_accounts#inventory). With O(regions), only of targets in these regions.
      - The role of each target is assumed once. A session to one of its spaces starts with the same role.
      - Variables in files of C(group_vars) and C(host_vars) are not known yet when Ansible reads inventories.
    type: bool
    default: false
  targets:
    description:
      - The accounts and regions whose spaces are listed, where no inventory has them. With O(regions), only targets in these regions.
      - Mutually exclusive with O(targets_from_inventory).
    type: list
    elements: dict
    suboptions:
      name:
        description: The name of the target in the variable C(studio_target) and in messages.
        type: str
        required: true
      region:
        description: The region.
        type: str
        required: true
      account_id:
        description: The account, 12 digits in quotes. By default that of O(targets[].role_arn).
        type: str
      role_arn:
        description: The ARN of the role to assume. Without it, the present credentials are used.
        type: str
      external_id:
        description: The external ID that the trust policy of the role requires.
        type: str
      session_name:
        description: The name of the session, which CloudTrail shows.
        type: str
        default: studio-local-mode
    default: []
  domains:
    description:
      - The domains whose spaces are listed, by ID, ARN, name, or pattern of names as in shells (V(team-*)). By default, all domains.
      - The inventory fails if one of them matches no domain in any of the regions.
    type: list
    elements: str
    default: []
    env:
      - name: STUDIO_DOMAINS
  domain_tags:
    description:
      - List only the spaces of domains that have all of these tags.
      - It costs one call of C(ListTags) for each domain of the region.
    type: dict
    default: {}
  app_types:
    description: List only spaces of these app types. By default, spaces of every type; only V(JupyterLab) and V(CodeEditor) are reachable.
    type: list
    elements: str
    choices: [JupyterLab, CodeEditor, JupyterServer, KernelGateway, Canvas, RStudioServerPro]
    default: []
  owners:
    description: List only spaces that these user profiles own, by name or pattern of names as in shells. By default, spaces of every owner.
    type: list
    elements: str
    default: []
  filters:
    description:
      - A list of dictionaries with one key each, C(include) or C(exclude), and a Jinja2 condition or a boolean as its value.
      - The first item whose condition is true decides whether the space becomes a host. A space for which none is true becomes one.
      - The conditions can use all host variables, and C(inventory_hostname).
    type: list
    elements: dict
    default: []
  hostnames:
    description:
      - Names of host variables, or Jinja2 expressions with them, in the order of precedence. The first that is not empty becomes the host's name.
      - Characters that a host name must not have are replaced by C(_). If two hosts had the same name, the ID of their domain is appended, and the
        name of the space if that does not suffice.
    type: list
    elements: str
    default: [studio_space_name]
  include_unreachable:
    description:
      - Whether to list the spaces that cannot be reached, too, for a report.
      - They are in the group C(studio_apps_unreachable) and not in C(studio_apps), so that no playbook connects to them.
      - The variable C(studio_unreachable_because) has the reasons and what to do about them.
    type: bool
    default: false
  docker_access:
    description:
      - Whether to set the variable C(studio_docker_access), which says whether the domain of the space has Docker access.
      - It costs one call of C(DescribeDomain) for each domain with a selected space.
    type: bool
    default: false
  space_tags:
    description:
      - Whether to set the variable C(studio_tags), the tags of the space.
      - It costs one call of C(ListTags) for each selected space.
    type: bool
    default: false
  strict_permissions:
    description:
      - Whether the inventory fails if IAM denies a call in one of the regions, or if one of the targets fails for any reason.
      - With V(false), a warning names the region or target and the reason, and the spaces of the others are listed.
    type: bool
    default: true
  wait_timeout:
    description: The maximum time in seconds for all calls of a region or target, with every retry.
    type: int
    default: 60
  assume_role_arn:
    description: The ARN of the role to assume for the calls and the sessions. The credentials require C(sts:AssumeRole) on it.
    type: str
    aliases: [iam_role_arn]
    env:
      - name: STUDIO_ROLE_ARN
  assume_role_external_id:
    description: The external ID that the trust policy of O(assume_role_arn) requires.
    type: str
    env:
      - name: STUDIO_ROLE_EXTERNAL_ID
notes:
  - Requires the IAM actions C(sagemaker:ListDomains), C(sagemaker:ListSpaces) and C(sagemaker:ListApps), and for the options that say so
    sagemaker:ListTags and sagemaker:DescribeDomain. A session requires sagemaker:StartSession in addition.
  - The names and tags in the host variables come from users of Studio. Ansible does not evaluate templates in them.
  - Apps that belong to a user profile, as those of Studio Classic, are not listed, because they have no remote access.
  - AWS does not document whether an app that is created again within a day keeps its creation time. If it does, a restarted app is listed as older than
    the last change of its space until it is started again a day later.
seealso:
  - module: mlops.studio_local_mode.sagemaker_studio_space
author:
  - mlops.studio_local_mode maintainers (@mlops)
"""

EXAMPLES = r"""
---
# studio_spaces.yml: every reachable space of the region that AWS_REGION or the profile has
plugin: mlops.studio_local_mode.studio_spaces

---
# For the playbooks: reachable spaces are in studio_apps, the others are in their report
plugin: mlops.studio_local_mode.studio_spaces
regions: [eu-west-1, us-east-1]
domains: [research, team-*]
include_unreachable: true

---
# The spaces of some users on GPU instances, with groups by domain and a name that is always unique
plugin: mlops.studio_local_mode.studio_spaces
regions: [eu-west-1]
owners: [ada, team-*]
filters:
  - include: studio_instance_type is defined and studio_instance_type.startswith('ml.g')
  - exclude: true
hostnames:
  - studio_space_name ~ '.' ~ studio_domain_id
keyed_groups:
  - prefix: domain
    key: studio_domain_name

---
# The spaces of many accounts: ansible-inventory -i studio_accounts.yml -i studio_spaces.yml --graph
plugin: mlops.studio_local_mode.studio_spaces
targets_from_inventory: true
strict_permissions: false
keyed_groups:
  - prefix: account
    key: studio_account_id

---
# With a role in another account, a cache of five minutes, and the domains' Docker access
plugin: mlops.studio_local_mode.studio_spaces
regions: [eu-west-1]
assume_role_arn: arn:aws:iam::111122223333:role/studio-inventory
assume_role_external_id: "{{ lookup('ansible.builtin.env', 'EXTERNAL_ID') }}"
docker_access: true
groups:
  without_docker: not studio_docker_access
cache: true
cache_plugin: ansible.builtin.jsonfile
cache_connection: ~/.cache/studio_spaces
cache_timeout: 300
"""

import os
import typing as t

from ansible.errors import AnsibleParserError
from ansible.inventory.helpers import get_group_vars
from ansible.template import trust_as_template
from ansible.utils.vars import combine_vars
from ansible_collections.amazon.aws.plugins.plugin_utils.botocore import get_aws_connection_info
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._aws.client import RateLimitedClient
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._aws.concurrency import run_concurrently
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._aws.deadline import time_limit
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._aws.errors import (
    ResourceError,
    defect,
    explain,
    is_denied,
)
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._aws.partitions import region_for_sts
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._aws.sagemaker_api import SageMakerApi
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._targets.clients import Clients
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._targets.target import Target
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._targets.target import of as target_of
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._targets.target import problems as target_problems
from ansible_collections.mlops.studio_local_mode.plugins.plugin_utils._inventory.source import (
    AWS_ERRORS,
    CONCURRENCY,
    InventorySource,
    without_blanks,
)
from ansible_collections.mlops.studio_local_mode.plugins.plugin_utils._spaces.gather import Request, read_region
from ansible_collections.mlops.studio_local_mode.plugins.plugin_utils._spaces.place import Place, names
from ansible_collections.mlops.studio_local_mode.plugins.plugin_utils._spaces.region import Region, Space
from ansible_collections.mlops.studio_local_mode.plugins.plugin_utils._spaces.select import Selection, listed
from ansible_collections.mlops.studio_local_mode.plugins.plugin_utils._spaces.session_variables import session_variables
from ansible_collections.mlops.studio_local_mode.plugins.plugin_utils._targets import host_variables, region_host

_SHOWN = 5
REACHABLE = "studio_apps"
UNREACHABLE = "studio_apps_unreachable"
# SageMaker Distribution has this user, and no Python but this one.
GROUP_VARIABLES = {"ansible_user": "sagemaker-user", "ansible_python_interpreter": "/opt/conda/bin/python3"}


class InventoryModule(InventorySource):
    """The spaces of SageMaker Studio as hosts."""

    NAME = "mlops.studio_local_mode.studio_spaces"
    INVENTORY_FILE_SUFFIXES = ("studio_spaces.yml", "studio_spaces.yaml")

    def parse(self, inventory: t.Any, loader: t.Any, path: str, cache: bool = True) -> None:
        super().parse(inventory, loader, path, cache=cache)
        self.check_filters()
        request = self._request()
        was_cached, cached = self.get_cached_result(path, cache)
        if not was_cached or cached.get("request") != repr(request):
            was_cached = False
            cached = {"request": repr(request), "places": self._read(request)}
        regions = [
            Region(place, cached["places"][place.name]) for place in request.places if place.name in cached["places"]
        ]
        self._refuse_unknown_domains(request, regions)
        self._warn_of_left_out(regions)
        self._populate([space for region in regions for space in region.selected(request.selection)])
        # A region without permissions is not forgotten until the cache expires.
        if not was_cached and len(regions) == len(request.places):
            self.update_cached_result(path, False, cached)

    def _request(self) -> Request:
        selection = Selection(
            without_blanks(self.get_option("domains")),
            {str(key): str(value) for key, value in self.get_option("domain_tags").items()},
            self.get_option("app_types"),
            self.get_option("owners"),
        )
        return Request(self._places(), selection, self.get_option("space_tags"), self.get_option("docker_access"))

    def _places(self) -> list[Place]:
        regions = without_blanks(self.get_option("regions"))
        session = session_variables(self.get_option, os.environ)
        targets = self._targets()
        if targets is None:
            regions = regions or [self.region or ""]
            if not regions[0]:
                raise AnsibleParserError(
                    "No AWS region: set regions in the inventory file, or the variable AWS_REGION or AWS_DEFAULT_REGION."
                )
            return [Place(region, session=session) for region in regions]
        if problems := target_problems(targets):
            raise AnsibleParserError(" ".join(problems))
        places = [
            Place(target.region, target, session) for target in targets if not regions or target.region in regions
        ]
        if not places:
            raise AnsibleParserError(f"regions: none of the {len(targets)} targets is in {', '.join(regions)}.")
        return places

    def _targets(self) -> list[Target] | None:
        """Return the targets of the options; None without any."""
        given = self.get_option("targets")
        if not self.get_option("targets_from_inventory"):
            _check_keys(given)
            return [target_of(target) for target in given] if given else None
        if given:
            raise AnsibleParserError("Set one of targets and targets_from_inventory.")
        group = self.inventory.groups.get(host_variables.GROUP)
        hosts = group.get_hosts() if group else []
        if not hosts:
            raise AnsibleParserError(
                f"targets_from_inventory: the group {host_variables.GROUP} has no host yet. Name the inventory of the targets "
                "before this one: -i studio_accounts.yml -i studio_spaces.yml. Ansible reads the files of a folder in the "
                "order of their names."
            )
        found = [
            (region_host.name_of(host), self._variables_of(host, host_variables.NAMES))
            for host in self._hosts_of_targets(hosts)
        ]
        if problems := [text for text in (host_variables.problem(*host) for host in found) if text]:
            raise AnsibleParserError(" ".join(problems))
        return [target_of(host_variables.target_of(name, variables, {})) for name, variables in found]

    def _hosts_of_targets(self, hosts: t.Iterable[t.Any]) -> t.Iterator[t.Any]:
        """Yield a host for each target: an account may have several regions."""
        for host in hosts:
            found = self._variables_of(host, (host_variables.REGION, host_variables.REGIONS))
            regions = host_variables.regions_of(found.get(host_variables.REGIONS))
            if regions and found.get(host_variables.REGION):
                raise AnsibleParserError(host_variables.two_regions(host.name))
            yield from region_host.hosts_of(host, regions, self.inventory.groups) or [host]

    def _variables_of(self, host: t.Any, names: t.Sequence[str]) -> dict[str, t.Any]:
        """Return variables that a target needs, of the inventory alone: group_vars are not read yet."""
        variables = combine_vars(get_group_vars(host.get_groups()), host.get_vars())
        self.templar.available_variables = variables
        return {name: self.templar.template(variables[name]) for name in names if name in variables}

    def _read(self, request: Request) -> dict[str, t.Any]:
        """Return the answers by the names of the places. Those that failed are left out if strict_permissions is false."""
        region, endpoint, options = get_aws_connection_info(self)
        of_sts = region or region_for_sts(place.region for place in request.places)
        self.assume_own_role(of_sts, "ansible-studio-spaces")
        timeout = self.get_option("wait_timeout")
        clients = Clients(of_sts, endpoint, {**options, **self._frozen_credentials}, timeout)

        def read(place: Place) -> dict[str, t.Any] | Exception:
            try:
                with time_limit(timeout):
                    answers = read_region(self._api(place, clients), request, timeout)
            except (*AWS_ERRORS, ResourceError) as error:
                return error
            except Exception as error:
                if not place.target:
                    raise
                return defect(error)
            mismatch = place.mismatch(answers["domains"])
            return ResourceError(mismatch) if mismatch else answers

        found = list(zip(request.places, run_concurrently(read, request.places)))
        self._report_failed([(place, answer) for place, answer in found if isinstance(answer, Exception)])
        return {place.name: answer for place, answer in found if not isinstance(answer, Exception)}

    def _api(self, place: Place, clients: Clients) -> SageMakerApi:
        if not place.target:
            return SageMakerApi(self.connect("sagemaker", place.region), place.region, CONCURRENCY)
        client = clients.of(place.target, clients.credentials_of(place.target), "sagemaker")
        return SageMakerApi(RateLimitedClient(client, CONCURRENCY), place.region, CONCURRENCY)

    def _report_failed(self, failures: t.Sequence[tuple[Place, Exception]]) -> None:
        """Warn of the places that failed; fail if it is the only account, or if strict_permissions says so."""
        messages = [
            f"The spaces of {place} are not listed. {explain(error, place.region)}" for place, error in failures
        ]
        for message, (place, error) in zip(messages, failures):
            if not is_denied(error) and not place.target:
                raise AnsibleParserError(message) from error
        if messages and self.get_option("strict_permissions"):
            others = "targets" if failures[0][0].target else "regions"
            more = f" {len(messages) - _SHOWN} more failed." if len(messages) > _SHOWN else ""
            raise AnsibleParserError(
                f"{' '.join(messages[:_SHOWN])}{more} Or list the other {others} without it: strict_permissions: false"
            )
        for message in messages:
            self.warn(message)

    def _refuse_unknown_domains(self, request: Request, regions: t.Sequence[Region]) -> None:
        domains = [domain for region in regions for domain in region.domains]
        unknown = request.selection.unknown_domains(domains)
        if unknown and regions:
            read = [region.place for region in regions]
            missing = [place for place in request.places if place not in read]
            unlisted = f" The domains of {names(missing)} could not be listed." if missing else ""
            raise AnsibleParserError(
                f"domains: no domain has the ID, ARN or name {', '.join(map(repr, unknown))}, or matches it as a "
                f"pattern. The domains of {names(read)}: {listed(domains)}.{unlisted}"
            )

    def _warn_of_left_out(self, regions: t.Sequence[Region]) -> None:
        for region in regions:
            for domain_id in region.without_arn:
                self.warn(
                    f"The domain {domain_id} is left out, because SageMaker lists it without an ARN: `aws sagemaker "
                    f"describe-domain --region {region.place.region} --domain-id {domain_id}` shows it."
                )

    def _populate(self, spaces: t.Sequence[Space]) -> None:
        for group in (REACHABLE, *([UNREACHABLE] if self.get_option("include_unreachable") else [])):
            self.inventory.add_group(group)
        for name, value in GROUP_VARIABLES.items():
            self.inventory.set_variable(REACHABLE, name, trust_as_template(value))
        for name, space in self.named(spaces):
            if not space.obstacles or self.get_option("include_unreachable"):
                self.add(name, UNREACHABLE if space.obstacles else REACHABLE, space)


def _check_keys(targets: t.Sequence[t.Any]) -> None:
    known = ("name", *(name.removeprefix("studio_target_") for name in host_variables.NAMES))
    for number, target in enumerate(targets, start=1):
        if not isinstance(target, dict) or set(target) - set(known):
            raise AnsibleParserError(f"targets, item {number}: {target!r} is not a dictionary of {', '.join(known)}.")
