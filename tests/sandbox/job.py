# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Run the SageMaker SDK's training job inside an app, as its user, and read the model it wrote."""

from __future__ import annotations

import json
import sys
import tarfile

from . import app, engine, images, layout
from .console import SandboxError

_SCRIPT = layout.SOURCES / "training_job" / "run_job.py"
OUTPUT = layout.APP_HOME / "local-mode-job" / "output" / "model.tar.gz"
# The SDK requires credentials, but a local job with files for input and output does not use them.
_ENVIRONMENT = {
    "AWS_ACCESS_KEY_ID": "local",
    "AWS_SECRET_ACCESS_KEY": "local",
    "SAGEMAKER_SUPPRESS_V2_WARNING": "1",
    "PYTHONUNBUFFERED": "1",
    "COMPOSE_ANSI": "never",
}


def run() -> dict[str, float]:
    """Run the job in the demo app, print its output, and return the content of model.json.

    Raises SandboxError if the job fails; its output has the cause.
    """
    OUTPUT.unlink(missing_ok=True)
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
        raise SandboxError(f"The training job ended with {code}; its output is above")
    return read_model()


def read_model() -> dict[str, float]:
    """Return model.json from the archive that the SDK creates of /opt/ml/model."""
    with tarfile.open(OUTPUT) as archive:
        return json.load(archive.extractfile("model.json"))
