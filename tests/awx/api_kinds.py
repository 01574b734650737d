# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The kinds of objects of AWX's API that awx.awx configures."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

_ASK = {
    f"ask_{name}_on_launch": False
    for name in (
        "credential",
        "inventory",
        "limit",
        "verbosity",
        "instance_groups",
        "job_type",
        "job_slice_count",
        "variables",
    )
}
_SURVEY = {"survey_enabled": False, "extra_vars": ""}


@dataclass(frozen=True)
class Kind:
    """One kind of object: its required fields, its optional fields with defaults, the kinds that it refers to."""

    type: str
    required: tuple[str, ...]
    unique: tuple[str, ...] = ("name",)
    optional: dict[str, Any] = field(default_factory=dict)
    refers_to: dict[str, str] = field(default_factory=dict)


KINDS = {
    "organizations": Kind("organization", ("name",), optional={"description": ""}),
    "teams": Kind(
        "team", ("name", "organization"), ("name", "organization"), refers_to={"organization": "organizations"}
    ),
    "labels": Kind(
        "label", ("name", "organization"), ("name", "organization"), refers_to={"organization": "organizations"}
    ),
    "credentials": Kind(
        "credential",
        ("name",),
        ("name", "organization", "credential_type"),
        {"description": "", "organization": None, "credential_type": None},
        {"organization": "organizations", "credential_type": "credential_types"},
    ),
    "credential_types": Kind(
        "credential_type",
        ("name", "kind"),
        ("name", "kind"),
        {"description": "", "inputs": {}, "injectors": {}, "managed": False},
    ),
    "execution_environments": Kind(
        "execution_environment",
        ("name", "image"),
        # In AWX, too, whatever the organization.
        ("name",),
        {"description": "", "pull": "", "organization": None},
        {"organization": "organizations"},
    ),
    "inventories": Kind(
        "inventory",
        ("name", "organization"),
        ("name", "organization"),
        {"description": "", "kind": "", "host_filter": None, "variables": ""},
        {"organization": "organizations"},
    ),
    "hosts": Kind(
        "host",
        ("name", "inventory"),
        ("name", "inventory"),
        {"description": "", "enabled": True, "variables": ""},
        {"inventory": "inventories"},
    ),
    "groups": Kind(
        "group",
        ("name", "inventory"),
        ("name", "inventory"),
        {"description": "", "variables": ""},
        {"inventory": "inventories"},
    ),
    "inventory_sources": Kind(
        "inventory_source",
        ("name", "inventory", "source"),
        ("name", "inventory"),
        {
            "description": "",
            "source_path": "",
            "source_vars": "",
            "source_project": None,
            "credential": None,
            "execution_environment": None,
            "overwrite": False,
            "overwrite_vars": False,
            "update_on_launch": False,
            "update_cache_timeout": 0,
        },
        {
            "inventory": "inventories",
            "source_project": "projects",
            "credential": "credentials",
            "execution_environment": "execution_environments",
        },
    ),
    "notification_templates": Kind(
        "notification_template",
        ("name", "organization", "notification_type", "notification_configuration"),
        ("name", "organization"),
        {"description": "", "messages": None},
        {"organization": "organizations"},
    ),
    "schedules": Kind(
        "schedule",
        ("name", "unified_job_template", "rrule"),
        ("name", "unified_job_template"),
        {"description": "", "enabled": True, "extra_data": {}},
        {"unified_job_template": "unified_job_templates"},
    ),
    "projects": Kind(
        "project",
        ("name", "organization"),
        ("name", "organization"),
        {
            "description": "",
            "scm_type": "",
            "scm_url": "",
            "scm_branch": "",
            "scm_clean": False,
            "scm_update_on_launch": False,
            "scm_update_cache_timeout": 0,
            "scm_revision": "",
            "credential": None,
            "status": "successful",
        },
        {"organization": "organizations", "credential": "credentials"},
    ),
    "job_templates": Kind(
        "job_template",
        ("name", "project", "playbook"),
        ("name", "organization"),
        {
            "description": "",
            "organization": None,
            "job_type": "run",
            "inventory": None,
            "execution_environment": None,
            "diff_mode": False,
            "job_slice_count": 1,
            **_ASK,
            **_SURVEY,
        },
        {"project": "projects", "inventory": "inventories", "execution_environment": "execution_environments"},
    ),
    "workflow_job_templates": Kind(
        "workflow_job_template",
        ("name",),
        ("name", "organization"),
        {"description": "", "organization": None, "ask_limit_on_launch": False, **_SURVEY},
        {"organization": "organizations"},
    ),
    "workflow_job_template_nodes": Kind(
        "workflow_job_template_node",
        ("workflow_job_template", "identifier"),
        ("workflow_job_template", "identifier"),
        {"unified_job_template": None, "type": None},
        {"workflow_job_template": "workflow_job_templates", "unified_job_template": "unified_job_templates"},
    ),
    "workflow_approval_templates": Kind("workflow_approval_template", ("name",), (), {"description": "", "timeout": 0}),
}
