# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Ansible's ssh connection over the session that SageMaker's StartSession opens."""

from __future__ import annotations

DOCUMENTATION = r"""
name: studio_ssh
short_description: Run tasks in SageMaker Studio spaces through SageMaker's own sessions
version_added: 1.0.0
description:
  - Connect with C(ssh) to a running JupyterLab or Code Editor app, through the session that SageMaker's StartSession opens.
    The app needs no key, no agent of yours and no S3 bucket; the space needs remote access.
  - Each run of Ansible has one session per host. It ends with the run, even if the run is killed.
  - The result of each command is its true exit status, whatever the ssh server in the app reports.
  - The inventory P(mlops.studio_local_mode.studio_spaces#inventory) sets the variables that it needs.
extends_documentation_fragment:
  - connection_pipelining
  - mlops.studio_local_mode._ssh
requirements:
  - C(ssh) of OpenSSH on the controller
  - botocore 1.39.3 or later on the controller
  - websocket-client 1.8 or later on the controller
options:
  space_arn:
    description: ARN of the space.
    type: str
    required: true
    vars:
      - name: studio_space_arn
  region:
    description: Region of the space. By default the region in O(space_arn).
    type: str
    vars:
      - name: studio_region
  profile:
    description:
      - Profile of the AWS credentials on the controller.
      - Without it and without O(access_key), boto3's own search applies (environment, files, SSO, instance role).
    type: str
    vars:
      - name: studio_ssh_profile
    env:
      - name: AWS_PROFILE
  access_key:
    description: AWS access key ID.
    type: str
    vars:
      - name: studio_ssh_access_key
  secret_key:
    description: Secret access key of O(access_key). ssh's processes on the controller have it in their environment.
    type: str
    vars:
      - name: studio_ssh_secret_key
  session_token:
    description: Session token of O(access_key).
    type: str
    vars:
      - name: studio_ssh_session_token
  assume_role_arn:
    description: ARN of a role to assume for StartSession.
    type: str
    vars:
      - name: studio_ssh_assume_role_arn
    env:
      - name: STUDIO_ROLE_ARN
  assume_role_external_id:
    description: External ID that the role in O(assume_role_arn) requires.
    type: str
    vars:
      - name: studio_ssh_assume_role_external_id
    env:
      - name: STUDIO_ROLE_EXTERNAL_ID
  endpoint_url:
    description:
      - URL of SageMaker's API, for a private endpoint.
      - Without it, botocore's own settings apply, E(AWS_ENDPOINT_URL_SAGEMAKER) among them.
    type: str
    vars:
      - name: studio_ssh_endpoint_url
  session_manager_plugin:
    description:
      - V(never) uses the session client of this collection.
      - V(auto) uses AWS's C(session-manager-plugin) if it is on E(PATH), any other value is its path. Version 1.2.497.0 or later is
        required, because earlier ones have the session's token in their arguments. Later ones have it in their environment, which
        the same user and root can read while the session is open, and leave sessions open until SageMaker's idle timeout.
    type: str
    default: never
    vars:
      - name: studio_ssh_session_manager_plugin
    env:
      - name: STUDIO_SSH_SESSION_MANAGER_PLUGIN
  remote_user:
    description: User in the app. SageMaker Distribution has one user.
    type: string
    default: sagemaker-user
    vars:
      - name: ansible_user
      - name: ansible_ssh_user
    cli:
      - name: user
    keyword:
      - name: remote_user
  session_timeout:
    description:
      - Seconds until a session has to be ready, the answers of the ssh server in the app to the key exchange and the login included.
        StartSession is repeated for 12 seconds while the agent in the app comes up.
      - Ansible's own O(timeout) applies where it is longer.
    type: int
    default: 60
    vars:
      - name: studio_ssh_session_timeout
    env:
      - name: STUDIO_SSH_SESSION_TIMEOUT
  ssh_args:
    description:
      - Arguments of C(ssh). The shared connection (C(ControlMaster), C(ControlPersist)) is what makes one session enough.
      - C(-o ServerAliveInterval=15 -o ServerAliveCountMax=4) is added to these and to the other arguments that you set, so that a server
        that stops answering makes the host unreachable after 75 seconds. Your own values of them count where your arguments have some.
    type: string
    default: -o ControlMaster=auto -o ControlPersist=60s
    vars:
      - name: ansible_ssh_args
    env:
      - name: ANSIBLE_SSH_ARGS
    ini:
      - section: ssh_connection
        key: ssh_args
  use_tty:
    description: Whether to request a terminal for commands without input. It would change their output.
    type: bool
    default: false
    vars:
      - name: ansible_ssh_use_tty
  ssh_transfer_method:
    description:
      - How files are copied. The ssh server in the app is not known to have sftp or scp; V(piped) copies with C(dd), and its exit
        status is checked like that of every command.
    type: string
    default: piped
    choices: [piped, sftp, scp, smart]
    vars:
      - name: ansible_ssh_transfer_method
  pipelining:
    description: Whether modules are sent through the connection without a temporary file, which saves round trips.
    type: bool
    default: true
    env:
      - name: ANSIBLE_PIPELINING
      - name: ANSIBLE_SSH_PIPELINING
    ini:
      - section: defaults
        key: pipelining
      - section: connection
        key: pipelining
      - section: ssh_connection
        key: pipelining
    vars:
      - name: ansible_pipelining
      - name: ansible_ssh_pipelining
notes:
  - Host keys are not checked and not remembered. Each app has another key, so that there is none to compare with. IAM decides who may
    open a session, and the session itself is encrypted to the app's own agent by TLS.
  - The IAM action is C(sagemaker:StartSession) on the space.
  - Sockets for C(ControlPath) are in O(control_path_dir). O(control_path) is ignored, because names of spaces that differ in case only
    would share a socket.
seealso:
  - plugin: mlops.studio_local_mode.studio_spaces
    plugin_type: inventory
  - module: mlops.studio_local_mode.sagemaker_studio_space
author:
  - mlops.studio_local_mode maintainers (@mlops)
"""

EXAMPLES = r"""
# inventory.yml: one space without the inventory plugin
# studio_apps:
#   hosts:
#     ada:
#       ansible_connection: mlops.studio_local_mode.studio_ssh
#       ansible_python_interpreter: /opt/conda/bin/python3
#       studio_space_arn: arn:aws:sagemaker:eu-west-1:111122223333:space/d-abcdefghijkl/ada

- name: Show Docker's clients in each reachable space
  hosts: studio_apps
  gather_facts: false
  tasks:
    - name: Gather facts about the app
      mlops.studio_local_mode.studio_app_info:

- name: Connect with a role of the platform's account
  hosts: studio_apps
  gather_facts: false
  vars:
    studio_ssh_assume_role_arn: arn:aws:iam::111122223333:role/studio-operator
    studio_ssh_assume_role_external_id: ansible
  tasks:
    - name: Test the connection
      ansible.builtin.ping:
"""

import os
import typing as t
from pathlib import Path

from ansible.errors import AnsibleConnectionFailure, AnsibleError
from ansible.plugins.connection.ssh import Connection as SshConnection
from ansible.utils.path import makedirs_safe
from ansible_collections.mlops.studio_local_mode.plugins.plugin_utils._session import ssh_command
from ansible_collections.mlops.studio_local_mode.plugins.plugin_utils._session.endings import explain_ssh
from ansible_collections.mlops.studio_local_mode.plugins.plugin_utils._session.exit_status import Marker
from ansible_collections.mlops.studio_local_mode.plugins.plugin_utils._session.request import (
    Request,
    SpaceName,
    parse_space_arn,
)

_CREDENTIALS = {
    "access_key": "AWS_ACCESS_KEY_ID",
    "secret_key": "AWS_SECRET_ACCESS_KEY",
    "session_token": "AWS_SESSION_TOKEN",
}


class Connection(SshConnection):
    """ansible-core's ssh connection, with a session in place of the network and the true status of each command."""

    transport = "mlops.studio_local_mode.studio_ssh"

    def __init__(self, *args: t.Any, **kwargs: t.Any) -> None:
        super().__init__(*args, **kwargs)
        self._marker: Marker | None = None

    def get_option(self, option: str, hostvars: t.Any = None) -> t.Any:
        """Return an option. Ansible's time-out is for a network; the first command of a session waits for the session."""
        value = super().get_option(option, hostvars)
        return max(value, super().get_option("session_timeout", hostvars)) if option == "timeout" else value

    def exec_command(self, cmd: str, in_data: bytes | None = None, sudoable: bool = True) -> tuple[int, bytes, bytes]:
        """Run a command in the app; return its status, output and errors.

        Raises AnsibleConnectionFailure if the session ended before the command did.
        """
        marker = self._marker = Marker()
        try:
            _status, output, errors = super().exec_command(marker.wrap(cmd), in_data=in_data, sudoable=sudoable)
        finally:
            self._marker = None
        status, output = t.cast("tuple[int, bytes]", marker.split(output))
        return status, output, errors

    def _bare_run(
        self, cmd: list[bytes], in_data: bytes | None, sudoable: bool = True, checkrc: bool = True
    ) -> tuple[int, bytes, bytes]:
        """Run ssh. With the marker in the output the command has ended, and ssh's own status does not matter."""
        message_file = self._message_file()
        message_file.discard()
        marker = self._marker
        try:
            returncode, output, errors = super()._bare_run(
                cmd, in_data, sudoable=sudoable, checkrc=checkrc and marker is None
            )
        except AnsibleConnectionFailure as error:
            # ssh ended before it had read its input, for example, and the proxy knows why.
            raise AnsibleConnectionFailure(message_file.take() or str(error)) from error
        if marker is None:
            if returncode and (said := message_file.take()):
                raise AnsibleConnectionFailure(said)
            return returncode, output, errors
        if marker.split(output) is not None:
            return 0, output, errors
        raise AnsibleConnectionFailure(
            message_file.take() or explain_ssh(returncode, errors, self._space(), self._play_context.no_log)
        )

    def _build_command(self, binary: str, subsystem: str, *other_args: bytes | str) -> list[bytes]:
        """ssh's command: the first value of an option counts, so that those of the session come first."""
        request = self._request()
        alias = ssh_command.host_alias(request)
        renamed = [ssh_command.rename_host(argument, self.host, alias) for argument in other_args]
        command: list[bytes] = super()._build_command(binary, subsystem, *renamed)
        socket = self._socket(request)
        makedirs_safe(str(Path(socket).parent), 0o700)
        of_session: list[bytes] = []
        self._add_args(of_session, [os.fsencode(word) for word in ssh_command.options(request, socket)], "session")
        position = command.index(os.fsencode(binary)) + 1
        command[position:position] = of_session
        # Behind the user's own arguments, and before the host.
        position = len(command) - len(renamed)
        command[position:position] = [os.fsencode(word) for word in ssh_command.KEEPALIVE]
        return command

    def _init_shm(self) -> dict[str, t.Any]:
        """Popen's arguments for ssh: access keys of the options go to the proxy in the environment, as boto3 reads them."""
        arguments: dict[str, t.Any] = super()._init_shm()
        # ssh starts the proxy with this shell. That of a service's user may be one that refuses to work.
        environment = {**(arguments.get("env") or os.environ), "SHELL": "/bin/sh"}
        keys = {variable: self.get_option(option) for option, variable in _CREDENTIALS.items()}
        if keys["AWS_ACCESS_KEY_ID"]:
            for variable in (*keys, "AWS_PROFILE", "AWS_DEFAULT_PROFILE"):
                environment.pop(variable, None)
            environment.update({variable: str(value) for variable, value in keys.items() if value})
        return {**arguments, "env": environment}

    def _space(self) -> SpaceName:
        """The space of this host. Raises AnsibleError if it is none."""
        arn = self.get_option("space_arn")
        space = parse_space_arn(str(arn))
        if space is None:
            raise AnsibleError(
                f"studio_space_arn is {arn!r}, which is not the ARN of a space: arn:aws:sagemaker:REGION:ACCOUNT:"
                "space/DOMAIN_ID/SPACE_NAME. The inventory plugin mlops.studio_local_mode.studio_spaces sets it."
            )
        return space

    def _request(self) -> Request:
        """The session of this host. Raises AnsibleError for options that cannot be right."""
        if bool(self.get_option("access_key")) != bool(self.get_option("secret_key")):
            raise AnsibleError("studio_ssh_access_key and studio_ssh_secret_key are needed together.")
        return Request(
            space_arn=str(self.get_option("space_arn")),
            region=self.get_option("region") or self._space().region,
            timeout=float(self.get_option("timeout")),
            owner_pid=ssh_command.ansible_pid(),
            # A variable that is set to nothing, as in a credential of AWX, is none.
            profile=None if self.get_option("access_key") else self.get_option("profile") or None,
            role_arn=self.get_option("assume_role_arn") or None,
            external_id=self.get_option("assume_role_external_id") or None,
            endpoint_url=self.get_option("endpoint_url") or None,
            session_manager_plugin=self.get_option("session_manager_plugin") or "never",
        )

    def _socket(self, request: Request) -> str:
        return ssh_command.control_path(
            self.get_option("control_path_dir"), request, self.get_option("remote_user"), self.get_option("access_key")
        )

    def _message_file(self) -> ssh_command.MessageFile:
        return ssh_command.MessageFile(f"{self._socket(self._request())}.message")
