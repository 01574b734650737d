# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# Note that this file is private to the collection: do not use it from outside.
"""All checks of a domain, in the order in which they depend on each other."""

from __future__ import annotations

import typing as t
from dataclasses import asdict

from ansible_collections.mlops.studio_local_mode.plugins.module_utils._prerequisites import (
    domain,
    network,
    roles,
)
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._prerequisites import (
    images as image_checks,
)
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._prerequisites.unchecked import (
    Unchecked,
    unchecked,
)
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._report.finding import Finding, skipped

if t.TYPE_CHECKING:
    from ansible_collections.mlops.studio_local_mode.plugins.module_utils._prerequisites.facts import Facts
    from ansible_collections.mlops.studio_local_mode.plugins.module_utils._prerequisites.image_uri import Image


def check(facts: Facts, images: t.Sequence[Image], internet_install: bool) -> list[Finding]:
    """Return the findings for a domain."""
    findings = [
        domain.status(facts),
        domain.docker_access(facts),
        domain.network_mode(facts),
        *domain.execution_roles(facts),
        *domain.security_groups(facts),
        roles.ecr_login(facts),
        *(finding for image in images for finding in _of_image(facts, image)),
        *network.registry_routes(facts, images),
        network.docker_site_route(facts, internet_install),
    ]
    if not images:
        findings.append(skipped("images", "No images are given: name your users' images with the option images."))
    return findings


def not_described(name: str, reason: str) -> list[Finding]:
    """Return the findings for a domain that AWS did not describe."""
    return [unchecked("domain", f"{name}: {reason}", "InService")]


def as_result(findings: t.Sequence[Finding]) -> dict[str, t.Any]:
    """Return the findings as the module returns them, with the names of the checks that could not be made."""
    names = [finding.check for finding in findings if isinstance(finding, Unchecked)]
    return {"findings": [asdict(finding) for finding in findings], "unchecked": list(dict.fromkeys(names))}


def _of_image(facts: Facts, image: Image) -> list[Finding]:
    source = image_checks.image_source(facts, image)
    if not image.is_private_ecr:
        return [source]
    return [
        source,
        image_checks.repository(facts, image),
        roles.role_pull(facts, image),
        roles.role_push(facts, image),
    ]
