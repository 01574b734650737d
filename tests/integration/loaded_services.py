# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Once imported, botocore's descriptions of the services are parsed, for every process that is forked from this one.

botocore keeps them for a session, and a module has a session of its own: a third of what the module's process works.
"""

from __future__ import annotations

from functools import cache

import boto3
from botocore.loaders import JSONFileLoader, Loader


class _Remembering(JSONFileLoader):
    load_file = cache(JSONFileLoader.load_file)


_LOADER = _Remembering()
Loader.FILE_LOADER_CLASS = staticmethod(lambda: _LOADER)

_SESSION = boto3.Session(aws_access_key_id="none", aws_secret_access_key="none", region_name="eu-west-1")  # noqa: S106
for _service in ("sagemaker", "sts"):
    _SESSION.client(_service)
