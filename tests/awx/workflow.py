# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A workflow as AWX 24.6 runs it: which nodes run, what AWX passes to each, and the workflow's own status.

As in awx/main/scheduler/dag_workflow.py and WorkflowJobNode.get_job_kwargs of awx/main/models/workflow.py.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from graphlib import TopologicalSorter
from typing import TYPE_CHECKING, Any

from tests.awx import survey_rules

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

_AFTER = {"successful": ("success_nodes", "always_nodes"), "failed": ("failure_nodes", "always_nodes")}


@dataclass(frozen=True)
class Start:
    """What AWX starts a node with; an approval has no template."""

    node: str
    template: Mapping[str, Any] | None
    extra_vars: Mapping[str, Any]
    limit: str


@dataclass(frozen=True)
class Ended:
    """How a node ended. A denied approval has failed."""

    status: str
    artifacts: Mapping[str, Any] = field(default_factory=dict)


class Workflow:
    """A workflow of the configuration."""

    def __init__(self, configuration: Mapping[str, Any]) -> None:
        [self._workflow] = configuration["controller_workflows"]
        self._templates = {template["name"]: template for template in configuration["controller_templates"]}
        self._nodes = {node["identifier"]: node for node in self._workflow["simplified_workflow_nodes"]}
        self.ended: dict[str, Ended] = {}

    def run(self, start: Callable[[Start], Ended], answers: Mapping[str, Any], limit: str = "") -> str:
        """Run the nodes and return the status of the workflow, as has_workflow_failed decides it."""
        form = {
            **(self._workflow.get("extra_vars") or {}),
            **survey_rules.answers(self._workflow["survey_spec"], dict(answers)),
        }
        passed: dict[str, dict[str, Any]] = {}
        for name in TopologicalSorter({name: self._parents(name) for name in self._nodes}).static_order():
            parents = self._parents(name)
            if parents and not any(self._leads(parent, name) for parent in parents):
                continue
            passed[name] = {}
            for parent in filter(self.ended.get, parents):
                passed[name] |= {**passed[parent], **self.ended[parent].artifacts}
            self.ended[name] = start(self._start(name, passed[name], form, limit))
        failed = [self._nodes[name] for name, ended in self.ended.items() if ended.status == "failed"]
        unhandled = [node for node in failed if not node.get("failure_nodes") and not node.get("always_nodes")]
        return "failed" if unhandled else "successful"

    def _start(self, name: str, passed: dict[str, Any], form: dict[str, Any], limit: str) -> Start:
        node = self._nodes[name]
        if "approval_node" in node:
            return Start(name, None, {}, "")
        template = self._templates[node["unified_job_template"]]
        survey = template.get("survey_spec") or {"spec": []}
        # The workflow's answers reach every node, also one without their question.
        variables = survey_rules.answers(survey, {}) | passed | form
        return Start(name, template, variables, limit if template.get("ask_limit_on_launch") else "")

    def _parents(self, name: str) -> list[str]:
        return [parent for parent, node in self._nodes.items() if name in _following(node)]

    def _leads(self, parent: str, name: str) -> bool:
        ended = self.ended.get(parent)
        return ended is not None and any(name in self._nodes[parent].get(link, ()) for link in _AFTER[ended.status])


def _following(node: Mapping[str, Any]) -> list[str]:
    return [name for link in ("success_nodes", "failure_nodes", "always_nodes") for name in node.get(link, ())]
