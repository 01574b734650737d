# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Sphinx's settings for the documentation site; build.py says how it is built."""

from __future__ import annotations

import os
import re
from pathlib import Path

import yaml
from docutils.nodes import Element, reference
from sphinx.addnodes import pending_xref
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment
from sphinx.errors import ExtensionError

CHECKOUT = Path(os.environ["CHECKOUT"])
_GALAXY = yaml.safe_load((CHECKOUT / "galaxy.yml").read_text(encoding="utf-8"))
# Of an inline link in Markdown: its text in brackets, and its target without an anchor.
_LINK = re.compile(r"(?<=\]\()(?!https?:|mailto:|#)([^)#\s]+)(?=[)#])")

project = f"{_GALAXY['namespace']}.{_GALAXY['name']}"
author = _GALAXY["authors"][0]
# Sphinx calls it by this name.
copyright = f"2026, {author}"
version = release = _GALAXY["version"]

extensions = ["myst_parser", "sphinx_antsibull_ext", "sphinx_copybutton"]
# Anchors as GitHub makes them, so that the same links work in both places.
myst_heading_anchors = 3
source_suffix = {".rst": "restructuredtext", ".md": "markdown"}
nitpicky = True

# antsibull-docs refers to these labels of Ansible's documentation. Sphinx would download an inventory of them.
_ANSIBLE = "https://docs.ansible.com/projects/ansible/latest"
_ANSIBLE_LABELS = {
    "action_plugins": f"{_ANSIBLE}/plugins/action.html",
    "ansible_configuration_settings": f"{_ANSIBLE}/reference_appendices/config.html",
    "common_return_values": f"{_ANSIBLE}/reference_appendices/common_return_values.html",
    "connection_plugins": f"{_ANSIBLE}/plugins/connection.html",
    "inventory_plugins": f"{_ANSIBLE}/plugins/inventory.html",
}
# The label that antsibull-docs gives to a plugin, of another collection than this one.
_OTHER_PLUGIN = re.compile(r"ansible_collections\.(?!mlops\.)(\w+)\.(\w+)\.(\w+)")
exclude_patterns = ["README.md"]  # index.md takes its place

html_theme = "sphinx_ansible_theme"
html_title = f"{project} {release}"
html_show_sphinx = False
html_theme_options = {
    "documentation_home_url": _GALAXY["documentation"],
    "vcs_pageview_mode": "edit",
    "collapse_navigation": False,
    "navigation_depth": 3,
}
html_context = {
    "display_github": True,
    "github_user": "mlops",
    "github_repo": "ansible-studio-local-mode",
    "github_version": "main/",
}
pygments_style = "ansible"
highlight_language = "yaml+jinja"
# Tracebacks and logs in examples are no YAML.
suppress_warnings = ["misc.highlighting_failure"]


def _link_to_repository(app: Sphinx, docname: str, source: list[str]) -> None:
    """Replace links to files that are no page of the site by links to the repository; a file must exist."""
    page = Path(app.env.doc2path(docname))
    if page.suffix != ".md" or not page.is_relative_to(app.srcdir):
        return
    folder = page.relative_to(app.srcdir).parent

    def replace(match: re.Match[str]) -> str:
        target = Path(os.path.normpath(folder / match.group(1)))
        if (Path(app.srcdir) / target).exists():
            return match.group(1)
        if not (CHECKOUT / target).exists():
            raise ExtensionError(f"{docname} links to {match.group(1)}, which does not exist")
        return f"{_GALAXY['repository']}/blob/main/{target}"

    source[0] = _LINK.sub(replace, source[0])


def _link_to_ansible(app: Sphinx, env: BuildEnvironment, node: pending_xref, text: Element) -> Element | None:
    """Resolve a label or an environment variable of Ansible's documentation."""
    target = node["reftarget"]
    address = None
    if node["reftype"] == "ref":
        address = _ANSIBLE_LABELS.get(target)
        if plugin := _OTHER_PLUGIN.fullmatch(target):
            address = "{}/collections/{}/{}/{}.html".format(_ANSIBLE, *plugin.groups())
    elif node["reftype"] == "envvar" and target.startswith("ANSIBLE_"):
        address = f"{_ANSIBLE}/reference_appendices/config.html#envvar-{target}"
    return reference("", "", text, refuri=address, internal=False) if address else None


def setup(app: Sphinx) -> None:
    app.connect("source-read", _link_to_repository)
    app.connect("missing-reference", _link_to_ansible)
