from itertools import islice

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bn_tui.engine.batches import walk


def take(batches, count, batch_size, seed=0):
    return list(islice(walk(count, batch_size, seed), batches))


@given(
    count=st.integers(1, 60),
    share=st.floats(0, 1),
    seed=st.integers(0, 2**32 - 1),
    epochs=st.integers(1, 4),
)
def test_the_walk_is_one_shuffle_after_another(count, share, seed, epochs):
    """Whatever the batches' size: no image repeats in an epoch, and none is left out."""
    batch_size = max(1, round(share * count))
    batches = take(-(-epochs * count // batch_size), count, batch_size, seed)
    assert {len(batch) for batch in batches} == {batch_size}
    walked = np.concatenate(batches)[: epochs * count]
    for epoch in walked.reshape(epochs, count):
        np.testing.assert_array_equal(np.sort(epoch), np.arange(count))


def test_the_tail_joins_the_next_head():
    batches = take(5, count=8, batch_size=5)
    first_epoch = np.concatenate(batches)[:8]
    np.testing.assert_array_equal(batches[1][:3], first_epoch[5:])
    assert set(batches[1][:3]) | set(batches[0]) == set(range(8))
    assert len(set(batches[1][3:]) | set(batches[2]) | {batches[3][0]}) == 8


@given(
    count=st.integers(1, 60),
    share=st.floats(0, 1),
    seed=st.integers(0, 2**32 - 1),
    start=st.integers(0, 200),
)
def test_the_walk_begins_anywhere_as_if_it_had_come_there(count, share, seed, start):
    batch_size = max(1, round(share * count))
    walked = islice(walk(count, batch_size, seed), start, start + 5)
    begun = islice(walk(count, batch_size, seed, start), 5)
    for expected, batch in zip(walked, begun, strict=True):
        np.testing.assert_array_equal(batch, expected)


def test_the_ten_millionth_batch_is_found_at_once():
    (batch,) = islice(walk(55_000, 64, 0, start=10_000_000), 1)
    assert len(set(batch)) == 64


def test_a_batch_may_be_everything():
    first, second = take(2, count=20, batch_size=20)
    np.testing.assert_array_equal(np.sort(first), np.arange(20))
    np.testing.assert_array_equal(np.sort(second), np.arange(20))
    assert (first != second).any()


def test_the_seed_decides():
    once, again, other = (take(9, 20, 8, seed) for seed in (1, 1, 2))
    np.testing.assert_array_equal(once, again)
    assert (np.array(once) != np.array(other)).any()


def test_at_the_defaults_no_image_repeats():
    walked = np.concatenate(take(800, 55_000, 64))
    assert len(np.unique(walked)) == 800 * 64


@pytest.mark.parametrize("batch_size", [1, 7])
def test_images_are_shuffled(batch_size):
    walked = np.concatenate(take(50, 100, batch_size))
    assert (walked[:50] != np.arange(50)).mean() > 0.8
