# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# Note that this file is private to the collection: do not use it from outside.
"""The calls to EC2, ECR and IAM: retried and limited in number, without any decision.

A call that AWS refuses becomes Unknown with the missing IAM action, so that no check takes silence for a yes.
"""

from __future__ import annotations

import json
import threading
import typing as t

try:
    from botocore.exceptions import BotoCoreError, ClientError
except ImportError:
    pass  # AnsibleAWSModule reports the missing library.

from ansible_collections.amazon.aws.plugins.module_utils.botocore import is_boto3_error_code
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._aws.client import RateLimitedClient
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._aws.concurrency import run_concurrently
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._aws.errors import explain
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._prerequisites.facts import (
    Decision,
    Network,
    Repository,
    Unknown,
)

if t.TYPE_CHECKING:
    from ansible_collections.mlops.studio_local_mode.plugins.module_utils._prerequisites.facts import Answer, Described
    from ansible_collections.mlops.studio_local_mode.plugins.module_utils._prerequisites.image_uri import Image

    _T = t.TypeVar("_T")

# ECR's prefix of a rule or a template for every repository without one of its own.
_EVERY_REPOSITORY = "ROOT"
# What the token of the next page is called where it is not NextToken.
_PAGE_TOKENS = {"ecr": "nextToken", "iam": "Marker"}


class PrerequisitesApi:
    """The calls to EC2, ECR and IAM that the checks need. A service's client is created at its first call."""

    def __init__(self, connect: t.Callable[[str], t.Any], region: str, concurrency: int) -> None:
        self.region = region
        self._connect = connect
        self._concurrency = concurrency
        self._clients: dict[str, RateLimitedClient] = {}
        # Threads must not share a boto3 session while they create clients.
        self._connecting = threading.Lock()

    def simulate(self, role: str, actions: t.Sequence[str], arn: str) -> Answer[dict[str, Decision]]:
        """Return the decision of the role's policies for each action on this resource that IAM returns a result for.

        One resource a call: the meaning of a result about several has changed over time (API reference of
        EvaluationResult). Without aws:RequestedRegion, a service control policy for regions would deny everything.
        """
        context = [
            {"ContextKeyName": "aws:RequestedRegion", "ContextKeyType": "string", "ContextKeyValues": [self.region]},
            {"ContextKeyName": "aws:SecureTransport", "ContextKeyType": "boolean", "ContextKeyValues": ["true"]},
        ]
        request = {
            "PolicySourceArn": role,
            "ActionNames": list(actions),
            "ResourceArns": [arn],
            "ContextEntries": context,
        }
        try:
            results = self._read_pages("iam", "simulate_principal_policy", "EvaluationResults", request)
        except is_boto3_error_code("NoSuchEntity"):
            return dict.fromkeys(actions, Decision("implicitDeny", role_exists=False))
        except (ClientError, BotoCoreError) as error:
            return Unknown(explain(error, self.region, "iam"))
        return {result["EvalActionName"]: decision(result) for result in results}

    def repository(self, image: Image) -> Answer[Repository]:
        """Return the image's ECR repository with its policy, or what creates it."""
        if image.region != self.region:
            return Unknown(f"It is in {image.region}: check it with the option region set to that.")
        request = {"registryId": image.account, "repositoryName": image.repository}
        try:
            answer = self._client("ecr").get_repository_policy(**request)
            return Repository(exists=True, policy=json.loads(answer["policyText"]))
        except is_boto3_error_code("RepositoryPolicyNotFoundException"):
            return Repository(exists=True)
        except is_boto3_error_code("RepositoryNotFoundException"):
            return self._missing_repository(image)
        except (ClientError, BotoCoreError, ValueError) as error:
            return Unknown(explain(error, self.region, "ecr"))

    def network(self, domain: Described) -> Network:
        """Describe the domain's subnets and the parts of the VPC that lead out of them."""
        in_vpc = [{"Name": "vpc-id", "Values": [domain["VpcId"]]}]
        calls: dict[str, tuple[str, str, str, dict[str, t.Any]]] = {
            "subnets": ("ec2", "describe_subnets", "Subnets", {"SubnetIds": domain["SubnetIds"]}),
            "route_tables": ("ec2", "describe_route_tables", "RouteTables", {"Filters": in_vpc}),
            "nat_gateways": ("ec2", "describe_nat_gateways", "NatGateways", {"Filter": in_vpc}),
            "endpoints": ("ec2", "describe_vpc_endpoints", "VpcEndpoints", {"Filters": in_vpc}),
            "security_groups": ("ec2", "describe_security_groups", "SecurityGroups", {"Filters": in_vpc}),
        }
        answers = run_concurrently(lambda call: self._pages(*call), list(calls.values()), self._concurrency)
        return Network(**dict(zip(calls, answers)))

    def _missing_repository(self, image: Image) -> Repository:
        """Return the rule and the template by which ECR creates the repository (ECR user guide, both pages)."""
        rules = self._pages("ecr", "describe_pull_through_cache_rules", "pullThroughCacheRules", {})
        templates = self._pages("ecr", "describe_repository_creation_templates", "repositoryCreationTemplates", {})
        return Repository(
            exists=False,
            pull_through_rule=_prefix_for(image.repository, rules, "ecrRepositoryPrefix"),
            creation_template=_prefix_for(
                image.repository,
                templates
                if isinstance(templates, Unknown)
                else [template for template in templates if "CREATE_ON_PUSH" in template.get("appliedFor", [])],
                "prefix",
            ),
        )

    def _pages(self, service: str, operation: str, key: str, request: dict[str, t.Any]) -> Answer[list[Described]]:
        try:
            return self._read_pages(service, operation, key, request)
        except (ClientError, BotoCoreError) as error:
            return Unknown(explain(error, self.region, service))

    def _read_pages(self, service: str, operation: str, key: str, request: dict[str, t.Any]) -> list[Described]:
        """Return the items of all pages. Not botocore's paginator: one refused page would restart it."""
        name = _PAGE_TOKENS.get(service, "NextToken")
        found: list[Described] = []
        token: dict[str, str] = {}
        while True:
            page = getattr(self._client(service), operation)(**request, **token)
            found.extend(page[key])
            if not page.get(name):
                return found
            token = {name: page[name]}

    def _client(self, service: str) -> RateLimitedClient:
        with self._connecting:
            if service not in self._clients:
                self._clients[service] = RateLimitedClient(self._connect(service), self._concurrency)
            return self._clients[service]


def decision(result: Described) -> Decision:
    """Return the decision in a simulation's result for one resource.

    API reference of EvaluationResult: with a resource ARN, missing context values are in ResourceSpecificResults.
    """
    specific: Described = next(iter(result.get("ResourceSpecificResults", [])), {})
    missing = [*result.get("MissingContextValues", []), *specific.get("MissingContextValues", [])]

    def allows(detail: str, key: str) -> bool:
        return all(part.get(detail, {}).get(key, True) for part in (result, specific))

    return Decision(
        verdict=specific.get("EvalResourceDecision") or result["EvalDecision"],
        allowed_by_boundary=allows("PermissionsBoundaryDecisionDetail", "AllowedByPermissionsBoundary"),
        allowed_by_organization=allows("OrganizationsDecisionDetail", "AllowedByOrganizations"),
        missing_context=tuple(dict.fromkeys(missing)),
    )


def _prefix_for(repository: str, found: Answer[list[Described]], key: str) -> Answer[str]:
    """Return the longest prefix that applies to the repository; a slash is always assumed after it."""
    if isinstance(found, Unknown):
        return found
    prefixes = [entry[key].rstrip("/") for entry in found]
    matching = [prefix for prefix in prefixes if prefix == _EVERY_REPOSITORY or repository.startswith(f"{prefix}/")]
    return max(matching, key=lambda prefix: (prefix != _EVERY_REPOSITORY, len(prefix)), default="")
