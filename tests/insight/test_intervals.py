import pytest
from hypothesis import given
from hypothesis import strategies as st

from bn_tui.insight.intervals import wilson


@pytest.mark.parametrize(
    ("correct", "count", "low", "high"),
    [
        (96, 100, 0.9016, 0.9843),
        (0, 10, 0.0, 0.2775),
        (10, 10, 0.7225, 1.0),
        (15, 148, 0.0624, 0.1605),  # Newcombe 1998, table I: .0624 to .1605
        (81, 263, 0.2553, 0.3662),  # Newcombe 1998, table I: .2553 to .3662
    ],
)
def test_known_intervals(correct, count, low, high):
    assert wilson(correct, count) == pytest.approx((low, high), abs=5e-5)


@given(st.integers(1, 10_000).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))))
def test_the_share_is_inside_and_the_mirror_image_is_mirrored(counted):
    correct, count = counted
    low, high = wilson(correct, count)
    assert 0 <= low <= correct / count <= high <= 1
    assert low < high
    assert wilson(count - correct, count) == pytest.approx((1 - high, 1 - low), abs=1e-12)


def test_a_larger_quantile_is_more_careful():
    low, high = wilson(96, 100)
    lower, higher = wilson(96, 100, z=2.575829)
    assert lower < low < high < higher


def test_of_nothing_counted_nothing_is_known():
    assert wilson(0, 0) == (0.0, 1.0)


@pytest.mark.parametrize(("correct", "count"), [(-1, 10), (11, 10), (1, 0)])
def test_more_right_than_counted_is_refused(correct, count):
    with pytest.raises(ValueError, match=f"expected 0 to {count} correct, got {correct}"):
        wilson(correct, count)
