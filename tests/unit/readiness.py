# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Fleets for the tests of the readiness report, in the form in which the modules return them."""

from __future__ import annotations

from ansible_collections.mlops.studio_local_mode.plugins.module_utils._report import causes
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._report.build import (
    HostResult,
    RegionResults,
    build,
)
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._report.compare import changes

RUN = {
    "time": "2026-01-31T12:00:00+00:00",
    "collection_version": "0.1.0",
    "ansible_version": "2.19.0",
    "sources": "aws_and_apps",
    "awx_job_id": None,
}
CHECKS = ("app_type", "docker_host", "socket", "engine", "docker_cli", "compose", "home_space")

HOSTILE = [
    "</script><script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    '"><svg onload=alert(1)>',
    "{{ 7 * 7 }}",
    "{% raw %}",
    "`code` [link](javascript:alert(1)) | cell",
    "\x1b[31mred\x07",
    "line\nbreak",
    "]]>&amp;",
    "‮reversed",
]


def finding(check, status="ok", **fields):
    text = "" if status == "ok" else "Something is missing."
    return {
        "check": check,
        "status": status,
        "observed": f"{check} as it is",
        "expected": f"{check} as it should be",
        "reason": text,
        "remediation": text and "Install it.",
        **fields,
    }


def app(owner="ada-space", status="InService", predates=False, **fields):
    return {
        "type": "JupyterLab",
        "name": "default",
        "owner": owner,
        "owner_type": "space",
        "status": status,
        "creation_time": "2026-01-31T11:00:00+00:00",
        "predates_domain_update": predates,
        **fields,
    }


def domain(domain_id="d-1", name="research", access=True, apps=(), **fields):
    return {
        "domain_id": domain_id,
        "domain_name": name,
        "domain_arn": f"arn:aws:sagemaker:eu-west-1:123456789012:domain/{domain_id}",
        "status": "InService",
        "docker_settings": {"enable_docker_access": access},
        "apps": list(apps),
        **fields,
    }


def space(name="ada-space", domain_id="d-1", **fields):
    return {
        "domain_id": domain_id,
        "domain_name": "research",
        "space_name": name,
        "owner": "ada",
        "app_type": "JupyterLab",
        "remote_access": True,
        "app": {"name": "default", "status": "InService", "instance_type": "ml.m5.large", "creation_time": "2026"},
        "unreachable_because": "",
        **fields,
    }


def host(name="ada-space", failed=(), warnings=(), **variables):
    """A host whose app was inspected."""
    statuses = {**dict.fromkeys(failed, "failed"), **dict.fromkeys(warnings, "warning")}
    facts = {
        "docker": {"version": "20.10.24"},
        "compose": {"version": "2.26.1"},
        "engine": {"reachable": True, "version": "20.10.24"},
        "resource_metadata": {"domain_id": "d-1", "space_name": "ada-space", "app_type": "JupyterLab"},
    }
    findings = [finding(check, statuses.get(check, "ok")) for check in CHECKS]
    return HostResult(name, variables, {"app": facts}, findings)


def region(domains=(), spaces=(), findings=(), name="eu-west-1"):
    prerequisites = [{"domain_id": d["domain_id"], "findings": [finding("domain"), *findings]} for d in domains]
    return RegionResults(
        name, {"domains": list(domains)}, {"spaces": list(spaces)}, {"domains": prerequisites} if domains else {}
    )


def report(regions=(), hosts=(), way=causes.Way()):  # noqa: B008
    return build(dict(RUN), regions, hosts, way)


def fleet(spaces, domains=10, name="space"):
    """A fleet in which every state occurs, with realistic findings."""
    described = [domain(f"d-{i:012}", f"team-{i}", access=i % 5 != 0) for i in range(domains)]
    listed, hosts = [], []
    for i in range(spaces):
        own = described[i % domains]
        own["apps"].append(app(f"{name}-{i}", predates=i % 7 == 0))
        listed.append(space(f"{name}-{i}", own["domain_id"], domain_name=own["domain_name"], owner=f"user-{i}"))
        if i % 3:
            variables = {"studio_domain_id": own["domain_id"], "studio_space_name": f"{name}-{i}"}
            image = {"studio_image_arn": "arn:aws:sagemaker:eu-west-1:1:image/sagemaker-distribution-cpu"}
            hosts.append(host(f"{name}-{i}", ("compose",) if i % 4 == 0 else (), **variables, **image))
    return report([region(described, listed)], hosts)


def hostile(name):
    """A report in which everything that a user can name has this name."""
    listed = domain(name=name, apps=[app(name)])
    bad = finding(name, "failed", observed=name, expected=name, reason=name, remediation=name)
    found = report(
        [region([listed], [space(name, owner=name)], findings=[bad])],
        [host(name, failed=["compose"], studio_space_name=name, studio_image_version=name)],
    )
    found["changes"] = changes(report(), found)
    return found
