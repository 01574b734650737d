# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The inventory plugin: its options, its calls, its hosts. The accounts themselves are in plugin_utils/_accounts."""

from __future__ import annotations

DOCUMENTATION = r"""
name: studio_accounts
short_description: List accounts and regions of an organization as targets
version_added: 1.0.0
description:
  - Lists accounts of AWS Organizations with their regions as hosts of the group C(studio_targets). Each host is a target, one account and region with the
    role to assume there. The playbooks of this collection work on all targets of the group in one task.
  - Nothing connects to a target. The connection of its host is C(local).
  - Settings per organizational unit, account or region are group variables. O(keyed_groups) makes the groups, and Ansible's own precedence decides.
  - The inventory file is a YAML file whose name ends in C(studio_accounts.yml) or C(studio_accounts.yaml).
  - An organization costs one call of C(ListRoots), one of C(ListOrganizationalUnitsForParent) for each organizational unit, and one of
    C(ListAccountsForParent) for every 20 accounts of a selected unit. Options that cost more say so.
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
    choices: [mlops.studio_local_mode.studio_accounts]
  organizational_units:
    description:
      - The organizational units whose accounts are listed, by ID (V(ou-ab12-11112222)), name (V(Prod)) or path of names (V(Workloads/Prod)).
      - A path may begin with the name of the root. The inventory fails if a unit does not exist, or if two have the name.
      - By default, the whole organization. If all of them are paths, units elsewhere are not read.
    type: list
    elements: str
    default: []
    env:
      - name: STUDIO_ORGANIZATIONAL_UNITS
  recursive:
    description: Whether the units below those of O(organizational_units) belong to them.
    type: bool
    default: true
  exclude_organizational_units:
    description: Organizational units to leave out, in the same forms as O(organizational_units), with all units below them.
    type: list
    elements: str
    default: []
  accounts:
    description:
      - The accounts that are listed, by ID, name, or pattern of names as in shells (V(team-*)). By default, all accounts of the organizational units.
      - The inventory fails if one of them selects no account of the organizational units, or names an account in another state than O(account_states).
    type: list
    elements: str
    default: []
    env:
      - name: STUDIO_ACCOUNTS
  exclude_accounts:
    description: Accounts to leave out, in the same forms as O(accounts). The inventory fails if one of them matches no account.
    type: list
    elements: str
    default: []
    env:
      - name: STUDIO_EXCLUDE_ACCOUNTS
  account_states:
    description: List only accounts in these states. AWS refuses the calls of an account that is not C(ACTIVE).
    type: list
    elements: str
    choices: [PENDING_ACTIVATION, ACTIVE, SUSPENDED, PENDING_CLOSURE, CLOSED]
    default: [ACTIVE]
  account_tags:
    description:
      - List only accounts that have all of these tags.
      - It costs one call of C(ListTagsForResource) for each account that the other options select.
    type: dict
    default: {}
  include_account_tags:
    description:
      - Whether to set the variable C(studio_target_account_tags), for groups, filters and the name of the role.
      - It costs one call of C(ListTagsForResource) for each selected account.
    type: bool
    default: false
  include_management_account:
    description: Whether to list the management account, too. An account that O(accounts) names is always listed.
    type: bool
    default: false
  regions:
    description:
      - The regions that are listed for each account.
      - By default it is one region, that of O(region) or of boto3's configuration. V(all) stands for all regions that are enabled in the account.
    type: list
    elements: str
    default: []
    env:
      - name: STUDIO_REGIONS
  one_host_per:
    description:
      - Whether each region of an account is a host, or each account is one host with its regions in the variable C(studio_target_regions).
      - The playbooks work on the same targets. AWX slices an inventory by its hosts, so that with V(account) all regions of an account are in one slice.
      - With V(account), the groups C(region_eu_west_1) and so on have no host. Their variables are those of the targets in the region.
    type: str
    choices: [region, account]
    default: region
  only_enabled_regions:
    description:
      - Whether to list a region only for the accounts in which it is enabled. The inventory fails if no selected account has enabled a region of O(regions).
      - It costs one call of C(account:ListRegions) for each selected account if O(regions) has a region that AWS does not enable in every account. AWS
        answers five of them in a second. The organization must have enabled trusted access for AWS Account Management.
    type: bool
    default: true
  role_name:
    description:
      - The name of the role to assume in each account, with its path if it has one.
      - It is a template that can use the variables of the account, for example V(studio-{{ studio_target_account_name | lower }}).
      - An account for which it is empty or fails is left out with a warning, and is an error with O(strict). The inventory fails if that are all accounts.
      - One of O(role_name) and O(role_arn) is required.
    type: str
    env:
      - name: STUDIO_TARGET_ROLE_NAME
  role_arn:
    description:
      - The ARN of the role to assume in each account, as a template like O(role_name).
      - Its account must be the account itself, as in V(arn:aws:iam::{{ studio_target_account_id }}:role/studio-local-mode).
    type: str
  external_id:
    description: The external ID that the trust policies of the roles require.
    type: str
    env:
      - name: STUDIO_TARGET_EXTERNAL_ID
  session_name:
    description: The name of the sessions, which CloudTrail shows.
    type: str
    default: studio-local-mode
  filters:
    description:
      - A list of dictionaries with one key each, C(include) or C(exclude), and a Jinja2 condition or a boolean as its value.
      - The first item whose condition is true decides whether the target becomes a host. A target for which none is true becomes one.
      - The conditions can use all host variables, and C(inventory_hostname).
    type: list
    elements: dict
    default: []
  hostnames:
    description:
      - Names of host variables, or Jinja2 expressions with them, in the order of precedence. The first that is not empty becomes the host's name.
      - Characters that a host name must not have are replaced by C(_). If two hosts had the same name, the ID of their account is appended.
    type: list
    elements: str
    default: ["studio_target_account_name ~ ('.' ~ studio_target_region if studio_target_region is defined else '')"]
  strict_permissions:
    description:
      - Whether the inventory fails if IAM denies the calls for tags or regions.
      - With V(false), a warning names the IAM action. Accounts then have no tags, and the regions of O(regions) are listed for every account.
    type: bool
    default: true
  wait_timeout:
    description: The maximum time in seconds for all calls together, with every retry.
    type: int
    default: 300
  assume_role_arn:
    description:
      - The ARN of the role to assume for the calls of this plugin, in the management account or in the account of a delegated administrator.
      - The credentials require C(sts:AssumeRole) on it. The roles of the targets are assumed with the credentials of the playbook, not with this role.
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
  - Requires credentials of the management account, or of a member account that is a delegated administrator for any service of AWS.
  - Requires the IAM actions C(organizations:ListRoots), C(organizations:ListOrganizationalUnitsForParent) and
    C(organizations:ListAccountsForParent), and for the options that say so organizations:ListTagsForResource and account:ListRegions.
  - This plugin does not assume the roles of the targets. The playbooks do, and report each target whose role cannot be assumed.
  - The names and tags in the host variables come from the administrators of the accounts. Ansible does not evaluate templates in them.
seealso:
  - plugin: mlops.studio_local_mode.studio_spaces
    plugin_type: inventory
author:
  - mlops.studio_local_mode maintainers (@mlops)
"""

EXAMPLES = r"""
---
# studio_accounts.yml: every account below two organizational units, with two regions each
plugin: mlops.studio_local_mode.studio_accounts
organizational_units: [Workloads/Prod, Workloads/Dev]
exclude_accounts: [prod-legacy]
regions: [eu-west-1, us-east-1]
role_name: studio-local-mode

---
# Groups for settings by organizational unit, account and region: group_vars/ou_Root_Workloads_Prod.yml
plugin: mlops.studio_local_mode.studio_accounts
regions: [eu-west-1, eu-south-1]
role_name: studio-local-mode
external_id: "{{ lookup('ansible.builtin.env', 'EXTERNAL_ID') }}"
keyed_groups:
  - prefix: ou
    key: studio_target_organizational_unit
  - prefix: account
    key: studio_target_account_id
  - prefix: region
    key: studio_target_region

---
# One host for each account, for slices of AWX
plugin: mlops.studio_local_mode.studio_accounts
one_host_per: account
regions: [eu-west-1, us-east-1]
role_name: studio-local-mode

---
# The accounts of one team, a role by tag, and a cache of an hour
plugin: mlops.studio_local_mode.studio_accounts
account_tags:
  team: research
include_account_tags: true
regions: [all]
role_arn: arn:aws:iam::{{ studio_target_account_id }}:role/{{ studio_target_account_tags.stage }}/studio-local-mode
cache: true
cache_plugin: ansible.builtin.jsonfile
cache_connection: ~/.cache/studio_accounts
cache_timeout: 3600
"""

import typing as t

from ansible.errors import AnsibleParserError
from ansible.template import trust_as_template
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._aws.deadline import time_limit
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._aws.errors import aws_error, explain, is_denied
from ansible_collections.mlops.studio_local_mode.plugins.plugin_utils._accounts import gather, regions, roles
from ansible_collections.mlops.studio_local_mode.plugins.plugin_utils._accounts.account import Account, AccountSelection
from ansible_collections.mlops.studio_local_mode.plugins.plugin_utils._accounts.target import Target
from ansible_collections.mlops.studio_local_mode.plugins.plugin_utils._accounts.units import UnitSelection
from ansible_collections.mlops.studio_local_mode.plugins.plugin_utils._inventory.source import (
    AWS_ERRORS,
    InventorySource,
    without_blanks,
)
from ansible_collections.mlops.studio_local_mode.plugins.plugin_utils._targets import host_variables, region_host

# Organizations throttles the calls of an organization earlier than other services do those of an account.
_CONCURRENCY = 4


class InventoryModule(InventorySource):
    """The accounts and regions of an organization as targets."""

    NAME = "mlops.studio_local_mode.studio_accounts"
    INVENTORY_FILE_SUFFIXES = ("studio_accounts.yml", "studio_accounts.yaml")

    def parse(self, inventory: t.Any, loader: t.Any, path: str, cache: bool = True) -> None:
        # Ansible goes on when an inventory fails, with the targets of others or with none. The group tells the playbooks.
        inventory.add_group(host_variables.GROUP)
        try:
            super().parse(inventory, loader, path, cache=cache)
            self.check_filters()
            self._parse(path, cache)
        except Exception as error:
            inventory.set_variable(host_variables.GROUP, host_variables.UNREAD, str(error))
            raise AnsibleParserError(str(error)) from error

    def _parse(self, path: str, cache: bool) -> None:
        option, template = self._role_template()
        request = self._request()
        was_cached, cached = self.get_cached_result(path, cache)
        if not was_cached or cached.get("request") != repr(request):
            was_cached = False
            cached = {"request": repr(request), **self._read(request)}
        accounts = [Account(**account) for account in cached["accounts"]]
        self._populate(self._targets(request, accounts, cached["regions"], option, template))
        # Answers without some permissions are not remembered.
        if not was_cached and cached["complete"]:
            self.update_cached_result(path, False, cached)

    def _role_template(self) -> tuple[str, str]:
        given = [(name, self.get_option(name)) for name in ("role_name", "role_arn") if self.get_option(name)]
        if len(given) != 1:
            raise AnsibleParserError(
                "Set one of role_name and role_arn: the role to assume in each account, for example "
                "role_name: studio-local-mode"
            )
        return given[0]

    def _request(self) -> gather.Request:
        names = without_blanks(self.get_option("regions")) or [self.region or ""]
        if not names[0]:
            raise AnsibleParserError(
                "No AWS region: set regions in the inventory file, or the variable AWS_REGION or AWS_DEFAULT_REGION."
            )
        tags = {str(key): str(value) for key, value in self.get_option("account_tags").items()}
        return gather.Request(
            UnitSelection(
                without_blanks(self.get_option("organizational_units")),
                without_blanks(self.get_option("exclude_organizational_units")),
                self.get_option("recursive"),
            ),
            AccountSelection(
                without_blanks(map(str, self.get_option("accounts"))),
                without_blanks(map(str, self.get_option("exclude_accounts"))),
                self.get_option("account_states"),
                tags,
                self.get_option("include_management_account"),
            ),
            names,
            regions.must_be_asked(names, self.get_option("only_enabled_regions")),
            bool(tags) or self.get_option("include_account_tags"),
        )

    def _read(self, request: gather.Request) -> dict[str, t.Any]:
        """Return the accounts, and the regions of each by its ID where they had to be asked for."""
        region = self.region or regions.of_the_organization(request.regions)
        self.assume_own_role(region, "ansible-studio-accounts")
        api = gather.OrganizationApi(
            self.connect("organizations", region), self.connect("account", region), _CONCURRENCY
        )
        with time_limit(self.get_option("wait_timeout")):
            try:
                accounts = gather.read_accounts(api, request)
            except AWS_ERRORS as error:
                raise AnsibleParserError(_explain(error, region)) from error
            tagged = self._optional(
                request.ask_for_tags, region, "organizations", lambda: gather.read_tags(api, accounts)
            )
            if request.ask_for_tags:
                accounts = request.selection.with_tags(tagged or accounts)
            statuses = self._optional(
                request.ask_for_regions, region, "account", lambda: self._regions(api, accounts, region)
            )
        return {
            "accounts": gather.as_json(accounts),
            "regions": statuses,
            "complete": not (
                (request.ask_for_tags and tagged is None) or (request.ask_for_regions and statuses is None)
            ),
        }

    def _regions(self, api: gather.OrganizationApi, accounts: t.Sequence[Account], region: str) -> dict[str, t.Any]:
        own_account = self.client("sts", region=region).get_caller_identity()["Account"]
        return gather.read_regions(api, accounts, own_account)

    def _optional(self, is_needed: bool, region: str, service: str, read: t.Callable[[], t.Any]) -> t.Any:
        """Return the answers, None if they are not needed, or if IAM denies them and strict_permissions is false."""
        if not is_needed:
            return None
        try:
            return read()
        except AWS_ERRORS as error:
            message = explain(error, region, service)
            if service == "account" and is_denied(error):
                message = (
                    f"{message} The organization needs trusted access for AWS Account Management: `aws organizations "
                    "enable-aws-service-access --service-principal account.amazonaws.com`. Or list the regions of "
                    "every account unasked: only_enabled_regions: false"
                )
            if self.get_option("strict_permissions") or not is_denied(error):
                raise AnsibleParserError(message) from error
            self.warn(message)
            return None

    def _targets(
        self,
        request: gather.Request,
        accounts: t.Sequence[Account],
        statuses: dict[str, dict[str, str]] | None,
        option: str,
        template: str,
    ) -> list[Target]:
        if statuses is not None:
            regions.refuse_unused(request.regions, list(statuses.values()))
        found, problems = roles.roles_of(accounts, option, template, self._render)
        for problem in problems:
            if self.get_option("strict"):
                raise AnsibleParserError(problem)
            self.warn(f"{problem} The account is left out.")
        external_id, session_name = self.get_option("external_id"), self.get_option("session_name")
        per_region = self.get_option("one_host_per") == "region"
        targets = []
        for account in accounts:
            if account.id not in found:
                continue
            enabled = regions.regions_of(request.regions, statuses[account.id] if statuses else None)
            for of_host in [[region] for region in enabled] if per_region else [enabled] if enabled else []:
                targets.append(Target(account, of_host, per_region, found[account.id], external_id, session_name))
        if not targets:
            raise AnsibleParserError(f"No target: no account has a region of {', '.join(request.regions)} enabled.")
        return targets

    def _render(self, template: str, variables: dict[str, t.Any]) -> t.Any:
        self.templar.available_variables = {**(self._vars if self.get_option("use_extra_vars") else {}), **variables}
        return self.templar.template(trust_as_template(template))

    def _populate(self, targets: t.Sequence[Target]) -> None:
        for name, target in self.named(targets):
            self.add(name, host_variables.GROUP, target)
            for region in [] if target.is_of_one_region else target.regions:
                self.inventory.add_group(region_host.group_of(region))
        if not self.inventory.groups[host_variables.GROUP].hosts:
            raise AnsibleParserError(f"No target: filters excludes all {len(targets)}.")


def _explain(error: Exception, region: str) -> str:
    details = aws_error(error) or {}
    if details.get("code") == "AWSOrganizationsNotInUseException":
        return (
            "The account of the credentials belongs to no organization. Use credentials of the management account, or "
            "write the targets into an inventory by hand."
        )
    if is_denied(error) and "perform:" not in details["message"]:
        return (
            f"The credentials are of a member account, which must not list the organization ({details['code']}: "
            f"{details['message']}). Use the management account, or register the account as a delegated administrator, "
            "and name a role there as assume_role_arn."
        )
    return explain(error, region, "organizations")
