#!/usr/bin/python
# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: studio_app_info
short_description: Look at what a Studio app has for local mode
version_added: 0.1.0
description:
  - Returns everything in a SageMaker Studio app that matters for local mode. That is its operating system and user, the Docker CLI, Compose and buildx that
    the user's shell finds, C(DOCKER_HOST) and its socket, the engine behind it, the SageMaker Python SDK and the room in the user's home.
  - It reports what it sees and judges nothing. The filter P(mlops.studio_local_mode.docker_cli_plan#filter) decides on it what to install, the filter
    P(mlops.studio_local_mode.local_mode_report#filter) whether local mode can work.
  - C(DOCKER_HOST), C(DOCKER_BUILDKIT) and C(PATH) are those of the environment that the module runs in. Where that has no C(DOCKER_HOST), as in an ssh session,
    and the app's first process has one, they are those of that process.
extends_documentation_fragment:
  - mlops.studio_local_mode._attributes
  - mlops.studio_local_mode._attributes.info_module
options:
  docker_host:
    description:
      - The address of the engine to look at instead of the one that C(DOCKER_HOST) names, such as V(unix:///docker/proxy.sock) or V(tcp://127.0.0.1:2375).
    type: str
  timeout:
    description:
      - How many seconds to wait for an answer of the engine. The user's programs, which are asked without the engine, have 30 seconds.
    type: int
    default: 5
notes:
  - Run it as the app's user, without C(become). Root finds another home and opens sockets that the user may not, and sudo drops C(DOCKER_HOST).
  - Needs nothing but Python 3.8 or later and its standard library in the app.
seealso:
  - plugin: mlops.studio_local_mode.docker_cli_plan
    plugin_type: filter
  - plugin: mlops.studio_local_mode.local_mode_report
    plugin_type: filter
author:
  - mlops.studio_local_mode maintainers (@mlops)
"""

EXAMPLES = r"""
- name: Look at the app
  mlops.studio_local_mode.studio_app_info:
  register: studio

- name: Say which engine answers
  ansible.builtin.debug:
    msg: "Docker {{ studio.app.engine.version }} (API {{ studio.app.engine.api_version }}) at {{ studio.app.docker_host }}"
  when: studio.app.engine.reachable

- name: Look at the socket where AWS documents it, whatever DOCKER_HOST says
  mlops.studio_local_mode.studio_app_info:
    docker_host: unix:///docker/proxy.sock
    timeout: 2
  register: documented_socket

- name: Show whether local mode can work
  ansible.builtin.debug:
    msg: "{{ studio.app | mlops.studio_local_mode.local_mode_report | mlops.studio_local_mode.local_mode_report_text }}"
"""

RETURN = r"""
app:
  description: What is in the app.
  returned: always
  type: dict
  contains:
    os:
      description: The operating system as C(/etc/os-release) names it; null where it does not tell.
      returned: always
      type: dict
      sample: {id: ubuntu, version_id: '22.04', codename: jammy, pretty_name: Ubuntu 22.04.5 LTS}
    architecture:
      description: The machine's architecture, V(amd64) or V(arm64) as Debian names them; the kernel's name for any other.
      returned: always
      type: str
      sample: amd64
    user:
      description: The user who looked.
      returned: always
      type: dict
      sample: {name: sagemaker-user, uid: 1000, gid: 100}
    sudo:
      description: Whether the user is root or may become it without a password.
      returned: always
      type: bool
      sample: true
    become:
      description: Whether the user who looked came about by C(sudo), as with C(become).
      returned: always
      type: bool
      sample: false
    sudo_user:
      description: Who called C(sudo); null without it.
      returned: always
      type: str
      sample: null
    unresponsive_programs:
      description: The commands that gave no answer in time. Their programs are reported as if they were missing.
      returned: always
      type: list
      elements: str
      sample: []
    python:
      description: The Python that the module runs in.
      returned: always
      type: dict
      sample: {executable: /opt/conda/bin/python3, version: 3.12.9}
    path:
      description: The folders in which the user's programs are found, in order.
      returned: always
      type: list
      elements: str
      sample: [/opt/conda/bin, /usr/local/bin, /usr/bin]
    docker:
      description: The C(docker) that the user's shell finds; null when there is none.
      returned: always
      type: dict
      contains:
        path:
          description: The program.
          returned: always
          type: str
          sample: /opt/conda/bin/docker
        version:
          description: Its version; null when it is no CLI of Docker or does not run.
          returned: always
          type: str
          sample: 27.5.1
        api:
          description: The API versions that a CLI of this version can speak; null when its version is not known.
          returned: always
          type: dict
          contains:
            version:
              description: The highest; null when it is not known.
              returned: always
              type: str
              sample: '1.47'
            min_version:
              description: The lowest.
              returned: always
              type: str
              sample: '1.24'
        all:
          description: Every C(docker) on the user's PATH, in its order; the first one hides the others.
          returned: always
          type: list
          elements: dict
          sample: [{path: /opt/conda/bin/docker, version: 27.5.1}, {path: /usr/bin/docker, version: 20.10.24}]
    compose:
      description: The Compose that C(docker compose version) finds; null when there is none.
      returned: always
      type: dict
      contains: &plugin
        path:
          description: The plugin; null when it is in none of the CLI's usual folders.
          returned: always
          type: str
          sample: /usr/libexec/docker/cli-plugins/docker-compose
        version:
          description: Its version; null when it does not tell.
          returned: always
          type: str
          sample: 2.29.2
        output:
          description: What it printed, which is what the SageMaker Python SDK looks at.
          returned: always
          type: str
          sample: Docker Compose version v2.29.2
    buildx:
      description: The buildx that C(docker buildx version) finds; null when there is none.
      returned: always
      type: dict
      contains: *plugin
    docker_host:
      description: The address of the engine; null when C(DOCKER_HOST) is not set.
      returned: always
      type: str
      sample: unix:///docker/proxy.sock
    docker_host_source:
      description: Where it comes from, V(option), V(environment) or V(app process), which is the app's first process; null without one.
      returned: always
      type: str
      sample: environment
    app_docker_host:
      description: The C(DOCKER_HOST) of the app's first process, that is, the one that Studio set; null when it has none or may not be looked at.
      returned: always
      type: str
      sample: unix:///docker/proxy.sock
    docker_buildkit:
      description: The value of C(DOCKER_BUILDKIT); null when it is not set.
      returned: always
      type: str
      sample: '0'
    socket:
      description: The socket that RV(gather.docker_host) names; null when it names none.
      returned: always
      type: dict
      contains:
        path:
          description: The socket's path.
          returned: always
          type: str
          sample: /docker/proxy.sock
        exists:
          description: Whether anything is there; null when the user may not look into its folder.
          returned: always
          type: bool
          sample: true
        is_socket:
          description: Whether it is a socket; null when there is nothing.
          returned: always
          type: bool
          sample: true
        owner:
          description: Its owner; null when there is nothing.
          returned: always
          type: str
          sample: root
        group:
          description: Its group; null when there is nothing.
          returned: always
          type: str
          sample: docker
        mode:
          description: Its mode; null when there is nothing.
          returned: always
          type: str
          sample: '0660'
        accessible:
          description: Whether the user may connect to it; null when there is nothing.
          returned: always
          type: bool
          sample: true
    known_sockets:
      description: The places where an engine's socket has been seen in Studio that do have one here.
      returned: always
      type: list
      elements: str
      sample: [/docker/proxy.sock]
    engine:
      description: What the engine says of itself.
      returned: always
      type: dict
      contains:
        reachable:
          description: Whether an engine answers.
          returned: always
          type: bool
          sample: true
        ping_status:
          description: The HTTP status that it answers to C(/v1.41/_ping), V(200) when it is well; null when it does not answer.
          returned: always
          type: int
          sample: 200
        version:
          description: The engine's version; null when it does not answer.
          returned: always
          type: str
          sample: 20.10.24
        api_version:
          description: The highest API version it speaks; null when it does not answer.
          returned: always
          type: str
          sample: '1.41'
        min_api_version:
          description: The lowest API version it speaks; null when it does not answer.
          returned: always
          type: str
          sample: '1.12'
        rootless:
          description: Whether it is rootless, so that the ports of containers are at another address than C(localhost); null when it does not tell.
          returned: always
          type: bool
          sample: false
        unversioned_redirect:
          description: Whether it redirects paths without an API version, which docker-py takes for an error; null when it does not answer.
          returned: always
          type: bool
          sample: true
        problem:
          description:
            - Why no engine answers. One of V(no_docker_host), V(unsupported_address), V(no_socket), V(permission_denied), V(nobody_listening), V(hanging),
              V(not_docker), V(denied) or V(unreachable); null when one does.
          returned: always
          type: str
          sample: null
        error:
          description: The same as a sentence; null when an engine answers.
          returned: always
          type: str
          sample: null
    resource_metadata:
      description: What Studio tells the app of itself; null outside Studio.
      returned: always
      type: dict
      contains:
        app_type:
          description: The app's type.
          returned: always
          type: str
          sample: JupyterLab
        domain_id:
          description: The app's domain.
          returned: always
          type: str
          sample: d-abcdefghijkl
        space_name:
          description: The app's space; null when it belongs to a user profile.
          returned: always
          type: str
          sample: alices-space
        user_profile_name:
          description: The app's user profile; null when Studio does not tell.
          returned: always
          type: str
          sample: alice
        resource_arn:
          description: The app's ARN.
          returned: always
          type: str
          sample: arn:aws:sagemaker:eu-west-1:123456789012:app/d-abcdefghijkl/alices-space/JupyterLab/default
    sagemaker_sdk_version:
      description: The version of the SageMaker Python SDK in RV(gather.python); null when there is none.
      returned: always
      type: str
      sample: 2.257.1
    home:
      description: The user's home.
      returned: always
      type: dict
      contains:
        path:
          description: The folder.
          returned: always
          type: str
          sample: /home/sagemaker-user
        free_bytes:
          description: The bytes free on its file system; null when there is no such folder.
          returned: always
          type: int
          sample: 4831838208
        tmp_exists:
          description: Whether C(~/tmp) exists, in which the SageMaker Python SDK keeps the files of local jobs in Studio.
          returned: always
          type: bool
          sample: true
        tmp_owner:
          description: The owner of C(~/tmp); null when it does not exist.
          returned: always
          type: str
          sample: sagemaker-user
        tmp_writable:
          description: Whether the user may write to C(~/tmp), or make it.
          returned: always
          type: bool
          sample: true
    installed_packages:
      description: Those of Docker's packages and of Debian's C(docker.io) that dpkg has installed, with their versions; empty where there is no dpkg.
      returned: always
      type: dict
      sample: {docker-ce-cli: '5:20.10.24~3-0~ubuntu-jammy', docker-compose-plugin: 2.29.2-1~ubuntu.22.04~jammy}
    home_packages:
      description: The packages whose program this collection put under the user's home, with their versions.
      returned: always
      type: dict
      sample: {docker-compose-plugin: 2.29.2-1~ubuntu.22.04~jammy}
    lifecycle_config:
      description:
        - What the script of the role P(mlops.studio_local_mode.lifecycle_config#role) said of its last run; null when none has run.
      returned: always
      type: dict
      contains:
        status:
          description: V(done), V(failed), or V(running) while it is at work or when it was cut off.
          returned: always
          type: str
          sample: failed
        message:
          description: What it did, or why it failed.
          returned: always
          type: str
          sample: 'Cannot fetch s3://my-bucket/docker-debs/ubuntu-jammy-amd64/x.deb: An error occurred (403) when calling the HeadObject operation: Forbidden.'
        remediation:
          description: What to do next; empty where there is nothing to do.
          returned: always
          type: str
          sample: 'Start the app again, or run: ansible-playbook mlops.studio_local_mode.install_docker_cli.'
        log:
          description: The file with its log.
          returned: always
          type: str
          sample: /home/sagemaker-user/.cache/mlops.studio_local_mode/lifecycle_config/log
        updated_at:
          description: The time of its last report, in UTC.
          returned: always
          type: str
          sample: '2026-11-25T22:39:02Z'
        since_app_start:
          description: Whether the report is from after the start of the app's first process.
          returned: always
          type: bool
          sample: true
"""

from ansible.module_utils.basic import AnsibleModule
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._docker.engine_api import address_problem
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._studio_facts import gather


def main() -> None:
    module = AnsibleModule(
        argument_spec={
            "docker_host": {"type": "str"},
            "timeout": {"type": "int", "default": 5},
        },
        supports_check_mode=True,
    )
    docker_host, timeout = module.params["docker_host"], module.params["timeout"]
    if docker_host is not None and address_problem(docker_host):
        module.fail_json(msg=f"docker_host {address_problem(docker_host)}")
    if timeout < 1:
        module.fail_json(msg=f"timeout is {timeout}, it must be at least 1 second.")
    module.exit_json(changed=False, app=gather.app_facts(docker_host, timeout))


if __name__ == "__main__":
    main()
