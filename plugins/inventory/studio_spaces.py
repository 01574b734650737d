# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The inventory plugin: its options, its calls, its hosts. The spaces themselves are in plugin_utils/_spaces."""

from __future__ import annotations

DOCUMENTATION = r"""
name: studio_spaces
short_description: List SageMaker Studio spaces as hosts
version_added: 0.1.0
description:
  - Lists the spaces of SageMaker Studio whose app Ansible can reach through SageMaker's own session, with
    P(mlops.studio_local_mode.studio_ssh#connection). Nobody has to write the apps into an inventory.
  - The hosts are in the group C(studio_apps), which the playbooks of this collection work on.
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
      - Whether the inventory fails if IAM denies a call in one of the regions.
      - With V(false), a warning names the region and the IAM action, and the spaces of the other regions are listed.
    type: bool
    default: true
  wait_timeout:
    description: The maximum time in seconds for all calls of a region, with every retry.
    type: int
    default: 60
  assume_role_arn:
    description: The ARN of the role to assume for the calls. The credentials require C(sts:AssumeRole) on it.
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

import typing as t

from ansible.errors import AnsibleParserError
from ansible.template import trust_as_template
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._aws.concurrency import run_concurrently
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._aws.errors import explain, is_denied
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._aws.sagemaker_api import SageMakerApi
from ansible_collections.mlops.studio_local_mode.plugins.plugin_utils._inventory.source import (
    AWS_ERRORS,
    CONCURRENCY,
    InventorySource,
    without_blanks,
)
from ansible_collections.mlops.studio_local_mode.plugins.plugin_utils._spaces.gather import Request, read_region
from ansible_collections.mlops.studio_local_mode.plugins.plugin_utils._spaces.region import Region, Space
from ansible_collections.mlops.studio_local_mode.plugins.plugin_utils._spaces.select import Selection, listed

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
            cached = {"request": repr(request), "regions": self._read(request)}
        regions = [Region(name, answers) for name, answers in cached["regions"].items()]
        self._refuse_unknown_domains(request, regions)
        self._populate([space for region in regions for space in region.selected(request.selection)])
        # A region without permissions is not forgotten until the cache expires.
        if not was_cached and len(regions) == len(request.regions):
            self.update_cached_result(path, False, cached)

    def _request(self) -> Request:
        regions = without_blanks(self.get_option("regions")) or [self.region]
        if not regions[0]:
            raise AnsibleParserError(
                "No AWS region: set regions in the inventory file, or the variable AWS_REGION or AWS_DEFAULT_REGION."
            )
        selection = Selection(
            without_blanks(self.get_option("domains")),
            {str(key): str(value) for key, value in self.get_option("domain_tags").items()},
            self.get_option("app_types"),
            self.get_option("owners"),
        )
        return Request(regions, selection, self.get_option("space_tags"), self.get_option("docker_access"))

    def _read(self, request: Request) -> dict[str, t.Any]:
        """Return the answers by region. A region without permissions is left out if strict_permissions is false."""
        self.assume_own_role(request.regions[0], "ansible-studio-spaces")
        apis = [SageMakerApi(self.connect("sagemaker", region), region, CONCURRENCY) for region in request.regions]
        timeout = self.get_option("wait_timeout")

        def read(api: SageMakerApi) -> dict[str, t.Any] | Exception:
            try:
                return read_region(api, request, timeout)
            except AWS_ERRORS as error:
                return error

        answers = dict(zip(request.regions, run_concurrently(read, apis)))
        for region, answer in list(answers.items()):
            if isinstance(answer, Exception):
                del answers[region]
                self._report_failed_region(region, answer)
        return answers

    def _report_failed_region(self, region: str, error: Exception) -> None:
        message = f"The spaces of {region} are not listed. {explain(error, region)}"
        if not is_denied(error):
            raise AnsibleParserError(message) from error
        if self.get_option("strict_permissions"):
            raise AnsibleParserError(
                f"{message} Or list the other regions without it: strict_permissions: false"
            ) from error
        self.warn(message)

    def _refuse_unknown_domains(self, request: Request, regions: t.Sequence[Region]) -> None:
        domains = [domain for region in regions for domain in region.domains]
        unknown = request.selection.unknown_domains(domains)
        if unknown and regions:
            missing = [name for name in request.regions if name not in [region.name for region in regions]]
            unlisted = f" The domains of {', '.join(missing)} could not be listed." if missing else ""
            raise AnsibleParserError(
                f"domains: no domain has the ID, ARN or name {', '.join(map(repr, unknown))}, or matches it as a "
                f"pattern. The domains of {', '.join(region.name for region in regions)}: {listed(domains)}.{unlisted}"
            )

    def _populate(self, spaces: t.Sequence[Space]) -> None:
        for group in (REACHABLE, *([UNREACHABLE] if self.get_option("include_unreachable") else [])):
            self.inventory.add_group(group)
        for name, value in GROUP_VARIABLES.items():
            self.inventory.set_variable(REACHABLE, name, trust_as_template(value))
        for name, space in self.named(spaces):
            if not space.obstacles or self.get_option("include_unreachable"):
                self.add(name, UNREACHABLE if space.obstacles else REACHABLE, space)
