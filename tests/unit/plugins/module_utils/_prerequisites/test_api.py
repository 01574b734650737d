# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Every answer that AWS gives in pages is read to its end."""

from __future__ import annotations

import dataclasses

import botocore.session
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._prerequisites.api import PrerequisitesApi
from botocore.exceptions import ClientError

from tests.unit.prerequisites import STUDIO, arn, domain, image

MODELS = botocore.session.get_session().get_component("data_loader")


class PagedClient:
    """Each operation that botocore's model calls paginated has its items on the second page."""

    def __init__(self, service, items):
        self._pagination = MODELS.load_service_model(service, "paginators-1")["pagination"]
        self._items = items

    def get_repository_policy(self, **_request):
        raise ClientError({"Error": {"Code": "RepositoryNotFoundException"}}, "GetRepositoryPolicy")

    def __getattr__(self, name):
        names = self._pagination["".join(part.capitalize() for part in name.split("_"))]

        def answer(**request):
            is_last = request.get(names["input_token"]) == "second"
            token = {} if is_last else {names["output_token"]: "second"}
            return {names["result_key"]: self._items.get(name, [name]) if is_last else [], **token}

        return answer


def api(**items):
    return PrerequisitesApi(lambda service: PagedClient(service, items), "eu-west-1", 1)


def test_a_simulation():
    results = [{"EvalActionName": "ecr:PutImage", "EvalDecision": "allowed"}]
    decisions = api(simulate_principal_policy=results).simulate(STUDIO, ["ecr:PutImage"], arn())
    assert decisions["ecr:PutImage"].allowed


def test_the_network():
    network = api().network(domain(VpcId="vpc-1", SubnetIds=["subnet-1"]))
    assert all(len(found) == 1 for found in dataclasses.asdict(network).values())


def test_what_creates_a_missing_repository():
    rules = [{"ecrRepositoryPrefix": "ROOT"}]
    templates = [{"prefix": "ROOT", "appliedFor": ["CREATE_ON_PUSH"]}]
    found = api(describe_pull_through_cache_rules=rules, describe_repository_creation_templates=templates).repository(
        image()
    )
    assert (found.pull_through_rule, found.creation_template) == ("ROOT", "ROOT")
