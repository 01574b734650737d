# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Render the shell script that installs the Docker CLI and Compose at every start of a Studio app."""

from __future__ import annotations

import base64
import hashlib
import posixpath
import re
import shlex
import typing as t
from pathlib import Path

import jinja2
from ansible.errors import AnsibleActionFail
from ansible.plugins.action import ActionBase
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._docker_cli.lifecycle_script import (
    template_values,
)

# CreateStudioLifecycleConfig, StudioLifecycleConfigContent: characters of base64.
LIMIT = 16384
_TEMPLATE = Path(__file__).parents[2] / "roles/lifecycle_config/templates/lifecycle_config.sh.j2"
_SPEC: dict[str, dict[str, t.Any]] = {
    "bundles": {"type": "list", "elements": "dict", "required": True},
    "scope": {"type": "str", "choices": ["home", "system"], "default": "home"},
    "source": {"type": "str", "choices": ["internet", "staged", "s3"], "default": "internet"},
    "staged_path": {"type": "str"},
    "s3_uri": {"type": "str"},
    "repository_url": {"type": "str", "default": "https://download.docker.com/linux"},
    "key_fingerprint": {"type": "str", "default": "9DC858229FC7DD38854AE2D88D81803C0EBFCD88", "no_log": False},
    "ca_path": {"type": "str"},
    "keep_existing": {"type": "bool", "default": True},
    "timeout": {"type": "int", "default": 120},
}
_REQUIRED_IF = [("source", "staged", ("staged_path",)), ("source", "s3", ("s3_uri",))]


class ActionModule(ActionBase):
    """Everything is known on the controller: no connection is needed."""

    _requires_connection = False
    _supports_check_mode = True

    def run(self, tmp: str | None = None, task_vars: dict[str, t.Any] | None = None) -> dict[str, t.Any]:
        result: dict[str, t.Any] = super().run(tmp, task_vars)
        _validation, options = self.validate_argument_spec(_SPEC, required_if=_REQUIRED_IF)
        packages = [package for bundle in options["bundles"] for package in bundle["packages"]]
        if options["source"] == "internet" and not all("url" in package for package in packages):
            raise AnsibleActionFail(
                "source is internet, but the bundles have no URLs because they were staged. Set source to staged or "
                "s3, or look the packages up with docker_deb_bundle in check mode."
            )
        script = render(options)
        size = len(base64.b64encode(script.encode()))
        if size > LIMIT:
            raise AnsibleActionFail(
                f"The script has {size} characters in base64, Studio accepts at most {LIMIT}. Name fewer "
                "operating systems in lifecycle_config_targets."
            )
        sha256 = hashlib.sha256(script.encode()).hexdigest()
        return {**result, "changed": False, "script": script, "sha256": sha256, "base64_size": size}


def render(options: dict[str, t.Any]) -> str:
    """Return the script for the options of the action."""
    environment = jinja2.Environment(
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        undefined=jinja2.StrictUndefined,
        autoescape=False,  # noqa: S701 - the output is a shell script, whose values are quoted where they are used
    )
    environment.filters |= {"quote": shlex.quote, "dirname": posixpath.dirname, "basename": posixpath.basename}
    template = environment.from_string(_TEMPLATE.read_text(encoding="utf-8"))
    paths = {name: (options[name] or "").rstrip("/") for name in ("repository_url", "s3_uri", "staged_path")}
    script = template.render({**options, **paths, **template_values(options["bundles"])})
    # One tab for four spaces, because Studio limits the size.
    return re.sub(r"^(?: {4})+", lambda spaces: "\t" * (len(spaces.group()) // 4), script, flags=re.MULTILINE)
