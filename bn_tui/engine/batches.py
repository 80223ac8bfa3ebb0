"""Which images make which batch: the same for every variant, whatever else runs."""

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from bn_tui.engine.seeds import SHUFFLE, generator

Indices = NDArray[np.intp]


def walk(count: int, batch_size: int, seed: int) -> Iterator[Indices]:
    """Yield the indices of one batch after another, without end.

    The `count` images are shuffled once and walked through; at the end they are shuffled again,
    and the tail of the old order joins the head of the new, so that no image is left out.
    """
    order = _shuffle(count, seed, epoch=0)
    epoch = start = 0
    while True:
        while len(order) - start < batch_size:
            epoch += 1
            order = np.concatenate([order[start:], _shuffle(count, seed, epoch)])
            start = 0
        yield order[start : start + batch_size]
        start += batch_size


def _shuffle(count: int, seed: int, epoch: int) -> Indices:
    return generator(seed, SHUFFLE, epoch).permutation(count)
