import math
from dataclasses import astuple

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bn_tui.insight.buckets import bucket_of_one, extend, merge, smooth

values = st.lists(st.floats(-1e6, 1e6), min_size=1, max_size=30)
weights = st.floats(0, 0.999)


def buckets_of(numbers):
    return [bucket_of_one(step, number, 0.0) for step, number in enumerate(numbers)]


def adam_average(numbers, weight):
    """Algorithm 1 of Kingma and Ba 2015, its first moment, step by step."""
    moment, averages = 0.0, []
    for time, number in enumerate(numbers, start=1):
        moment = weight * moment + (1 - weight) * number
        averages.append(moment / (1 - weight**time))
    return averages


@given(values, weights)
def test_smoothing_is_adams_first_moment_without_its_bias(numbers, weight):
    smoothed = smooth(buckets_of(numbers), weight)
    assert smoothed == pytest.approx(adam_average(numbers, weight), rel=1e-6, abs=1e-6)


@given(values)
def test_without_weight_nothing_is_smoothed(numbers):
    assert smooth(buckets_of(numbers), 0.0) == numbers


@given(st.floats(-1e6, 1e6), st.integers(1, 30), weights)
def test_what_does_not_change_stays_as_it_is(number, count, weight):
    assert smooth(buckets_of([number] * count), weight) == pytest.approx([number] * count)


@given(values, st.integers(1, 30), weights)
def test_a_bucket_of_many_counts_as_many(numbers, count, weight):
    repeated = [number for number in numbers for _ in range(count)]
    singly = smooth(buckets_of(repeated), weight)[count - 1 :: count]
    groups = [merge(buckets_of([number] * count)) for number in numbers]
    assert smooth(groups, weight) == pytest.approx(singly, rel=1e-6, abs=1e-6)


def test_what_is_not_finite_is_a_gap_and_spoils_no_neighbour():
    first, gap, second = smooth(buckets_of([1.0, math.nan, 3.0]), 0.5)
    assert math.isnan(gap)
    assert [first, second] == smooth(buckets_of([1.0, 3.0]), 0.5)
    mixed = merge(buckets_of([1.0, math.inf]))
    assert smooth([mixed, *buckets_of([3.0])], 0.5) == [first, second]


@pytest.mark.parametrize("weight", [-0.1, 1.0, math.nan])
def test_a_weight_outside_is_refused(weight):
    with pytest.raises(ValueError, match="at least 0 and below 1"):
        smooth([], weight)


def test_nothing_is_smoothed_to_nothing():
    assert smooth([], 0.9) == []


@given(st.lists(st.floats(), min_size=1, max_size=30))
def test_a_value_more_makes_the_bucket_that_merging_makes(numbers):
    first, *rest = points = buckets_of(numbers)
    extended = merged = first
    for point in rest:
        extended = extend(extended, point)
        merged = merge((merged, point))
    assert astuple(extended) == pytest.approx(astuple(merged), rel=0, abs=0, nan_ok=True)
    assert extended.count == len(points)


def test_a_bucket_alone_stays_the_same():
    (bucket,) = buckets_of([0.3])
    assert merge([bucket]) is bucket
