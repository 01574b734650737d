# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Run the smallest training job there is through the SageMaker SDK 2, in local mode, and leave nothing behind.

Usage: sdk_job.py IMAGE    (any image with sh, chmod and cp)
"""

from __future__ import annotations

import os
import secrets
import shutil
import subprocess
import sys
import tarfile
import tempfile
from pathlib import Path


def main(image: str) -> None:
    home = Path.home()
    tmp = home / "tmp"
    tmp.mkdir(exist_ok=True)
    # In Studio the SDK keeps a job's files in ~/tmp, whatever it is told. With another home they are all here.
    work = Path(tempfile.mkdtemp(prefix="local-mode-check-", dir=tmp))
    for name, path in {
        "DOCKER_CONFIG": ".docker",
        "AWS_CONFIG_FILE": ".aws/config",
        "AWS_SHARED_CREDENTIALS_FILE": ".aws/credentials",
    }.items():
        os.environ.setdefault(name, str(home / path))
    os.environ["HOME"] = str(work)
    try:
        prove(image, work)
    except Exception as error:
        sys.exit(f"{type(error).__name__}: {error}")
    finally:
        # The SDK leaves the job's container.
        for file in work.rglob("docker-compose.yaml"):
            subprocess.run(["docker", "compose", "--file", file, "rm", "--force", "--stop"], check=False)
        shutil.rmtree(work, ignore_errors=True)


def prove(image: str, work: Path) -> None:
    """Have a job copy a secret from its input to its model. Raises RuntimeError when it has not."""
    import boto3
    from sagemaker.estimator import Estimator
    from sagemaker.local import LocalSession

    secret = secrets.token_hex(16)
    (work / "input").mkdir()
    (work / "input" / "secret").write_text(secret)
    region = os.environ.get("AWS_REGION") or os.environ.get("AWS_DEFAULT_REGION") or "us-east-1"
    session = LocalSession(boto_session=boto3.Session(region_name=region))
    session.config = {"local": {"local_code": True}}
    estimator = Estimator(
        image_uri=image,
        role="arn:aws:iam::123456789012:role/no-call-is-made-with-it",
        instance_count=1,
        instance_type="local",
        # The engine makes the model's folder, as root: the user could not remove what is in it.
        container_entry_point=["sh", "-c"],
        container_arguments=["chmod 777 /opt/ml/model && cp /opt/ml/input/data/proof/secret /opt/ml/model/"],
        output_path=f"file://{work / 'output'}",
        sagemaker_session=session,
    )
    estimator.fit({"proof": f"file://{work / 'input'}"})
    with tarfile.open(work / "output" / "model.tar.gz") as model:
        if model.extractfile("secret").read().decode() != secret:
            raise RuntimeError("The job ran, but its model is not what it was to copy.")


if __name__ == "__main__":
    main(sys.argv[1])
