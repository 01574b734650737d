# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Run a container, or a job of the SageMaker SDK, within a time limit, and remove everything it creates.

Usage: trial_run.py container|training|processing|endpoint IMAGE SECONDS

The image needs df or true for the container, sh, chmod and cp for training and processing, and serve for the endpoint.
With the SDK 3, training also needs bash, python3 and pip. No job calls AWS, unless the SDK has to pull the image.
The exit status is 124 after the time limit. The output has a line of df about the engine's disk if the image has df.
"""

from __future__ import annotations

import contextlib
import os
import re
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import tarfile
import tempfile
import threading
import urllib.error
import urllib.request
from collections.abc import Callable
from importlib import metadata
from pathlib import Path
from typing import Any

TIMED_OUT, NOT_FOUND = 124, 127
OK = 200
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
INPUT, OUTPUT = "/opt/ml/processing/input", "/opt/ml/processing/output"
COPY = f"chmod 777 {OUTPUT} && cp {INPUT}/secret {OUTPUT}/"
# A container listens there; the SDK's setting serving_port does not change it in Studio.
PORT = 8080
# Where a container's port is: in the app's own network, and with rootless Docker at the gateway.
HOSTS = LOCALHOST, GATEWAY = "localhost", "172.17.0.1"
# Inference images of frameworks require a script in the model.
INFERENCE = """
def model_fn(model_dir): return None
def input_fn(data, content_type): return data
def predict_fn(data, model): return data
def output_fn(prediction, accept): return str(prediction)
"""
# Studio sets them for the app's first process, and a session over ssh lacks them: the SDK logs in to ECR with them.
OF_PROCESS_ONE = ("AWS_CONTAINER_CREDENTIALS_RELATIVE_URI", "AWS_DEFAULT_REGION", "AWS_REGION")
SDK_CONFIGS = {
    "SAGEMAKER_ADMIN_CONFIG_OVERRIDE": "/etc/xdg/sagemaker/config.yaml",
    "SAGEMAKER_USER_CONFIG_OVERRIDE": "~/.config/sagemaker/config.yaml",
}
OPTED_OUT = re.compile(r"TelemetryOptOut['\"]?\s*:\s*true", re.IGNORECASE)


def main(what: str, image: str, seconds: str) -> int:
    # Ansible may end this process: the clean-up still runs.
    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, lambda number, _frame: sys.exit(128 + number))
    trial = ContainerTrial(image) if what == "container" else JobTrial(JOBS[what], image)
    try:
        return run_within(int(seconds), NAMES.get(what, what), trial)
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
    # It may be ignored, as in a job in the background.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    # After the time limit this process is killed, with what is still in its buffer.
    sys.stdout.reconfigure(line_buffering=True)
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
    """A job of the SageMaker SDK, with its files in a folder of its own below ~/tmp."""

    def __init__(self, job: Callable[[JobTrial], None], image: str) -> None:
        self.job = job
        self.image = image
        files = (os.environ.get(name, default) for name, default in SDK_CONFIGS.items())
        self.telemetry_is_off = any(OPTED_OUT.search(read(file)) for file in files)
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
        for name, value in of_process_one().items():
            os.environ.setdefault(name, value)
        os.environ.setdefault("AWS_DEFAULT_REGION", os.environ.get("AWS_REGION", "us-east-1"))
        # A VPC without a way to ECR drops the packets: boto3 then waits 3 seconds for a connection and not 60, for each
        # attempt and address, and its error comes before the time limit.
        os.environ.setdefault("AWS_DEFAULTS_MODE", "standard")
        config = self.work / "sagemaker.yaml"
        config.write_text(CONFIG)
        os.environ["SAGEMAKER_USER_CONFIG_OVERRIDE"] = str(config)

    def run(self) -> int:
        """Run the job; return 0. Raises RuntimeError if its result is not the expected one."""
        self.job(self)
        if not self.telemetry_is_off:
            report_telemetry()
        return 0

    def input(self) -> tuple[Path, str]:
        """Return a folder with a file, and the content of the file."""
        secret, folder = secrets.token_hex(16), self.work / "input"
        folder.mkdir()
        (folder / "secret").write_text(secret)
        return folder, secret

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


def of_process_one() -> dict[str, str]:
    pairs = (item.partition("=") for item in read("/proc/1/environ").split("\0"))
    return {name: value for name, _equals, value in pairs if name in OF_PROCESS_ONE}


def is_sdk_3() -> bool:
    return int(metadata.version("sagemaker").partition(".")[0]) >= 3


def local_session() -> Any:
    import boto3

    if is_sdk_3():
        from sagemaker.core.local import LocalSession
    else:
        from sagemaker.local import LocalSession
    session = LocalSession(boto_session=boto3.Session())
    session.config = {"local": {"local_code": True}}
    return session


def train(trial: JobTrial) -> None:
    """Copy a file from the job's input to its model."""
    channel, secret = trial.input()
    run = train_by_sdk_3 if is_sdk_3() else train_by_sdk_2
    with tarfile.open(run(trial.image, trial.work, channel)) as model:
        if model.extractfile("secret").read().decode() != secret:
            raise RuntimeError("The job ended without an error, but its model does not have the file that it copies.")
        print(model.extractfile("disk").read().decode())


def process(trial: JobTrial) -> None:
    """Copy a file from the job's input to its output; both SDKs have the same client, which takes files for S3."""
    folder, secret = trial.input()
    output = trial.work / "output"
    output.mkdir()
    local_session().sagemaker_client.create_processing_job(
        ProcessingJobName=trial.work.name,
        AppSpecification={
            "ImageUri": trial.image,
            "ContainerEntrypoint": ["sh", "-c"],
            "ContainerArguments": [COPY],
        },
        ProcessingResources={"ClusterConfig": {"InstanceType": "local", "InstanceCount": 1}},
        ProcessingInputs=[{"InputName": "check", "S3Input": {"S3Uri": f"file://{folder}", "LocalPath": INPUT}}],
        ProcessingOutputConfig={
            "Outputs": [
                {
                    "OutputName": "check",
                    "S3Output": {"S3Uri": f"file://{output}", "LocalPath": OUTPUT, "S3UploadMode": "EndOfJob"},
                }
            ]
        },
    )
    if read(output / "secret") != secret:
        raise RuntimeError("The job ended without an error, but its output does not have the file that it copies.")


def serve(trial: JobTrial) -> None:
    """Host a model without data until /ping answers, and report what /invocations answers."""
    hosts = [host for host in HOSTS if not listens(host)]
    if LOCALHOST not in hosts:
        raise RuntimeError(f"Port {PORT} is taken by {listener()}.")
    name, model = trial.work.name, trial.work / "model.tar.gz"
    (trial.work / "inference.py").write_text(INFERENCE)
    with tarfile.open(model, "w:gz") as archive:
        archive.add(trial.work / "inference.py", "code/inference.py")
    client = local_session().sagemaker_client
    variant = {"VariantName": name, "ModelName": name, "InitialInstanceCount": 1, "InstanceType": "local"}
    client.create_model(name, {"Image": trial.image, "ModelDataUrl": f"file://{model}", "Environment": {}})
    client.create_endpoint_config(name, [variant])
    threading.excepthook = interrupt_by_container
    try:
        # Not deleted afterwards: the SDK would keep the container, and remove the file that clean_up removes it by.
        with contextlib.suppress(KeyboardInterrupt):  # of interrupt_by_container
            client.create_endpoint(name, name)
    except RuntimeError as error:
        found = [host for host in hosts if status(host, "/ping") == OK]
        if not found:
            raise
        sdk = metadata.version("sagemaker")
        raise RuntimeError(f"/ping answers at {found[0]}:{PORT}, where the SDK {sdk} does not look.") from error
    answering = [host for host in hosts if status(host, "/ping") == OK]
    if not answering:
        raise RuntimeError("The container of the endpoint ended before /ping answered.")
    answer = status(answering[0], "/invocations", b"0") or "no response"
    print(f"{answering[0]}:{PORT} answers /ping with 200, /invocations with {answer}", flush=True)


def interrupt_by_container(failure: threading.ExceptHookArgs) -> None:
    """End the wait for /ping: the SDK's thread that runs the container has failed, and has kept Compose's errors."""
    process = getattr(failure.thread, "process", None)
    if process is not None and process.stderr is not None:
        print(process.stderr.read().decode(errors="replace"), file=sys.stderr)
    print(f"{failure.exc_type.__name__}: {failure.exc_value}", file=sys.stderr, flush=True)
    os.kill(os.getpid(), signal.SIGINT)


def listens(host: str) -> bool:
    try:
        socket.create_connection((host, PORT), timeout=2).close()
    except OSError:
        return False
    return True


def listener() -> str:
    """Return who has the port: containers share the network of the app, but not its processes."""
    tables = "".join(read(Path("/proc/net", name)) for name in ("tcp", "tcp6"))
    # Local and remote address, state 0A (listening), queues, timer, retransmits, uid, timeout, inode: proc(5)
    inodes = re.findall(rf":{PORT:04X} [0-9A-F]+:0000 0A(?: \S+){{3}} +\S+ +\S+ +([0-9]+)", tables)
    sockets = {f"socket:[{inode}]" for inode in inodes}
    for process in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError):
            if any(os.readlink(one) in sockets for one in process.joinpath("fd").iterdir()):  # noqa: PTH115 - Python 3.8
                return f"the process {read(process / 'comm').strip()} ({process.name}) of this app"
    command = ["docker", "ps", "--format", "{{.Names}}"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=CLEAN_UP_SECONDS, check=False)
    names = ", ".join(done.stdout.split())
    return f"a container; running are: {names}" if names else "a process of another user"


def status(host: str, path: str, data: bytes | None = None) -> int | None:
    """Return the HTTP status of a response, None without a response. No proxy leads to a container."""
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    request = urllib.request.Request(f"http://{host}:{PORT}{path}", data, {"Content-Type": "text/csv"})
    try:
        with opener.open(request, timeout=30) as response:
            return response.status
    except urllib.error.HTTPError as error:
        return error.code
    except OSError:
        return None


def read(path: str | Path) -> str:
    """Return the text of a file, an empty one if it is not readable."""
    try:
        return Path(path).expanduser().read_text(errors="replace")
    except OSError:
        return ""


def report_telemetry() -> None:
    """Report that the SDK's telemetry, which calls STS first, would delay each job of the user."""
    if any(os.environ.get(name) for name in ("AWS_ENDPOINT_URL", "AWS_ENDPOINT_URL_STS", "https_proxy", "HTTPS_PROXY")):
        return
    region = os.environ["AWS_DEFAULT_REGION"]
    host = f"sts.{region}.amazonaws.com{'.cn' if region.startswith('cn-') else ''}"
    try:
        socket.create_connection((host, 443), timeout=5).close()
    except OSError as error:
        print(f"The SDK's telemetry is on, and cannot connect to {host}: {error}")


def train_by_sdk_2(image: str, work: Path, channel: Path) -> Path:
    """Run the job; return the path of its model."""
    from sagemaker.estimator import Estimator

    estimator = Estimator(
        image_uri=image,
        role=ROLE,
        instance_count=1,
        instance_type="local",
        container_entry_point=["sh", "-c"],
        container_arguments=[COMMAND],
        output_path=f"file://{work / 'output'}",
        sagemaker_session=local_session(),
    )
    estimator.fit({"check": f"file://{channel}"})
    return work / "output" / "model.tar.gz"


def train_by_sdk_3(image: str, work: Path, channel: Path) -> Path:
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


JOBS = {"training": train, "processing": process, "endpoint": serve}
NAMES = {"training": "training job", "processing": "processing job"}

if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
