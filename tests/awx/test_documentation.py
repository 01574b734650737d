# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The commands in docs/awx.md: the launch by API, against what an AWX 24.6.1 was observed to answer."""

from __future__ import annotations

import json
import os
import re
import subprocess
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

import pytest
import yaml

from tests.awx import configuration, survey_rules
from tests.sandbox import layout

PAGE = (layout.ROOT / "docs/awx.md").read_text()
TEMPLATE = "Studio local mode - enable domains"


class Handler(BaseHTTPRequestHandler):
    """Answers about one template; `sliced` makes the launch a workflow job."""

    sliced = False

    def do_GET(self):
        url = urlsplit(self.path)
        if url.path == "/api/v2/job_templates/":
            query = parse_qs(url.query)
            found = query == {"name": [TEMPLATE], "organization__name": ["Default"]}
            return self._send(200, {"results": [{"id": 7}] if found else []})
        if url.path == f"/api/v2/{self._type()}s/9/":
            return self._send(200, {"status": "successful", "finished": "2026-11-01T00:00:00Z", "artifacts": {"a": 1}})
        if url.path == "/api/v2/workflow_jobs/9/workflow_nodes/":
            return self._send(200, {"results": [{"summary_fields": {"job": {"id": number}}} for number in (21, 22)]})
        if url.path in ("/api/v2/jobs/21/", "/api/v2/jobs/22/"):
            counts = {"total": 3, "works": 2, "does_not_work": 1, "not_checked": 0, "failed": 0}
            return self._send(200, {"artifacts": {"studio_app_counts": counts} if url.path.endswith("21/") else {}})
        if url.path == "/api/v2/jobs/9/stdout/" and not self.sliced:
            return self._send(200, "the output")
        return self._send(404, {"detail": "Not found."})

    def do_POST(self):
        launched = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        if "credentials" in launched:
            return self._send(400, {"detail": "Removing credential without replacement is not supported"})
        survey_rules.answers(configuration.survey_of("enable domains"), launched["extra_vars"])
        return self._send(201, {"id": 9, "type": self._type(), self._type(): 9, "ignored_fields": {}})

    def _type(self):
        return "workflow_job" if self.sliced else "job"

    def _send(self, status, answer):
        content = (answer if isinstance(answer, str) else json.dumps(answer)).encode()
        self.send_response(status)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, *arguments):
        """Keep quiet."""


@pytest.fixture
def run(request):
    """Run a script as the documentation says, against an AWX whose template is sliced or not."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), type("Answers", (Handler,), {"sliced": request.param}))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    environment = {**os.environ, "AWX_URL": f"http://127.0.0.1:{server.server_port}", "AWX_TOKEN": "any"}

    def run(script):
        command = ["bash", "-euo", "pipefail", "-c", script]
        return subprocess.run(command, env=environment, capture_output=True, text=True, check=False, timeout=600)

    yield run
    server.shutdown()
    server.server_close()


def launch():
    """Return the script that launches a job."""
    [script] = [block for block in re.findall(r"```shell\n(.*?)```", PAGE, re.DOTALL) if "launch/" in block]
    return script


@pytest.mark.parametrize("run", [False], indirect=True)
def test_a_job_is_launched_followed_and_shown(run):
    done = run(launch())
    assert done.returncode == 0, done.stderr
    assert '"successful"' in done.stdout
    assert done.stdout.endswith("the output\n")


@pytest.mark.parametrize("run", [True], indirect=True)
def test_a_sliced_launch_is_followed_as_a_workflow_job(run):
    done = run("".join(line for line in launch().splitlines(keepends=True) if "stdout" not in line))
    assert done.returncode == 0, done.stderr
    assert '"successful"' in done.stdout


@pytest.mark.parametrize("run", [True], indirect=True)
def test_the_counts_of_slices_are_added_up(run):
    [script] = [block for block in re.findall(r"```shell\n(.*?)```", PAGE, re.DOTALL) if "workflow_nodes" in block]
    followed = "".join(line for line in launch().splitlines(keepends=True) if "stdout" not in line)
    done = run(followed + script)
    assert done.returncode == 0, done.stderr
    counts = json.loads(done.stdout[done.stdout.rindex("{") :])
    assert counts == {"total": 3, "works": 2, "does_not_work": 1, "not_checked": 0, "failed": 0}


@pytest.mark.parametrize("run", [False], indirect=True)
def test_a_refused_launch_shows_the_reason(run):
    done = run(launch().replace('"job_type"', '"credentials": [], "job_type"'))
    assert done.returncode != 0
    assert "400" in done.stderr
    assert "without replacement" in done.stderr


def test_the_settings_in_the_page_are_known():
    known = yaml.safe_load((configuration.PATTERN / "configuration/settings.yml").read_text())
    assert set(re.findall(r"studio_awx_\w+", PAGE)) <= set(known)
