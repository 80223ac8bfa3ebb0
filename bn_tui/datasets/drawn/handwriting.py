"""A hand: how the pen paths of a form vary from one digit to the next.

The unit of length is half a digit's height; a spread is a standard deviation.
"""

from dataclasses import dataclass

import numpy as np

from bn_tui.datasets.drawn.alphabet import Alphabet, Indices
from bn_tui.datasets.drawn.curves import PATH_SAMPLES, Floats

HASTE_SPREAD = 0.4  # of the logarithm of what scales all in this group, from digit to digit
POINT_JITTER = 0.038
END_JITTER = 0.08  # strokes start early or late: gaps and overshoots
WOBBLE = 0.02
WOBBLE_ANCHORS = 16  # along a path
ELASTIC_SHIFT = 0.06
ELASTIC_ANCHORS = 4  # across a digit, and as many down
TAPER = 0.13  # top wider than bottom, or the other way round
BALANCE = 0.13  # upper half taller than the lower, or the other way round

SLANT_DEGREES = (5.0, 12.0)  # mean and spread, to the right
ROTATION_DEGREES = 5.0
WIDTH_SPREAD = 0.18  # of the logarithm of width over height

PEN_RADIUS = 0.14
PEN_SPREAD = 0.3  # of its logarithm
MOST_INK = 1.3  # radius times length of path: broader pens would leave no paper between strokes
PEN_REST = 0.6  # what the pen leaves at the ends of a stroke, as a length, in its radius
PRESSURE_SPREAD = 0.35  # of its logarithm
PRESSURE_ANCHORS = 12  # along a path


@dataclass(frozen=True, slots=True)
class Writing:
    """N digits as the pen moved; the unit of length is half a digit's height.

    `path` [N, S, 2]; `ink` [N, S]: the length that a sample stands for, times the pressure
    there; `pen` [N, 1]: the radius of the line.
    """

    path: Floats
    ink: Floats
    pen: Floats


def write(alphabet: Alphabet, forms: Indices, rng: np.random.Generator) -> Writing:
    """The forms [N], each written in another hand."""
    count = len(forms)
    haste: Floats = np.exp(_noise(rng, (count, 1, 1), HASTE_SPREAD))
    path = alphabet.matrix[forms] @ _jittered_points(alphabet, forms, haste, rng)
    path = _lean(_bend(path, haste, rng), rng)
    steps = np.linalg.norm(np.diff(path, axis=1), axis=2) * alphabet.pen_down[forms]
    lengths = (np.pad(steps, ((0, 0), (0, 1))) + np.pad(steps, ((0, 0), (1, 0)))) / 2
    pen = PEN_RADIUS * np.exp(_noise(rng, (count, 1), PEN_SPREAD))
    pen = np.minimum(pen, MOST_INK / steps.sum(1, keepdims=True))
    pressure = np.exp(_along_path(_noise(rng, (count, PRESSURE_ANCHORS, 1), PRESSURE_SPREAD)))
    ink = (lengths + PEN_REST * pen * alphabet.rests[forms]) * pressure[..., 0]
    return Writing(path, ink, pen)


def _jittered_points(
    alphabet: Alphabet, forms: Indices, haste: Floats, rng: np.random.Generator
) -> Floats:
    """The points [N, K, 2] of the forms, each a little off its place."""
    points = alphabet.points[forms]
    at_end = alphabet.is_end[forms] == 1
    jitter = np.where(at_end, np.float32(END_JITTER), np.float32(POINT_JITTER))
    return points + haste * jitter * _noise(rng, points.shape)


def _bend(path: Floats, haste: Floats, rng: np.random.Generator) -> Floats:
    """Paths [N, S, 2] with a wobble, on stretched paper, top and bottom out of proportion.

    The stretching is the elastic distortion of Simard, Steinkraus and Platt, Best Practices for
    Convolutional Neural Networks Applied to Visual Document Analysis (2003), section 2: random
    displacements on a grid, smoothed by a Gaussian.
    """
    count, samples, _ = path.shape
    anchors = np.linspace(-1, 1, ELASTIC_ANCHORS, dtype=np.float32)
    width = anchors[1] - anchors[0]
    near = np.exp(-(((path[..., None] - anchors) / width) ** 2) / 2)  # [N, S, 2, A]
    weights = near[:, :, 0, :, None] * near[:, :, 1, None, :]  # [N, S, A, A]
    shifts = _noise(rng, (count, ELASTIC_ANCHORS**2, 2), ELASTIC_SHIFT)
    wobble = _along_path(_noise(rng, (count, WOBBLE_ANCHORS, 2), WOBBLE))
    x, y = path[..., 0], path[..., 1]
    taper = _noise(rng, (count, 1), TAPER) * x * y
    balance = _noise(rng, (count, 1), BALANCE) * (1 - y**2)
    proportion = np.stack([taper, balance], axis=-1)
    stretch = weights.reshape(count, samples, -1) @ shifts
    bent: Floats = path + haste * (stretch + wobble + proportion)
    return bent


def _lean(path: Floats, rng: np.random.Generator) -> Floats:
    """Each digit [N, S, 2] in its own width, slant and rotation."""
    count = len(path)
    x, y = path[..., 0], path[..., 1]
    x = x * np.exp(_noise(rng, (count, 1), WIDTH_SPREAD))
    mean, spread = SLANT_DEGREES
    slant = np.deg2rad(mean + _noise(rng, (count, 1), spread))
    x = x - np.tan(slant) * y
    turn = np.deg2rad(_noise(rng, (count, 1), ROTATION_DEGREES))
    return np.stack([np.cos(turn) * x - np.sin(turn) * y, np.sin(turn) * x + np.cos(turn) * y], -1)


def _along_path(anchors: Floats) -> Floats:
    """Noise at anchors [N, A, C] spread smoothly over a path [N, S, C], as strong as it was."""
    count = anchors.shape[1]
    at = np.linspace(0, count - 1, PATH_SAMPLES, dtype=np.float32)
    near: Floats = np.exp(-((at[:, None] - np.arange(count, dtype=np.float32)) ** 2))
    near /= np.linalg.norm(near, axis=1, keepdims=True)
    return near @ anchors


def _noise(rng: np.random.Generator, shape: tuple[int, ...], spread: float = 1) -> Floats:
    """Uniform noise with a standard deviation of `spread`: varied, but never far out."""
    return (rng.random(shape, np.float32) - np.float32(0.5)) * np.float32(spread * 12**0.5)
