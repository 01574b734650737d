# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# Note that this file is private to the collection: do not use it from outside.
"""The ways that apps of a VPC-only domain need: to the registries with rootless Docker, and to Docker's site."""

from __future__ import annotations

import typing as t

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
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._sagemaker import docker_settings

if t.TYPE_CHECKING:
    from ansible_collections.mlops.studio_local_mode.plugins.module_utils._prerequisites.facts import Described
    from ansible_collections.mlops.studio_local_mode.plugins.module_utils._prerequisites.image_uri import Image

    Ask = t.Callable[[Network], routes.Way]

_STATUS = {routes.OPEN: OK, routes.UNSURE: WARNING, routes.CLOSED: FAILED}
# AWS's guide to ECR, VPC endpoints: the API for the token, the registry, and S3 for the layers.
_ECR = {"ecr_api_route": "ecr.api", "ecr_dkr_route": "ecr.dkr", "s3_route": "s3"}
_PUBLIC = "The domain's mode is PublicInternetOnly: apps take SageMaker's own way to the internet."
_NOT_BY_THE_VPC = "Without rootless Docker, images take SageMaker's own way, not the VPC's."


def is_network_needed(domain: Described, internet_install: bool) -> bool:
    """Whether any of the checks looks at the VPC."""
    return is_vpc_only(domain) and (internet_install or docker_settings.from_api(domain).rootless_docker)


def registry_routes(facts: Facts, images: t.Sequence[Image]) -> list[Finding]:
    """The ways to ECR, unless only images of other registries are asked for, and to those others."""
    domain = facts.domain
    rootless = docker_settings.from_api(domain).rootless_docker
    if not is_vpc_only(domain) or not rootless:
        because = _NOT_BY_THE_VPC if is_vpc_only(domain) else _PUBLIC
        return [skipped("registry_routes", because, "a way to each registry")]
    region = domain["DomainArn"].split(":")[3]
    others = dict.fromkeys(image.registry for image in images if image.region != region)
    findings = []
    if not images or any(image.region == region for image in images):
        groups = domain.get("DefaultUserSettings", {}).get("SecurityGroups", [])
        findings = [_to_ecr(facts, check, service, region, groups) for check, service in _ECR.items()]
    return findings + [_to_registry(facts, registry) for registry in others]


def docker_site_route(facts: Facts, internet_install: bool) -> Finding:
    """The way to download.docker.com, for the CLI's installation from the internet."""
    check, expected = "docker_site_route", "a NAT gateway for every subnet"
    if not internet_install:
        because = "internet_install is not asked for: the CLI may come with the app's image, or be staged."
        return skipped(check, because, expected)
    if not is_vpc_only(facts.domain):
        return Finding(check, OK, _PUBLIC, "a way to the internet")
    why = "Without a way to download.docker.com, docker_cli with its default, docker_cli_source=internet, fails."
    todo = (
        "Add a public NAT gateway and a default route to it in the subnets' route tables, or carry the packages over: "
        "ansible-playbook mlops.studio_local_mode.stage_docker_debs -e docker_debs_dest=$PWD/docker-debs, then "
        "install_docker_cli with -e docker_cli_source=staged."
    )
    return _finding(facts, check, "download.docker.com", routes.to_the_internet, expected, why, todo)


def _to_ecr(facts: Facts, check: str, service: str, region: str, groups: t.Collection[str]) -> Finding:
    kind = "a gateway endpoint" if service == "s3" else "an interface endpoint with private DNS and port 443 open"
    todo = (
        f"Let {facts.domain.get('VpcId')} have {kind} for com.amazonaws.{region}.{service}, for the subnets "
        f"{', '.join(facts.domain.get('SubnetIds', []))}, or give them a NAT gateway and no endpoint."
    )
    return _finding(
        facts,
        check,
        service,
        lambda network: routes.to_service(service, network, region, groups),
        f"{kind}, or a NAT gateway",
        "Rootless Docker pulls by the VPC, and without this way docker pull from ECR hangs until it times out.",
        todo,
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


def _finding(facts: Facts, check: str, what: str, ask: Ask, expected: str, why: str, todo: str) -> Finding:
    network = t.cast("Network", facts.network)
    try:
        way = ask(network)
    except NotTold as reason:
        return skipped(check, f"{what}: {reason.because}", expected, "Allow the action, or ask someone who may.")
    if way.state == routes.OPEN:
        return Finding(check, OK, f"{what} {way.seen}", expected)
    return Finding(check, _STATUS[way.state], f"{what}: {way.seen}", expected, why, todo)
