# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# Note that this file is private to the collection: do not use it from outside.
"""The routes that apps of a VpcOnly domain need: to ECR, with rootless Docker to any registry, and to Docker's site."""

from __future__ import annotations

import typing as t

from ansible_collections.mlops.studio_local_mode.plugins.module_utils._domains import docker_settings
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._prerequisites import routes
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._prerequisites.domain import (
    account_of,
    app_groups,
    is_vpc_only,
    partition_of,
    region_of,
    roles_of,
)
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._prerequisites.endpoints import (
    Request,
    Service,
    to_service,
)
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._prerequisites.facts import (
    Facts,
    Network,
    UnknownFactError,
)
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._prerequisites.image_uri import dns_suffix
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._prerequisites.reachability import (
    REACHABLE,
    UNKNOWN,
    UNREACHABLE,
    Reachability,
)
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._prerequisites.roles import LOGIN, PULL
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._prerequisites.unchecked import unchecked
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._report.finding import (
    FAILED,
    OK,
    WARNING,
    Finding,
    skipped,
)

if t.TYPE_CHECKING:
    from ansible_collections.mlops.studio_local_mode.plugins.module_utils._prerequisites.image_uri import Image

    Evaluate = t.Callable[[Network], Reachability]

_STATUS = {REACHABLE: OK, UNKNOWN: WARNING, UNREACHABLE: FAILED}
_PULL_HANGS = "Rootless Docker pulls through the VPC: without this route docker pull from ECR hangs until it times out."
# ECR user guide, "Amazon ECR interface VPC endpoints": the API for the token, the registry, and S3 for the layers.
_ECR = {
    "ecr.api": ("ecr_api_route", "The app gets its ECR token through the VPC: without this route docker login hangs."),
    "ecr.dkr": ("ecr_dkr_route", _PULL_HANGS),
    "s3": ("s3_route", _PULL_HANGS),
}
_PUBLIC = "The network mode is PublicInternetOnly: apps use SageMaker's own route to the internet."
_NOT_BY_THE_VPC = "Without rootless Docker, images use SageMaker's own route and not the VPC's."
_BY_PROXY = "by a proxy, as internet_proxy declares"
_NAT = "Add a public NAT gateway and a default route to it in the subnets' route tables"


def registry_routes(facts: Facts, images: t.Sequence[Image]) -> list[Finding]:
    """The routes to ECR, unless only images of other registries are given, and to those others.

    The app itself requests the ECR token, through the VPC. Images use the VPC with rootless Docker only.
    """
    domain = facts.domain
    if not is_vpc_only(domain):
        return [skipped("registry_routes", _PUBLIC, "a route to each registry")]
    region = region_of(domain)
    rootless = docker_settings.from_api(domain).rootless_docker
    of_region = [image for image in images if image.region == region]
    findings = []
    if not images or of_region:
        findings = [_to_ecr(facts, name, of_region) for name in (_ECR if rootless else ["ecr.api"])]
    if not rootless:
        return [*findings, skipped("registry_routes", _NOT_BY_THE_VPC, "a route to each registry")]
    others = dict.fromkeys(image.registry for image in images if image.region != region)
    return findings + [_to_registry(facts, registry) for registry in others]


def docker_site_route(facts: Facts, internet_install: bool) -> Finding:
    """The route to download.docker.com, for an installation of the Docker CLI from the internet."""
    check, expected = "docker_site_route", "a NAT gateway for every subnet"
    if not internet_install:
        reason = "internet_install is off: the CLI is in the app's image, or is installed from a staged bundle."
        return skipped(check, reason, expected)
    if not is_vpc_only(facts.domain):
        return Finding(check, OK, _PUBLIC, "a route to the internet")
    if facts.declared.internet_proxy:
        return Finding(check, OK, f"download.docker.com {_BY_PROXY}", expected)
    reason = "Without a route to download.docker.com, docker_cli fails with its default docker_cli_source=internet."
    remediation = (
        f"{_NAT}, or install from a staged bundle: ansible-playbook mlops.studio_local_mode.stage_docker_debs "
        "-e docker_debs_dest=$PWD/docker-debs, then install_docker_cli with -e docker_cli_source=staged"
    )
    return _finding(facts, check, "download.docker.com", _internet(facts), expected, reason, remediation)


def _to_ecr(facts: Facts, name: str, images: t.Sequence[Image]) -> Finding:
    check, reason = _ECR[name]
    kind = "a gateway endpoint" if name == "s3" else "an interface endpoint with private DNS and port 443 open"
    expected = f"{kind}, or a NAT gateway"
    if name in facts.declared.central_endpoints:
        return Finding(check, OK, f"{name} by a central endpoint, as central_endpoints declares", expected)
    if name == "ecr.api" and facts.declared.internet_proxy:
        return Finding(check, OK, f"{name} {_BY_PROXY}", expected)
    domain = facts.domain
    groups = app_groups(facts)
    service = Service(name, region_of(domain), account_of(domain), groups, tuple(_requests(facts, name, images)))
    prefix = ".".join(reversed(dns_suffix(partition_of(domain)).split(".")))
    remediation = (
        f"Give the subnets {', '.join(domain.get('SubnetIds', []))} of {domain.get('VpcId')} {kind} for "
        f"{prefix}.{service.region}.{name} whose policy allows the apps, or a NAT gateway and no endpoint."
    )
    return _finding(facts, check, name, lambda network: to_service(service, network), expected, reason, remediation)


def _requests(facts: Facts, name: str, images: t.Sequence[Image]) -> list[Request]:
    """Return the calls that the policy of the service's endpoint must allow."""
    domain = facts.domain
    partition, region = partition_of(domain), region_of(domain)
    if name == "s3":
        # ECR user guide, "Minimum Amazon S3 Bucket Permissions for Amazon ECR".
        layer = f"arn:{partition}:s3:::prod-{region}-starport-layer-bucket/layer"
        return [Request(None, "s3:GetObject", layer)]
    if name == "ecr.api":
        return [Request(role, action, "*") for role in roles_of(facts) for action in LOGIN]
    arns = [image.arn(partition) for image in images]
    assumed = [] if arns else [f"arn:{partition}:ecr:{region}:{account_of(domain)}:repository/*"]
    return [
        Request(role, action, arn, assumed=not arns)
        for role in roles_of(facts)
        for arn in arns or assumed
        for action in PULL
    ]


def _to_registry(facts: Facts, registry: str) -> Finding:
    expected = "a NAT gateway for every subnet"
    reason = f"Rootless Docker pulls through the VPC, and {registry} has no endpoint in it."
    remediation = f"{_NAT}, or copy the image to ECR."
    return _finding(facts, "registry_route", registry, _internet(facts), expected, reason, remediation)


def _internet(facts: Facts) -> Evaluate:
    return lambda network: routes.to_internet(network, account_of(facts.domain))


def _finding(
    facts: Facts, check: str, what: str, evaluate: Evaluate, expected: str, reason: str, remediation: str
) -> Finding:
    try:
        path = evaluate(t.cast("Network", facts.network))
    except UnknownFactError as error:
        return unchecked(check, f"{what}: {error.reason}", expected, "Allow the action.")
    if path.state == REACHABLE:
        return Finding(check, OK, f"{what} {path.observed}", expected)
    if path.state == UNKNOWN:
        remediation = path.settled_by or (
            "Test it in an app, and declare what works with central_endpoints or internet_proxy."
        )
    return Finding(check, _STATUS[path.state], f"{what}: {path.observed}", expected, reason, remediation)
