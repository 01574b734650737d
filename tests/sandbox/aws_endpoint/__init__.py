# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The sandbox's AWS: moto's server with the SageMaker Studio operations that moto lacks.

- process.py: start and stop the server
- client.py: what tests use: controls, call log, boto3 clients, makers of domains, apps and organizations
- server.py: puts the parts together and serves them
- control_api.py: /_sandbox/...: switch the controls, read the call log, make an organization (seed.py)
- front_door.py: every AWS request: account of the access key, call log, latency, faults, validation; then moto
- credentials.py, places.py, enabled_regions.py: many accounts and regions behind the one URL
- admission.py, trust.py, organizations.py, account_regions.py, sts.py: what depends on the caller's account
- required_actions.py, denials.py: the IAM actions that a call requires, and their denial
- trail.py, lookup_events.py: CloudTrail's event history, fed by the calls
- moto_studio.py: the only place that changes moto
- domains.py, studio_apps.py, lifecycle_configs.py, tags.py: the operations
- iam_and_ecr.py, iam_policies.py: what moto lacks of IAM and ECR
"""
