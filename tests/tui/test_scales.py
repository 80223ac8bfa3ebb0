import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bn_tui.tui.scales import Scale, round_ticks, short_labels

GREATEST = 1.7976931348623157e308


@pytest.mark.parametrize(
    ("low", "high", "count", "labels"),
    [
        (0, 1, 2, "0 .5 1"),
        (0, 1, 5, "0 .2 .4 .6 .8 1"),
        (0, 0.7, 4, "0 .2 .4 .6"),
        (0, 0.004, 4, "0 .001 .002 .003 .004"),
        (0, 0.0004, 4, "0 1e-4 2e-4 3e-4 4e-4"),
        (0.97, 1, 3, ".97 .98 .99 1"),
        (-1, 1, 4, "-1 -.5 0 .5 1"),
        (0, 800, 4, "0 200 400 600 800"),
        (0, 799, 4, "0 200 400 600"),
        (0, 2000, 4, "0 500 1000 1500 2000"),
        (0, 40_000, 4, "0 10k 20k 30k 40k"),
        (0, 12_000, 6, "0 2k 4k 6k 8k 10k 12k"),
        (0, 3e6, 3, "0 1e6 2e6 3e6"),
        (100_000, 100_001, 2, "100k 100.0005k 100.001k"),
    ],
)
def test_ticks_are_round_and_short(low, high, count, labels):
    ticks = round_ticks(Scale(low, high), count)
    assert " ".join(short_labels(ticks)) == labels


@pytest.mark.parametrize(
    ("low", "high", "labels"),
    [
        (1e-4, 1, "1e-4 1e-3 .01 .1 1"),
        (1e-9, 1, "1e-9 1e-7 1e-5 1e-3 .1"),
        (0.02, 0.7, ".02 .05 .1 .2 .5"),
        (0.32, 0.34, ".32 .325 .33 .335 .34"),
        (1, 1000, "1 10 100 1000"),
    ],
)
def test_ticks_of_a_logarithmic_scale(low, high, labels):
    ticks = round_ticks(Scale(low, high, log=True), 4)
    assert " ".join(short_labels(ticks, log=True)) == labels


@pytest.mark.parametrize(("high", "labels"), [(1, "0 1"), (3, "0 1 2 3"), (40, "0 10 20 30 40")])
def test_what_is_counted_has_whole_ticks(high, labels):
    assert " ".join(short_labels(round_ticks(Scale(0, high), 5, whole=True))) == labels


@given(st.floats(-GREATEST, GREATEST), st.floats(-GREATEST, GREATEST), st.integers(1, 8))
def test_ticks_are_few_and_in_range(one, other, count):
    scale = Scale(min(one, other), max(one, other))
    ticks = round_ticks(scale, count)
    assert len(ticks) <= count + 2
    assert ticks == sorted(ticks)
    slack = (scale.high / 2 - scale.low / 2) * 1e-6
    assert all(scale.low - slack <= tick <= scale.high + slack for tick in ticks)


@given(st.floats(5e-324, GREATEST), st.floats(5e-324, GREATEST), st.integers(1, 8))
def test_logarithmic_ticks_are_few_and_in_range(one, other, count):
    scale = Scale(min(one, other), max(one, other), log=True)
    ticks = round_ticks(scale, count)
    assert len(ticks) <= count + 2
    assert all(tick > 0 and math.isfinite(tick) for tick in ticks)


@given(st.lists(st.floats(-GREATEST, GREATEST), min_size=1, max_size=6, unique=True), st.booleans())
def test_labels_tell_values_apart(values, log):
    assert len(set(short_labels(values, log=log))) == len(values)


@given(st.floats(-GREATEST, GREATEST), st.floats(-GREATEST, GREATEST), st.floats(allow_nan=False))
def test_every_value_has_a_place(one, other, value):
    assert 0 <= Scale(min(one, other), max(one, other)).place(value) <= 1
