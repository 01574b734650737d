# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Run a training job of the SageMaker Python SDK in local mode. A data scientist runs the same in an app.

Usage: python3 run_job.py IMAGE    (as sagemaker-user, below the home; prints the path of the model's archive)
"""

from __future__ import annotations

import csv
import sys
from pathlib import Path

import boto3
from sagemaker.estimator import Estimator
from sagemaker.local import LocalSession

# The engine resolves the paths of the SDK's compose file, and Studio allows only mounts from the home.
WORK = Path.home() / "local-mode-job"
CONTAINER_ROOT = Path.home() / "tmp"
SLOPE, INTERCEPT = 2.5, -1.0


def write_data(folder: Path) -> None:
    """Write 50 points of a known line, so that the model can be verified."""
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "points.csv").open("w", newline="") as handle:
        writer = csv.writer(handle)
        writer.writerow(["x", "y"])
        writer.writerows([x / 10, SLOPE * x / 10 + INTERCEPT] for x in range(50))


def local_session() -> LocalSession:
    """Create a session that does not call AWS: a local job with file:// input and output does not need to."""
    session = LocalSession(boto_session=boto3.Session(region_name="eu-west-1"))
    session.config = {"local": {"local_code": True, "container_root": str(CONTAINER_ROOT)}}
    return session


def main(image: str) -> None:
    write_data(WORK / "input")
    CONTAINER_ROOT.mkdir(exist_ok=True)
    estimator = Estimator(
        image_uri=image,
        role="arn:aws:iam::123456789012:role/local",
        instance_count=1,
        instance_type="local",
        output_path=f"file://{WORK / 'output'}",
        sagemaker_session=local_session(),
    )
    estimator.fit({"training": f"file://{WORK / 'input'}"})
    print(f"model: {estimator.model_data}")


if __name__ == "__main__":
    main(sys.argv[1])
