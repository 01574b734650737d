# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the collection costs in time and memory, measured against the sandbox; `make bench` runs it.

- domains.py: the domain modules, beside what a shell loop of the AWS CLI takes for the same work
- sessions.py: the connection studio_ssh, beside plain ssh to the same server
- runs.py: how a playbook, a CLI command and a module's process are run and measured
- report.py: the table

Nothing here is a test: what is measured depends on the machine, so that only ratios within one run and generous bounds
say something.
"""
