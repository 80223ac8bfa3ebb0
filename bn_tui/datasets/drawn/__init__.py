"""Digits that the program draws itself: the embedded default where no network is.

In the order of the work: strokes as text (`forms`), smoothed (`curves`), put side by side
(`alphabet`), varied (`handwriting`), inked (`ink`). They are not handwriting, but have what
handwriting has: several written forms of a digit, slant, width, wobble, thick and thin pens.
"""

from collections.abc import Callable

import numpy as np

from bn_tui.datasets.dataset import CLASSES, SIDE, Images, Labels
from bn_tui.datasets.drawn.alphabet import Alphabet, read_alphabet
from bn_tui.datasets.drawn.handwriting import write
from bn_tui.datasets.drawn.ink import ink_images
from bn_tui.errors import UsageError

CHUNK = 250  # digits drawn at once; larger chunks are hardly quicker


def draw_digits(
    count: int, seed: int, report: Callable[[int], None] | None = None
) -> tuple[Images, Labels]:
    """Draw `count` digits: images [count, 28, 28] and labels [count].

    The same seed gives the same digits, and the first n of them for every count of n or more;
    on another processor, where exponentials and products may round differently, a pixel may be
    a grey level off. `report` is told after each chunk how many are done.

    Raises:
        UsageError: count or seed is negative.
    """
    for name, value in (("count", count), ("seed", seed)):
        if value < 0:
            raise UsageError(f"drawn digits: {name} is {value}, but must be 0 or more")
    alphabet = read_alphabet()
    images = np.empty((count, SIDE, SIDE), np.uint8)
    labels = np.empty(count, np.uint8)
    for start in range(0, count, CHUNK):
        stop = min(start + CHUNK, count)
        # A generator for each chunk: its digits depend on nothing that was drawn before them.
        rng = np.random.default_rng([seed, start // CHUNK])
        chunk = _draw_chunk(alphabet, rng)
        images[start:stop], labels[start:stop] = (part[: stop - start] for part in chunk)
        if report is not None:
            report(stop)
    return images, labels


def _draw_chunk(alphabet: Alphabet, rng: np.random.Generator) -> tuple[Images, Labels]:
    labels = rng.integers(0, CLASSES, CHUNK, np.uint8)
    writing = write(alphabet, alphabet.choose(labels, rng), rng)
    return ink_images(writing, rng), labels
