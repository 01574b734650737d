# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Messages of apt 2.4 and dpkg 1.21 (jammy), and what a person reads of them."""

from __future__ import annotations

import pytest
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._docker_cli.failed_command import failure

DEPENDENCY = """\
dpkg: dependency problems prevent configuration of docker-ce-cli:
 docker-ce-cli depends on nonsense; however:
  Package nonsense is not installed.

dpkg: error processing package docker-ce-cli (--install):
 dependency problems - leaving unconfigured
Errors were encountered while processing:
 docker-ce-cli
"""
DISK_FULL = """\
dpkg: error processing archive /x/c.deb (--unpack):
 cannot copy extracted data for './usr/x' to '/usr/x.dpkg-new': failed to write (No space left on device)
Errors were encountered while processing:
 /x/c.deb
"""
OVERWRITE = """\
dpkg: error processing archive /x/c.deb (--install):
 trying to overwrite '/usr/libexec/docker/cli-plugins/docker-compose', which is also in package docker-compose-v2 2.20
Errors were encountered while processing:
 /x/c.deb
"""
UNMET = """\
The following packages have unmet dependencies:
 docker-ce-cli : Depends: libc6 (>= 2.99) but 2.35 is to be installed
"""
FOREIGN = """\
You might want to run 'apt --fix-broken install' to correct these.
The following packages have unmet dependencies:
 foo : Depends: nonexistent-lib but it is not installable
"""
CONFLICT = """\
The following packages will be REMOVED:
  podman-docker
The following NEW packages will be installed:
  docker-ce-cli
"""
HELD = """\
The following held packages will be changed:
  docker-ce-cli
The following packages will be upgraded:
  docker-ce-cli
"""


@pytest.mark.parametrize(
    ("output", "errors", "words"),
    [
        ("Unpacking docker-ce-cli ...", DISK_FULL, ["No space left", "Free some space"]),
        ("", DEPENDENCY, ["docker-ce-cli depends on nonsense; however: Package nonsense is not installed."]),
        ("", "sudo: a password is required", ["sudo: a password is required"]),
        ("Reading package lists...", "", ["Reading package lists"]),
        (
            CONFLICT,
            "E: Packages need to be removed but remove is disabled.",
            ["remove is disabled. They conflict: podman-docker", "sudo apt-get remove podman-docker", "scope: home"],
        ),
        (
            HELD,
            "E: Held packages were changed and -y was used without --allow-change-held-packages.",
            ["sudo apt-mark unhold docker-ce-cli.", "scope: home"],
        ),
        (
            "",
            "E: The package nano needs to be reinstalled, but I can't find an archive for it.",
            ["sudo dpkg --remove --force-remove-reinstreq nano", "scope: home"],
        ),
        ("", OVERWRITE, ["also in package docker-compose-v2", "sudo apt-get remove docker-compose-v2", "scope: home"]),
        ("", "E: /usr/bin is not writable for root", ["/usr/bin is not writable for root. Set docker_cli_scope: home"]),
        (
            FOREIGN,
            "E: Unmet dependencies. Try 'apt --fix-broken install' with no packages (or specify a solution).",
            [
                "foo : Depends: nonexistent-lib",
                "own packages are broken",
                "sudo apt-get --fix-broken install",
                "scope: home",
            ],
        ),
        ("", "E: Syntax error /etc/apt/apt.conf.d/99x:1: Block starts with no name.", ["Correct that", "scope: home"]),
        (UNMET, "E: Unable to correct problems", ["Depends: libc6 (>= 2.99)", "this app's system does not have"]),
    ],
)
def test_a_failure_has_the_error_and_the_next_step(output, errors, words):
    message = failure(["dpkg", "--install"], output, errors)
    assert message.startswith("dpkg failed: ")
    assert [word for word in words if word not in message] == []
    assert "Errors were encountered" not in message


@pytest.mark.parametrize(
    ("command", "errors"),
    [
        (["dpkg", "--purge", "docker-ce-cli"], "dpkg: error: odd"),
        (["mv", "a", "b"], "mv: cannot move 'a'"),
        (["sh", "-c", "..."], "sha256sum: WARNING: 1 computed checksum did NOT match"),
    ],
)
def test_where_nothing_is_installed_or_the_package_is_altered_the_home_is_no_way_around(command, errors):
    assert "scope: home" not in failure(command, "", errors)
