from dataclasses import fields

import pytest
from probed_runs import FIELDS

from bn_tui.events import LayersProbed
from bn_tui.insight.quantities import LAYER_QUANTITIES, Better, LayerQuantity

QUANTITIES = LAYER_QUANTITIES.values()


def test_every_field_of_a_probe_is_a_quantity_and_no_other():
    assert set(LAYER_QUANTITIES) == set(FIELDS)
    assert {field.name for field in fields(LayersProbed)} > set(LAYER_QUANTITIES)


@pytest.mark.parametrize("said", ["name", "meaning"])
def test_each_is_told_from_the_others(said):
    assert len({getattr(quantity, said) for quantity in QUANTITIES}) == len(LAYER_QUANTITIES)


def test_what_is_said_fits_into_a_line():
    assert max(len(quantity.name) for quantity in QUANTITIES) <= 15
    assert max(len(quantity.meaning) for quantity in QUANTITIES) <= 56


def test_what_ratios_part_at_is_positive():
    assert all(
        quantity.centre is None or quantity.centre > 0
        for quantity in QUANTITIES
        if quantity.logarithmic
    )


@pytest.mark.parametrize(
    ("better", "centre", "words"),
    [
        (None, None, ""),
        (None, 1.0, ""),
        (Better.LESS, None, "less is better"),
        (Better.CENTRE, 0.0, "best near 0"),
    ],
)
def test_which_way_is_better_is_said_in_words(better, centre, words):
    quantity = LayerQuantity(field="", name="", meaning="", better=better, centre=centre)
    assert quantity.aim == words


def test_what_is_best_near_a_value_has_one():
    assert all(
        quantity.aim.startswith("best")
        for quantity in QUANTITIES
        if quantity.better is Better.CENTRE
    )
