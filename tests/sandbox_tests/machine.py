# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a sandbox must leave alone on its machine: a snapshot to compare, with the words that run a command there."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

FOLDERS = ("/home", "/opt", "/etc")
# The rest of the answers, such as times and counters, changes by itself.
_OF_AN_INTERFACE = ("ifname", "address", "mtu", "operstate", "master")


@dataclass(frozen=True)
class Snapshot:
    """The state of a machine."""

    interfaces: list[dict[str, object]]
    routes: str
    firewall: str
    forwarding: str
    mounts: list[str]
    files: list[str]
    control_groups: list[str]


def snapshot(there: Sequence[str] = ()) -> Snapshot:
    """Return the state of this machine, or of one whose namespaces the words enter."""

    def run(*command: str) -> str:
        return subprocess.run([*there, *command], check=True, capture_output=True, text=True).stdout

    interfaces = json.loads(run("ip", "-json", "address"))
    described = [
        {
            **{key: interface.get(key) for key in _OF_AN_INTERFACE},
            "addresses": [address["local"] for address in interface["addr_info"] if address["family"] == "inet"],
        }
        for interface in interfaces
    ]
    found = run("find", *FOLDERS, "-xdev", "-printf", "%p %m %u %T@ %l\\n")
    return Snapshot(
        interfaces=described,
        routes=run("ip", "-4", "route", "show", "table", "all"),
        firewall="\n".join(line for line in run("iptables-save").splitlines() if not line.startswith((":", "#"))),
        forwarding=run("cat", "/proc/sys/net/ipv4/ip_forward"),
        mounts=sorted(line.split()[1] for line in run("cat", "/proc/self/mounts").splitlines()),
        files=sorted(found.splitlines()),
        control_groups=sorted(map(str, Path("/sys/fs/cgroup").glob("*/studio-*"))),
    )
