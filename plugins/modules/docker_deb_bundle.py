#!/usr/bin/python

# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: docker_deb_bundle
short_description: Create or verify a bundle of Docker's Debian packages
version_added: 1.0.0
description:
  - Creates a folder with the C(.deb) files of the Docker CLI and Compose for one operating system, and a manifest of them.
    The bundle can be installed on the same machine, or copied to a SageMaker Studio app without internet access.
  - >-
    Each link of the chain is verified: the fingerprint of the signing key is pinned, the key signs C(InRelease), C(InRelease) lists
    the SHA-256 of the package index, and the index lists the SHA-256 of each C(.deb). The program C(gpgv) verifies the signature.
    The module also checks the date, the expiry and the codename in C(InRelease), and name, version and architecture inside each
    C(.deb). It ignores text outside of the signature.
  - >-
    The key, C(InRelease) and the package index are part of the bundle, so that the same chain is verified wherever the bundle is
    installed.
  - The module looks each requested version series up in the package index, and selects the newest version of the series.
  - It needs Python and C(gpgv), but neither C(apt) nor C(python3-apt). The bundle may be for another operating system than the
    machine's own.
  - With O(verify_only=true) it verifies a staged bundle without network access.
extends_documentation_fragment:
  - mlops.studio_local_mode._attributes
attributes:
  check_mode:
    support: full
    details:
      - Downloads and verifies the package index to predict the versions. It downloads no package and writes nothing to O(dest).
  diff_mode:
    support: full
    details:
      - Shows the operating system, the repository and the versions of the packages.
  idempotent:
    support: full
    details:
      - When the repository publishes a newer version in a requested series, the next run downloads it.
options:
  dest:
    description:
      - Folder of the bundle. The module creates it if it does not exist.
      - >-
        The module owns the files of the bundle (see RV(bundle.files)), and removes superseded ones. It keeps other files, but
        O(verify_only) refuses a C(.deb) that the manifest does not list.
      - >-
        The module prints a warning if other users may write the folder or its files. It follows no symlink in the folder.
    type: path
    required: true
  distribution:
    description:
      - Distribution as Docker's repository names it, such as V(ubuntu) or V(debian).
      - The default is C(ID) in the machine's C(/etc/os-release). It is required on systems that are not based on Debian or Ubuntu.
      - With O(verify_only=true), the manifest must have the values of this option, O(codename) and O(architecture).
    type: str
  codename:
    description:
      - >-
        Codename of the release, such as V(jammy) (SageMaker Distribution 1 to 3), V(noble) (SageMaker Distribution 4),
        V(focal) or V(bullseye) (Studio Classic).
      - >-
        The default is the machine's own if O(distribution) is the machine's own as well. For a derivative it is the release that the
        derivative is built on, such as C(UBUNTU_CODENAME) in C(/etc/os-release) of Linux Mint.
    type: str
  architecture:
    description:
      - Architecture as Debian names it, such as V(amd64) or V(arm64).
      - The default is the machine's own, as C(dpkg) prints it.
    type: str
  packages:
    description:
      - Packages of the bundle, as a dictionary of package names and version series.
      - >-
        A series is the beginning of Docker's version number, V("20.10") or V("2"). A full number, V("20.10.24"), and the exact
        version of the package are accepted as well. Quote it, because YAML reads V(20.10) as the number 20.1.
      - >-
        If the repository has no C(docker-ce-cli) of the series V("20.10"), which Studio documents, the bundle has the newest CLI
        that speaks API 1.41, and the module prints a warning. No other series is replaced.
      - >-
        V(docker-ce), V(containerd.io), V(docker-ce-rootless-extras) and V(docker-buildx-plugin) are refused. Studio runs the engine
        outside the app, and BuildKit needs the privileged mode that Studio denies.
      - With O(verify_only=true) the bundle must have these packages in these series.
    type: dict
    default:
      docker-ce-cli: "20.10"
      docker-compose-plugin: "2"
  repository_url:
    description:
      - URL of Docker's package repository or of a mirror with the same layout, without the distribution.
      - >-
        V(http://) is accepted with a warning. The signature protects the content, but others can see the requests and can withhold
        updates.
      - The mirror may have its index as C(Packages.gz), C(Packages.xz), C(Packages.bz2) or C(Packages), by name or by hash.
    type: str
    default: https://download.docker.com/linux
  repository_username:
    description:
      - User name for the host of O(repository_url), sent by HTTP basic authentication. It is not written to the bundle.
      - If this option and O(repository_password) are omitted, the entry of the host in C(~/.netrc), or in the file of the environment
        variable C(NETRC), is used.
    type: str
  repository_password:
    description:
      - Password for the host of O(repository_url). It is not written to the bundle or to a log.
    type: str
  key_url:
    description:
      - URL of the key that signs the repository, armoured or binary.
      - The default is the file C(gpg) of the distribution in O(repository_url).
    type: str
  key_fingerprint:
    description:
      - Fingerprint of the only accepted primary key, 40 hexadecimal digits. Spaces and lower case are accepted.
      - The default is Docker's release key. With O(verify_only=true), the key of the bundle must have this fingerprint.
    type: str
    default: 9DC858229FC7DD38854AE2D88D81803C0EBFCD88
  ca_path:
    description:
      - File or folder of CA certificates to trust in addition to the machine's own, for a mirror or a proxy with a private CA.
    type: path
  verify_only:
    description:
      - Verify the bundle in O(dest) against its signed index, its manifest and the other options, and change nothing.
      - A failure names every problem, such as each file that is missing, truncated, altered or not listed.
      - >-
        Without C(gpgv) the signature cannot be verified. Then the module prints a warning, and RV(bundle.signature_verified) is false.
        The remaining checks find damage, but do not protect against a forged bundle.
      - The expiry of C(InRelease) is not checked, because a staged bundle is meant to be kept.
    type: bool
    default: false
  allow_downgrade:
    description:
      - Accept an index that is older than the one of the bundle in O(dest). Otherwise the module fails, because an older index can
        withhold security updates.
    type: bool
    default: false
requirements:
  - gpgv, unless O(verify_only=true)
notes:
  - The environment variables C(https_proxy), C(http_proxy) and C(no_proxy) are used.
  - An interrupted download resumes. Connection errors and 5xx answers are retried, but time-outs are not.
  - >-
    A download fails if no address of the server answers within 10 seconds, if no data arrives for 20 seconds (30 seconds before the
    first), if fewer than 16 KiB per second arrive, or if one package takes more than 10 minutes.
  - >-
    AWS has no VPC endpoint for C(download.docker.com). An app in VPC-only mode needs a NAT gateway, a proxy, or a staged bundle.
  - >-
    Docker built series 20.10 for Ubuntu focal and jammy and for Debian bullseye only (see the branches of
    U(https://github.com/docker/docker-ce-packaging)).
seealso:
  - name: Docker access in Studio
    description: The packages and series that AWS documents.
    link: https://docs.aws.amazon.com/sagemaker/latest/dg/studio-updated-local-get-started.html
author:
  - mlops.studio_local_mode maintainers (@mlops)
"""

EXAMPLES = r"""
- name: Download the Docker CLI and Compose for the machine's own operating system
  mlops.studio_local_mode.docker_deb_bundle:
    dest: /srv/docker-debs

- name: Stage packages for SageMaker Distribution 3 on a machine with internet access
  mlops.studio_local_mode.docker_deb_bundle:
    dest: /srv/docker-debs/ubuntu-jammy-amd64
    distribution: ubuntu
    codename: jammy
    architecture: amd64
    packages:
      docker-ce-cli: "20.10"
      docker-compose-plugin: "2"

- name: Verify the bundle in the app that it was copied to
  mlops.studio_local_mode.docker_deb_bundle:
    dest: /home/sagemaker-user/docker-debs/ubuntu-jammy-amd64
    distribution: ubuntu
    codename: jammy
    architecture: amd64
    verify_only: true

- name: Print the version of Compose for SageMaker Distribution 4
  mlops.studio_local_mode.docker_deb_bundle:
    dest: /srv/docker-debs/ubuntu-noble-amd64
    distribution: ubuntu
    codename: noble
    architecture: amd64
    packages:
      docker-compose-plugin: "2"
  check_mode: true
"""

RETURN = r"""
bundle:
  description: The bundle; in check mode, the predicted one.
  returned: success
  type: dict
  sample:
    path: /srv/docker-debs/ubuntu-jammy-amd64
    distribution: ubuntu
    codename: jammy
    architecture: amd64
    index_date: '2026-08-27T10:00:00Z'
    signature_verified: true
    files:
      - docker-compose-plugin_2.40.3-1~ubuntu.22.04~jammy_amd64.deb
      - InRelease
      - Packages.gz
      - key.gpg
      - manifest.json
    packages:
      - name: docker-compose-plugin
        version: 2.40.3-1~ubuntu.22.04~jammy
        file: docker-compose-plugin_2.40.3-1~ubuntu.22.04~jammy_amd64.deb
        size: 13904218
        sha256: 4355d0f8ad3e3a3ee4ed6d1d6d3b3f3c5cb4b4d4c4c1a5a8ee14a0f8b0d7f3c2
        url: https://download.docker.com/linux/ubuntu/dists/jammy/pool/stable/amd64/docker-compose-plugin_2.40.3-1~ubuntu.22.04~jammy_amd64.deb
  contains:
    path:
      description: Folder of the bundle.
      returned: always
      type: str
      sample: /srv/docker-debs/ubuntu-jammy-amd64
    distribution:
      description: Distribution of the packages.
      returned: always
      type: str
      sample: ubuntu
    codename:
      description: Codename of the release of the packages.
      returned: always
      type: str
      sample: jammy
    architecture:
      description: Architecture of the packages, as Debian names it.
      returned: always
      type: str
      sample: amd64
    index_date:
      description: Date of the signed index, in UTC.
      returned: always
      type: str
      sample: '2026-08-27T10:00:00Z'
    signature_verified:
      description: Whether C(gpgv) verified the signature of C(InRelease).
      returned: always
      type: bool
      sample: true
    files:
      description:
        - Names of all files of the bundle, in the order to copy them. A folder with C(manifest.json), which is the last, is complete.
      returned: always
      type: list
      elements: str
      sample:
        - docker-ce-cli_20.10.24~3-0~ubuntu-jammy_amd64.deb
        - InRelease
        - Packages.gz
        - key.gpg
        - manifest.json
    packages:
      description: Packages of the bundle, sorted by name.
      returned: always
      type: list
      elements: dict
      sample:
        - name: docker-ce-cli
          version: 5:20.10.24~3-0~ubuntu-jammy
          file: docker-ce-cli_20.10.24~3-0~ubuntu-jammy_amd64.deb
          size: 23432814
          sha256: 4355d0f8ad3e3a3ee4ed6d1d6d3b3f3c5cb4b4d4c4c1a5a8ee14a0f8b0d7f3c2
          url: https://download.docker.com/linux/ubuntu/dists/jammy/pool/stable/amd64/docker-ce-cli_20.10.24~3-0~ubuntu-jammy_amd64.deb
      contains:
        name:
          description: Name of the package.
          returned: always
          type: str
          sample: docker-ce-cli
        version:
          description: Exact version of the package.
          returned: always
          type: str
          sample: 5:20.10.24~3-0~ubuntu-jammy
        file:
          description: Name of the C(.deb) file in RV(bundle.path).
          returned: always
          type: str
          sample: docker-ce-cli_20.10.24~3-0~ubuntu-jammy_amd64.deb
        size:
          description: Size of the file in bytes.
          returned: always
          type: int
          sample: 23432814
        sha256:
          description: SHA-256 of the file.
          returned: always
          type: str
          sample: 4355d0f8ad3e3a3ee4ed6d1d6d3b3f3c5cb4b4d4c4c1a5a8ee14a0f8b0d7f3c2
        url:
          description: URL of the file in the repository.
          returned: unless O(verify_only=true)
          type: str
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
            "repository_username": {"type": "str"},
            "repository_password": {"type": "str", "no_log": True},
            "key_url": {"type": "str", "no_log": False},
            "key_fingerprint": {"type": "str", "default": DOCKER_FINGERPRINT, "no_log": False},
            "ca_path": {"type": "path"},
            "verify_only": {"type": "bool", "default": False},
            "allow_downgrade": {"type": "bool", "default": False},
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
        module.fail_json(msg=f"Cannot read or write the bundle in {module.params['dest']}: {error}.")
    for warning in result.pop("warnings"):
        module.warn(warning)
    module.exit_json(**result)


if __name__ == "__main__":
    main()
