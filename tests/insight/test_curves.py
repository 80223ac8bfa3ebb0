import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bn_tui.insight.buckets import Axis
from bn_tui.insight.curves import Curve

finite = st.floats(allow_nan=False, allow_infinity=False)
series = st.lists(st.floats() | st.sampled_from([math.nan, math.inf, -math.inf]), min_size=1)
capacities = st.integers(2, 9)


def draw(values, capacity=2048, *, every=1):
    """A curve with a value every so many steps, at a quarter of a second each."""
    curve = Curve(capacity)
    for index, value in enumerate(values):
        curve.add(every * index, value, 0.25 * (index + 1))
    return curve


def same(one, other):
    return one == other or (math.isnan(one) and math.isnan(other))


def extremes(buckets):
    measured = [bucket for bucket in buckets if bucket.finite]
    return (
        min((bucket.minimum for bucket in measured), default=None),
        max((bucket.maximum for bucket in measured), default=None),
    )


def true_extremes(values):
    measured = list(filter(math.isfinite, values))
    return min(measured, default=None), max(measured, default=None)


def test_before_the_first_value_there_is_nothing():
    curve = Curve()
    assert list(curve.buckets) == []
    assert curve.count == 0
    assert (curve.last, curve.last_step, curve.minimum, curve.maximum) == (None,) * 4
    assert curve.at(0) is None
    assert curve.resample(10, 0, 100) == ()


def test_what_fits_is_kept_value_by_value():
    curve = draw([0.5, 0.25, 0.75], capacity=3)
    assert [bucket.last for bucket in curve.buckets] == [0.5, 0.25, 0.75]
    assert [bucket.first_step for bucket in curve.buckets] == [0, 1, 2]
    assert [bucket.last_step for bucket in curve.buckets] == [0, 1, 2]
    assert [bucket.seconds for bucket in curve.buckets] == [0.25, 0.5, 0.75]


def test_when_full_adjacent_values_share_a_bucket():
    curve = draw([1.0, 3.0, 2.0, 8.0, 5.0], capacity=4)
    first, second, third = curve.buckets
    assert (first.first_step, first.last_step, first.count) == (0, 1, 2)
    assert (first.minimum, first.mean, first.maximum, first.last) == (1.0, 2.0, 3.0, 3.0)
    assert (second.minimum, second.mean, second.maximum, second.last) == (2.0, 5.0, 8.0, 8.0)
    assert (third.first_step, third.last_step, third.count) == (4, 4, 1)
    assert second.seconds == 1.0


@given(series, capacities)
def test_count_last_and_extremes_are_exact(values, capacity):
    curve = draw(values, capacity)
    buckets = curve.buckets
    assert len(buckets) <= capacity
    assert curve.count == len(values) == sum(bucket.count for bucket in buckets)
    assert sum(bucket.finite for bucket in buckets) == sum(map(math.isfinite, values))
    assert same(curve.last, values[-1])
    assert (curve.minimum, curve.maximum) == extremes(buckets) == true_extremes(values)


@given(series, capacities)
def test_each_bucket_tells_the_truth_of_its_steps(values, capacity):
    end = -1
    for bucket in draw(values, capacity).buckets:
        assert bucket.first_step == end + 1
        end = bucket.last_step
        covered = values[bucket.first_step : end + 1]
        assert bucket.count == len(covered)
        assert extremes([bucket]) == true_extremes(covered)
        assert same(bucket.last, covered[-1])
        assert bucket.seconds == 0.25 * (end + 1)
        if bucket.finite:
            shares = [value / bucket.finite for value in covered if math.isfinite(value)]
            scale = max(abs(bucket.minimum), abs(bucket.maximum))
            assert bucket.minimum <= bucket.mean <= bucket.maximum
            assert math.isclose(bucket.mean, math.fsum(shares), abs_tol=1e-12 * scale + 1e-300)
        else:
            assert all(map(math.isnan, (bucket.minimum, bucket.mean, bucket.maximum)))
    assert end == len(values) - 1


def test_what_is_not_finite_stays_visible_and_spoils_no_neighbour():
    (bucket,) = draw([1.0, math.nan, 3.0, -math.inf], capacity=2).resample(1, 0, 3)
    assert (bucket.count, bucket.finite) == (4, 2)
    assert (bucket.minimum, bucket.mean, bucket.maximum) == (1.0, 2.0, 3.0)
    assert bucket.last == -math.inf


def test_very_large_values_have_a_mean():
    (bucket,) = draw([1.7e308, 1.7e308, 1.7e308], capacity=2).resample(1, 0, 2)
    assert bucket.mean == 1.7e308


def test_two_hundred_thousand_values_stay_within_the_buckets():
    curve, most = Curve(), 0
    for step in range(200_000):
        curve.add(step, -1.0 if step == 77_777 else step % 1000, step * 0.04)
        most = max(most, len(curve.buckets))
    assert most == 2048
    assert (curve.count, curve.minimum, curve.maximum) == (200_000, -1.0, 999.0)
    assert curve.at(77_777).minimum == -1.0
    assert max(bucket.count for bucket in curve.buckets) == 128


@pytest.mark.parametrize("step", [3, 4])
def test_a_step_that_was_there_already_is_refused(step):
    curve = Curve()
    curve.add(4, 0.5, 1.0)
    with pytest.raises(ValueError, match=f"after 4, got {step}"):
        curve.add(step, 0.5, 1.0)
    assert curve.count == 1


def test_one_bucket_is_too_few():
    with pytest.raises(ValueError, match="at least 2 parts, got 1"):
        Curve(1)


@pytest.mark.parametrize(
    ("step", "found"), [(-1, None), (0, 0), (99, 0), (100, 100), (250, 200), (999, 300)]
)
def test_a_step_is_looked_up_at_the_nearest_before_it(step, found):
    bucket = draw([0.1, 0.2, 0.3, 0.4], every=100).at(step)
    assert (bucket and bucket.first_step) == found


@given(st.lists(finite, min_size=1), capacities, st.integers(-1, 200))
def test_the_bucket_looked_up_covers_the_step(values, capacity, step):
    bucket = draw(values, capacity).at(step)
    if step < 0:
        assert bucket is None
    else:
        assert bucket.first_step <= min(step, len(values) - 1) <= bucket.last_step


@given(series, capacities, st.integers(1, 12), st.sampled_from(Axis))
def test_columns_lose_no_value_and_no_extreme(values, capacity, columns, axis):
    curve = draw(values, capacity)
    stop = curve.buckets[-1].position(axis, 10.0)
    merged = curve.resample(columns, 0, stop, axis, 10.0)
    assert 1 <= len(merged) <= columns
    assert sum(bucket.count for bucket in merged) == len(values)
    assert extremes(merged) == true_extremes(values)
    assert same(merged[-1].last, values[-1])


def test_columns_divide_the_range_evenly():
    merged = draw(range(100)).resample(4, 0, 200)
    assert [(bucket.first_step, bucket.last_step) for bucket in merged] == [(0, 49), (50, 99)]


def test_only_what_stands_in_the_range_is_merged():
    merged = draw(range(100)).resample(3, 10, 19)
    assert [(bucket.first_step, bucket.last_step) for bucket in merged] == [
        (10, 12),
        (13, 15),
        (16, 19),
    ]
    assert draw(range(100)).resample(3, 100, 200) == ()


def test_the_axis_decides_what_shares_a_column():
    curve = Curve()
    for step, seconds in enumerate([1.0, 1.0, 1.0, 10.0]):  # a step may take no time to speak of
        curve.add(step, float(step), seconds)
    by_step = curve.resample(2, 0, 4)
    by_epoch = curve.resample(2, 0, 2, Axis.EPOCH, steps_per_epoch=2.0)
    by_seconds = curve.resample(2, 0, 10, Axis.SECONDS)
    assert [bucket.count for bucket in by_step] == [2, 2]
    assert by_epoch == by_step
    assert [bucket.count for bucket in by_seconds] == [3, 1]


def test_a_position_is_where_the_last_step_is():
    (bucket,) = draw([0.5, 0.5, 0.5]).resample(1, 0, 2)
    assert bucket.position(Axis.STEP) == 2
    assert bucket.position(Axis.EPOCH, 800.0) == 2 / 800
    assert bucket.position(Axis.SECONDS) == 0.75


@given(series, capacities, st.integers(1, 12), st.sampled_from(Axis), st.integers(1, 40))
def test_columns_asked_for_at_every_step_are_those_asked_for_once(
    values, capacity, columns, axis, stop
):
    often = Curve(capacity)
    for step, value in enumerate(values):
        often.add(step, value, 0.25 * (step + 1))
        often.resample(columns, 1, stop, axis, 10.0)
    once = draw(values, capacity)
    merged = often.resample(columns, 1, stop, axis, 10.0)
    assert repr(merged) == repr(once.resample(columns, 1, stop, axis, 10.0))  # NaN is not NaN


def test_no_column_is_refused():
    with pytest.raises(ValueError, match="at least 1 column, got 0"):
        draw([1.0]).resample(0, 0, 1)


def test_the_latest_values_are_averaged_once_there_are_as_many():
    curve = draw([5.0, 1.0, math.nan, 2.0, 3.0])
    assert curve.latest_mean(2) == 2.5
    assert curve.latest_mean(3) == 2.0
    assert curve.latest_mean(4) == 2.75
    assert curve.latest_mean(5) is None
    assert draw([]).latest_mean(1) is None
    assert draw([1.0, 2.0, 3.0, 4.0], 2).latest_mean(1) == 3.5  # two share a bucket
