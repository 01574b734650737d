#!/usr/bin/python
# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: studio_docker_cli
short_description: Install the Docker CLI and Compose in a Studio app
version_added: 1.0.0
description:
  - Installs a C(docker) and a C(docker compose) for the user of a SageMaker Studio app. Programs that can speak to Studio's engine are kept.
  - Everything runs in one process. The module gathers the facts of M(mlops.studio_local_mode.studio_app_info), decides which packages are missing,
    gets them as M(mlops.studio_local_mode.docker_deb_bundle) does, installs them, and gathers the facts again. It fails unless the user gets the
    requested programs.
  - The packages are verified from Docker's signature to the checksum of each file.
  - No recommended package is installed, no package is removed, no daemon is installed, and no apt source is added.
  - The role P(mlops.studio_local_mode.docker_cli#role) runs this module.
extends_documentation_fragment:
  - mlops.studio_local_mode._attributes
attributes:
  action:
    description: Has a corresponding action plugin, which copies the bundle of O(copy_from) from the controller.
    support: full
  check_mode:
    support: full
    details:
      - Reads Docker's package index or the staged bundle to predict the exact versions, without any change.
  diff_mode:
    support: full
  idempotent:
    support: full
options:
  state:
    description:
      - V(present) installs the missing programs.
      - V(absent) removes what this collection has installed in the system and under the home, and restores the programs that it moved aside. Programs of
        the image stay.
    type: str
    choices: [present, absent]
    default: present
  scope:
    description:
      - V(system) installs the packages as root, with C(sudo) where the user is not root.
      - V(home) installs the programs of the same packages under the user's home, without root. They are C(~/.local/bin/docker) and
        C(~/.docker/cli-plugins/docker-compose). The home outlives the app. If the user's C(PATH) does not find the program first, a warning gives the
        command that changes it.
    type: str
    choices: [system, home]
    default: system
  source:
    description:
      - V(internet) downloads the packages from O(repository_url).
      - V(staged) uses the bundle in O(path) or O(copy_from).
    type: str
    choices: [internet, staged]
    default: internet
  path:
    description:
      - The folder in the app that holds a staged bundle, or one folder for each of several operating systems, such as V(ubuntu-jammy-amd64).
      - With O(copy_from), the folder that the bundle is copied to. The default is then O(cache_path).
      - With O(source=staged), this or O(copy_from) is required.
    type: path
  copy_from:
    description:
      - The folder on the controller that holds a staged bundle, or one folder for each of several operating systems.
      - If packages are missing, the bundle for the app's operating system is copied to O(path).
    type: str
  cache_path:
    description:
      - The folder in the app for downloaded and copied packages. They stay there, so that the next installation downloads nothing.
    type: path
    default: ~/.cache/mlops.studio_local_mode/docker-debs
  version:
    description: Series or version of C(docker-ce-cli) to install if no CLI is kept. Studio documents V(20.10).
    type: str
    default: '20.10'
  compose_version:
    description: Series or version of C(docker-compose-plugin). The SageMaker SDK before 3.8 needs V(2).
    type: str
    default: '2'
  keep_existing:
    description: Whether a CLI or Compose that can speak to Studio's engine is kept, whatever its version and origin.
    type: bool
    default: true
  repository_url:
    description: Docker's package repository or a mirror of it, without the distribution.
    type: str
    default: https://download.docker.com/linux
  key_fingerprint:
    description: Fingerprint of the only accepted signing key, 40 hexadecimal digits.
    type: str
    default: 9DC858229FC7DD38854AE2D88D81803C0EBFCD88
  ca_path:
    description: A file of CA certificates in the app that are trusted besides its own, for a mirror or a proxy with a private CA.
    type: path
  lock_timeout:
    description: The number of seconds to wait for another process that holds dpkg's lock.
    type: int
    default: 120
  bundles:
    description: The content of C(manifest.json) of each bundle in O(copy_from), by folder. The action plugin sets this option.
    type: dict
  copied_to:
    description: The folder in the app that the files of a bundle were copied to. The action plugin sets this option.
    type: path
notes:
  - Run it as the app's user, without C(become). Another user has another C(PATH), home and C(DOCKER_HOST).
  - The environment variables C(https_proxy), C(http_proxy) and C(no_proxy) set proxies.
  - The user name and password of a mirror are read from C(~/.netrc) in the app, or from the file that the environment variable C(NETRC) names.
seealso:
  - module: mlops.studio_local_mode.studio_app_info
  - module: mlops.studio_local_mode.docker_deb_bundle
author:
  - mlops.studio_local_mode maintainers (@mlops)
"""

EXAMPLES = r"""
- name: Install what is missing from Docker's site
  mlops.studio_local_mode.studio_docker_cli:

- name: Install without internet from a folder in the app
  mlops.studio_local_mode.studio_docker_cli:
    source: staged
    path: /home/sagemaker-user/docker-debs

- name: Install without internet from a folder on the controller, under the user's home
  mlops.studio_local_mode.studio_docker_cli:
    source: staged
    copy_from: /srv/docker-debs
    scope: home

- name: Remove what was installed
  mlops.studio_local_mode.studio_docker_cli:
    state: absent
"""

RETURN = r"""
app:
  description: The facts of the app after the installation, as RV(mlops.studio_local_mode.studio_app_info#module:app) documents them.
  returned: success
  type: dict
  sample: {docker: {path: /opt/conda/bin/docker, version: 27.5.1}, compose: {path: /usr/libexec/docker/cli-plugins/docker-compose, version: 2.29.2}}
packages:
  description: The packages that were installed, or would be in check mode; empty if nothing was missing.
  returned: success
  type: list
  elements: dict
  contains:
    name:
      description: Name of the package.
      returned: success
      type: str
      sample: docker-ce-cli
    version:
      description: The installed version.
      returned: success
      type: str
      sample: 5:20.10.24~3-0~ubuntu-jammy
    before:
      description: The version before; null if the package was not installed.
      returned: success
      type: str
      sample: null
removed:
  description: With O(state=absent), the packages, programs and folders that were removed, and the programs that were restored.
  returned: success
  type: list
  elements: str
  sample: [docker-ce-cli, docker-compose-plugin]
reasons:
  description: The reason why each program is installed or kept, and the warnings.
  returned: success
  type: list
  elements: str
  sample: ['Install docker-compose-plugin 2: the CLI has no Compose.']
"""

from ansible.module_utils.basic import AnsibleModule
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._docker.errors import PackageError
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._docker_cli import install
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._docker_cli.copied_bundle import BundleNeededError
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._docker_cli.plan import check_versions
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._docker_repository.defaults import (
    DOCKER_FINGERPRINT,
    DOCKER_URL,
)


def main() -> None:
    module = AnsibleModule(
        argument_spec={
            "state": {"type": "str", "choices": ["present", "absent"], "default": "present"},
            "scope": {"type": "str", "choices": ["system", "home"], "default": "system"},
            "source": {"type": "str", "choices": ["internet", "staged"], "default": "internet"},
            "path": {"type": "path"},
            "copy_from": {"type": "str"},
            "cache_path": {"type": "path", "default": "~/.cache/mlops.studio_local_mode/docker-debs"},
            "version": {"type": "str", "default": "20.10"},
            "compose_version": {"type": "str", "default": "2"},
            "keep_existing": {"type": "bool", "default": True},
            "repository_url": {"type": "str", "default": DOCKER_URL},
            "key_fingerprint": {"type": "str", "default": DOCKER_FINGERPRINT, "no_log": False},
            "ca_path": {"type": "path"},
            "lock_timeout": {"type": "int", "default": 120},
            "bundles": {"type": "dict"},
            "copied_to": {"type": "path"},
        },
        supports_check_mode=True,
    )
    params = module.params
    try:
        if params["state"] == "absent":
            module.exit_json(**install.ensure_absent(module))
        install.check_source(params)
        check_versions(params["version"], params["compose_version"])
        module.exit_json(**install.ensure_present(module))
    except BundleNeededError as needed:
        module.exit_json(changed=False, bundle_needed=needed.request)
    except (PackageError, ValueError) as error:
        module.fail_json(msg=str(error))


if __name__ == "__main__":
    main()
