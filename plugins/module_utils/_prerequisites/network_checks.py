# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# Note that this file is private to the collection: do not use it from outside.
"""The ways that apps of a VPC-only domain need: to ECR, with rootless Docker to all registries, to Docker's site."""

from __future__ import annotations

import typing as t

from ansible_collections.mlops.studio_local_mode.plugins.module_utils._domains import docker_settings
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._prerequisites import routes
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._prerequisites.domain_checks import is_vpc_only
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._prerequisites.facts import (
    Facts,
    Network,
    NotTold,
)
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._report.finding import (
    FAILED,
    OK,
    WARNING,
    Finding,
    skipped,
)

if t.TYPE_CHECKING:
    from ansible_collections.mlops.studio_local_mode.plugins.module_utils._prerequisites.image_uri import Image

    Ask = t.Callable[[Network], routes.Way]

_STATUS = {routes.OPEN: OK, routes.UNSURE: WARNING, routes.CLOSED: FAILED}
_PULL_HANGS = "Rootless Docker pulls by the VPC, and without this way docker pull from ECR hangs until it times out."
# AWS's guide to ECR, VPC endpoints: the API for the token, the registry, and S3 for the layers.
_ECR = (
    ("ecr_api_route", "ecr.api", "The app gets its token for ECR by the VPC: without this way docker login hangs."),
    ("ecr_dkr_route", "ecr.dkr", _PULL_HANGS),
    ("s3_route", "s3", _PULL_HANGS),
)
_PUBLIC = "The domain's mode is PublicInternetOnly: apps take SageMaker's own way to the internet."
_NOT_BY_THE_VPC = "Without rootless Docker, images take SageMaker's own way, not the VPC's."


def registry_routes(facts: Facts, images: t.Sequence[Image]) -> list[Finding]:
    """The ways to ECR, unless only images of other registries are asked for, and to those others.

    The token for ECR is what the app itself asks for, by the VPC; images take the VPC with rootless Docker only.
    """
    domain = facts.domain
    if not is_vpc_only(domain):
        return [skipped("registry_routes", _PUBLIC, "a way to each registry")]
    region = domain["DomainArn"].split(":")[3]
    rootless = docker_settings.from_api(domain).rootless_docker
    groups = domain.get("DefaultUserSettings", {}).get("SecurityGroups", [])
    findings = []
    if not images or any(image.region == region for image in images):
        checks = _ECR if rootless else _ECR[:1]
        findings = [_to_ecr(facts, *check, region, groups) for check in checks]
    if not rootless:
        return [*findings, skipped("registry_routes", _NOT_BY_THE_VPC, "a way to each registry")]
    others = dict.fromkeys(image.registry for image in images if image.region != region)
    return findings + [_to_registry(facts, registry) for registry in others]


def docker_site_route(facts: Facts, internet_install: bool) -> Finding:
    """The way to download.docker.com, for the CLI's installation from the internet."""
    check, expected = "docker_site_route", "a NAT gateway for every subnet"
    if not internet_install:
        because = "internet_install is not asked for: the CLI may come with the app's image, or be staged."
        return skipped(check, because, expected)
    if not is_vpc_only(facts.domain):
        return Finding(check, OK, _PUBLIC, "a way to the internet")
    reason = "Without a way to download.docker.com, docker_cli with its default, docker_cli_source=internet, fails."
    remediation = (
        "Add a public NAT gateway and a default route to it in the subnets' route tables, or carry the packages over: "
        "ansible-playbook mlops.studio_local_mode.stage_docker_debs -e docker_debs_dest=$PWD/docker-debs, then "
        "install_docker_cli with -e docker_cli_source=staged."
    )
    return _finding(facts, check, "download.docker.com", routes.to_the_internet, expected, reason, remediation)


def _to_ecr(facts: Facts, check: str, service: str, reason: str, region: str, groups: t.Collection[str]) -> Finding:
    kind = "a gateway endpoint" if service == "s3" else "an interface endpoint with private DNS and port 443 open"
    remediation = (
        f"Let {facts.domain.get('VpcId')} have {kind} for com.amazonaws.{region}.{service}, for the subnets "
        f"{', '.join(facts.domain.get('SubnetIds', []))}, or give them a NAT gateway and no endpoint."
    )
    return _finding(
        facts,
        check,
        service,
        lambda network: routes.to_service(service, network, region, groups),
        f"{kind}, or a NAT gateway",
        reason,
        remediation,
    )


def _to_registry(facts: Facts, registry: str) -> Finding:
    return _finding(
        facts,
        "registry_route",
        registry,
        routes.to_the_internet,
        "a NAT gateway for every subnet",
        f"Rootless Docker pulls by the VPC, and {registry} has no endpoint in it.",
        "Add a public NAT gateway and a default route to it in the subnets' route tables, or copy the image to ECR.",
    )


def _finding(facts: Facts, check: str, what: str, ask: Ask, expected: str, reason: str, remediation: str) -> Finding:
    network = t.cast("Network", facts.network)
    try:
        way = ask(network)
    except NotTold as error:
        return skipped(check, f"{what}: {error.because}", expected, "Allow the action, or ask someone who may.")
    if way.state == routes.OPEN:
        return Finding(check, OK, f"{what} {way.observed}", expected)
    return Finding(check, _STATUS[way.state], f"{what}: {way.observed}", expected, reason, remediation)
