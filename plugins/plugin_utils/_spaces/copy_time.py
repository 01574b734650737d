# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# Note that this file is private to the collection: do not use it from outside.
"""How long a copy to an app takes through SageMaker's session, which is slow. Pure."""

from __future__ import annotations

CONNECTION = "mlops.studio_local_mode.studio_ssh"
# Users of Session Manager report 0.6 to 0.8 MB/s (aws/amazon-ssm-agent, issue 664).
_BYTES_PER_SECOND = 700_000


def announcement(host: str, size: int) -> str:
    """Return what a user should know before C(size) bytes are copied to the host."""
    seconds = size / _BYTES_PER_SECOND
    time = f"{seconds / 60:.1f} minutes" if seconds >= 60 else f"{seconds:.0f} s"
    return (
        f"{host}: copying {size / 1e6:.1f} MB through its SageMaker session, which takes about {time} at 0.7 MB/s. "
        "An app with internet access downloads the packages itself: docker_cli_source=internet."
    )
