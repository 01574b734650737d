# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import pytest
from ansible_collections.mlops.studio_local_mode.plugins.plugin_utils._accounts.errors import SelectionError
from ansible_collections.mlops.studio_local_mode.plugins.plugin_utils._accounts.units import Unit, UnitSelection

ROOT = Unit("r-ab12", "Root")
WORKLOADS = Unit("ou-ab12-11111111", "Root/Workloads")
PROD = Unit("ou-ab12-22222222", "Root/Workloads/Prod")
PRODUCTS = Unit("ou-ab12-33333333", "Root/Products")
PROD_OF_PRODUCTS = Unit("ou-ab12-44444444", "Root/Products/Prod")
UNITS = [ROOT, WORKLOADS, PRODUCTS, PROD, PROD_OF_PRODUCTS]


@pytest.mark.parametrize(
    ("selection", "expected"),
    [
        (UnitSelection(), UNITS),
        (UnitSelection(["Workloads"]), [WORKLOADS, PROD]),
        (UnitSelection(["Workloads"], recursive=False), [WORKLOADS]),
        (UnitSelection(["Workloads/Prod"]), [PROD]),
        (UnitSelection(["/Root/Workloads/"]), [WORKLOADS, PROD]),
        (UnitSelection(["ou-ab12-33333333"]), [PRODUCTS, PROD_OF_PRODUCTS]),
        (UnitSelection(["r-ab12"], ["Products"]), [ROOT, WORKLOADS, PROD]),
        (UnitSelection(excluded=["Products/Prod"]), [ROOT, WORKLOADS, PRODUCTS, PROD]),
    ],
)
def test_selected_units(selection, expected):
    assert selection.selected(UNITS) == expected


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (
            "Prod",
            "is the name of 2 organizational units. Name one by its path: Root/Workloads/Prod, Root/Products/Prod",
        ),
        ("Workload", "no organizational unit 'Workload'. Did you mean Workloads?"),
        ("Workloads/Prd", "Did you mean Root/Workloads/Prod"),
        ("ou-ab12-99999999", "no organizational unit 'ou-ab12-99999999'. It has Root, Root/Workloads"),
    ],
)
def test_a_unit_that_does_not_exist_or_is_not_the_only_one(text, message):
    with pytest.raises(SelectionError) as raised:
        UnitSelection([text]).selected(UNITS)
    assert message in str(raised.value)


@pytest.mark.parametrize(
    ("included", "excluded", "expected"),
    [
        ([], [], UNITS),
        (["Prod"], [], UNITS),
        (["Workloads/Prod"], ["Products"], UNITS),
        (["Workloads/Prod"], [], [ROOT, WORKLOADS, PROD]),
        (["Root/Products"], [], [ROOT, PRODUCTS, PROD_OF_PRODUCTS]),
    ],
)
def test_with_paths_only_the_units_on_their_way_and_below_are_read(included, excluded, expected):
    selection = UnitSelection(included, excluded)
    assert [unit for unit in UNITS if selection.may_contain(unit)] == expected
    flat = UnitSelection(["Workloads/Prod"], recursive=False)
    assert [unit for unit in UNITS if flat.may_contain(unit)] == [ROOT, WORKLOADS]
