"""What every part measures with: the same random batches, the same settings, the same clock."""

import time
from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

BATCH_SIZE = 64
LEARNING_RATE = 0.002
EPSILON = 1e-3
MOMENTUM = 0.99

#: Measures one repeat of one candidate.
Measure = Callable[[], float]

Pixels = NDArray[np.uint8]


def random_digits(steps: int) -> tuple[Pixels, Pixels]:
    """Images [steps·64, 28, 28] and labels [steps·64] of noise: speed does not look at them."""
    random = np.random.default_rng(0)
    images = random.integers(0, 256, (steps * BATCH_SIZE, 28, 28), dtype=np.uint8)
    return images, random.integers(0, 10, steps * BATCH_SIZE, dtype=np.uint8)


def step_milliseconds(steps: int, train: Callable[[int], object]) -> float:
    """Wall time of `train(steps)`, in milliseconds for each step."""
    before = time.perf_counter()
    train(steps)
    return (time.perf_counter() - before) / steps * 1000
