# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# Note that this file is private to the collection: do not use it from outside.
"""The calls to EC2, ECR and IAM: retried, with a bound on how many are in flight, and nothing decided here.

Whatever AWS refuses becomes Unknown, with the action that is missing: no check may take silence for a yes.
"""

from __future__ import annotations

import json
import threading
import typing as t

try:
    from botocore.config import Config
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
    from ansible_collections.amazon.aws.plugins.module_utils.modules import AnsibleAWSModule
    from ansible_collections.mlops.studio_local_mode.plugins.module_utils._prerequisites.facts import Answer, Described
    from ansible_collections.mlops.studio_local_mode.plugins.module_utils._prerequisites.image_uri import Image


class PrerequisitesApi:
    """EC2, ECR and IAM as the checks need them. A service's client is made when it is first called."""

    def __init__(self, connect: t.Callable[[str], t.Any], region: str, concurrency: int) -> None:
        self.region = region
        self._connect = connect
        self._concurrency = concurrency
        self._clients: dict[str, RateLimitedClient] = {}
        # boto3's sessions are not to be shared by threads while they make clients.
        self._connecting = threading.Lock()

    @classmethod
    def of(cls, module: AnsibleAWSModule, region: str, concurrency: int) -> PrerequisitesApi:
        """Connect with the module's own connection options."""
        config = Config(retries={"total_max_attempts": 1}, max_pool_connections=concurrency)
        return cls(lambda service: module.client(service, config=config), region, concurrency)

    def simulate(self, role: str, actions: t.Sequence[str], arn: str) -> Answer[dict[str, Decision]]:
        """Return what the role's policies say of each action on this resource.

        One resource a call: what a result of several says has changed over time (IAM's API reference of
        EvaluationResult), that of one has not.
        """
        request = {"PolicySourceArn": role, "ActionNames": list(actions), "ResourceArns": [arn]}
        try:
            results = self._client("iam").simulate_principal_policy(**request)["EvaluationResults"]
        except is_boto3_error_code("NoSuchEntity"):
            return dict.fromkeys(actions, Decision("implicitDeny", "the role does not exist"))
        except (ClientError, BotoCoreError) as error:
            return Unknown(explain(error, self.region, "iam"))
        return {result["EvalActionName"]: _decision(result) for result in results}

    def repository(self, image: Image) -> Answer[Repository]:
        """Return the image's ECR repository with its policy."""
        if image.region != self.region:
            return Unknown(f"It is in {image.region}: check it with the option region set to that.")
        request = {"registryId": image.account, "repositoryName": image.repository}
        try:
            answer = self._client("ecr").get_repository_policy(**request)
        except is_boto3_error_code("RepositoryPolicyNotFoundException"):
            return Repository(exists=True)
        except is_boto3_error_code("RepositoryNotFoundException"):
            return Repository(exists=False)
        except (ClientError, BotoCoreError) as error:
            return Unknown(explain(error, self.region, "ecr"))
        return Repository(exists=True, policy=json.loads(answer["policyText"]))

    def network(self, domain: Described) -> Network:
        """Describe the domain's subnets, and what of the VPC leads out of them."""
        in_vpc = [{"Name": "vpc-id", "Values": [domain["VpcId"]]}]
        questions: dict[str, tuple[str, str, dict[str, t.Any]]] = {
            "subnets": ("describe_subnets", "Subnets", {"SubnetIds": domain["SubnetIds"]}),
            "route_tables": ("describe_route_tables", "RouteTables", {"Filters": in_vpc}),
            "nat_gateways": ("describe_nat_gateways", "NatGateways", {"Filter": in_vpc}),
            "endpoints": ("describe_vpc_endpoints", "VpcEndpoints", {"Filters": in_vpc}),
            "security_groups": ("describe_security_groups", "SecurityGroups", {"Filters": in_vpc}),
        }
        answers = run_concurrently(
            lambda question: self._described(*question), list(questions.values()), self._concurrency
        )
        return Network(**dict(zip(questions, answers)))

    def _described(self, operation: str, key: str, request: dict[str, t.Any]) -> Answer[list[Described]]:
        found: list[Described] = []
        token: dict[str, str] = {}
        try:
            while True:
                page = getattr(self._client("ec2"), operation)(**request, **token)
                found.extend(page[key])
                if not page.get("NextToken"):
                    return found
                token = {"NextToken": page["NextToken"]}
        except (ClientError, BotoCoreError) as error:
            return Unknown(explain(error, self.region, "ec2"))

    def _client(self, service: str) -> RateLimitedClient:
        with self._connecting:
            if service not in self._clients:
                self._clients[service] = RateLimitedClient(self._connect(service), self._concurrency)
            return self._clients[service]


def _decision(result: Described) -> Decision:
    blocked_by = ""
    if not result.get("PermissionsBoundaryDecisionDetail", {}).get("AllowedByPermissionsBoundary", True):
        blocked_by = "not allowed by the role's permissions boundary"
    if not result.get("OrganizationsDecisionDetail", {}).get("AllowedByOrganizations", True):
        blocked_by = "not allowed by a policy of the organization"
    return Decision(result["EvalDecision"], blocked_by, tuple(result.get("MissingContextValues", [])))
