# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Run a training job and an endpoint of the SageMaker SDK inside an app, as its user, and read their results."""

from __future__ import annotations

import json
import sys
import tarfile
from typing import NamedTuple

from . import app, engine, images, layout
from .console import SandboxError

_SCRIPT = layout.SOURCES / "training_job" / "run_job.py"
_WORK = layout.APP_HOME / "local-mode-job"
_MODEL = _WORK / "output" / "model.tar.gz"
_PREDICTIONS = _WORK / "predictions.csv"
_ENVIRONMENT = {"SAGEMAKER_SUPPRESS_V2_WARNING": "1", "PYTHONUNBUFFERED": "1", "COMPOSE_ANSI": "never"}


class Result(NamedTuple):
    """The content of model.json, and the endpoint's answer."""

    model: dict[str, float]
    predictions: list[str]


def run() -> Result:
    """Run both in the demo app, print their output, and return what they wrote.

    Raises SandboxError if one of them fails; its output has the cause.
    """
    for result in (_MODEL, _PREDICTIONS):
        result.unlink(missing_ok=True)
    client = engine.client()
    execution = client.api.exec_create(
        app.NAME,
        # As an argument, the script leaves no file in the home.
        ["/opt/conda/bin/python3", "-c", _SCRIPT.read_text(), images.JOB.tag],
        user=app.USER,
        workdir=f"/home/{app.USER}",
        environment=_ENVIRONMENT,
    )["Id"]
    for chunk in client.api.exec_start(execution, stream=True):
        sys.stdout.write(chunk.decode(errors="replace"))
        sys.stdout.flush()
    code = client.api.exec_inspect(execution)["ExitCode"]
    if code != 0:
        raise SandboxError(f"The training job or the endpoint ended with {code}; its output is above")
    return Result(_read_model(), _PREDICTIONS.read_text().split())


def _read_model() -> dict[str, float]:
    """Return model.json from the archive that the SDK creates of /opt/ml/model."""
    with tarfile.open(_MODEL) as archive:
        return json.load(archive.extractfile("model.json"))
