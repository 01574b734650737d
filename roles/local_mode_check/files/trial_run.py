# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Run a container, or a training job of the SageMaker SDK, within a time limit, and remove everything it creates.

Usage: trial_run.py container|job IMAGE SECONDS

The image needs df or true for the container, sh, chmod and cp for the job, with the SDK 3 also bash, python3 and pip.
The exit status is 124 after the time limit. The output has a line of df about the engine's disk if the image has df.
"""

from __future__ import annotations

import contextlib
import os
import secrets
import shutil
import signal
import subprocess
import sys
import tarfile
import tempfile
from importlib import metadata
from pathlib import Path

TIMED_OUT, NOT_FOUND = 124, 127
# For each command that removes something: an engine that does not answer would hang it.
CLEAN_UP_SECONDS = 60
ROLE = "arn:aws:iam::123456789012:role/no-call-is-made-with-it"
# Without internet access, telemetry delays a job by a minute and a half or longer.
CONFIG = "SchemaVersion: '1.0'\nSageMaker: {PythonSDK: {Modules: {TelemetryOptOut: true}}}\n"
DISK = ("df", "-Pk", "/")
# The engine creates the model's folder as root: the user could not remove its files.
COMMAND = (
    "chmod 777 /opt/ml/model && cp /opt/ml/input/data/check/secret /opt/ml/model/ && "
    f"{{ {' '.join(DISK)} > /opt/ml/model/disk 2> /dev/null || true; }}"
)


def main(what: str, image: str, seconds: str) -> int:
    # Ansible may end this process: the clean-up still runs.
    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, lambda number, _frame: sys.exit(128 + number))
    trial = {"container": ContainerTrial, "job": JobTrial}[what](image)
    try:
        return run_within(int(seconds), what, trial)
    finally:
        trial.clean_up()


def run_within(seconds: int, what: str, trial: ContainerTrial | JobTrial) -> int:
    """Run the trial in a process of its own; return its exit status, or TIMED_OUT after killing it and its children."""
    child = os.fork()
    if child == 0:
        os.setsid()
        os._exit(status_of(trial))
    signal.signal(signal.SIGALRM, time_out)
    signal.alarm(seconds)
    try:
        _pid, status = os.waitpid(child, 0)
        return os.WEXITSTATUS(status) if os.WIFEXITED(status) else 128 + os.WTERMSIG(status)
    except TimeoutError:
        print(f"The {what} did not end within {seconds} seconds.", file=sys.stderr)
        return TIMED_OUT
    finally:
        signal.alarm(0)
        with contextlib.suppress(OSError):  # It has ended.
            os.killpg(child, signal.SIGKILL)


def time_out(_number: int, _frame: object) -> None:
    raise TimeoutError


def status_of(trial: ContainerTrial | JobTrial) -> int:
    """Run the trial; return its exit status."""
    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.SIG_DFL)
    try:
        return trial.run()
    except Exception as error:
        print(f"{type(error).__name__}: {error}", file=sys.stderr)
        return 1
    finally:
        sys.stdout.flush()
        sys.stderr.flush()


def remove(*command: str | Path) -> None:
    """Run a command that removes something, whether or not it succeeds."""
    with contextlib.suppress(OSError, subprocess.TimeoutExpired):
        quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
        subprocess.run(command, check=False, timeout=CLEAN_UP_SECONDS, **quiet)


class ContainerTrial:
    """A container on the network sagemaker. The entry point of a training image would wait for a job."""

    def __init__(self, image: str) -> None:
        self.image = image
        self.name = f"local-mode-check-{secrets.token_hex(8)}"

    def run(self) -> int:
        """Run the container; return its exit status."""
        status = self._run(*DISK)
        return self._run("true") if status == NOT_FOUND else status

    def _run(self, program: str, *arguments: str) -> int:
        options = ["--rm", f"--name={self.name}-{program}", "--network=sagemaker", f"--entrypoint={program}"]
        return subprocess.run(["docker", "run", *options, self.image, *arguments], check=False).returncode

    def clean_up(self) -> None:
        """Remove the container, which is still there if the client was killed."""
        remove("docker", "rm", "--force", f"{self.name}-{DISK[0]}", f"{self.name}-true")


class JobTrial:
    """The smallest training job: it copies a file from its input to its model."""

    def __init__(self, image: str) -> None:
        self.image = image
        home = Path.home()
        self.tmp = home / "tmp"
        self.created_tmp = not self.tmp.exists()
        self.tmp.mkdir(exist_ok=True)
        # In Studio the SDK 2 always keeps a job's files in ~/tmp. With another HOME they are in this folder.
        self.work = Path(tempfile.mkdtemp(prefix="local-mode-check-", dir=self.tmp))
        for name, path in {
            "DOCKER_CONFIG": ".docker",
            "AWS_CONFIG_FILE": ".aws/config",
            "AWS_SHARED_CREDENTIALS_FILE": ".aws/credentials",
        }.items():
            os.environ.setdefault(name, str(home / path))
        os.environ["HOME"] = str(self.work)
        os.environ.setdefault("AWS_DEFAULT_REGION", os.environ.get("AWS_REGION", "us-east-1"))
        config = self.work / "sagemaker.yaml"
        config.write_text(CONFIG)
        os.environ["SAGEMAKER_USER_CONFIG_OVERRIDE"] = str(config)

    def run(self) -> int:
        """Run the job; return 0. Raises RuntimeError if the model does not have the file."""
        secret = secrets.token_hex(16)
        channel = self.work / "input"
        channel.mkdir()
        (channel / "secret").write_text(secret)
        run = run_by_sdk_2 if int(metadata.version("sagemaker").partition(".")[0]) < 3 else run_by_sdk_3
        with tarfile.open(run(self.image, self.work, channel)) as model:
            if model.extractfile("secret").read().decode() != secret:
                raise RuntimeError(
                    "The job ended without an error, but its model does not have the file that it copies."
                )
            print(model.extractfile("disk").read().decode())
        return 0

    def clean_up(self) -> None:
        """Remove the job's container, which the SDK keeps, and the job's files, some of which may belong to root."""
        for file in self.work.rglob("docker-compose.yaml"):
            remove("docker", "compose", "--file", file, "rm", "--force", "--stop")
            remove("docker-compose", "--file", file, "rm", "--force", "--stop")
        shutil.rmtree(self.work, ignore_errors=True)
        if self.work.exists():
            volume = f"--volume={self.work}:{self.work}"
            options = ["--rm", "--network=sagemaker", volume, "--entrypoint=chmod"]
            remove("docker", "run", *options, self.image, "-R", "777", self.work)
            shutil.rmtree(self.work, ignore_errors=True)
        if self.work.exists():
            print(f"The files of the job could not be removed: {self.work}", file=sys.stderr)
        if self.created_tmp:
            with contextlib.suppress(OSError):  # Something else is in it.
                self.tmp.rmdir()


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


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
