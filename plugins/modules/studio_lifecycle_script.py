#!/usr/bin/python
# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: studio_lifecycle_script
short_description: Render the lifecycle configuration script for the Docker CLI and Compose
version_added: 1.0.0
description:
  - Renders the shell script of a Studio lifecycle configuration. At every start of an app, the script installs the Docker CLI and Compose by the rules of
    M(mlops.studio_local_mode.studio_docker_cli).
  - The script contains the version and the checksum of each package in O(bundles). It needs neither Ansible nor Python in the app.
  - Use M(mlops.studio_local_mode.sagemaker_studio_lifecycle_config) to create the lifecycle configuration and to attach it.
  - The role P(mlops.studio_local_mode.lifecycle_config#role) looks the packages up and runs this action.
attributes:
  action:
    description: This is an action plugin that runs on the controller.
    support: full
  check_mode:
    description: The action runs in check mode without a change.
    support: full
  diff_mode:
    description: The action has no difference to show.
    support: N/A
    details:
      - This action does not modify state.
  idempotent:
    description: The same options give the same script.
    support: full
options:
  bundles:
    description: RV(mlops.studio_local_mode.docker_deb_bundle#module:bundle) of each operating system.
    type: list
    elements: dict
    required: true
  scope:
    description:
      - V(home) installs the programs under the user's home, which outlives the app.
      - V(system) installs the packages as root at each start. Their files stay in the home.
    type: str
    choices: [home, system]
    default: home
  source:
    description:
      - V(internet) downloads the packages from the URLs in O(bundles).
      - V(staged) uses the folder O(staged_path) in the app.
      - V(s3) downloads the packages from O(s3_uri) with the AWS CLI of the app.
    type: str
    choices: [internet, staged, s3]
    default: internet
  staged_path:
    description: The folder in the app that holds the bundles. Required with O(source=staged).
    type: str
  s3_uri:
    description: The prefix in S3 that holds the bundles, such as V(s3://my-bucket/docker-debs). Required with O(source=s3).
    type: str
  repository_url:
    description: The package repository that the URLs in O(bundles) begin with.
    type: str
    default: https://download.docker.com/linux
  key_fingerprint:
    description: The fingerprint of the key that signs the repository. A comment in the script names it.
    type: str
    default: 9DC858229FC7DD38854AE2D88D81803C0EBFCD88
  ca_path:
    description: A file of CA certificates in the app that are trusted for the repository.
    type: str
  keep_existing:
    description: Whether a CLI or Compose that can speak to Studio's engine is kept, whatever its version and origin.
    type: bool
    default: true
  timeout:
    description: The number of seconds after which the script ends. Studio allows five minutes.
    type: int
    default: 120
seealso:
  - module: mlops.studio_local_mode.docker_deb_bundle
  - module: mlops.studio_local_mode.sagemaker_studio_lifecycle_config
author:
  - mlops.studio_local_mode maintainers (@mlops)
"""

EXAMPLES = r"""
- name: Look up the packages for SageMaker Distribution 4
  mlops.studio_local_mode.docker_deb_bundle:
    dest: /srv/docker-debs
    distribution: ubuntu
    codename: noble
    architecture: amd64
    packages:
      docker-ce-cli: "28"
      docker-compose-plugin: "2"
  check_mode: true
  register: noble

- name: Render the script
  mlops.studio_local_mode.studio_lifecycle_script:
    bundles: ["{{ noble.bundle }}"]
  register: rendered

- name: Create the lifecycle configuration and attach it to a domain
  mlops.studio_local_mode.sagemaker_studio_lifecycle_config:
    name: studio-local-mode
    content: "{{ rendered.script }}"
    domains: [research]
"""

RETURN = r"""
script:
  description: The script.
  returned: success
  type: str
  sample: "#!/bin/sh\n# Docker's CLI and Compose for local mode\n"
sha256:
  description: The SHA-256 checksum of the script.
  returned: success
  type: str
  sample: 2c26b46b68ffc68ff99b453c1d30413413422d706483bfa0f98a5e886266e7ae
base64_size:
  description: The number of characters of the script in base64. Studio accepts at most 16,384.
  returned: success
  type: int
  sample: 14320
"""
