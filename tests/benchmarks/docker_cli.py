# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Compare install_docker_cli.yml and the script of lifecycle_config with the steps of Docker's manual.

`python -m tests.benchmarks.docker_cli`

Both use the same image and the same mirror. The benchmark measures whole commands and reports the median of a few
runs. The packages are compressed with xz, as Docker's are; those of the tests are not, and dpkg unpacks them in a third
of the time. As in every image of Studio, the app's apt has the distribution's archive among its sources, here from a
folder instead of the internet: `apt-get update` reads it in any case. With `--bare` the app has no source.

Of the apps that have everything it reports the least of a few runs: another process can only add to it. The CPU of the
controller is that of Ansible's processes and of the connection's, docker exec.
"""

from __future__ import annotations

import argparse
import hashlib
import io
import json
import lzma
import resource
import statistics
import sys
import tarfile
import tempfile
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from email.utils import formatdate
from pathlib import Path

from tests.benchmarks.report import Bound
from tests.integration.docker_cli_apps import CHECK, HOME, Apps, stage
from tests.integration.lifecycle_scripts import render, run_at_start
from tests.sandbox import app, console, layout, packages, world

RUNS = 5
FLEET = 10
SUITE, COMPONENT = "bookworm", "main/binary-amd64/Packages.xz"
ARCHIVE = "/srv/archive"
# https://docs.docker.com/engine/install/ubuntu/, with the packages and the series of AWS's guide.
MANUAL = f"""
set -e
sudo install -m 0755 -d /etc/apt/keyrings
sudo curl -fsSL --cacert {app.CA_PATH} https://download.docker.com/linux/ubuntu/gpg -o /etc/apt/keyrings/docker.asc
sudo chmod a+r /etc/apt/keyrings/docker.asc
. /etc/os-release
echo "deb [arch=$(dpkg --print-architecture) signed-by=/etc/apt/keyrings/docker.asc]\
 https://download.docker.com/linux/ubuntu $VERSION_CODENAME stable" | sudo tee /etc/apt/sources.list.d/docker.list
sudo apt-get update
newest() {{ apt-cache madison "$1" | awk '{{print $3}}' | grep "$2" | head --lines=1; }}
sudo apt-get install --yes --no-install-recommends \
    docker-ce-cli="$(newest docker-ce-cli '^5:20\\.10')" docker-compose-plugin="$(newest docker-compose-plugin '^2\\.')"
docker compose version
"""
TRUST = f"""echo 'Acquire::https::CAInfo "{app.CA_PATH}";' > /etc/apt/apt.conf.d/90sandbox-ca"""

MODULE_UTILS = "plugins/module_utils"
IN_APP = f"/tmp/ansible_collections/mlops/studio_local_mode/{MODULE_UTILS}"  # noqa: S108 - of a container
# Prints the least seconds that running the user's programs takes, as in every run of the modules.
PROOF = """PYTHONPATH=/tmp /opt/conda/bin/python3 -c '
import os, time
from pathlib import Path
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._studio_facts import (
    cli_plugins, client_programs, environment)
env = environment.user_environment(os.environ, {}, None)
folders = cli_plugins.plugin_folders(str(Path("~/.docker").expanduser()), [])
def seconds():
    started = time.perf_counter()
    facts = client_programs.RunningPrograms(env, folders).facts(damaged=())
    assert facts["docker"] and facts["compose"], facts
    return time.perf_counter() - started
print(min(seconds() for _ in range(10)))'
"""


class Bench:
    """Measure in new apps for every run."""

    def __init__(self, folder: Path, archive: bytes | None) -> None:
        self.apps = Apps(folder)
        self.archive = archive
        self.debs = stage(folder / "debs", ("ubuntu", "jammy"), ("ubuntu", "noble"))
        self.script = render(folder, {"script": {}})["script"]

    def bounds(self) -> list[Bound]:
        rounds = [self._round() for _ in range(RUNS)]
        taken = {work: statistics.median(one[work] for one in rounds) for work in rounds[0]}
        manual, fresh = taken["manual"], taken["fresh"]
        by_hand, fleet = self._fleet()
        return [
            Bound(f"new app, internet: {fresh:.2f} s, manual steps {manual:.2f} s,", fresh / manual, 0.9),
            Bound(f"second run: {taken['again']:.2f} s,", taken["again"] / manual, 0.45),
            Bound(f"new app, staged: {taken['staged']:.2f} s,", taken["staged"] / manual, 0.9),
            Bound("running both programs as the user gets them:", taken["proof"], 0.15, " s"),
            Bound(
                f"check of a healthy app, in addition to an empty play's {taken['nothing']:.2f} s:",
                taken["check"] - taken["nothing"],
                3.0,
                " s",
            ),
            Bound(
                f"{FLEET} new apps in one play: {fleet:.2f} s, manual steps in all at once {by_hand:.2f} s,",
                fleet / by_hand,
                1.0,
            ),
            Bound(
                f"lifecycle configuration, first start: {taken['first start']:.2f} s,",
                taken["first start"] / manual,
                0.4,
            ),
            Bound(f"lifecycle configuration, later starts: {taken['start']:.2f} s,", taken["start"] / manual, 0.1),
            *self._nothing_to_do(),
        ]

    def _round(self) -> dict[str, float]:
        """Return the seconds of each task, measured one after the other because the machine's speed varies."""
        staged = {"docker_cli_source": "staged", "docker_cli_staged_path": f"{HOME}/docker-debs"}
        self._fresh(["bench"])
        taken = {"manual": _seconds(lambda: self.apps.shell("bench", MANUAL))}
        self._fresh(["bench"])
        taken["staged"] = _seconds(lambda: self._play(["bench"], **staged))
        self._fresh(["bench"])
        taken["fresh"] = _seconds(lambda: self._play(["bench"]))
        taken["again"] = _seconds(lambda: self._play(["bench"]))
        taken["check"] = _seconds(lambda: self._whole(CHECK, ["bench"]))
        taken["nothing"] = _seconds(lambda: self._whole(self._empty_play(), ["bench"]))
        self.apps.put("bench", layout.ROOT / MODULE_UTILS, IN_APP)
        taken["proof"] = float(self.apps.shell("bench", PROOF))
        self._fresh(["bench"], programs={})
        taken["first start"] = _seconds(self._start)
        # The only file that the script leaves outside of the home.
        self.apps.shell("bench", "rm /usr/local/bin/docker", user="root")
        taken["start"] = _seconds(self._start)
        return taken

    def _fleet(self) -> tuple[float, float]:
        """Return the seconds of the manual steps in many new apps at once, and of one play on as many."""
        names = self._fleet_names()
        self._fresh(names)
        with ThreadPoolExecutor(FLEET) as pool:
            by_hand = _seconds(lambda: list(pool.map(lambda name: self.apps.shell(name, MANUAL), names)))
        self._fresh(names)
        return by_hand, _seconds(lambda: self._play(names))

    def _nothing_to_do(self) -> list[Bound]:
        """Return what the apps of the fleet cost once they have everything, the least of a few runs each."""
        names = self._fleet_names()
        tries = range(RUNS)
        ping = min(_seconds(lambda: self.apps.ping(names)) for _ in tries)
        nothing = min(_seconds(lambda: self._play(names)) for _ in tries)

        def of_a_further_app(run: Callable[[list[str]], None]) -> float:
            one = min(_cpu(lambda: run(names[:1])) for _ in tries)
            return (min(_cpu(lambda: run(names)) for _ in tries) - one) / (len(names) - 1)

        installation = of_a_further_app(self._play)
        check = of_a_further_app(lambda hosts: self._whole(CHECK, hosts))
        return [
            Bound(f"{FLEET} apps with nothing to do: {nothing:.2f} s, of a ping's {ping:.2f} s,", nothing / ping, 2.0),
            Bound("CPU of the controller for each further app, installation:", installation, 0.3, " s"),
            Bound("CPU of the controller for each further app, check:", check, 0.35, " s"),
        ]

    def _fleet_names(self) -> list[str]:
        return [f"bench-{number}" for number in range(FLEET)]

    def _start(self) -> None:
        output = run_at_start(self.apps.hosts["bench"], self.script)
        if "Done: " not in output:
            raise RuntimeError(output)

    def _fresh(self, names: list[str], programs: dict[str, str] | None = None) -> None:
        self.apps.create(*names, programs=programs)
        for name in names:
            self.apps.shell(name, TRUST, user="root")
            self.apps.put(name, self.debs, f"{HOME}/docker-debs")
            if self.archive:
                self.apps.hosts[name].put_archive("/", self.archive)

    def _whole(self, playbook: str | Path, names: list[str]) -> None:
        running = self.apps.start({name: {} for name in names}, playbook=playbook)
        output, _ = running.communicate(timeout=180)
        if running.returncode:
            raise RuntimeError(output)

    def _empty_play(self) -> Path:
        path = self.apps.folder / "nothing.json"
        path.write_text(json.dumps([{"hosts": "studio_apps", "gather_facts": False}]))
        return path

    def _play(self, names: list[str], **variables: str) -> None:
        outcomes = self.apps.run({name: {} for name in names}, **variables)
        failed = {name: outcome["msg"] for name, outcome in outcomes.items() if outcome.failed}
        if failed:
            raise RuntimeError(json.dumps(failed, indent=2))


def distribution_archive(folder: Path) -> bytes:
    """Return a tar of this machine's Debian index as an archive in a folder, and of its apt source."""
    base = f"{packages.debian_uri().rstrip('/')}/dists/{SUITE}"
    index = folder / "Packages.xz"
    console.run(["/usr/lib/apt/apt-helper", "download-file", f"{base}/{COMPONENT}", index])
    content = index.read_bytes()
    release = _release({COMPONENT: content, COMPONENT.removesuffix(".xz"): lzma.decompress(content)})
    files = {
        f"{ARCHIVE}/dists/{SUITE}/{COMPONENT}": content,
        f"{ARCHIVE}/dists/{SUITE}/Release": release.encode(),
        "/etc/apt/sources.list": f"deb [trusted=yes] copy:{ARCHIVE} {SUITE} main\n".encode(),
    }
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w") as archive:
        for path, data in files.items():
            entry = tarfile.TarInfo(path.lstrip("/"))
            entry.size = len(data)
            archive.addfile(entry, io.BytesIO(data))
    return packed.getvalue()


def _release(indexes: dict[str, bytes]) -> str:
    """Return a Release of these indexes; apt also requires the hash of the uncompressed index."""
    hashes = "".join(f" {hashlib.sha256(data).hexdigest()} {len(data)} {path}\n" for path, data in indexes.items())
    return (
        f"Suite: {SUITE}\nCodename: {SUITE}\nDate: {formatdate(usegmt=True)}\n"
        f"Architectures: amd64\nComponents: main\nSHA256:\n{hashes}"
    )


def _seconds(work: Callable[[], object]) -> float:
    started = time.perf_counter()
    work()
    return time.perf_counter() - started


def _cpu(work: Callable[[], object]) -> float:
    """Return the seconds of CPU that processes took which the work started and waited for."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    work()
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "--bare", action="store_true", help="do not add the distribution's archive to the app's sources"
    )
    bare = parser.parse_args().bare
    world.up(["mirror", "apps"], packing="xz")
    with tempfile.TemporaryDirectory() as name:
        bench = Bench(Path(name), None if bare else distribution_archive(Path(name)))
        try:
            bounds = bench.bounds()
        finally:
            bench.apps.remove()
    for bound in bounds:
        print(f"{'ok    ' if bound.reached else 'MISSED'}  {bound}", flush=True)
    return 0 if all(bound.reached for bound in bounds) else 1


if __name__ == "__main__":
    sys.exit(main())
