# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""ECR's pull-through cache rules and repository creation templates, which moto lacks: created and listed only."""

from __future__ import annotations

from typing import Any

from moto.core.responses import ActionResult
from moto.ecr.responses import ECRResponse


def create_pull_through_cache_rule(response: ECRResponse) -> ActionResult:
    rule = _parameters(response, "ecrRepositoryPrefix", "upstreamRegistryUrl")
    _kept(response, "rules").append(rule)
    return ActionResult(rule)


def describe_pull_through_cache_rules(response: ECRResponse) -> ActionResult:
    return ActionResult({"pullThroughCacheRules": _kept(response, "rules")})


def create_repository_creation_template(response: ECRResponse) -> ActionResult:
    template = _parameters(response, "prefix", "appliedFor")
    _kept(response, "templates").append(template)
    return ActionResult({"repositoryCreationTemplate": template})


def describe_repository_creation_templates(response: ECRResponse) -> ActionResult:
    return ActionResult({"repositoryCreationTemplates": _kept(response, "templates")})


OPERATIONS = (
    create_pull_through_cache_rule,
    describe_pull_through_cache_rules,
    create_repository_creation_template,
    describe_repository_creation_templates,
)


def _parameters(response: ECRResponse, *names: str) -> dict[str, Any]:
    return {name: response._get_param(name) for name in names}


def _kept(response: ECRResponse, kind: str) -> list[dict[str, Any]]:
    """What was created, kept with moto's own resources so that a reset of moto removes it."""
    kept: dict[str, list[dict[str, Any]]] = response.ecr_backend.__dict__.setdefault("sandbox_creation", {})
    return kept.setdefault(kind, [])
