import math

import pytest
from hypothesis import given
from hypothesis import strategies as st
from probed_runs import LAYERS, probe, probe_normalised, probe_plain

from bn_tui.insight.layers import CAPACITY, Extent, LayerHistory, merge
from bn_tui.insight.quantities import LAYER_QUANTITIES

finite = st.floats(-1e300, 1e300)


def tell(*probes):
    history = LayerHistory()
    for each in probes:
        history.add(each)
    return history


def medians(history):
    return [(each.first_step, each.last_step, *each.values["input_p50"]) for each in history.probes]


def test_before_the_first_probe_there_is_nothing():
    history = LayerHistory()
    assert (history.first, history.last, list(history.probes), history.at(0)) == (
        None,
        None,
        [],
        None,
    )
    assert all(extent.least > extent.greatest for extent in history.extents.values())


def test_what_fits_is_kept_probe_by_probe():
    probes = [probe_normalised("manual", step) for step in (0, 25, 50)]
    history = tell(*probes)
    assert (history.first, history.last) == (probes[0], probes[-1])
    for kept, event in zip(history.probes, probes, strict=True):
        assert (kept.first_step, kept.last_step, kept.count) == (event.step, event.step, 1)
        assert {name: tuple(values) for name, values in kept.values.items()} == {
            name: getattr(event, name) for name in LAYER_QUANTITIES
        }


def test_a_quantity_that_a_variant_has_not_has_no_layer():
    history = tell(probe_plain(0))
    assert len(history.probes[0].values["gamma_mean"]) == 0
    assert len(history.probes[0].values["input_deviation"]) == LAYERS


def test_another_probe_of_the_same_step_says_nothing_new():
    history = tell(probe("nn", 5, input_p50=(1.0,)), probe("nn", 5, input_p50=(2.0,)))
    assert medians(history) == [(5, 5, 1.0)]
    assert history.last.input_p50 == (1.0,)


def test_neighbours_are_averaged_layer_by_layer():
    probes = [probe("nn", step, input_p50=(float(step), -3.0 * step)) for step in range(3)]
    kept = [tell(each).probes[0] for each in probes]
    pair = merge(kept[:2])
    assert (pair.first_step, pair.last_step, pair.count) == (0, 1, 2)
    assert list(pair.values["input_p50"]) == [0.5, -1.5]
    assert list(merge((pair, kept[2])).values["input_p50"]) == pytest.approx([1.0, -3.0])
    assert merge(kept[:1]) is kept[0]


def test_a_value_that_is_not_finite_is_not_averaged_away():
    probes = [probe("nn", step, input_p50=(value,)) for step, value in enumerate((1.0, math.inf))]
    merged = merge([tell(each).probes[0] for each in probes])
    assert merged.values["input_p50"][0] == math.inf


def test_very_large_values_have_a_mean():
    probes = [tell(probe("nn", step, input_p50=(1.7e308,))).probes[0] for step in range(3)]
    assert merge(probes).values["input_p50"][0] == pytest.approx(1.7e308)


def test_a_step_is_found_in_what_covers_it_or_comes_before():
    history = tell(*(probe_plain(step) for step in (0, 25, 50)))
    found = [history.at(step).first_step for step in (0, 24, 25, 49, 1000)]
    assert found == [0, 0, 25, 25, 50]
    assert history.at(-1) is None


@given(st.lists(st.floats(), max_size=6))
def test_an_extent_reaches_as_far_as_the_finite_values(values):
    extent = Extent()
    extent.take_in(values)
    measured = list(filter(math.isfinite, values))
    assert extent.least == min(measured, default=math.inf)
    assert extent.greatest == max(measured, default=-math.inf)
    assert extent.least_positive == min((each for each in measured if each > 0), default=math.inf)


def test_extents_are_those_of_all_layers_and_probes():
    history = tell(
        probe("nn", 0, gradient_norm=(0.5, 0.0)), probe("nn", 1, gradient_norm=(1e-9, 0.25))
    )
    extent = history.extents["gradient_norm"]
    assert (extent.least, extent.greatest, extent.least_positive) == (0.0, 0.5, 1e-9)


@given(st.lists(finite, min_size=1, max_size=20))
def test_what_is_merged_stays_within_the_extent(values):
    history = tell(*(probe("nn", step, input_p50=(value,)) for step, value in enumerate(values)))
    mean = merge(history.probes).values["input_p50"][0]
    extent = history.extents["input_p50"]
    slack = 1e-9 * max(map(abs, values)) + 5e-324  # the least float there is
    assert extent.least - slack <= mean <= extent.greatest + slack


def test_memory_does_not_grow_with_the_run():
    history, probes, most = LayerHistory(), 5 * CAPACITY + 3, 0
    values = dict.fromkeys(LAYER_QUANTITIES, [0.5] * LAYERS)
    for number in range(probes):
        history.add(probe("nn", 25 * number, **values))
        most = max(most, len(history.probes))
    assert most == CAPACITY
    assert sum(each.count for each in history.probes) == probes
    assert history.probes[0].first_step == 0
    assert history.probes[-1].last_step == 25 * (probes - 1)
    # Each number takes eight bytes, so 256 probes of a default network take 700 kB.
    assert {values.itemsize for each in history.probes for values in each.values.values()} == {8}
