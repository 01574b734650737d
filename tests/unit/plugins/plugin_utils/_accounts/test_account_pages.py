# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import pytest
from ansible_collections.mlops.studio_local_mode.plugins.plugin_utils._accounts.gather import OrganizationApi


class Organizations:
    """Answers with these pages, and with nothing after them."""

    def __init__(self, *pages):
        self.pages = list(pages)
        self.tokens = []

    def list_roots(self, **request):
        self.tokens.append(request.get("NextToken"))
        return self.pages.pop(0)


@pytest.mark.parametrize("last", [{}, {"NextToken": None}, {"NextToken": ""}])
def test_an_empty_token_is_the_end_and_an_empty_page_is_not(last):
    organizations = Organizations({"Roots": [], "NextToken": "a"}, {"Roots": [{"Id": "r-1"}], **last})
    assert OrganizationApi(organizations, None, 1).list_roots() == [{"Id": "r-1"}]
    assert organizations.tokens == [None, "a"]
