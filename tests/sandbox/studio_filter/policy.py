# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The settings of a domain that Studio's proxy applies, and the domains of the sandbox."""

from __future__ import annotations

from dataclasses import dataclass

# What is not in AWS's table, and is let through all the same, because jobs that are known to work in Studio call it.
METADATA_MOUNT = "the mount of /opt/ml/metadata"
EXCEPTIONS = {
    "SystemInfo": "The SDK 2 finds rootless Docker with `docker info`, Compose asks before a build; both go on without",
    "ContainerRename": "Compose renames a container that it recreates, as in a second job of the SDK 3",
    METADATA_MOUNT: "The SDK 3 mounts the folder into its jobs, from outside the home",
}

OWN_ACCOUNT = "123456789012"
TRUSTED_ACCOUNT = "012345678901"


@dataclass(frozen=True)
class Policy:
    """The settings of one domain."""

    vpc_only: bool = False
    # The domain's account is always trusted.
    trusted_accounts: frozenset[str] = frozenset({OWN_ACCOUNT})
    # With rootless Docker, traffic uses the customer's VPC and trusted accounts have no effect.
    rootless: bool = False
    # AWS's guide had the ports of rootless Docker at 172.17.0.1; the newer one does not say where they are.
    rootless_ports_on_localhost: bool = False
    exceptions: frozenset[str] = frozenset(EXCEPTIONS)

    @property
    def restricts_images(self) -> bool:
        return self.vpc_only and not self.rootless


POLICIES = {
    "internet": Policy(),
    "vpc-only": Policy(vpc_only=True, trusted_accounts=frozenset({OWN_ACCOUNT, TRUSTED_ACCOUNT})),
    "rootless": Policy(vpc_only=True, rootless=True),
    "rootless-localhost": Policy(vpc_only=True, rootless=True, rootless_ports_on_localhost=True),
    # The table and nothing else: the exceptions are the sandbox's conclusions, and not AWS's.
    "documented": Policy(exceptions=frozenset()),
}
