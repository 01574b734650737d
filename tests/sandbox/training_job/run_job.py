# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Train a model with the SageMaker Python SDK in local mode, and ask an endpoint for predictions.

A data scientist runs the same in an app: docs/local_mode_jobs.md.

Usage: python3 run_job.py IMAGE    (as sagemaker-user; writes below ~/local-mode-job)
"""

from __future__ import annotations

import csv
import sys
from pathlib import Path

from sagemaker import get_execution_role
from sagemaker.estimator import Estimator
from sagemaker.local import LocalSession
from sagemaker.predictor import Predictor

# The engine resolves the paths of the SDK's compose file, and Studio allows only mounts from the home.
WORK = Path.home() / "local-mode-job"
SLOPE, INTERCEPT = 2.5, -1.0


def write_data(folder: Path) -> None:
    """Write 50 points of a known line, so that the model can be verified."""
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "points.csv").open("w", newline="") as handle:
        writer = csv.writer(handle)
        writer.writerow(["x", "y"])
        writer.writerows([x / 10, SLOPE * x / 10 + INTERCEPT] for x in range(50))


def predict(endpoint: Predictor) -> None:
    """Write the predictions for two points."""
    try:
        predictions = endpoint.predict("0\n2\n", initial_args={"ContentType": "text/csv"})
    finally:
        endpoint.delete_endpoint()
    (WORK / "predictions.csv").write_bytes(predictions)


def main(image: str) -> None:
    write_data(WORK / "input")
    estimator = Estimator(
        image_uri=image,
        role=get_execution_role(),
        instance_count=1,
        instance_type="local",
        output_path=f"file://{WORK / 'output'}",
        sagemaker_session=LocalSession(),
    )
    estimator.fit({"training": f"file://{WORK / 'input'}"})
    print(f"model: {estimator.model_data}")
    # The SDK waits for the container, and with wait=True for 30 seconds more.
    predict(estimator.deploy(1, "local", wait=False))


if __name__ == "__main__":
    main(sys.argv[1])
