# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# Note that this file is private to the collection: do not use it from outside.
"""All checks of a domain in the order in which they depend on each other."""

from __future__ import annotations

import typing as t
from dataclasses import asdict

from ansible_collections.mlops.studio_local_mode.plugins.module_utils._prerequisites import (
    domain_checks,
    image_checks,
    network_checks,
    role_checks,
)
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._report.finding import Finding, skipped

if t.TYPE_CHECKING:
    from ansible_collections.mlops.studio_local_mode.plugins.module_utils._prerequisites.facts import Facts
    from ansible_collections.mlops.studio_local_mode.plugins.module_utils._prerequisites.image_uri import Image


def report(facts: Facts, images: t.Sequence[Image], internet_install: bool) -> list[dict[str, str]]:
    """Return the findings for a domain, each as a dict of the fields of Finding."""
    findings = [
        domain_checks.status(facts),
        domain_checks.docker_access(facts),
        domain_checks.network_mode(facts),
        *domain_checks.execution_roles(facts),
        role_checks.ecr_login(facts),
        *(finding for image in images for finding in _of_image(facts, image)),
        *network_checks.registry_routes(facts, images),
        network_checks.docker_site_route(facts, internet_install),
    ]
    if not images:
        findings.append(skipped("images", "No images are given: name those your users need with the option images."))
    return [asdict(finding) for finding in findings]


def unseen(name: str, because: str) -> list[dict[str, str]]:
    """Return the findings for a domain that could not be looked at."""
    return [asdict(skipped("domain", f"{name}: {because}", "InService"))]


def _of_image(facts: Facts, image: Image) -> list[Finding]:
    source = image_checks.image_source(facts, image)
    if not image.is_private_ecr:
        return [source]
    return [
        source,
        image_checks.repository(facts, image),
        role_checks.role_pull(facts, image),
        role_checks.role_push(facts, image),
    ]
