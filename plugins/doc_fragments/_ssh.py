# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# Note that this file is private to the collection: do not use it from outside.
"""The options of ansible-core's own ssh connection, as the installed version has them."""

from __future__ import annotations

import typing as t

import yaml
from ansible.plugins.connection import ssh


def _without_versions(documentation: t.Any) -> t.Any:
    """The versions are those of ansible-core, and would be taken for this collection's."""
    if isinstance(documentation, dict):
        return {name: _without_versions(value) for name, value in documentation.items() if name != "version_added"}
    if isinstance(documentation, list):
        return [_without_versions(item) for item in documentation]
    return documentation


class ModuleDocFragment:
    """Ansible does not inherit the options of a connection plugin with its class, and core has no fragment of them."""

    # ansible-test takes an assignment without a type for a text.
    DOCUMENTATION: str = yaml.safe_dump({"options": _without_versions(yaml.safe_load(ssh.DOCUMENTATION)["options"])})
