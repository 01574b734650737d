#!/usr/bin/python
# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: docker_deb_install
short_description: Install packages of a verified bundle in a Studio app
version_added: 0.1.0
description:
  - Installs C(.deb) packages of a bundle that M(mlops.studio_local_mode.docker_deb_bundle) has made or verified, and nothing else. No recommended package
    comes along, none is removed, nothing is downloaded, and no apt source is added.
  - Every file is compared with its checksum right before it is installed. An installation that was interrupted is finished first.
  - Needs apt, but neither python3-apt nor the system's own Python, which images of SageMaker Distribution do not have.
extends_documentation_fragment:
  - mlops.studio_local_mode._attributes
attributes:
  check_mode:
    support: full
  diff_mode:
    support: full
  idempotent:
    support: full
options:
  path:
    description:
      - The folder of the bundle, see RV(mlops.studio_local_mode.docker_deb_bundle#module:bundle.path). In check mode it need not be there yet.
    type: path
    required: true
  packages:
    description:
      - The packages to have installed, in exactly these versions, as RV(mlops.studio_local_mode.docker_deb_bundle#module:bundle.packages) lists them.
    type: list
    elements: dict
    required: true
    suboptions:
      name:
        description: Name of the package.
        type: str
        required: true
      version:
        description: Exact version of the package.
        type: str
        required: true
      file:
        description: Name of the file in O(path).
        type: str
        required: true
      sha256:
        description: SHA-256 of the file.
        type: str
        required: true
  lock_timeout:
    description:
      - How long to wait, in seconds, for another process that holds dpkg's lock.
    type: int
    default: 120
notes:
  - Needs root, for instance by C(become).
  - The steps are those of Docker's documentation for an installation from packages, see U(https://docs.docker.com/engine/install/ubuntu/#install-from-a-package).
seealso:
  - module: mlops.studio_local_mode.docker_deb_bundle
author:
  - mlops.studio_local_mode maintainers (@mlops)
"""

EXAMPLES = r"""
- name: Make a bundle for this app
  mlops.studio_local_mode.docker_deb_bundle:
    dest: /home/sagemaker-user/docker-debs
  register: staged

- name: Install it
  mlops.studio_local_mode.docker_deb_install:
    path: "{{ staged.bundle.path }}"
    packages: "{{ staged.bundle.packages }}"
  become: true

- name: Install Compose alone, and wait up to ten minutes for other installations
  mlops.studio_local_mode.docker_deb_install:
    path: "{{ staged.bundle.path }}"
    packages: "{{ staged.bundle.packages | selectattr('name', 'eq', 'docker-compose-plugin') }}"
    lock_timeout: 600
  become: true
"""

RETURN = r"""
packages:
  description: The packages that were installed, or would be in check mode; empty when all were there.
  returned: success
  type: list
  elements: dict
  contains:
    name:
      description: Name of the package.
      type: str
      sample: docker-ce-cli
    version:
      description: The version it now has.
      type: str
      sample: 5:20.10.24~3-0~ubuntu-jammy
    before:
      description: The version it had; null when it was not installed.
      type: str
      sample: null
"""

from pathlib import Path
from typing import Any

from ansible.module_utils.basic import AnsibleModule
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._docker.bundle_error import BundleError
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._docker.checksum import sha256_of
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._docker.manifest import is_safe_name
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._studio.packages import installed_packages

_ENVIRONMENT = {"DEBIAN_FRONTEND": "noninteractive", "LC_ALL": "C"}
# What dpkg leaves behind when it is interrupted, and what apt-get looks for before it refuses to work.
_INTERRUPTED = Path("/var/lib/dpkg/updates")


def missing(wanted: list[dict[str, str]], installed: dict[str, str]) -> list[dict[str, Any]]:
    """Return those of the wanted packages that are not installed in exactly their version, each with C(before)."""
    return [
        {**package, "before": installed.get(package["name"])}
        for package in wanted
        if installed.get(package["name"]) != package["version"]
    ]


def apt_get_install(files: list[str], lock_timeout: int) -> list[str]:
    """Return the command that installs just these files, whose dependencies have to be there."""
    return [
        "apt-get",
        "install",
        "--yes",
        "--quiet",
        "--no-install-recommends",
        "--no-remove",
        "--allow-downgrades",
        # No source but the files: no network is asked, and none of the image's package lists is read.
        "--option=Dir::Etc::SourceList=/dev/null",
        "--option=Dir::Etc::SourceParts=/dev/null",
        f"--option=DPkg::Lock::Timeout={lock_timeout}",
        *files,
    ]


def verified_files(path: Path, packages: list[dict[str, Any]]) -> list[str]:
    """Return the paths of the packages' files, or raise BundleError naming every one that is not what it should be."""
    wrong = [
        package["file"]
        for package in packages
        if not is_safe_name(package["file"])
        or not (path / package["file"]).is_file()
        or sha256_of(path / package["file"]) != package["sha256"]
    ]
    if wrong:
        raise BundleError(
            f"Nothing was installed: {', '.join(wrong)} in {path} is missing or not the file that was verified. "
            "Make the bundle again, or carry it over again."
        )
    return [str(path / package["file"]) for package in packages]


def install(module: AnsibleModule, packages: list[dict[str, Any]]) -> None:
    """Install the packages and prove it by dpkg's own state. Raises BundleError with what apt said."""
    files = verified_files(Path(module.params["path"]), packages)
    if _INTERRUPTED.is_dir() and any(_INTERRUPTED.iterdir()):
        _run(module, ["dpkg", "--configure", "--pending"])
    _run(module, apt_get_install(files, module.params["lock_timeout"]))
    left = missing(packages, installed_packages({package["name"] for package in packages}))
    if left:
        names = ", ".join(f"{package['name']} {package['version']}" for package in left)
        raise BundleError(f"apt-get reported success, but dpkg has not got {names}. Look at /var/log/apt/term.log.")


def _run(module: AnsibleModule, command: list[str]) -> None:
    code, output, errors = module.run_command(command, environ_update=_ENVIRONMENT)
    if code != 0:
        said = [line for line in errors.splitlines() if line.startswith(("E:", "dpkg:"))] or [errors or output]
        hint = " Run this as root, for instance with become." if "Permission denied" in errors else ""
        raise BundleError(f"{' '.join(command[:2])} failed: {' '.join(said).strip()}{hint}")


def main() -> None:
    module = AnsibleModule(
        argument_spec={
            "path": {"type": "path", "required": True},
            "packages": {
                "type": "list",
                "elements": "dict",
                "required": True,
                "options": {name: {"type": "str", "required": True} for name in ("name", "version", "file", "sha256")},
            },
            "lock_timeout": {"type": "int", "default": 120},
        },
        supports_check_mode=True,
    )
    wanted = module.params["packages"]
    to_do = missing(wanted, installed_packages({package["name"] for package in wanted}))
    try:
        if to_do and not module.check_mode:
            install(module, to_do)
    except BundleError as error:
        module.fail_json(msg=str(error))
    module.exit_json(
        changed=bool(to_do),
        packages=[{key: package[key] for key in ("name", "version", "before")} for package in to_do],
        diff={
            "before": {package["name"]: package["before"] for package in to_do},
            "after": {package["name"]: package["version"] for package in to_do},
        },
    )


if __name__ == "__main__":
    main()
