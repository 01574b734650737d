# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# Note that this file is private to the collection: do not use it from outside.
"""A host that is an account with several regions, as Ansible would see it if it were the host of one of them.

AWX slices an inventory by its hosts. An account that is one host is in one slice, with all of its regions.
"""

from __future__ import annotations

import re
import typing as t

from ansible.inventory.host import Host
from ansible_collections.mlops.studio_local_mode.plugins.plugin_utils._targets import host_variables

if t.TYPE_CHECKING:
    Groups = t.Mapping[str, t.Any]

_OF_A_REGION = re.compile(r"region_[a-z]{2,}(_[a-z]+)+_[0-9]+")


def group_of(region: str) -> str:
    """Return the name of the group that has the settings of a region."""
    return f"region_{region.replace('-', '_')}"


class RegionHost(Host):
    """The host of an account for one of its regions.

    Its name, and so its file in host_vars, is that of the account's host; templates see the target's name. Of the
    groups of regions, it is in that of its own only.
    """

    def __init__(self, account: t.Any, region: str, groups: Groups) -> None:
        super().__init__(account.name)
        self.target_name = f"{account.name}.{region}"
        self.vars = {**account.vars, host_variables.REGION: region}
        self.groups = list(account.groups)
        own = groups.get(group_of(region))
        for group in list(self.groups):
            if group is not own and _OF_A_REGION.fullmatch(group.name):
                self.remove_group(group)
        if own:
            self.add_group(own)

    def get_magic_vars(self) -> dict[str, t.Any]:
        return {**super().get_magic_vars(), "inventory_hostname": self.target_name}


def hosts_of(account: t.Any, regions: t.Sequence[str], groups: Groups) -> list[RegionHost]:
    """Return a host of the account for each of the regions."""
    return [RegionHost(account, region, groups) for region in regions]


def name_of(host: t.Any) -> str:
    """Return the name of the host's target."""
    return str(getattr(host, "target_name", host.name))
