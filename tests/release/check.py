# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Says what is missing for a release: `make release-check`. Arguments name some of the checks, as `make lint` does.

Each check prints one line. A failed one prints what is wrong and the next command, and the exit status is 1. One that
this machine cannot make says why; in the workflows, it fails.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import sysconfig
import tempfile
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

import yaml

from tests import sanity_ignores

CHECKOUT = Path(__file__).resolve().parents[2]
COLLECTION = "mlops.studio_local_mode"
PROGRAMS = Path(sys.executable).parent
PACKAGES_OF_IMAGE = CHECKOUT / "tests/locks/execution-environment.txt"
GALAXY = yaml.safe_load((CHECKOUT / "galaxy.yml").read_text(encoding="utf-8"))
IMPORTER_SETTINGS = """[galaxy-importer]
RUN_ANSIBLE_DOC = True
RUN_ANSIBLE_LINT = True
CHECK_REQUIRED_TAGS = True
CHECK_RUNTIME_FILE = True
CHECK_CHANGELOG = True
"""


class Failed(Exception):
    """What is wrong, and the next command to type."""


class LeftOut(Exception):
    """Why a check cannot be made on this machine, and what it takes."""


def run(*command: str, cwd: Path = CHECKOUT, **environment: str) -> str:
    """Run a program of the release's environment and return its output. Raises Failed with the output if it fails."""
    variables = {**os.environ, "PATH": f"{PROGRAMS}:{os.environ['PATH']}", **environment}
    result = subprocess.run(
        command, cwd=cwd, env=variables, text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT
    )
    if result.returncode:
        raise Failed(f"{' '.join(command)}\n{result.stdout[-4000:]}")
    return result.stdout


def version() -> None:
    """The version is one of a release, and the tag equals it if this commit has one."""
    number = GALAXY["version"]
    if not re.fullmatch(r"[1-9]\d*\.\d+\.\d+", number):
        raise Failed(f"galaxy.yml has version {number}. Set a version of a release, for example 1.0.0.")
    tag = os.environ.get("TAG") or run("git", "tag", "--points-at", "HEAD").strip()
    if tag and number not in tag.split():
        raise Failed(f"The tag is {tag}, and galaxy.yml has version {number}. Tag the commit again: git tag {number}")


def changelog() -> None:
    """The changelog has this version, with a summary, and no fragment is left."""
    number = GALAXY["version"]
    path = CHECKOUT / "changelogs/changelog.yaml"
    releases = yaml.safe_load(path.read_text(encoding="utf-8"))["releases"] if path.exists() else {}
    if number not in releases:
        raise Failed(f"changelogs/changelog.yaml has no {number}. Write it: .venv/bin/antsibull-changelog release")
    if not releases[number]["changes"].get("release_summary"):
        raise Failed(f"{number} has no release_summary: write a fragment with one, then antsibull-changelog release.")
    if left := sorted(each.name for each in (CHECKOUT / "changelogs/fragments").glob("*.y*ml")):
        raise Failed(f"Fragments that no release has: {', '.join(left)}. Run .venv/bin/antsibull-changelog release")
    run("antsibull-changelog", "lint-changelog-yaml", str(path))


def version_added() -> None:
    """No plugin or option claims to be newer than this version, and none is older than the first release."""
    number = _numbers(GALAXY["version"])
    for path in sorted([*CHECKOUT.glob("plugins/*/*.py"), *CHECKOUT.glob("roles/*/meta/argument_specs.yml")]):
        for found in re.findall(r"^\s*version_added: [\"']?([0-9.]+)", path.read_text(encoding="utf-8"), re.MULTILINE):
            if not (1, 0, 0) <= _numbers(found) <= number:
                raise Failed(f"{path.relative_to(CHECKOUT)} has version_added {found}: no release has that version.")


def _numbers(text: str) -> tuple[int, ...]:
    return tuple(int(part) for part in text.split("."))


def licences() -> None:
    """Every file has a licence."""
    run("reuse", "lint", "--quiet")


def spelling() -> None:
    """No common misspelling."""
    run("codespell", *run("git", "ls-files").splitlines())


def sanity_exceptions() -> None:
    """The exceptions of ansible-test sanity are those of the tests."""
    for file in sanity_ignores.FILES:
        if file.read_text(encoding="utf-8") != sanity_ignores.ignores():
            raise Failed(
                f"{file.relative_to(CHECKOUT)} is of other tests. Write it: .venv/bin/python -m tests.sanity_ignores"
            )


def yaml_files() -> None:
    """yamllint accepts every YAML file."""
    run("yamllint", "--strict", ".")


def workflows() -> None:
    """actionlint and zizmor accept the workflows of GitHub Actions."""
    run("actionlint", *sorted(map(str, CHECKOUT.glob(".github/workflows/*.yml"))))
    run("zizmor", "--offline", "--quiet", "--pedantic", ".")


def cloudformation() -> None:
    """cfn-lint accepts the templates of CloudFormation."""
    run("cfn-lint", *sorted(map(str, CHECKOUT.glob("docs/**/cloudformation.*"))))


def terraform() -> None:
    """Terraform accepts the format of its modules, and validates each with the schema of its providers."""
    if not shutil.which("terraform"):
        raise LeftOut("Terraform is not installed")
    run("terraform", "fmt", "-check", "-diff", "-recursive", "docs")
    # A folder with providers, for a machine that does not reach Terraform's registry.
    providers = [f"-plugin-dir={os.environ['TERRAFORM_PROVIDERS']}"] if "TERRAFORM_PROVIDERS" in os.environ else []
    without_provider = []
    for module in sorted({path.parent for path in CHECKOUT.glob("docs/**/*.tf")}):
        with tempfile.TemporaryDirectory() as folder:
            copy = Path(shutil.copytree(module, Path(folder, "module")))
            try:
                run("terraform", "init", "-backend=false", "-input=false", "-no-color", *providers, cwd=copy)
            except Failed as failed:
                if "Failed to query available provider packages" not in str(failed):
                    raise
                without_provider.append(str(module.relative_to(CHECKOUT)))
                continue
            run("terraform", "validate", "-no-color", cwd=copy)
    if without_provider:
        raise LeftOut(
            f"no provider for {', '.join(without_provider)}: this machine does not reach Terraform's registry. "
            "TERRAFORM_PROVIDERS may name a folder with providers"
        )


def plugin_docs() -> None:
    """antsibull-docs accepts the documentation of every plugin and role."""
    packages = Path(sysconfig.get_path("purelib")).resolve()
    collections = (packages / "ansible_collections").resolve().parent
    run(
        *("antsibull-docs", "lint-collection-docs", "--plugin-docs", "."),
        # It looks for amazon.aws only in these folders, and takes for amazon.aws only what git knows if it finds a git.
        ANSIBLE_COLLECTIONS_PATH=f"{CHECKOUT / '.sandbox/collections'}:{packages}",
        GIT_CEILING_DIRECTORIES=f"{packages}:{collections}",
    )


def site() -> None:
    """The documentation site builds without a warning."""
    run(sys.executable, "docs/site/build.py")


def galaxy_importer() -> None:
    """Galaxy's importer accepts the tarball, without a warning."""
    with tempfile.TemporaryDirectory() as folder:
        settings = Path(folder, "importer.cfg")
        settings.write_text(IMPORTER_SETTINGS, encoding="utf-8")
        tarball = _build(folder)
        said = run(
            sys.executable,
            "-m",
            "galaxy_importer.main",
            str(tarball),
            cwd=Path(folder),
            GALAXY_IMPORTER_CONFIG=str(settings),
        )
    if warnings := [line for line in said.splitlines() if line.startswith(("WARNING", "ERROR"))]:
        raise Failed("galaxy-importer:\n" + "\n".join(warnings))


def installed_tarball() -> None:
    """The tarball, installed into an empty folder, has every playbook by its name and every plugin's documentation."""
    with tempfile.TemporaryDirectory() as folder:
        run(
            "ansible-galaxy",
            "collection",
            "install",
            "--force",
            "--no-deps",
            "--collections-path",
            folder,
            str(_build(folder)),
        )
        where = {"ANSIBLE_COLLECTIONS_PATH": folder}
        playbooks = [
            f"{COLLECTION}.{path.stem}" for path in CHECKOUT.glob("playbooks/*.yml") if ".meta" not in path.name
        ]
        run("ansible-playbook", "--syntax-check", "-i", "localhost,", *sorted(playbooks), cwd=Path(folder), **where)
        for kind in ("module", "filter", "inventory", "connection"):
            listed = run("ansible-doc", "--list", "--json", "--type", kind, COLLECTION, cwd=Path(folder), **where)
            names = list(yaml.safe_load(listed))
            if names:
                run("ansible-doc", "--json", "--type", kind, *names, cwd=Path(folder), **where)


def _build(folder: str) -> Path:
    run("ansible-galaxy", "collection", "build", "--force", "--output-path", folder)
    return next(Path(folder).glob("*.tar.gz"))


def vulnerabilities() -> None:
    """No known vulnerability in the Python packages of the execution environment."""
    run(
        "pip-audit",
        "--progress-spinner=off",
        "--disable-pip",
        "--require-hashes",
        "--requirement",
        str(PACKAGES_OF_IMAGE),
    )


CHECKS: tuple[Callable[[], None], ...] = (
    version,
    changelog,
    version_added,
    licences,
    spelling,
    sanity_exceptions,
    yaml_files,
    workflows,
    cloudformation,
    terraform,
    plugin_docs,
    site,
    galaxy_importer,
    installed_tarball,
    vulnerabilities,
)


def failures(checks: Iterable[Callable[[], None]]) -> Iterator[str]:
    for check in checks:
        title = (check.__doc__ or "").strip()
        try:
            check()
        except Failed as failed:
            print(f"✗ {title}\n  {str(failed).strip()}", flush=True)
            yield check.__name__
        except LeftOut as reason:
            # On GitHub, where a release is made, every check is made.
            print(f"- {title} Left out: {reason}.", flush=True)
            if "GITHUB_ACTIONS" in os.environ:
                yield check.__name__
        else:
            print(f"✓ {title}", flush=True)


if __name__ == "__main__":
    named = sys.argv[1:]
    missing = list(failures(check for check in CHECKS if not named or check.__name__ in named))
    if missing:
        sys.exit(f"Not ready for a release: {', '.join(missing)}.")
    if not named:
        print(f"{COLLECTION} {GALAXY['version']} is ready: tag it.")
