# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Run the module studio_docker_cli, and copy a staged bundle from the controller where the module needs one."""

from __future__ import annotations

import typing as t
from pathlib import Path

from ansible.errors import AnsibleActionFail
from ansible.plugins.action import ActionBase
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._docker.errors import PackageError
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._docker_cli import staged_bundles
from ansible_collections.mlops.studio_local_mode.plugins.plugin_utils._payload.garbage_collector import (
    paused_collector,
)
from ansible_collections.mlops.studio_local_mode.plugins.plugin_utils._report.way import way_of
from ansible_collections.mlops.studio_local_mode.plugins.plugin_utils._spaces import copy_time


class ActionModule(ActionBase):
    """The module decides what is needed; this plugin only reads and sends files of the controller."""

    _supports_check_mode = True
    _supports_async = False

    def run(self, tmp: str | None = None, task_vars: dict[str, t.Any] | None = None) -> dict[str, t.Any]:
        result: dict[str, t.Any] = super().run(tmp, task_vars)
        options = {key: value for key, value in self._task.args.items() if key not in ("bundles", "copied_to")}
        copy_from = options.get("copy_from")
        if copy_from and options.get("source") == "staged" and options.get("state", "present") == "present":
            folder = Path(self._loader.path_dwim(copy_from))
            try:
                options["bundles"] = staged_bundles.read_manifests(folder)
            except PackageError as error:
                message = way_of(task_vars or {}).failure(f"copy_from: {error}", "studio_docker_cli")
                raise AnsibleActionFail(message) from error
            found = self._module(options, task_vars)
            if "bundle_needed" in found:
                dest = self._send(folder, found["bundle_needed"], (task_vars or {}).get("inventory_hostname", "app"))
                found = self._module({**options, "copied_to": dest}, task_vars)
        else:
            found = self._module(options, task_vars)
        return way_of(task_vars or {}).result({**result, **found}, "studio_docker_cli")

    def _module(self, options: dict[str, t.Any], task_vars: dict[str, t.Any] | None) -> dict[str, t.Any]:
        with paused_collector():
            return dict(self._execute_module(module_args=options, task_vars=task_vars))

    def _send(self, folder: Path, needed: dict[str, t.Any], host: str) -> str:
        files = staged_bundles.files_to_copy(folder, needed["bundle"], needed["packages"])
        if getattr(self._connection, "ansible_name", "") == copy_time.CONNECTION:
            size = sum(file.stat().st_size for file in files)
            # Standard output may have to stay JSON.
            self._display.display(copy_time.announcement(host, size), stderr=True)
        for file in files:
            self._transfer_file(str(file), f"{needed['dest']}/{file.name}")
        return str(needed["dest"])
