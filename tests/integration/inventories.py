# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Parse inventory files with an inventory plugin of the collection, in the process of the test."""

from __future__ import annotations

from dataclasses import dataclass

import yaml
from ansible.inventory.manager import InventoryManager
from ansible.parsing.dataloader import DataLoader


@dataclass
class Inventory:
    manager: InventoryManager
    warnings: str

    @property
    def groups(self):
        return {name: sorted(hosts) for name, hosts in self.manager.get_groups_dict().items()}

    def variables(self, host):
        return self.manager.get_host(host).vars


class Parser:
    """Parses files with the environment of an endpoint; a failure of the plugin is in the inventory's warnings."""

    def __init__(self, endpoint, folder, monkeypatch, capfd):
        for name, value in endpoint.environment().items():
            monkeypatch.setenv(name, value)
        self._folder = folder
        self._capfd = capfd

    def parse(self, *sources, refresh=False):
        """Parse each (file name, content) as a source of its own, in this order."""
        paths = []
        for name, content in sources:
            path = self._folder / name
            path.write_text(content if isinstance(content, str) else yaml.safe_dump(content))
            paths.append(str(path))
        self._capfd.readouterr()
        manager = InventoryManager(DataLoader(), paths, cache=not refresh)
        return Inventory(manager, " ".join(self._capfd.readouterr().err.split()))
