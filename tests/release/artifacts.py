# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Builds what a release publishes, into dist: `make release-artifacts`.

The tarball for Galaxy, the lifecycle script for users without Ansible, the software bill of materials of the Python
packages that the collection's users install, the notes of the release, and the checksums of all of them. Arguments are
passed to the playbook that renders the lifecycle script.
"""

from __future__ import annotations

import hashlib
import re
import shutil
import sys
import tempfile
from pathlib import Path

import yaml

from tests.release.check import CHECKOUT, GALAXY, PACKAGES_OF_IMAGE, Failed, run

DIST = CHECKOUT / "dist"
PLAYBOOK = [
    {
        "hosts": "localhost",
        "gather_facts": False,
        "roles": [{"role": "mlops.studio_local_mode.lifecycle_config"}],
    }
]


def main(arguments: list[str]) -> None:
    shutil.rmtree(DIST, ignore_errors=True)
    DIST.mkdir()
    run("ansible-galaxy", "collection", "build", "--output-path", str(DIST))
    _lifecycle_script(arguments)
    _bill_of_materials()
    (DIST / "RELEASE_NOTES.md").write_text(_notes(), encoding="utf-8")
    _checksums()
    print("\n".join(sorted(str(path.relative_to(CHECKOUT)) for path in DIST.iterdir())))


def _lifecycle_script(arguments: list[str]) -> None:
    """Render it with the tarball that is published, as its users would."""
    with tempfile.TemporaryDirectory() as folder:
        run(
            "ansible-galaxy",
            "collection",
            "install",
            "--force",
            "--no-deps",
            "-p",
            folder,
            str(next(DIST.glob("*.tar.gz"))),
        )
        playbook = Path(folder, "render.yml")
        playbook.write_text(yaml.safe_dump(PLAYBOOK), encoding="utf-8")
        script = f"lifecycle_config_script_path={DIST / 'lifecycle_config.sh'}"
        run("ansible-playbook", str(playbook), "-e", script, *arguments, ANSIBLE_COLLECTIONS_PATH=folder)


def _bill_of_materials() -> None:
    """The Python packages of the execution environment with their versions and hashes, in the format of CycloneDX."""
    output = str(DIST / "sbom.cdx.json")
    run("cyclonedx-py", "requirements", "--output-reproducible", "--output-file", output, str(PACKAGES_OF_IMAGE))


def _notes() -> str:
    """The part of the changelog that describes this version."""
    changelog = (CHECKOUT / "CHANGELOG.md").read_text(encoding="utf-8")
    # antsibull-changelog escapes the dots.
    heading = "## v{}\n".format(GALAXY["version"].replace(".", r"\."))
    _before, found, rest = changelog.partition(heading)
    if not found:
        raise Failed(f"CHANGELOG.md has no {heading.strip()}. Write it: .venv/bin/antsibull-changelog release")
    return re.split(r'\n(?:<a id="v|## v)', rest, maxsplit=1)[0].strip() + "\n"


def _checksums() -> None:
    lines = [f"{hashlib.sha256(path.read_bytes()).hexdigest()}  {path.name}" for path in sorted(DIST.iterdir())]
    (DIST / "SHA256SUMS").write_text("\n".join(lines) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main(sys.argv[1:])
