# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Start, stop and describe the sandbox: python -m tests.sandbox up | down | status | env | restart | job | shell."""

from __future__ import annotations

import argparse
import json
import sys

from . import app, job, layout, shell, world
from .console import SandboxError


def _part(name: str) -> str:
    if name not in world.PARTS:
        raise argparse.ArgumentTypeError(
            f"{name!r} is not a part of the sandbox; the parts are {', '.join(world.PARTS)}"
        )
    return name


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.sandbox", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    start = commands.add_parser("up", help="start the sandbox, or some of its parts")
    start.add_argument("parts", nargs="*", type=_part, default=world.PARTS, metavar="|".join(world.PARTS))
    commands.add_parser("down", help="stop everything and remove it from the engine")
    commands.add_parser("status", help="print the status of each part")
    commands.add_parser("env", help="print the environment variables of Ansible and boto3")
    commands.add_parser("restart", help="replace the demo app as a restart of its space does: the home stays")
    commands.add_parser("job", help="run a training job and an endpoint of the SageMaker SDK in the demo app")
    inside = commands.add_parser("shell", help="open a shell in the demo app as its user, or run a command there")
    inside.add_argument("words", nargs=argparse.REMAINDER, metavar="COMMAND …", help="it gets the standard input")
    return parser.parse_args()


def _run(arguments: argparse.Namespace) -> int:
    match arguments.command:
        case "up":
            world.up(arguments.parts)
        case "down":
            world.down()
        case "status":
            print("".join(f"{part:8}{words}\n" for part, words in world.status().items()), end="")
        case "env":
            if not layout.ENVIRONMENT.exists():
                raise SandboxError("The sandbox is down: python -m tests.sandbox up")
            print(layout.ENVIRONMENT.read_text(), end="")
        case "restart":
            app.restart()
        case "job":
            print(json.dumps(job.run()._asdict(), indent=2))
        case "shell":
            return shell.run(arguments.words)
    return 0


def main() -> int:
    """Run the command line; return the exit status."""
    try:
        return _run(_arguments())
    except RuntimeError as error:
        print(f"sandbox: {error}", file=sys.stderr)
        return 1


if __name__ == "__main__":
    sys.exit(main())
