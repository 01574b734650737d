#!/usr/bin/python

# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: docker_deb_bundle
short_description: Make or check a verified bundle of Docker's Debian packages
version_added: 0.1.0
description:
  - Makes a folder with the C(.deb) files of the Docker CLI and Compose and a manifest of them, for one operating system.
    It can be installed on the spot, or be carried to a SageMaker Studio app that has no way to the internet.
  - >-
    Every link from Docker's key to the file is verified: the fingerprint of the signing key is pinned, the key has signed
    C(InRelease) (checked by C(gpgv), together with its date, its expiry and the codename), C(InRelease) has the SHA-256 of
    the package index, and the index has the SHA-256 of each C(.deb). Text outside of the signature is never read.
  - A version series such as V(20.10) becomes an exact version by looking it up in that index, since the form of Docker's version
    strings differs between series and operating systems. The newest version of the series is taken.
  - Runs on any machine with Python and C(gpgv); it needs neither C(apt) nor C(python3-apt). The bundle may be for another
    operating system than the machine's own.
  - With O(verify_only=true) it checks a bundle that was carried over, without any network.
extends_documentation_fragment:
  - mlops.studio_local_mode._attributes
attributes:
  check_mode:
    support: full
    details:
      - Reads and verifies the package index to resolve the versions, but downloads no package and writes nothing to O(dest).
  diff_mode:
    support: full
    details:
      - Shows the operating system, the repository and the versions of the packages of the bundle.
  idempotent:
    support: full
    details:
      - A version newly published in a wanted series is a change of the repository and is fetched.
options:
  dest:
    description:
      - Folder of the bundle; it is made if it does not exist.
      - >-
        Holds the C(.deb) files and C(manifest.json), which belong to this module: files of the bundle that are superseded by
        newer ones are removed. Other files are left alone, but a C(.deb) that is not listed is refused by O(verify_only).
    type: path
    required: true
  distribution:
    description:
      - Distribution in the words of Docker's repository, such as V(ubuntu) or V(debian).
      - "Default: the machine's own (C(ID) in C(/etc/os-release)); needed on a machine that is no Debian or Ubuntu."
      - With O(verify_only=true), this, O(codename) and O(architecture) are compared with the manifest if given.
    type: str
  codename:
    description:
      - >-
        Codename of the release, such as V(jammy) (SageMaker Distribution 1 to 3), V(noble) (SageMaker Distribution 4),
        V(focal) or V(bullseye) (Studio Classic).
      - "Default: the machine's own, if O(distribution) is the machine's own too."
    type: str
  architecture:
    description:
      - Architecture in Debian's words, such as V(amd64) or V(arm64).
      - "Default: the machine's own, as C(dpkg) tells it."
    type: str
  packages:
    description:
      - Packages of the bundle, from the name to a version series.
      - >-
        A series is the beginning of Docker's version number, V("20.10") or V("2"). A full number, V("20.10.24"), or the exact
        version string of the package are accepted as well. Quote it: YAML reads V(20.10) as the number 20.1.
      - >-
        V(docker-ce), V(containerd.io), V(docker-ce-rootless-extras) and V(docker-buildx-plugin) are refused: the engine is Studio's
        own and runs outside the app, and BuildKit needs the privileged mode that Studio denies.
      - >-
        With O(verify_only=true) the bundle must hold these packages in these series.
    type: dict
    default:
      docker-ce-cli: "20.10"
      docker-compose-plugin: "2"
  repository_url:
    description:
      - URL under which the distributions are, without the distribution. A mirror of Docker's repository keeps its layout.
      - >-
        V(http://) is possible, since signatures protect the content, but warned about: others can see what is fetched and can
        withhold updates.
    type: str
    default: https://download.docker.com/linux
  key_url:
    description:
      - URL of the key that signs the repository, armoured or binary.
      - "Default: C(gpg) under the distribution in O(repository_url)."
    type: str
  key_fingerprint:
    description:
      - Fingerprint of the only primary key that is accepted, 40 hexadecimal digits; spaces and lower case do not matter.
      - The default is Docker's release key. With O(verify_only=true) it is compared with the manifest.
    type: str
    default: 9DC858229FC7DD38854AE2D88D81803C0EBFCD88
  ca_path:
    description:
      - File or folder with CA certificates to trust besides the machine's own, for a mirror or a proxy with a private CA.
    type: path
  verify_only:
    description:
      - Check the bundle in O(dest) against its manifest and the other options, and change nothing.
      - Everything that is wrong is named at once, such as each file that is missing, not listed, truncated or altered.
    type: bool
    default: false
requirements:
  - gpgv, unless O(verify_only=true)
notes:
  - Proxies are taken from the environment variables C(https_proxy), C(http_proxy) and C(no_proxy).
  - A download that was interrupted goes on where it stopped; connection errors and answers of the kind 5xx are tried again.
  - >-
    AWS has no VPC endpoint for C(download.docker.com): an app in VPC-only mode needs a NAT gateway or a proxy, or a bundle
    that was made elsewhere.
  - >-
    Docker built series 20.10 for Ubuntu focal and jammy and for Debian bullseye only (the branches of
    U(https://github.com/docker/docker-ce-packaging)).
  - >-
    The manifest is not signed. O(verify_only=true) finds what went wrong on the way; it does not protect from somebody who can
    rewrite the whole folder, so carry the bundle the way you carry anything that will be installed.
seealso:
  - name: Docker access in Studio
    description: Which packages AWS's guide installs, and in which series.
    link: https://docs.aws.amazon.com/sagemaker/latest/dg/studio-updated-local-get-started.html
author:
  - mlops.studio_local_mode maintainers (@mlops)
"""

EXAMPLES = r"""
- name: Fetch the Docker CLI and Compose for the machine's own operating system
  mlops.studio_local_mode.docker_deb_bundle:
    dest: /tmp/docker-debs

- name: Stage packages for SageMaker Distribution 3 on a machine with internet access
  mlops.studio_local_mode.docker_deb_bundle:
    dest: /tmp/docker-debs-jammy
    distribution: ubuntu
    codename: jammy
    architecture: amd64
    packages:
      docker-ce-cli: "20.10"
      docker-compose-plugin: "2"

- name: Check the bundle after it was carried over, and that it is for this app
  mlops.studio_local_mode.docker_deb_bundle:
    dest: /tmp/docker-debs-jammy
    distribution: ubuntu
    codename: jammy
    architecture: amd64
    verify_only: true

- name: See which Compose would be fetched for SageMaker Distribution 4
  mlops.studio_local_mode.docker_deb_bundle:
    dest: /tmp/docker-debs-noble
    distribution: ubuntu
    codename: noble
    architecture: amd64
    packages:
      docker-compose-plugin: "2"
  check_mode: true
"""

RETURN = r"""
bundle:
  description: The bundle, or in check mode what it would be.
  returned: success
  type: dict
  contains:
    path:
      description: Folder of the bundle.
      type: str
      sample: /tmp/docker-debs-jammy
    distribution:
      description: Distribution the packages are for.
      type: str
      sample: ubuntu
    codename:
      description: Codename of the release the packages are for.
      type: str
      sample: jammy
    architecture:
      description: Architecture the packages are for, in Debian's words.
      type: str
      sample: amd64
    packages:
      description: Packages of the bundle, by name.
      type: list
      elements: dict
      contains:
        name:
          description: Name of the package.
          type: str
          sample: docker-ce-cli
        version:
          description: Exact version of the package.
          type: str
          sample: 5:20.10.24~3-0~ubuntu-jammy
        file:
          description: Name of the C(.deb) file in RV(create.path).
          type: str
          sample: docker-ce-cli_20.10.24~3-0~ubuntu-jammy_amd64.deb
        sha256:
          description: SHA-256 of the file.
          type: str
          sample: 4355d0f8ad3e3a3ee4ed6d1d6d3b3f3c5cb4b4d4c4c1a5a8ee14a0f8b0d7f3c2
        url:
          description: Where the file is in the repository.
          type: str
          returned: unless O(verify_only=true)
          sample: https://download.docker.com/linux/ubuntu/dists/jammy/pool/stable/amd64/docker-ce-cli_20.10.24~3-0~ubuntu-jammy_amd64.deb
"""

from ansible.module_utils.basic import AnsibleModule
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._docker.errors import PackageError
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._docker_bundle import create, staged
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._docker_repository.defaults import (
    DOCKER_FINGERPRINT,
    DOCKER_URL,
)


def main() -> None:
    module = AnsibleModule(
        argument_spec={
            "dest": {"type": "path", "required": True},
            "distribution": {"type": "str"},
            "codename": {"type": "str"},
            "architecture": {"type": "str"},
            "packages": {"type": "dict", "default": {"docker-ce-cli": "20.10", "docker-compose-plugin": "2"}},
            "repository_url": {"type": "str", "default": DOCKER_URL},
            "key_url": {"type": "str", "no_log": False},
            "key_fingerprint": {"type": "str", "default": DOCKER_FINGERPRINT, "no_log": False},
            "ca_path": {"type": "path"},
            "verify_only": {"type": "bool", "default": False},
        },
        supports_check_mode=True,
    )
    try:
        if module.params["verify_only"]:
            result = staged.verify(module.params)
        else:
            result = create.create_bundle(module, module.params)
    except PackageError as error:
        module.fail_json(msg=str(error))
    except OSError as error:
        module.fail_json(msg=f"Cannot work on the bundle in {module.params['dest']}: {error}.")
    module.exit_json(**result)


if __name__ == "__main__":
    main()
