# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The configuration for AWX as Ansible reads it, with its templates resolved."""

from __future__ import annotations

import json
from functools import cache
from typing import Any

from ansible.parsing.dataloader import DataLoader
from ansible.template import Templar

from tests.sandbox import layout

PATTERN = layout.ROOT / "extensions/patterns/studio_local_mode"


@cache
def variables() -> dict[str, Any]:
    """Return every variable of the configuration."""
    return with_settings({})


def with_settings(settings: dict[str, Any]) -> dict[str, Any]:
    """Return every variable of the configuration, with these settings in place of its own."""
    read = untemplated() | settings
    # AWX receives JSON, which drops Ansible's own text types.
    return json.loads(json.dumps(Templar(DataLoader(), read).template(read)))


@cache
def untemplated() -> dict[str, Any]:
    """Return every variable of the configuration with its templates."""
    read: dict[str, Any] = {}
    for path in sorted((PATTERN / "configuration").rglob("*.yml")):
        read |= DataLoader().load_from_file(str(path), trusted_as_template=True)
    return read


def job_templates() -> dict[str, dict[str, Any]]:
    """Return the job templates by name."""
    return {template["name"]: template for template in variables()["controller_templates"]}


def inventory(name: str, groups: dict[str, Any] | None = None) -> dict[str, Any]:
    """Return an inventory of the configuration with its own hosts and groups, and with these groups."""
    own = {
        kind: [one for one in variables()[kind] if one["inventory"] == name]
        for kind in ("controller_hosts", "controller_groups")
    }
    hosts = {host["name"]: host["variables"] for host in own["controller_hosts"]}
    configured = {group["name"]: {"hosts": [], "vars": group["variables"]} for group in own["controller_groups"]}
    return {"all": {"hosts": list(hosts)}, "_meta": {"hostvars": hosts}, **configured, **(groups or {})}


def survey_of(name: str) -> dict[str, Any]:
    """Return the survey of a job template."""
    return job_templates()[f"Studio local mode - {name}"]["survey_spec"]
