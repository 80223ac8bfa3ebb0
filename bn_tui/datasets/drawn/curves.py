"""From a form's text to a matrix that turns its points into a smooth pen path.

A cubic spline is linear in the points it passes through. So the path of a form is one matrix,
worked out once; moving the points of a thousand digits is then one product.
"""

from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]

PATH_SAMPLES = 96  # on a 20-pixel digit they lie less than a pixel apart


@dataclass(frozen=True, slots=True)
class Curve:
    """A written form, ready to be moved and sampled.

    `points` [K, 2] are passed through, in half heights of a digit from its middle; `is_end` [K]
    is 1 where the pen is put down or lifted; `matrix` [PATH_SAMPLES, K] maps points to the path;
    `pen_down` [PATH_SAMPLES - 1] is 0 where the pen moves on through the air, else 1.
    """

    points: Floats
    is_end: Floats
    matrix: Floats
    pen_down: Floats


def read_form(text: str, roundness: float) -> Curve:
    """The curve of a form's text; corners are sharp at roundness 0 and smooth at 1."""
    strokes = [stroke.split() for stroke in text.split("/")]
    points = [np.array([_coordinates(word) for word in stroke]) for stroke in strokes]
    lengths = np.array([np.linalg.norm(np.diff(p, axis=0), axis=1).sum() for p in points])
    ends = np.rint(np.cumsum(lengths) / lengths.sum() * PATH_SAMPLES).astype(int)
    starts = np.concatenate([[0], ends[:-1]])

    matrix = np.zeros((PATH_SAMPLES, sum(map(len, points))), np.float32)
    is_end = np.zeros(matrix.shape[1], np.float32)
    pen_down = np.ones(PATH_SAMPLES - 1, np.float32)
    pen_down[ends[:-1] - 1] = 0
    first = 0
    for stroke, p, start, end in zip(strokes, points, starts, ends, strict=True):
        corners = [i for i, word in enumerate(stroke) if word.endswith("!")]
        last = first + len(p)
        sharp = _stroke_matrix(p, [0, *corners, len(p) - 1], end - start)
        smooth = _stroke_matrix(p, [0, len(p) - 1], end - start)
        matrix[start:end, first:last] = (1 - roundness) * sharp + roundness * smooth
        is_end[[first, last - 1]] = 1
        first = last
    centred = np.concatenate(points) / 50 - 1
    return Curve(centred.astype(np.float32), is_end, matrix, pen_down)


def _coordinates(word: str) -> tuple[float, float]:
    x, y = word.rstrip("!").split(",")
    return float(x), float(y)


def _stroke_matrix(points: NDArray[np.float64], breaks: list[int], samples: int) -> Floats:
    """[samples, K] for one stroke: a spline of its own between each two breaks."""
    chords = np.linalg.norm(np.diff(points, axis=0), axis=1)
    knots = np.concatenate([[0], np.cumsum(chords)])
    at = np.linspace(0, knots[-1], samples)
    matrix = np.zeros((samples, len(points)), np.float32)
    for first, last in pairwise(breaks):
        inside = (at >= knots[first]) & (at <= knots[last])
        run = slice(first, last + 1)
        matrix[inside, run] = _spline_matrix(knots[run], at[inside])
    return matrix


def _spline_matrix(knots: NDArray[np.float64], at: NDArray[np.float64]) -> NDArray[np.float64]:
    """[len(at), len(knots)]: the natural cubic spline's values at `at`, from those at the knots.

    The slopes at the knots solve de Boor's tridiagonal system (A Practical Guide to Splines,
    1978, chapter IV); the cubic Hermite polynomials then blend values and slopes.
    """
    count = len(knots)
    step = np.diff(knots)
    left, right = np.zeros((count, count)), np.zeros((count, count))
    for i, h in enumerate(step):  # both ends of a piece have their share of its second derivative
        left[i : i + 2, i : i + 2] += np.array([[2, 1], [1, 2]]) / h
        right[i : i + 2, i : i + 2] += np.array([[-3, 3], [-3, 3]]) / h**2
    slopes = np.linalg.solve(left, right)

    piece = np.clip(np.searchsorted(knots, at, side="right") - 1, 0, count - 2)
    h = step[piece][:, None]
    t = (at[:, None] - knots[piece][:, None]) / h
    value, slope = np.eye(count), slopes
    return (
        (1 + 2 * t) * (1 - t) ** 2 * value[piece]
        + t**2 * (3 - 2 * t) * value[piece + 1]
        + h * t * (1 - t) ** 2 * slope[piece]
        + h * t**2 * (t - 1) * slope[piece + 1]
    )
