# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Scripts as the role lifecycle_config renders them, and apps that start with them as Studio's do."""

from __future__ import annotations

import base64
import io
import json
import os
import re
import socket
import subprocess
import sys
import tarfile
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from importlib import metadata
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from docker.models.containers import Container

from tests.sandbox import app, engine, inventory, layout
from tests.sandbox.namespaces import service as namespaces

_BIN = Path(sys.executable).parent
# The same mirror, as the controller and as the apps reach it.
_IN_APPS = "https://download.docker.com"
_AT_START = "/tmp/lifecycle_config.sh"  # noqa: S108 - of a container


def render(folder: Path, variants: Mapping[str, Mapping[str, Any]]) -> dict[str, str]:
    """Return the script of each variant, rendered with its variables. Fails with what Ansible printed."""
    surroundings = inventory.environment(None)
    role = "mlops.studio_local_mode.lifecycle_config"
    common = {
        "lifecycle_config_repository_url": f"{surroundings['SANDBOX_MIRROR_URL']}/linux",
        "lifecycle_config_lookup_ca_path": surroundings["SANDBOX_CA"],
        "lifecycle_config_key_fingerprint": surroundings["SANDBOX_KEY_FINGERPRINT"],
        "lifecycle_config_ca_path": app.CA_PATH,
    }
    tasks = [
        {
            "ansible.builtin.include_role": {"name": role},
            "vars": {**common, "lifecycle_config_script_path": str(folder / name), **variables},
        }
        for name, variables in variants.items()
    ]
    playbook = folder / "render.json"
    playbook.write_text(json.dumps([{"hosts": "localhost", "gather_facts": False, "tasks": tasks}]))
    done = subprocess.run(
        [_BIN / "ansible-playbook", playbook],
        cwd=layout.ROOT,
        env={**os.environ, **surroundings, "ANSIBLE_LOCALHOST_WARNING": "false"},
        text=True,
        capture_output=True,
        check=False,
        timeout=600,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return {
        name: (folder / name).read_text().replace(surroundings["SANDBOX_MIRROR_URL"], _IN_APPS) for name in variants
    }


def run_at_start(
    container: Container,
    script: str,
    deadline: int = 300,
    environment: Mapping[str, str] | None = None,
    shell: str = "sh",
) -> str:
    """Run a script as Studio runs an app's: as its user, without a terminal, and with a deadline; return its output.

    A script that fails, or that is not done by then, would be a failed start. As Studio does, this reads the output
    through a pipe to its end: until no process of the script holds it.
    """
    content = base64.b64encode(script.encode()).decode()
    decode = f"echo {content} | base64 --decode > {_AT_START}"
    run = f"{{ {shell} {_AT_START} 2>&1; echo $? > {_AT_START}.status; }} | cat; exit $(cat {_AT_START}.status)"
    command = ["timeout", "-s", "KILL", str(deadline), "sh", "-c", f"{decode} && {run}"]
    done = container.exec_run(command, environment=environment)
    assert done.exit_code == 0, done.output.decode()
    return done.output.decode()


def copy_home(source: Container, target: Container) -> None:
    """Give an app the home of another, as a space does when its app starts anew."""
    [home] = [variable[5:] for variable in source.attrs["Config"]["Env"] if variable.startswith("HOME=")]
    stream, _status = source.get_archive(f"{home}/.")
    assert target.put_archive(home, b"".join(stream))


def _put(container: Container, path: str, text: str, mode: int = 0o644) -> None:
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w") as archive:
        entry = tarfile.TarInfo(Path(path).name)
        entry.size, entry.mode = len(text.encode()), mode
        archive.addfile(entry, io.BytesIO(text.encode()))
    assert container.put_archive(str(Path(path).parent), buffer.getvalue())


def put_aws_cli(container: Container) -> None:
    """Give an app the AWS CLI, as SageMaker Distribution has it: the one of this test run, for S3."""
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w") as archive:
        for name in _with_requirements("awscli"):
            for file in metadata.files(name) or ():
                if file.parts[0] != ".." and _is_needed(file):
                    archive.add(file.locate(), str(file))
    assert container.put_archive("/opt/conda/lib/python3.11/site-packages", buffer.getvalue())
    script = "#!/opt/conda/bin/python3\nimport sys\nfrom awscli.clidriver import main\nsys.exit(main())\n"
    _put(container, "/opt/conda/bin/aws", script, mode=0o755)


def _with_requirements(name: str) -> set[str]:
    found, left = set(), {name}
    while left:
        found |= left
        required = [one for name in left for one in metadata.requires(name) or () if "extra ==" not in one]
        left = {re.match(r"[\w.-]+", one)[0] for one in required} - found
    return found


def _is_needed(file: metadata.PackagePath) -> bool:
    """botocore knows every service of AWS: most of its bytes."""
    is_of_a_service = file.parts[:2] == ("botocore", "data") and len(file.parts) > 3
    return "__pycache__" not in file.parts and (not is_of_a_service or file.parts[2] in ("s3", "sts"))


@contextmanager
def reachable_from_apps(url: str) -> Iterator[str]:
    """Let apps reach a server of this machine's loopback; yields its address on their network."""
    gateway = engine.client().networks.get(engine.NETWORK).attrs["IPAM"]["Config"][0]["Gateway"]
    target = urlsplit(url)
    with namespaces.listen(gateway) as listener:
        threading.Thread(target=_serve, args=(listener, (target.hostname, target.port)), daemon=True).start()
        yield f"http://{gateway}:{listener.getsockname()[1]}"


def _serve(listener: socket.socket, target: tuple[str, int]) -> None:
    with suppress(OSError):  # closed
        while True:
            client, _address = listener.accept()
            server = socket.create_connection(target)
            for source, sink in ((client, server), (server, client)):
                threading.Thread(target=_pump, args=(source, sink), daemon=True).start()


def _pump(source: socket.socket, sink: socket.socket) -> None:
    with suppress(OSError):
        while data := source.recv(1 << 16):
            sink.sendall(data)
        sink.shutdown(socket.SHUT_WR)
