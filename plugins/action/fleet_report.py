# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Build the readiness report of a fleet and write it to files, on the controller."""

from __future__ import annotations

import datetime
import re
import typing as t
from dataclasses import dataclass
from pathlib import Path

from ansible import constants as C
from ansible.errors import AnsibleActionFail
from ansible.module_utils.common.yaml import yaml_load
from ansible.plugins.action import ActionBase
from ansible.release import __version__ as ansible_version
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._report import (
    earlier,
    model,
    verdict,
)
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._report.build import (
    HostResult,
    RegionResults,
    build,
)
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._report.compare import changes
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._report.text import as_lines
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._studio_checks.findings import report as check_app
from ansible_collections.mlops.studio_local_mode.plugins.plugin_utils._report import files
from ansible_collections.mlops.studio_local_mode.plugins.plugin_utils._report.way import way_of
from ansible_collections.mlops.studio_local_mode.plugins.plugin_utils._report.width import width_of

_SPEC: dict[str, dict[str, t.Any]] = {
    "regions": {"type": "list", "elements": "dict", "default": []},
    "apps": {"type": "list", "elements": "str", "default": []},
    "inspection": {"type": "str", "default": "fleet_report_inspection"},
    "path": {"type": "list", "elements": "str", "default": []},
    "mode": {"type": "raw", "default": "0600"},
    "compare_to": {"type": "path"},
    "fail_on": {"type": "str", "choices": list(verdict.FAIL_ON), "default": "failed"},
    "validate_only": {"type": "bool", "default": False},
}
_S3 = re.compile(r"s3://[a-z0-9][a-z0-9.-]+/[^/].*")
_COLLECTION = Path(__file__).parents[2]


class ActionModule(ActionBase):
    """Everything is known on the controller: no connection is needed."""

    _requires_connection = False
    _supports_check_mode = True

    def run(self, tmp: str | None = None, task_vars: dict[str, t.Any] | None = None) -> dict[str, t.Any]:
        result: dict[str, t.Any] = super().run(tmp, task_vars)
        variables = task_vars or {}
        _validation, options = self.validate_argument_spec(_SPEC)
        try:
            targets = Targets.of(options["path"], options["mode"])
            before, note = files.read_earlier(options["compare_to"])
            if options["validate_only"]:
                return {**result, "changed": False}
            report = _report(options, variables)
            if before:
                report["changes"] = changes(before, report)
            uploads = [] if self._task.check_mode else targets.write(report)
        except (files.FileError, earlier.ReportError) as error:
            raise AnsibleActionFail(way_of(variables).failure(str(error))) from error
        return {
            **result,
            "changed": bool(targets.paths),
            "lines": [*as_lines(report, width_of(self._display)), *note, *targets.lines(self._task.check_mode)],
            "summary": report["summary"],
            "artifact": verdict.artifact(report),
            "failure": verdict.failure(report, options["fail_on"]),
            "uploads": uploads,
        }


@dataclass(frozen=True)
class Targets:
    """Where the report goes: files, and objects of S3, which a task of the playbook uploads."""

    paths: list[Path]
    objects: list[str]
    mode: int

    @classmethod
    def of(cls, targets: t.Sequence[str], mode: t.Any) -> Targets:
        """Raises FileError for a target that could not be written at the end."""
        for target in targets:
            files.require_known_suffix(target)
        objects = [target for target in targets if target.startswith("s3://")]
        if wrong := [target for target in objects if not _S3.fullmatch(target)]:
            raise files.FileError(f"report_path {wrong[0]} is no s3://BUCKET/KEY.")
        paths = [Path(target).expanduser() for target in targets if target not in objects]
        files.require_writable(paths)
        return cls(paths, objects, files.parse_mode(mode))

    def write(self, report: model.Report) -> list[dict[str, str]]:
        """Write the files; return the objects to upload, each with its file."""
        for path in self.paths:
            files.write(report, path, self.mode)
        uploads = []
        for number, target in enumerate(self.objects):
            # Ansible removes this folder at the end of the run.
            source = Path(C.DEFAULT_LOCAL_TMP, f"fleet_report_{number}{Path(target).suffix}")
            files.write(report, source, 0o600)
            bucket, _slash, key = target[len("s3://") :].partition("/")
            uploads.append({"src": str(source), "bucket": bucket, "key": key, "address": target})
        return uploads

    def lines(self, check_mode: bool) -> list[str]:
        word = "Report, not written in check mode" if check_mode else "Report"
        return ["", *(f"{word}: {path}" for path in self.paths)] if self.paths else []


def _report(options: t.Mapping[str, t.Any], variables: t.Mapping[str, t.Any]) -> model.Report:
    way = way_of(variables)
    regions = [
        RegionResults(
            region.get("region") or "",
            way.result(region.get("domains") or {}, "sagemaker_domain_info"),
            region.get("spaces") or {},
            region.get("prerequisites") or {},
            drift=region.get("drift") or {},
            changes=region.get("changes") or {},
        )
        for region in options["regions"]
    ]
    hosts = [_host(name, variables["hostvars"][name], options["inspection"]) for name in options["apps"]]
    run: model.Run = {
        "time": datetime.datetime.now(datetime.timezone.utc).isoformat(timespec="seconds"),
        "collection_version": _version(),
        "ansible_version": ansible_version,
        "sources": "_and_".join(name for name, found in (("aws", regions), ("apps", hosts)) if found) or "none",
        "awx_job_id": variables.get("awx_job_id") or variables.get("tower_job_id"),
    }
    return build(run, regions, hosts, way, _account_names(variables))


def _account_names(variables: t.Mapping[str, t.Any]) -> dict[str, str]:
    """Return the names that the inventory has of the accounts of targets."""
    hosts = [variables["hostvars"][name] for name in variables["groups"].get("studio_targets", ())]
    return {
        str(host["studio_target_account_id"]): str(host["studio_target_account_name"])
        for host in hosts
        if "studio_target_account_id" in host and "studio_target_account_name" in host
    }


def _host(name: str, variables: t.Mapping[str, t.Any], inspection: str) -> HostResult:
    result = variables.get(inspection) or {}
    own = {key: variables[key] for key in variables if key.startswith("studio_")}
    app = result.get("app")
    findings = check_app(app, 1.0, 5.0, None, {}) if app else []
    return HostResult(name, own, result, findings)


def _version() -> str:
    """Return the version of the collection, which a checkout has in another file than an installed one."""
    for name in ("MANIFEST.json", "galaxy.yml"):
        if (path := _COLLECTION / name).is_file():
            manifest = yaml_load(path.read_text(encoding="utf-8"))
            return str(manifest.get("collection_info", manifest)["version"])
    return "unknown"
