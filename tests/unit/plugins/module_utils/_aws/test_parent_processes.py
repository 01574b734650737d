# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import os
import subprocess
import sys

import pytest
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._aws.parent_processes import ParentProcesses

# A line of processes as Ansible's local connection makes them: ansible-playbook, a shell, the module.
MODULE = "import os, sys; print(os.getpid(), flush=True); sys.stdin.read()"
SHELL = f"{sys.executable} -c '{MODULE}' && true"
PLAYBOOK = "import subprocess, sys; subprocess.run(['/bin/sh', '-c', sys.argv[1]])"


@pytest.fixture
def start(tmp_path):
    """Start such a line, with an ansible-playbook of this name; returns it, and the ID of the module."""
    started = []

    def start(name, **options):
        program = tmp_path / name
        program.write_text(PLAYBOOK)
        process = subprocess.Popen(
            [sys.executable, program, SHELL], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, **options
        )
        started.append(process)
        return process, int(process.stdout.readline())

    yield start
    for process in started:
        process.stdin.close()
        process.kill()
        process.wait()
        process.stdout.close()


def test_the_line_breaks_when_ansible_playbook_is_killed(start):
    playbook, module = start("ansible-playbook")
    line = ParentProcesses(module)
    assert line.is_intact()
    assert line._parents[-1][1] == playbook.pid
    playbook.kill()
    playbook.wait()
    assert not line.is_intact()


@pytest.mark.skipif("ANSIBLE_TEST_PYTHON_VERSION" in os.environ, reason="ansible-test is above this process")
def test_without_ansible_above_the_line_ends_at_the_leader_of_the_session(start):
    leader, module = start("async_wrapper.py", start_new_session=True)
    assert ParentProcesses(module)._parents[-1][1] == leader.pid
