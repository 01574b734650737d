# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""User profiles, spaces and apps: Create, Describe, List and Delete of each, Update of the first two."""

from __future__ import annotations

from typing import Any

from .errors import in_use, invalid, limit_exceeded, not_found
from .lifecycle import BUSY, Moment, Resource, Transition
from .lifecycle_configs import require_lifecycle_configs
from .paging import page, sorted_by_time
from .studio import Studio
from .user_settings import launched_with, updated_user_settings

# These run in a space, the other app types with a user profile (AWS guide: Studio spaces).
_SPACE_APPS = ("JupyterLab", "CodeEditor")
# Studio Classic: apps can be stopped and deleted, but no longer created (AWS guide, studio.md). Its message is unknown.
_CLASSIC_APPS = ("JupyterServer", "KernelGateway")
_DEFAULT_INSTANCE = "ml.t3.medium"
_MOST_TAGS = 50
_PROFILE_SUMMARY = ("DomainId", "UserProfileName", "Status", "CreationTime", "LastModifiedTime")
_SPACE_SUMMARY = ("DomainId", "SpaceName", "SpaceDisplayName", "Status", "CreationTime", "LastModifiedTime")
_APP_SUMMARY = (
    "DomainId",
    "UserProfileName",
    "SpaceName",
    "AppType",
    "AppName",
    "Status",
    "CreationTime",
    "ResourceSpec",
)


def create_user_profile(studio: Studio, request: dict[str, Any], moment: Moment) -> dict[str, Any]:
    profile = _create(studio, studio.profiles, "user-profile", _profile_key(request), request, moment)
    return {"UserProfileArn": profile.arn}


def describe_user_profile(studio: Studio, request: dict[str, Any], _moment: Moment) -> dict[str, Any]:
    profile = _find(studio.profiles, _profile_key(request), "UserProfile")
    return {"UserProfileArn": profile.arn, **profile.settings, **profile.common()}


def list_user_profiles(studio: Studio, request: dict[str, Any], _moment: Moment) -> dict[str, Any]:
    profiles = _named_in_domain(studio.profiles, request, "UserProfileName")
    return page([_summary(profile, _PROFILE_SUMMARY) for profile in profiles], request, "UserProfiles")


def update_user_profile(studio: Studio, request: dict[str, Any], moment: Moment) -> dict[str, Any]:
    profile = _find(studio.profiles, _profile_key(request), "UserProfile")
    _update(studio, profile, "UserSettings", request, moment)
    return {"UserProfileArn": profile.arn}


def delete_user_profile(studio: Studio, request: dict[str, Any], moment: Moment) -> dict[str, Any]:
    key = _profile_key(request)
    profile = _find(studio.profiles, key, "UserProfile")
    owned = [space for space in studio.spaces.values() if _owner(space) == key]
    if owned or _live_apps(studio, (key[0], "UserProfileName", key[1])):
        raise in_use(f"Unable to delete UserProfile [{key[1]}] because App(s) or Space(s) are associated with it.")
    return _delete(profile, key[0], moment)


def create_space(studio: Studio, request: dict[str, Any], moment: Moment) -> dict[str, Any]:
    owner = request.get("OwnershipSettings", {}).get("OwnerUserProfileName")
    if owner is not None:
        _find(studio.profiles, (request["DomainId"], owner), "UserProfile")
    space = _create(studio, studio.spaces, "space", _space_key(request), request, moment)
    return {"SpaceArn": space.arn}


def describe_space(studio: Studio, request: dict[str, Any], _moment: Moment) -> dict[str, Any]:
    space = _find(studio.spaces, _space_key(request), "Space")
    return {"SpaceArn": space.arn, **space.settings, **space.common()}


def list_spaces(studio: Studio, request: dict[str, Any], _moment: Moment) -> dict[str, Any]:
    spaces = _named_in_domain(studio.spaces, request, "SpaceName")
    return page([_space_summary(space) for space in spaces], request, "Spaces")


def update_space(studio: Studio, request: dict[str, Any], moment: Moment) -> dict[str, Any]:
    space = _find(studio.spaces, _space_key(request), "Space")
    if "AppType" in request.get("SpaceSettings", {}):
        raise invalid("Updating AppType for Space is not supported.")  # terraform-provider-aws#38370
    key = _space_key(request)
    if moment.desk.controls.refuse_space_updates_while_apps_run and _live_apps(studio, (key[0], "SpaceName", key[1])):
        raise in_use(f"Unable to update Space [{key[1]}] because App(s) are associated with it.")
    _update(studio, space, "SpaceSettings", request, moment)
    return {"SpaceArn": space.arn}


def delete_space(studio: Studio, request: dict[str, Any], moment: Moment) -> dict[str, Any]:
    key = _space_key(request)
    space = _find(studio.spaces, key, "Space")
    if _live_apps(studio, (key[0], "SpaceName", key[1])):
        raise in_use(f"Unable to delete Space [{key[1]}] because App(s) are associated with it.")
    return _delete(space, key[0], moment)


def create_app(studio: Studio, request: dict[str, Any], moment: Moment) -> dict[str, Any]:
    key = _app_key(request)
    if request["AppType"] in _SPACE_APPS and "SpaceName" not in request:
        raise invalid(f"SpaceName is required for AppType [{request['AppType']}].")
    if request["AppType"] in _CLASSIC_APPS and not moment.desk.controls.create_classic_apps:
        raise invalid(f"Creating apps of type [{request['AppType']}] is not supported.")
    launched = _launched(studio, request)
    _check_quota(studio, request["AppType"], launched, moment)
    before = studio.apps.get(key)
    if before and before.status == "Deleted":
        del studio.apps[key]
    tags = _inherited_tags(studio, request) | {tag["Key"]: tag["Value"] for tag in request.get("Tags", [])}
    if len(tags) > _MOST_TAGS:
        raise invalid(f"An app can have at most {_MOST_TAGS} tags, inherited ones included.")
    tagged = {"Tags": [{"Key": name, "Value": value} for name, value in tags.items()]}
    app = _create(studio, studio.apps, "app", key, {**request, **launched, **tagged}, moment)
    if failure := moment.desk.take_app_failure(key[2]):
        app.begin("Pending", Transition("Failed", moment.due(key[0]), failure), moment.now)
    if before and moment.desk.controls.keep_app_creation_time:
        app.created = before.created
    return {"AppArn": app.arn}


def describe_app(studio: Studio, request: dict[str, Any], _moment: Moment) -> dict[str, Any]:
    app = _find(studio.apps, _app_key(request), "App")
    return {"AppArn": app.arn, **app.settings, **app.common()}


def list_apps(studio: Studio, request: dict[str, Any], _moment: Moment) -> dict[str, Any]:
    if "UserProfileNameEquals" in request and "SpaceNameEquals" in request:
        raise invalid("UserProfileNameEquals and SpaceNameEquals cannot be used together.")
    filters = {
        name.removesuffix("Equals"): value for name, value in request.items() if name.endswith("Equals") and value
    }
    apps = [
        app for app in studio.apps.values() if all(app.settings.get(name) == value for name, value in filters.items())
    ]
    return page([_summary(app, _APP_SUMMARY) for app in sorted_by_time(apps, request)], request, "Apps")


def delete_app(studio: Studio, request: dict[str, Any], moment: Moment) -> dict[str, Any]:
    app = _find(studio.apps, _app_key(request), "App")
    if app.status == "Deleted":
        raise not_found(f"App [{request['AppName']}] does not exist.")
    app.begin("Deleting", Transition("Deleted", moment.due_deletion_of_app(request["DomainId"])), moment.now)
    return {}


OPERATIONS = (
    create_user_profile,
    describe_user_profile,
    list_user_profiles,
    update_user_profile,
    delete_user_profile,
    create_space,
    describe_space,
    list_spaces,
    update_space,
    delete_space,
    create_app,
    describe_app,
    list_apps,
    delete_app,
)


def _profile_key(request: dict[str, Any]) -> tuple[str, str]:
    return request["DomainId"], request["UserProfileName"]


def _space_key(request: dict[str, Any]) -> tuple[str, str]:
    return request["DomainId"], request["SpaceName"]


def _app_key(request: dict[str, Any]) -> tuple[str, ...]:
    """(domain, kind of owner, owner, type, name). An app belongs to one space or to one user profile."""
    owners = [kind for kind in ("SpaceName", "UserProfileName") if kind in request]
    if len(owners) != 1:
        raise invalid("Exactly one of UserProfileName and SpaceName is required.")
    return request["DomainId"], owners[0], request[owners[0]], request["AppType"], request["AppName"]


def _launched(studio: Studio, request: dict[str, Any]) -> dict[str, Any]:
    """What the settings of space, user and domain add to the request; refuses what cannot be launched."""
    space: dict[str, Any] = {}
    profile = request.get("UserProfileName")
    if "SpaceName" in request:
        space = _find(studio.spaces, _space_key(request), "Space").settings
        profile = space.get("OwnershipSettings", {}).get("OwnerUserProfileName")
    user = _find(studio.profiles, (request["DomainId"], profile), "UserProfile").settings if profile else {}
    domain = studio.domain(request["DomainId"]).settings
    # Shared spaces take neither the settings of a profile nor DefaultUserSettings (botocore: DefaultSpaceSettings).
    shared = space.get("SpaceSharingSettings", {}).get("SharingType") == "Shared"
    launched = launched_with(
        request,
        space.get("SpaceSettings", {}),
        {} if shared else user.get("UserSettings", {}),
        domain.get("DefaultSpaceSettings" if shared else "DefaultUserSettings", {}),
    )
    require_lifecycle_configs(studio, launched)
    if request["AppType"] == "KernelGateway" and "InstanceType" not in launched.get("ResourceSpec", {}):
        raise invalid("InstanceType is required for AppType [KernelGateway].")  # botocore: CreateApp's ResourceSpec
    return launched


def _check_quota(studio: Studio, app_type: str, launched: dict[str, Any], moment: Moment) -> None:
    """The quotas are those of app type and instance type; the message is the one that users report."""
    instance = launched.get("ResourceSpec", {}).get("InstanceType", _DEFAULT_INSTANCE)
    quotas = moment.desk.controls.app_quotas
    quota = quotas.get(instance, quotas.get("*"))
    running = [
        app
        for key, app in studio.apps.items()
        if key[3] == app_type
        and app.status in ("Pending", "InService")
        and app.settings.get("ResourceSpec", {}).get("InstanceType", _DEFAULT_INSTANCE) == instance
    ]
    if quota is not None and len(running) >= quota:
        raise limit_exceeded(
            f"The account-level service limit 'Studio {app_type} Apps running on {instance} instances' is {quota} "
            f"Apps, with current utilization of {len(running)} Apps and a request delta of 1 Apps. Please use AWS "
            "Service Quotas to request an increase for this quota."
        )


def _inherited_tags(studio: Studio, request: dict[str, Any]) -> dict[str, str]:
    """Apps inherit the tags of their domain and profile with TagPropagation, which is DISABLED by default."""
    if studio.domain(request["DomainId"]).settings.get("TagPropagation") != "ENABLED":
        return {}
    launchers = [studio.domain(request["DomainId"])]
    if "UserProfileName" in request:
        launchers.append(studio.profiles[_profile_key(request)])
    return {tag["Key"]: tag["Value"] for launcher in launchers for tag in launcher.tags}


def _owner(space: Resource) -> tuple[str, str | None]:
    return space.settings["DomainId"], space.settings.get("OwnershipSettings", {}).get("OwnerUserProfileName")


def _live_apps(studio: Studio, owner: tuple[str, str, str]) -> list[Resource]:
    return [app for key, app in studio.apps.items() if key[:3] == owner and app.status != "Deleted"]


def _find(resources: dict[Any, Resource], key: tuple[str, ...], kind: str) -> Resource:
    if key not in resources:
        raise not_found(f"{kind} [{key[-1]}] does not exist.")
    return resources[key]


def _create(
    studio: Studio,
    resources: dict[Any, Resource],
    kind: str,
    key: tuple[str, ...],
    request: dict[str, Any],
    moment: Moment,
) -> Resource:
    domain_id = key[0]
    if studio.domain(domain_id).status != "InService":
        raise in_use(f"Domain [{domain_id}] is in {studio.domain(domain_id).status} state.")
    if key in resources:
        raise in_use(f"{kind} [{key[-1]}] already exists in Domain [{domain_id}].")
    settings = dict(request)
    tags = settings.pop("Tags", [])
    names = [part for part in key if part not in ("SpaceName", "UserProfileName")]
    created = Resource(studio.arn(f"{kind}/{'/'.join(names)}"), settings, moment.now, "Pending", moment.now, tags)
    created.begin("Pending", Transition("InService", moment.due(domain_id)), moment.now)
    resources[key] = created
    return created


def _update(studio: Studio, resource: Resource, member: str, request: dict[str, Any], moment: Moment) -> None:
    """The new settings appear at the end of the update."""
    if resource.status in BUSY:
        raise in_use(f"[{resource.arn}] is in {resource.status} state.")
    require_lifecycle_configs(studio, request)
    before = resource.settings.get(member, {})
    after = updated_user_settings(before, request.get(member, {}), moment.desk.controls)
    settings = {**resource.settings, **request, member: after}
    resource.begin("Updating", Transition("InService", moment.due(request["DomainId"]), settings=settings), moment.now)


def _delete(resource: Resource, domain_id: str, moment: Moment) -> dict[str, Any]:
    resource.begin("Deleting", Transition("Deleted", moment.due(domain_id)), moment.now)
    return {}


def _named_in_domain(resources: dict[Any, Resource], request: dict[str, Any], member: str) -> list[Resource]:
    """Filtered as the List operations of profiles and spaces do: DomainIdEquals and ...NameContains."""
    domain_id, part = request.get("DomainIdEquals"), request.get(f"{member}Contains", "")
    found = [
        resource
        for resource in resources.values()
        if domain_id in (None, resource.settings["DomainId"]) and part in resource.settings[member]
    ]
    return sorted_by_time(found, request)


def _summary(resource: Resource, members: tuple[str, ...]) -> dict[str, Any]:
    shown = {**resource.settings, **resource.common()}
    return {member: shown[member] for member in members if member in shown}


def _space_summary(space: Resource) -> dict[str, Any]:
    settings = space.settings.get("SpaceSettings", {})
    in_summary = {key: settings[key] for key in ("AppType", "RemoteAccess", "SpaceStorageSettings") if key in settings}
    return {
        **_summary(space, _SPACE_SUMMARY),
        "SpaceSettingsSummary": in_summary,
        "SpaceSharingSettingsSummary": space.settings.get("SpaceSharingSettings"),
        "OwnershipSettingsSummary": space.settings.get("OwnershipSettings"),
    }
