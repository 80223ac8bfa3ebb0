"""Which images make which batch: the same for every variant, whatever else runs."""

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from bn_tui.engine.seeds import SHUFFLE, generator

Indices = NDArray[np.intp]


def walk(count: int, batch_size: int, seed: int, start: int = 0) -> Iterator[Indices]:
    """Yield the indices of one batch after another, without end, from batch `start` on.

    The `count` images are shuffled once and walked through; at the end they are shuffled again,
    and the tail of the old order joins the head of the new, so that no image is left out. So the
    batches are cut from one shuffle behind another, and whichever comes first is found at once.
    """
    epoch, place = divmod(start * batch_size, count)
    order = _shuffle(count, seed, epoch)
    while True:
        while len(order) - place < batch_size:
            epoch += 1
            order = np.concatenate([order[place:], _shuffle(count, seed, epoch)])
            place = 0
        yield order[place : place + batch_size]
        place += batch_size


def _shuffle(count: int, seed: int, epoch: int) -> Indices:
    return generator(seed, SHUFFLE, epoch).permutation(count)
