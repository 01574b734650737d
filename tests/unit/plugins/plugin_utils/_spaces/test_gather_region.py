# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What fails or goes between two calls does not fail the region."""

from __future__ import annotations

import pytest
from ansible_collections.mlops.studio_local_mode.plugins.plugin_utils._spaces.gather import Request, read_region
from ansible_collections.mlops.studio_local_mode.plugins.plugin_utils._spaces.select import Selection
from botocore.exceptions import ClientError

PREFIX = "arn:aws:sagemaker:eu-west-1:123456789012"
DOMAINS = [{"DomainId": f"d-{name}", "DomainName": name, "DomainArn": f"{PREFIX}:domain/d-{name}"} for name in "ab"]


class Api:
    """The domain a is fine, b is not."""

    region = "eu-west-1"
    concurrency = 1

    def __init__(self, code):
        self._code = code

    def list_domains(self):
        return DOMAINS

    def list_spaces(self):
        return [{"DomainId": domain["DomainId"], "SpaceName": "one"} for domain in DOMAINS]

    def list_apps(self):
        return []

    def list_tags(self, arn):
        return self._unless_b("d-b" in arn, {"team": "x"})

    def describe_domain(self, domain_id):
        return self._unless_b(
            domain_id == "d-b", {"DomainSettings": {"DockerSettings": {"EnableDockerAccess": "ENABLED"}}}
        )

    def _unless_b(self, is_b, answer):
        if is_b:
            raise ClientError({"Error": {"Code": self._code, "Message": ""}}, "Any")
        return answer


@pytest.mark.parametrize("code", ["ResourceNotFound", "ValidationException"])
def test_a_domain_whose_tags_are_not_returned_has_none(code):
    request = Request([], Selection(domain_tags={"team": "x"}), space_tags=True, docker_access=False)
    answers = read_region(Api(code), request, 10)
    assert answers["domain_tags"] == {"d-a": {"team": "x"}, "d-b": {}}
    assert answers["space_tags"] == {f"{PREFIX}:space/d-a/one": {"team": "x"}}


def test_a_domain_that_was_just_deleted():
    answers = read_region(Api("ResourceNotFound"), Request([], Selection(), True, True), 10)
    assert answers["docker_access"] == {"d-a": True, "d-b": None}
    assert answers["space_tags"][f"{PREFIX}:space/d-b/one"] == {}


def test_a_denied_call_fails():
    with pytest.raises(ClientError):
        read_region(Api("AccessDeniedException"), Request([], Selection(), True, False), 10)
