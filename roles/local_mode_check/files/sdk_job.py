# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Run a minimal training job with the SageMaker SDK in local mode, and remove everything it creates.

Usage: sdk_job.py IMAGE    (an image with sh, chmod and cp; for the SDK 3 also with bash, python3 and pip)
"""

from __future__ import annotations

import os
import secrets
import shutil
import subprocess
import sys
import tarfile
import tempfile
from importlib import metadata
from pathlib import Path

ROLE = "arn:aws:iam::123456789012:role/no-call-is-made-with-it"
# Without internet access, telemetry delays a job by a minute and a half or longer.
CONFIG = "SchemaVersion: '1.0'\nSageMaker: {PythonSDK: {Modules: {TelemetryOptOut: true}}}\n"
# The engine creates the model's folder as root: the user could not remove its files.
COMMAND = "chmod 777 /opt/ml/model && cp /opt/ml/input/data/check/secret /opt/ml/model/"


def main(image: str) -> None:
    home = Path.home()
    tmp = home / "tmp"
    tmp.mkdir(exist_ok=True)
    # In Studio the SDK 2 always keeps a job's files in ~/tmp. With another HOME they are in this folder.
    work = Path(tempfile.mkdtemp(prefix="local-mode-check-", dir=tmp))
    for name, path in {
        "DOCKER_CONFIG": ".docker",
        "AWS_CONFIG_FILE": ".aws/config",
        "AWS_SHARED_CREDENTIALS_FILE": ".aws/credentials",
    }.items():
        os.environ.setdefault(name, str(home / path))
    os.environ["HOME"] = str(work)
    os.environ.setdefault("AWS_DEFAULT_REGION", os.environ.get("AWS_REGION", "us-east-1"))
    config = work / "sagemaker.yaml"
    config.write_text(CONFIG)
    os.environ["SAGEMAKER_USER_CONFIG_OVERRIDE"] = str(config)
    try:
        verify(image, work)
    except Exception as error:
        sys.exit(f"{type(error).__name__}: {error}")
    finally:
        clean_up(image, work)


def verify(image: str, work: Path) -> None:
    """Run a job that copies a secret from its input to its model. Raises RuntimeError if the model does not have it."""
    secret = secrets.token_hex(16)
    channel = work / "input"
    channel.mkdir()
    (channel / "secret").write_text(secret)
    run = run_by_sdk_2 if int(metadata.version("sagemaker").partition(".")[0]) < 3 else run_by_sdk_3
    with tarfile.open(run(image, work, channel)) as model:
        if model.extractfile("secret").read().decode() != secret:
            raise RuntimeError(
                "The job ended without an error, but its model does not have the file that the job copies."
            )


def run_by_sdk_2(image: str, work: Path, channel: Path) -> Path:
    """Run the job; return the path of its model."""
    import boto3
    from sagemaker.estimator import Estimator
    from sagemaker.local import LocalSession

    session = LocalSession(boto_session=boto3.Session())
    session.config = {"local": {"local_code": True}}
    estimator = Estimator(
        image_uri=image,
        role=ROLE,
        instance_count=1,
        instance_type="local",
        container_entry_point=["sh", "-c"],
        container_arguments=[COMMAND],
        output_path=f"file://{work / 'output'}",
        sagemaker_session=session,
    )
    estimator.fit({"check": f"file://{channel}"})
    return work / "output" / "model.tar.gz"


def run_by_sdk_3(image: str, work: Path, channel: Path) -> Path:
    """Run the job; return the path of its model."""
    from sagemaker.train import ModelTrainer
    from sagemaker.train.configs import Compute, InputData, SourceCode
    from sagemaker.train.model_trainer import Mode

    # Compose's project gets the folder's name, and its containers are removed afterwards: the name must be unique.
    root = work / work.name
    root.mkdir()
    trainer = ModelTrainer(
        training_mode=Mode.LOCAL_CONTAINER,
        training_image=image,
        role=ROLE,
        compute=Compute(instance_type="local_cpu", instance_count=1),
        source_code=SourceCode(command=COMMAND),
        # The container runs as root: the SDK fails to remove byte code that its Python would write.
        environment={"PYTHONDONTWRITEBYTECODE": "1"},
        base_job_name="local-mode-check",
        local_container_root=str(root),
    )
    trainer.train(input_data_config=[InputData(channel_name="check", data_source=str(channel))], logs=False)
    return root / "compressed_artifacts" / "model.tar.gz"


def clean_up(image: str, work: Path) -> None:
    """Remove the job's container, which the SDK keeps, and the job's files, some of which may belong to root."""
    for file in work.rglob("docker-compose.yaml"):
        subprocess.run(["docker", "compose", "--file", file, "rm", "--force", "--stop"], check=False)
    shutil.rmtree(work, ignore_errors=True)
    if work.exists():
        docker = ["docker", "run", "--rm", "--network=sagemaker", f"--volume={work}:{work}", "--entrypoint=chmod"]
        subprocess.run([*docker, image, "-R", "777", work], check=False)
        shutil.rmtree(work, ignore_errors=True)


if __name__ == "__main__":
    main(sys.argv[1])
