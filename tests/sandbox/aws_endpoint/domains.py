# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""CreateDomain, DescribeDomain, ListDomains, UpdateDomain, DeleteDomain."""

from __future__ import annotations

import secrets
import string
from typing import Any

from .domain_settings import reported_domain_settings, updated_domain_settings
from .errors import in_use, invalid
from .lifecycle import BUSY, Moment, Resource, Transition
from .lifecycle_configs import require_lifecycle_configs
from .paging import page, sorted_by_time
from .studio import Studio
from .user_settings import updated_user_settings

_SUMMARY = ("DomainArn", "DomainId", "DomainName", "Status", "CreationTime", "LastModifiedTime", "Url")
_USER_SETTINGS = ("DefaultUserSettings", "DefaultSpaceSettings")
_RSTUDIO = "RStudioServerProDomainSettings"
_LOWER_ALNUM = string.ascii_lowercase + string.digits


def create_domain(studio: Studio, request: dict[str, Any], moment: Moment) -> dict[str, Any]:
    """Names need not be unique. A VPC-only domain needs a network, as UpdateDomain does."""
    settings = {"AppNetworkAccessType": "PublicInternetOnly", **request}
    tags = settings.pop("Tags", [])
    _require_network(settings)
    _check_settings(settings, settings, moment)
    require_lifecycle_configs(studio, settings)
    domain_id = f"d-{_random_text(12, _LOWER_ALNUM)}"
    arn = studio.arn(f"domain/{domain_id}")
    url = f"https://{domain_id}.studio.{studio.region_name}.sagemaker.aws"
    settings |= {"DomainId": domain_id, "DomainArn": arn, "Url": url, **_storage_and_sign_on(settings, studio)}
    domain = Resource(arn, settings, moment.now, "Pending", moment.now, tags)
    failure = moment.desk.controls.create_failure
    domain.begin(
        "Pending", Transition("Failed" if failure else "InService", moment.due(domain_id), failure), moment.now
    )
    studio.domains[domain_id] = domain
    return {"DomainArn": arn, "DomainId": domain_id, "Url": url}


def describe_domain(studio: Studio, request: dict[str, Any], moment: Moment) -> dict[str, Any]:
    domain = studio.domain(request["DomainId"])
    shown = _present(domain, moment)
    domain_settings = reported_domain_settings(shown.pop("DomainSettings", None), moment.desk.controls)
    return shown if domain_settings is None else {**shown, "DomainSettings": domain_settings}


def list_domains(studio: Studio, request: dict[str, Any], moment: Moment) -> dict[str, Any]:
    domains = sorted_by_time(list(studio.domains.values()), request)
    summaries = [_present(domain, moment) for domain in domains]
    return page(
        [{key: summary[key] for key in _SUMMARY if key in summary} for summary in summaries], request, "Domains"
    )


def _present(domain: Resource, moment: Moment) -> dict[str, Any]:
    """The members of a domain without those that the controls leave out."""
    missing = moment.desk.controls.missing_domain_members.get(domain.settings["DomainId"], [])
    return {key: value for key, value in {**domain.settings, **domain.common()}.items() if key not in missing}


def update_domain(studio: Studio, request: dict[str, Any], moment: Moment) -> dict[str, Any]:
    """The new settings appear at the end of the update; a failed update keeps the old ones."""
    domain_id = request["DomainId"]
    domain = studio.domain(domain_id)
    _refuse_while_busy(domain, domain_id)
    _check_update(studio, domain, request, moment)
    updated = _updated(domain.settings, request, moment)
    _check_settings(updated, request, moment)
    due = moment.due(domain_id)
    failure = moment.desk.take_update_failure(domain_id)
    if failure is not None:
        transition = Transition("Update_Failed", due, failure)
    else:
        transition = Transition("InService", due, settings=updated)
    domain.begin("Updating", transition, moment.now)
    return {"DomainArn": domain.arn}


def delete_domain(studio: Studio, request: dict[str, Any], moment: Moment) -> dict[str, Any]:
    domain_id = request["DomainId"]
    domain = studio.domain(domain_id)
    _refuse_while_busy(domain, domain_id)
    for kind, owned in (("Space", studio.spaces), ("UserProfile", studio.profiles)):
        if any(key[0] == domain_id for key in owned):
            raise in_use(f"Unable to delete Domain [{domain_id}] because {kind}(s) are associated with it.")
    failure = moment.desk.controls.delete_failure
    transition = Transition("Delete_Failed" if failure else "Deleted", moment.due(domain_id), failure)
    domain.begin("Deleting", transition, moment.now)
    return {}


OPERATIONS = (create_domain, describe_domain, list_domains, update_domain, delete_domain)


def _updated(settings: dict[str, Any], request: dict[str, Any], moment: Moment) -> dict[str, Any]:
    after = {**settings, **request}
    for member in _USER_SETTINGS:
        if member in request:
            after[member] = updated_user_settings(settings.get(member, {}), request[member], moment.desk.controls)
    update = after.pop("DomainSettingsForUpdate", None)
    domain_settings = updated_domain_settings(settings.get("DomainSettings"), update, moment.desk.controls)
    return after if domain_settings is None else {**after, "DomainSettings": domain_settings}


def _check_update(studio: Studio, domain: Resource, request: dict[str, Any], moment: Moment) -> None:
    """The service's own refusals, in the words that users report (the issues are those of terraform-provider-aws)."""
    _require_network(request)  # 45528: also of a domain that has both already
    require_lifecycle_configs(studio, request)
    if "AppSecurityGroupManagement" in request and _RSTUDIO not in domain.settings.get("DomainSettings", {}):
        raise invalid("AppSecurityGroupManagement can only be set for Rstudio enabled domains.")  # 39923
    disruptive = _is_disruptive(request, domain.settings)
    if moment.desk.controls.refuse_user_settings_while_apps_run:
        disruptive = disruptive or "DefaultUserSettings" in request
    if disruptive and _has_running_app(studio, request["DomainId"]):
        raise invalid(  # 31912
            f"Unable to update Domain [{domain.arn}] with InService App. Delete all InService apps in the domain "
            "including shared Apps for [domain-shared] User Profile, and try again."
        )


def _is_disruptive(request: dict[str, Any], settings: dict[str, Any]) -> bool:
    """Whether no app may run: for network mode and subnets says so the API reference, for the others 31912."""
    members = {"ExecutionRoleIdentityConfig", f"{_RSTUDIO}ForUpdate"} & set(request.get("DomainSettingsForUpdate", {}))
    mode = request.get("AppNetworkAccessType", settings["AppNetworkAccessType"])
    removed = set(settings.get("SubnetIds", [])) - set(request.get("SubnetIds", settings.get("SubnetIds", [])))
    return bool(members or removed) or mode != settings["AppNetworkAccessType"]


def _check_settings(settings: dict[str, Any], request: dict[str, Any], moment: Moment) -> None:
    """Refuse combinations in the settings that the request would create; only where the request touches them."""
    controls = moment.desk.controls
    users = settings.get("DefaultUserSettings", {})
    touches_network = "AppNetworkAccessType" in request or "SecurityGroups" in request.get("DefaultUserSettings", {})
    is_vpc_only = settings["AppNetworkAccessType"] == "VpcOnly"
    if controls.require_security_groups and touches_network and is_vpc_only and not users.get("SecurityGroups"):
        raise invalid("SecurityGroups are required in DefaultUserSettings when AppNetworkAccessType is VpcOnly.")
    docker = settings.get("DomainSettings", {}).get("DockerSettings", {})
    rootless_alone = docker.get("RootlessDocker") == "ENABLED" and docker.get("EnableDockerAccess") != "ENABLED"
    if controls.require_docker_access_for_rootless and rootless_alone:
        raise invalid("RootlessDocker can only be ENABLED when EnableDockerAccess is ENABLED.")


def _require_network(request: dict[str, Any]) -> None:
    vpc_only = request.get("AppNetworkAccessType") == "VpcOnly"
    if vpc_only and not ("VpcId" in request and "SubnetIds" in request):
        raise invalid("VpcId and Subnet IDs are required for updating domains to VpcOnly mode.")


def _has_running_app(studio: Studio, domain_id: str) -> bool:
    running = ("InService", "Pending", "Deleting")
    return any(key[0] == domain_id and app.status in running for key, app in studio.apps.items())


def _refuse_while_busy(domain: Resource, domain_id: str) -> None:
    if domain.status in BUSY:
        raise in_use(f"Domain [{domain_id}] is in {domain.status} state.")


def _storage_and_sign_on(settings: dict[str, Any], studio: Studio) -> dict[str, Any]:
    efs = {"HomeEfsFileSystemId": f"fs-{_random_text(17, string.hexdigits[:16])}"}
    if settings["AuthMode"] == "IAM":
        return efs
    application = _random_text(16, _LOWER_ALNUM)
    arn = f"arn:{studio.partition}:sso::{studio.account_id}:application/sagemaker/apl-{application}"
    return {**efs, "SingleSignOnApplicationArn": arn}


def _random_text(length: int, alphabet: str) -> str:
    return "".join(secrets.choice(alphabet) for _ in range(length))
