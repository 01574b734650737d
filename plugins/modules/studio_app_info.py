#!/usr/bin/python
# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: studio_app_info
short_description: Gather facts about local mode in a Studio app
version_added: 1.0.0
description:
  - Gathers the facts of a SageMaker Studio app that matter for local mode. They are the operating system, the user, the Docker CLI, Compose and buildx that
    the user's shell finds, C(DOCKER_HOST) and its socket, the engine, the SageMaker Python SDK and the free space in the user's home.
  - The module M(mlops.studio_local_mode.studio_docker_cli) decides from these facts which packages to install. The filter
    P(mlops.studio_local_mode.local_mode_report#filter) decides whether local mode can work.
  - C(DOCKER_HOST), C(PATH) and the variables of the Docker client come from the environment of the module. If it has no C(DOCKER_HOST), as in an ssh session,
    they come from the app's first process.
extends_documentation_fragment:
  - mlops.studio_local_mode._attributes
  - mlops.studio_local_mode._attributes.info_module
options:
  docker_host:
    description:
      - The address of the engine to probe instead of C(DOCKER_HOST), such as V(unix:///docker/proxy.sock) or V(tcp://127.0.0.1:2375).
    type: str
  timeout:
    description:
      - The number of seconds to wait for a response of the engine. The user's programs run without the engine, for at most 30 seconds.
    type: int
    default: 5
notes:
  - Run it as the app's user, without C(become). Root has another home and may open other sockets, and C(sudo) drops C(DOCKER_HOST).
  - The app needs Python 3.8 or later. No further Python library is required.
seealso:
  - module: mlops.studio_local_mode.studio_docker_cli
  - plugin: mlops.studio_local_mode.local_mode_report
    plugin_type: filter
author:
  - mlops.studio_local_mode maintainers (@mlops)
"""

EXAMPLES = r"""
- name: Gather the facts
  mlops.studio_local_mode.studio_app_info:
  register: studio

- name: Show the engine
  ansible.builtin.debug:
    msg: "Docker {{ studio.app.engine.version }} (API {{ studio.app.engine.api_version }}) at {{ studio.app.docker_host }}"
  when: studio.app.engine.reachable

- name: Probe the socket that AWS documents instead of DOCKER_HOST
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
  description: The facts of the app.
  returned: always
  type: dict
  contains:
    os:
      description:
        - The operating system of C(/etc/os-release); a value is null if the file lacks it.
        - C(upstream) in RV(app.os) is the release of Ubuntu or Debian that a derivative such as Linux Mint is built on. Docker's packages for it are installed.
      returned: always
      type: dict
      sample: {id: ubuntu, version_id: '22.04', codename: jammy, pretty_name: Ubuntu 22.04.5 LTS, upstream: null}
    architecture:
      description: The architecture, V(amd64) or V(arm64) as Debian names them; the kernel's name for any other.
      returned: always
      type: str
      sample: amd64
    user:
      description: The user that the module runs as.
      returned: always
      type: dict
      sample: {name: sagemaker-user, uid: 1000, gid: 100}
    app_user:
      description: The user of the app's first process; null if it is unknown.
      returned: always
      type: str
      sample: sagemaker-user
    sudo:
      description: Whether the user is root or can use C(sudo) without a password.
      returned: always
      type: bool
      sample: true
    become:
      description: Whether the module runs under C(sudo), as with C(become).
      returned: always
      type: bool
      sample: false
    sudo_user:
      description: The user who called C(sudo); null without it.
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
      description: The Python interpreter of the module.
      returned: always
      type: dict
      sample: {executable: /opt/conda/bin/python3, version: 3.12.9}
    path:
      description: The folders of the user's C(PATH), in order.
      returned: always
      type: list
      elements: str
      sample: [/opt/conda/bin, /usr/local/bin, /usr/bin]
    docker:
      description: The C(docker) that the user's shell finds; null if there is none.
      returned: always
      type: dict
      contains:
        path:
          description: The path of the program.
          returned: always
          type: str
          sample: /opt/conda/bin/docker
        version:
          description: Its version; null if it does not run or is not Docker's CLI.
          returned: always
          type: str
          sample: 27.5.1
        error:
          description: Why it is broken; null if it is not.
          returned: always
          type: str
          sample: null
        api:
          description: The API versions that the CLI can speak; null if its version is unknown.
          returned: always
          type: dict
          contains:
            version:
              description: The highest API version; null if it is unknown.
              returned: always
              type: str
              sample: '1.47'
            min_version:
              description: The lowest API version.
              returned: always
              type: str
              sample: '1.24'
        all:
          description: Every C(docker) on the user's C(PATH), in order; the first one shadows the others.
          returned: always
          type: list
          elements: dict
          sample: [{path: /opt/conda/bin/docker, version: 27.5.1, error: null}, {path: /usr/bin/docker, version: null, error: Exec format error}]
    compose:
      description: The plugin that C(docker compose version) runs; null if there is none.
      returned: always
      type: dict
      contains: &plugin
        path:
          description: The path of the plugin that the CLI runs; null if it is in none of the CLI's folders.
          returned: always
          type: str
          sample: /usr/libexec/docker/cli-plugins/docker-compose
        version:
          description: Its version; null if its output has none.
          returned: always
          type: str
          sample: 2.29.2
        output:
          description: Its output, which the SageMaker Python SDK searches for the version.
          returned: always
          type: str
          sample: Docker Compose version v2.29.2
    compose_plugins:
      description: The files that the CLI finds as its plugin Compose, in its order. It runs the first one, whether or not that works.
      returned: always
      type: list
      elements: dict
      contains:
        path:
          description: The path of the file.
          returned: always
          type: str
          sample: /home/sagemaker-user/.docker/cli-plugins/docker-compose
        owner:
          description: The owner of the file; null if it is unknown.
          returned: always
          type: str
          sample: sagemaker-user
        error:
          description: Why it is broken; null if it is not.
          returned: always
          type: str
          sample: Exec format error
    compose_error:
      description: Why C(docker compose version) fails; null if it does not, or if there is no C(docker).
      returned: always
      type: str
      sample: null
    blocking_variables:
      description: The environment variables of Docker without which C(docker compose version) would work.
      returned: always
      type: list
      elements: str
      sample: [DOCKER_TLS_VERIFY]
    buildx:
      description: The plugin that C(docker buildx version) runs; null if there is none.
      returned: always
      type: dict
      contains: *plugin
    docker_host:
      description: The address of the engine; null if C(DOCKER_HOST) is not set.
      returned: always
      type: str
      sample: unix:///docker/proxy.sock
    docker_host_source:
      description: The origin of the address, V(option), V(environment) or V(app process), which is the app's first process; null without an address.
      returned: always
      type: str
      sample: environment
    app_docker_host:
      description: The C(DOCKER_HOST) of the app's first process, which Studio sets; null if it is not set or not readable.
      returned: always
      type: str
      sample: unix:///docker/proxy.sock
    standalone_compose:
      description: The program C(docker-compose) that the user's shell finds, which the SageMaker Python SDK uses without the plugin; null without one.
      returned: always
      type: dict
      contains: *plugin
    client_environment:
      description:
        - The environment variables of the Docker client that are set, of C(DOCKER_API_VERSION), C(DOCKER_BUILDKIT), C(DOCKER_CERT_PATH), C(DOCKER_CONFIG),
          C(DOCKER_CONTENT_TRUST), C(DOCKER_DEFAULT_PLATFORM), C(DOCKER_TLS) and C(DOCKER_TLS_VERIFY).
      returned: always
      type: dict
      sample: {DOCKER_BUILDKIT: '0'}
    docker_config:
      description: The configuration file of the Docker client.
      returned: always
      type: dict
      contains:
        path:
          description: The file, which need not exist.
          returned: always
          type: str
          sample: /home/sagemaker-user/.docker/config.json
        error:
          description: Why the file is not usable; null if it is usable or does not exist.
          returned: always
          type: str
          sample: null
        writable:
          description: Whether the user may write to the file's folder or create it, which C(docker login) does.
          returned: always
          type: bool
          sample: true
        credential_helpers:
          description: The credential helpers that the file names.
          returned: always
          type: list
          elements: dict
          contains:
            name:
              description: The helper's name, without the prefix C(docker-credential-).
              returned: always
              type: str
              sample: ecr-login
            registry:
              description: The registry that the helper is for; null for the helper of all other registries (C(credsStore)).
              returned: always
              type: str
              sample: 123456789012.dkr.ecr.eu-west-1.amazonaws.com
            path:
              description: The helper's program on the user's C(PATH); null if it does not exist.
              returned: always
              type: str
              sample: /usr/local/bin/docker-credential-ecr-login
        cli_plugins_extra_dirs:
          description: The further folders in which the CLI searches for its plugins (C(cliPluginsExtraDirs)).
          returned: always
          type: list
          elements: str
          sample: []
        ignored_compose:
          description: The Compose plugin in C(~/.docker) that the CLI ignores because C(DOCKER_CONFIG) names another folder; null without one.
          returned: always
          type: str
          sample: null
    broken_programs:
      description: The files named C(docker) on the user's C(PATH) and C(docker-compose) in the CLI's plugin folders that are broken.
      returned: always
      type: list
      elements: dict
      contains:
        path:
          description: The file.
          returned: always
          type: str
          sample: /usr/libexec/docker/cli-plugins/docker-compose
        reason:
          description: Why it is broken.
          returned: always
          type: str
          sample: it is not executable (mode 0644)
    docker_buildkit:
      description: The value of C(DOCKER_BUILDKIT); null if it is not set.
      returned: always
      type: str
      sample: '0'
    socket:
      description: The socket of RV(app.docker_host); null if the address is not a socket.
      returned: always
      type: dict
      contains:
        path:
          description: The socket's path.
          returned: always
          type: str
          sample: /docker/proxy.sock
        exists:
          description: Whether the path exists; null if the user may not search its folder.
          returned: always
          type: bool
          sample: true
        is_socket:
          description: Whether it is a socket; null if the path does not exist.
          returned: always
          type: bool
          sample: true
        owner:
          description: Its owner; null if the path does not exist.
          returned: always
          type: str
          sample: root
        group:
          description: Its group; null if the path does not exist.
          returned: always
          type: str
          sample: docker
        mode:
          description: Its mode; null if the path does not exist.
          returned: always
          type: str
          sample: '0660'
        accessible:
          description: Whether the user may connect to it; null if the path does not exist.
          returned: always
          type: bool
          sample: true
    known_sockets:
      description: The known paths of Studio's engine socket that are a socket in this app.
      returned: always
      type: list
      elements: str
      sample: [/docker/proxy.sock]
    engine:
      description: The facts of the engine.
      returned: always
      type: dict
      contains:
        reachable:
          description: Whether the engine responds.
          returned: always
          type: bool
          sample: true
        ping_status:
          description: The HTTP status of C(/v1.41/_ping), V(200) for a healthy engine; null if it does not respond.
          returned: always
          type: int
          sample: 200
        version:
          description: The engine's version; null if it does not respond.
          returned: always
          type: str
          sample: 20.10.24
        api_version:
          description: The highest API version it speaks; null if it does not respond.
          returned: always
          type: str
          sample: '1.41'
        min_api_version:
          description: The lowest API version it speaks; null if it does not respond.
          returned: always
          type: str
          sample: '1.12'
        rootless:
          description: Whether it is rootless, so that the ports of containers have another address than C(localhost); null if it is unknown.
          returned: always
          type: bool
          sample: false
        unversioned_redirect:
          description: Whether it redirects paths without an API version, which is an error for docker-py; null if it does not respond to them.
          returned: always
          type: bool
          sample: true
        problem:
          description:
            - The reason why no engine responds. One of V(no_docker_host), V(unsupported_address), V(no_socket), V(permission_denied), V(nobody_listening),
              V(hanging), V(not_docker), V(denied) or V(unreachable); null if one responds.
          returned: always
          type: str
          sample: null
        error:
          description: The same as a sentence; null if an engine responds.
          returned: always
          type: str
          sample: null
    resource_metadata:
      description: The metadata that Studio writes in the app; null outside Studio.
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
          description: The app's space; null if it belongs to a user profile.
          returned: always
          type: str
          sample: alices-space
        user_profile_name:
          description: The app's user profile; null if the metadata has none.
          returned: always
          type: str
          sample: alice
        resource_arn:
          description: The app's ARN.
          returned: always
          type: str
          sample: arn:aws:sagemaker:eu-west-1:123456789012:app/d-abcdefghijkl/alices-space/JupyterLab/default
    sagemaker_sdk_version:
      description: The version of the SageMaker Python SDK in RV(app.python); null if it is not installed.
      returned: always
      type: str
      sample: 2.257.1
    home:
      description: The facts of the user's home.
      returned: always
      type: dict
      contains:
        path:
          description: The path of the home.
          returned: always
          type: str
          sample: /home/sagemaker-user
        free_bytes:
          description: The free bytes of its file system; null if the folder does not exist.
          returned: always
          type: int
          sample: 4831838208
        free_inodes:
          description: The inodes that are free on its file system; null if the file system does not report them.
          returned: always
          type: int
          sample: 1310720
        read_only:
          description: Whether its file system is read-only; null if the folder does not exist.
          returned: always
          type: bool
          sample: false
        tmp_is_folder:
          description: Whether C(~/tmp) is a folder or a link to one.
          returned: always
          type: bool
          sample: true
        tmp_link_target:
          description: The path that C(~/tmp) leads to if it is a link; null if it is none.
          returned: always
          type: str
          sample: null
        tmp_in_home:
          description: Whether C(~/tmp) is in the home and on its file system, from which the engine mounts folders; null if it does not exist.
          returned: always
          type: bool
          sample: true
        tmp_exists:
          description: Whether C(~/tmp) exists, where the SageMaker Python SDK keeps the files of local jobs in Studio.
          returned: always
          type: bool
          sample: true
        tmp_owner:
          description: The owner of C(~/tmp); null if it does not exist.
          returned: always
          type: str
          sample: sagemaker-user
        tmp_writable:
          description: Whether the user may write to C(~/tmp), or create it.
          returned: always
          type: bool
          sample: true
    installed_packages:
      description: The versions of the installed packages among Docker's and Debian's C(docker.io); empty without dpkg.
      returned: always
      type: dict
      sample: {docker-ce-cli: '5:20.10.24~3-0~ubuntu-jammy', docker-compose-plugin: 2.29.2-1~ubuntu.22.04~jammy}
    home_packages:
      description: The versions of the packages whose programs this collection has installed under the user's home, if they have their checksums.
      returned: always
      type: dict
      sample: {docker-compose-plugin: 2.29.2-1~ubuntu.22.04~jammy}
    lifecycle_config:
      description:
        - The result of the last run of the script of the role P(mlops.studio_local_mode.lifecycle_config#role); null if it never ran.
      returned: always
      type: dict
      contains:
        status:
          description: V(done), V(failed), or V(running) if it is running or was killed.
          returned: always
          type: str
          sample: failed
        message:
          description: What it installed, or why it failed.
          returned: always
          type: str
          sample: 'Cannot download s3://my-bucket/docker-debs/ubuntu-jammy-amd64/x.deb: An error occurred (403): Forbidden.'
        remediation:
          description: The next step; empty if none is needed.
          returned: always
          type: str
          sample: 'Restart the app, or run: ansible-playbook -i ~/this_app.yml mlops.studio_local_mode.install_docker_cli.'
        log:
          description: The path of its log.
          returned: always
          type: str
          sample: /home/sagemaker-user/.cache/mlops.studio_local_mode/lifecycle_config/d-abcdefghijkl-alices-space-JupyterLab-default.log
        updated_at:
          description: The time of its last report, in UTC.
          returned: always
          type: str
          sample: '2026-11-25T22:39:02Z'
        log_group:
          description: The CloudWatch log group that Studio writes the script's output to.
          returned: always
          type: str
          sample: /aws/sagemaker/studio
        log_stream:
          description: The log stream in RV(app.lifecycle_config.log_group); null if the app is not in a space.
          returned: always
          type: str
          sample: d-abcdefghijkl/alices-space/JupyterLab/default/LifecycleConfigOnStart
        since_app_start:
          description: Whether the report is from after the start of the app's first process.
          returned: always
          type: bool
          sample: true
"""

from ansible.module_utils.basic import AnsibleModule
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._docker.engine_api import address_problem
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._docker.errors import PackageError
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
    try:
        app = gather.app_facts(docker_host, timeout)
    except PackageError as error:
        module.fail_json(msg=str(error))
    module.exit_json(changed=False, app=app)


if __name__ == "__main__":
    main()
