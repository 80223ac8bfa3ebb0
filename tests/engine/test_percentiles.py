import math

import numpy as np
import pytest

from bn_tui.engine.architecture import HIDDEN_UNITS, STACK
from bn_tui.engine.percentiles import _STRIDE, take_percentiles

RANDOM = np.random.default_rng(0)
NORMAL = RANDOM.standard_normal(20_000).astype(np.float32)


def all_of_the_sample_are_large():
    values = NORMAL.copy()
    values[::_STRIDE] += 100
    return values


VALUES = {
    "spread about 0": NORMAL,
    "of any shape": NORMAL.reshape(5, 10, 10, 40),
    "mostly equal": np.where(NORMAL > 1, NORMAL, np.float32(0.25)),
    "cut at 0": np.maximum(NORMAL, 0),
    "all equal": np.full(9_000, 0.1, np.float32),
    "two values": (NORMAL > 0).astype(np.float32),
    "in order": np.sort(NORMAL),
    "few": NORMAL[:8],
    "one": NORMAL[:1],
    "none like the sample": all_of_the_sample_are_large(),
    "far apart": NORMAL * np.float32(10) ** RANDOM.integers(-20, 20, NORMAL.size),
}


@pytest.mark.parametrize("name", VALUES)
def test_percentiles_are_numpy_s(name):
    percentiles = (0, 15, 50, 85, 100)
    values = VALUES[name].astype(np.float32)
    expected = np.percentile(values, percentiles)
    taken = take_percentiles(values, percentiles)
    assert {type(value) for value in taken} == {float}
    np.testing.assert_allclose(taken, expected, rtol=1e-6)


def test_a_sample_is_of_every_channel():
    channels = [*(convolution.channels for convolution in STACK), HIDDEN_UNITS]
    assert {math.gcd(_STRIDE, count) for count in channels} == {1}


def test_the_values_are_left_as_they_are():
    before = NORMAL.copy()
    take_percentiles(NORMAL, (15, 50, 85))
    np.testing.assert_array_equal(NORMAL, before)
