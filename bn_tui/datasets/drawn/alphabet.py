"""All written forms as arrays of one size, so that any mixture of them is drawn at once."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from bn_tui.datasets.dataset import CLASSES, Labels
from bn_tui.datasets.drawn.curves import Curve, Floats, read_form
from bn_tui.datasets.drawn.forms import FORMS

ROUNDNESS = (0.0, 0.5, 1.0)  # of corners, each as often

Indices = NDArray[np.intp]


@dataclass(frozen=True, slots=True)
class Alphabet:
    """Every form in every roundness: F curves, padded to K points and sampled at S.

    `digits` [F] says what they stand for and `shares` [F] how often that digit is written so.
    `points` [F, K, 2], `is_end` [F, K, 1] and `matrix` [F, S, K] are those of the curves, and so
    is `pen_down` [F, S - 1]; `rests` [F, S] is 1 where the pen is put down or lifted.
    """

    digits: NDArray[np.int_]
    shares: NDArray[np.float64]
    points: Floats
    is_end: Floats
    matrix: Floats
    pen_down: Floats
    rests: Floats

    def choose(self, labels: Labels, rng: np.random.Generator) -> Indices:
        """For each label [N] the index of one of that digit's forms [N]."""
        shares = np.where(self.digits == np.arange(CLASSES)[:, None], self.shares, 0)
        draws = rng.random((len(labels), 1))
        chosen: Indices = np.argmax(draws < np.cumsum(shares, axis=1)[labels], axis=1)
        return chosen


def read_alphabet() -> Alphabet:
    """The alphabet of `FORMS`."""
    digits, shares, curves = [], [], []
    for digit, forms in FORMS.items():
        total = sum(weight for weight, _ in forms) * len(ROUNDNESS)
        for weight, text in forms:
            digits += [digit] * len(ROUNDNESS)
            shares += [weight / total] * len(ROUNDNESS)
            curves += [read_form(text, roundness) for roundness in ROUNDNESS]
    most = max(len(curve.points) for curve in curves)
    return Alphabet(
        digits=np.array(digits),
        shares=np.array(shares),
        points=np.stack([_padded(curve.points, most) for curve in curves]),
        is_end=np.stack([_padded(curve.is_end[:, None], most) for curve in curves]),
        matrix=np.stack([_padded(curve.matrix.T, most).T for curve in curves]),
        pen_down=np.stack([curve.pen_down for curve in curves]),
        rests=np.stack([_rests(curve) for curve in curves]),
    )


def _padded(rows: Floats, count: int) -> Floats:
    return np.pad(rows, ((0, count - len(rows)), (0, 0)))


def _rests(curve: Curve) -> Floats:
    return 1 - np.pad(curve.pen_down, (0, 1)) * np.pad(curve.pen_down, (1, 0))
