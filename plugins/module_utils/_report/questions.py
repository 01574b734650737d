# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# Note that this file is private to the collection: do not use it from outside.
"""In a job of AWX, a message about a wrong answer names the question of the form beside the option. Pure."""

from __future__ import annotations

import re
import typing as t

# A variable -> the question of a form. AWX itself refuses a wrong choice or number, if no other answer decides.
VARIABLES = {
    "domain_docker_access_domains": "Domains",
    "domain_docker_access_all_domains": "All domains of the region",
    "domain_docker_access_exclude": "Domains to leave out",
    "domain_docker_access_domain_tags": "Tags of the domains",
    "domain_docker_access_region": "Region",
    "domain_docker_access_trusted_accounts": "Trusted accounts",
    "domain_docker_access_accounts": "Accounts",
    "domain_docker_access_accounts_state": "State",
    "domain_docker_access_purge_accounts": "Purge accounts",
    "domain_docker_access_restart_owners": "Owners",
    "domain_docker_access_previous_settings": "Previous settings",
    "docker_debs_dest": "Folder",
    "docker_debs_host": "Host",
    "docker_debs_distribution": "Distribution of the apps",
    "docker_debs_codename": "Release of the apps",
    "docker_debs_architecture": "Architecture of the apps",
    "docker_debs_version": "Docker CLI version",
    "docker_debs_compose_version": "Compose version",
    "docker_debs_repository_url": "Package repository URL",
    "docker_debs_key_fingerprint": "Signing key fingerprint",
    "docker_debs_ca_path": "CA certificates file",
    "docker_cli_scope": "Installation scope",
    "docker_cli_source": "Package source",
    "docker_cli_staged_path": "Staged folder in the apps",
    "docker_cli_staged_copy_from": "Staged folder to copy from",
    "docker_cli_version": "Docker CLI version",
    "docker_cli_compose_version": "Compose version",
    "docker_cli_repository_url": "Package repository URL",
    "docker_cli_key_fingerprint": "Signing key fingerprint",
    "docker_cli_ca_path": "CA certificates file",
    "docker_cli_lock_timeout": "dpkg lock timeout, in seconds",
    "local_mode_check_run_container": "Run a container",
    "local_mode_check_jobs": "Run jobs",
    "local_mode_check_image": "Image to run",
    "local_mode_check_container_timeout": "Container timeout, in seconds",
    "local_mode_check_domains": "Domains to check",
    "local_mode_check_images": "Images to check",
    "local_mode_check_central_endpoints": "Endpoints of another VPC",
    "report_domains": "Domains",
    "report_regions": "Regions",
    "report_path": "Report",
    "restart_apps": "Restart running apps",
}
_SELECTION = {
    "domains": "domain_docker_access_domains domain_docker_access_previous_settings",
    "all_domains": "domain_docker_access_all_domains",
    "exclude": "domain_docker_access_exclude",
    "domain_tags": "domain_docker_access_domain_tags",
    "region": "domain_docker_access_region",
}
# A module -> its options, or the words of a message that stand for one, and the variables that may give it.
OPTIONS: dict[str, dict[str, str]] = {
    "sagemaker_domain_docker_settings": {
        **_SELECTION,
        "vpc_only_trusted_accounts": "domain_docker_access_trusted_accounts",
    },
    "sagemaker_domain_trusted_accounts": {
        **_SELECTION,
        "accounts": "domain_docker_access_accounts",
        "state": "domain_docker_access_accounts_state",
        "purge_accounts": "domain_docker_access_purge_accounts",
    },
    "sagemaker_studio_app": {**_SELECTION, "owners": "domain_docker_access_restart_owners"},
    "sagemaker_domain_info": {"domains": "report_domains", "region": "report_regions"},
    "sagemaker_domain_prerequisites_info": {
        "domains": "local_mode_check_domains",
        "images": "local_mode_check_images",
        "central_endpoints": "local_mode_check_central_endpoints",
        "region": "domain_docker_access_region",
    },
    "docker_deb_bundle": {
        "dest": "docker_debs_dest",
        "has no bundle: ": "docker_debs_dest",
        "distribution": "docker_debs_distribution",
        "codename": "docker_debs_codename",
        "architecture": "docker_debs_architecture",
        "no docker-ce-cli": "docker_debs_version",
        "no docker-compose-plugin": "docker_debs_compose_version",
        "repository_url": "docker_debs_repository_url",
        "key_fingerprint": "docker_debs_key_fingerprint",
        "ca_path": "docker_debs_ca_path",
    },
    "studio_docker_cli": {
        "source": "docker_cli_source",
        "path": "docker_cli_staged_path",
        "has no bundle: ": "docker_cli_staged_path",
        "copy_from": "docker_cli_staged_copy_from",
        "on the controller has no bundle": "docker_cli_staged_copy_from",
        "version": "docker_cli_version",
        "compose_version": "docker_cli_compose_version",
        "no docker-ce-cli": "docker_cli_version",
        "no docker-compose-plugin": "docker_cli_compose_version",
        "repository_url": "docker_cli_repository_url",
        "key_fingerprint": "docker_cli_key_fingerprint",
        "ca_path": "docker_cli_ca_path",
    },
}
# An option is a word of prose, too, unless one sets it, or a statement on it follows.
_OPTION = (
    r"(?:[Ss]et|[Cc]heck|[Cc]orrect|,|and|or) (?:the option )?{0}\b|"
    r"(?<![\w'/]){0}(?:: | is | must | in | requires | /| ')"
)


def named_in(message: str, module: str, answers: t.Container[str]) -> str:
    """Return the message with the questions that it is about, unless it names one already.

    C(answers) are the variables that the form has given.
    """
    variables = [name for name in VARIABLES if re.search(rf"\b{name}\b", message)]
    for option, names in OPTIONS.get(module, {}).items():
        variables += names.split() if _is_about(message, option) else []
    named = list(dict.fromkeys(f"'{VARIABLES[name]}'" for name in variables if name in answers))
    if not named or "question" in message or any(question in message for question in named):
        return message
    answers = "the answer" if len(named) == 1 else "one of the answers"
    end = "" if message.endswith((".", "!", "?", ":")) else "."
    return f"{message}{end} In AWX, correct {answers} to {_listed(named)}."


def _is_about(message: str, option: str) -> bool:
    return option in message if " " in option else bool(re.search(_OPTION.format(option), message))


def _listed(names: t.Sequence[str]) -> str:
    return " and ".join([", ".join(names[:-1]), names[-1]]) if len(names) > 1 else names[0]
