import json
import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bn_tui.step_times import StepTimes


def of(seconds):
    times = StepTimes()
    for value in seconds:
        times.add(value)
    return times


@given(st.lists(st.floats(1e-6, 1e4), min_size=1, max_size=60))
def test_the_median_is_that_of_all_within_its_precision(seconds):
    times = of(seconds)
    assert times.median == pytest.approx(np.median(seconds), rel=5.1e-4)
    assert times.total == pytest.approx(math.fsum(seconds))


@given(st.lists(st.floats(1e-6, 1e4), max_size=30), st.lists(st.floats(1e-6, 1e4), max_size=30))
def test_it_goes_on_from_its_json_as_if_nothing_had_been(before, after):
    times = StepTimes.from_dict(json.loads(json.dumps(of(before).as_dict(), allow_nan=False)))
    for value in after:
        times.add(value)
    whole = of(before + after)
    assert (times.median, times.total) == (whole.median, whole.total)
    assert times.as_dict() == whole.as_dict()


def test_without_steps_there_is_nothing_to_say():
    assert (StepTimes().median, StepTimes().total) == (None, None)


def test_a_step_may_take_no_time():
    times = of([0.0, 0.0])
    assert times.median == pytest.approx(1e-9, rel=1e-3)
    assert times.total == 0.0


@pytest.mark.parametrize(
    ("seconds", "counted"), [(math.inf, 86_400), (1e300, 86_400), (math.nan, 1e-9), (-1.0, 1e-9)]
)
def test_a_time_that_is_none_counts_as_the_nearest_that_is(seconds, counted):
    assert of([seconds]).median == pytest.approx(counted, rel=1e-3)


def test_it_does_not_grow_with_the_steps():
    random = np.random.default_rng(0)
    times = StepTimes()
    sizes = []
    for _ in range(3):
        for value in random.uniform(0.01, 0.1, 30_000):
            times.add(value)
        sizes.append(len(times.as_dict()["bins"]))
    # A factor of ten is 2,304 bins.
    assert sizes[0] <= sizes[2] <= 2305


@pytest.mark.parametrize(
    "timings",
    [
        {},
        {"sum": 1.0},
        {"sum": "x", "bins": []},
        {"sum": 1.0, "bins": [[1]]},
        {"sum": 1, "bins": 3},
    ],
)
def test_anything_else_is_refused(timings):
    with pytest.raises(ValueError, match=r"^these are no step times: \{"):
        StepTimes.from_dict(timings)
