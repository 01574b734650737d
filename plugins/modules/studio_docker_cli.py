#!/usr/bin/python
# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: studio_docker_cli
short_description: Bring the user of a Studio app a Docker CLI and Compose, or take them away
version_added: 0.1.0
description:
  - Gives the user of a SageMaker Studio app a C(docker) and a C(docker compose) that can speak to Studio's engine. What already can is kept,
    and what is missing is installed from packages that were verified from Docker's signature to the file.
  - Does the whole in one process, since every task costs about as much as the work itself. It looks at the app as
    M(mlops.studio_local_mode.studio_app_info) does, decides as P(mlops.studio_local_mode.docker_cli_plan#filter) does, gets the packages as
    M(mlops.studio_local_mode.docker_deb_bundle) does, installs them, looks again, and fails unless the user has what was asked for.
  - No recommended package comes along, none is removed, no daemon is installed, and no apt source is added.
  - The role P(mlops.studio_local_mode.docker_cli#role) is the usual way to it.
extends_documentation_fragment:
  - mlops.studio_local_mode._attributes
attributes:
  check_mode:
    support: full
    details:
      - Reads Docker's package index, or the staged bundle, to predict the exact versions, and changes nothing.
  diff_mode:
    support: full
  idempotent:
    support: full
options:
  state:
    description:
      - V(absent) takes away what V(present) has installed, in the system and under the home, puts back what it moved aside, and nothing else. What
        the image had before stays.
    type: str
    choices: [present, absent]
    default: present
  scope:
    description:
      - V(system) installs the packages, which needs root. C(sudo) is used for that, as the user who may become root without a password.
      - V(home) puts the programs of the same packages under the user's home, C(~/.local/bin/docker) and C(~/.docker/cli-plugins/docker-compose),
        without root. They outlive the app. Where the user's C(PATH) does not lead to them first, a warning has the command for it.
    type: str
    choices: [system, home]
    default: system
  source:
    description: Where the packages come from. V(internet) is O(repository_url), V(staged) the folder O(path).
    type: str
    choices: [internet, staged]
    default: internet
  path:
    description:
      - The bundle's folder in the app. With O(source=internet) it is made; the packages stay there, so that the next installation downloads nothing.
      - With O(source=staged) it holds a bundle, or one folder with a bundle for each of several operating systems, named as V(ubuntu-jammy-amd64).
    type: path
    default: ~/.cache/mlops.studio_local_mode/docker-debs
  version:
    description: Series or version of C(docker-ce-cli) to install where there is none to keep. Studio documents V(20.10).
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
    description: Fingerprint of the only key that is accepted, 40 hexadecimal digits.
    type: str
    default: 9DC858229FC7DD38854AE2D88D81803C0EBFCD88
  ca_path:
    description: A file in the app of CA certificates to trust besides its own, for a mirror or a proxy with a private CA.
    type: path
  lock_timeout:
    description: How long to wait, in seconds, for another process that holds dpkg's lock.
    type: int
    default: 120
  manifest:
    description:
      - The content of the C(manifest.json) of a bundle that is being carried to O(path). Check mode predicts from it, since nothing is there yet.
    type: dict
notes:
  - Run it as the app's user, without C(become). Another user has another C(PATH), home and C(DOCKER_HOST).
  - Proxies are taken from the environment variables C(https_proxy), C(http_proxy) and C(no_proxy).
seealso:
  - module: mlops.studio_local_mode.studio_app_info
  - module: mlops.studio_local_mode.docker_deb_bundle
author:
  - mlops.studio_local_mode maintainers (@mlops)
"""

EXAMPLES = r"""
- name: Bring the user what is missing, from Docker's site
  mlops.studio_local_mode.studio_docker_cli:

- name: The same without internet, from a folder that was carried to the app's file system
  mlops.studio_local_mode.studio_docker_cli:
    source: staged
    path: /home/sagemaker-user/docker-debs

- name: The same under the user's home, where it outlives the app
  mlops.studio_local_mode.studio_docker_cli:
    scope: home

- name: Take away what was installed
  mlops.studio_local_mode.studio_docker_cli:
    state: absent
"""

RETURN = r"""
app:
  description: The app afterwards, as RV(mlops.studio_local_mode.studio_app_info#module:app) describes it.
  returned: success
  type: dict
packages:
  description: The packages that were installed, or would be in check mode; empty when nothing was missing.
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
removed:
  description: With O(state=absent), the packages, programs and folders that were removed, and the programs that were put back.
  returned: success
  type: list
  elements: str
  sample: [docker-ce-cli, docker-compose-plugin]
reasons:
  description: Why something was installed or kept, and what a person should know about it.
  returned: success
  type: list
  elements: str
  sample: ['Install docker-compose-plugin 2: the CLI has no Compose.']
"""

from ansible.module_utils.basic import AnsibleModule
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._docker.errors import PackageError
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._docker_cli import install
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
            "path": {"type": "path", "default": "~/.cache/mlops.studio_local_mode/docker-debs"},
            "version": {"type": "str", "default": "20.10"},
            "compose_version": {"type": "str", "default": "2"},
            "keep_existing": {"type": "bool", "default": True},
            "repository_url": {"type": "str", "default": DOCKER_URL},
            "key_fingerprint": {"type": "str", "default": DOCKER_FINGERPRINT, "no_log": False},
            "ca_path": {"type": "path"},
            "lock_timeout": {"type": "int", "default": 120},
            "manifest": {"type": "dict"},
        },
        supports_check_mode=True,
    )
    try:
        install.check_path(module.params)
        check_versions(module.params["version"], module.params["compose_version"])
        done = install.take_away(module) if module.params["state"] == "absent" else install.bring(module)
    except (PackageError, ValueError) as error:
        module.fail_json(msg=str(error))
    module.exit_json(**done)


if __name__ == "__main__":
    main()
