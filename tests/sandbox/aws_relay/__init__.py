# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""AWS as an app finds it: S3, STS, SageMaker and ECR under AWS's names, and the credentials of the execution role.

server.py runs in a container, service.py starts it.
"""
