"""A hand: how the pen paths of a form vary from one digit to the next."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from bn_tui.datasets.dataset import CLASSES, Labels
from bn_tui.datasets.drawn.curves import PATH_SAMPLES, Curve, Floats, read_form
from bn_tui.datasets.drawn.forms import FORMS

ROUNDNESS = (0.0, 0.5, 1.0)

POINT_JITTER = 2.5  # of a digit's height of 100, like all lengths here
END_JITTER = 5.0  # strokes start early or late: gaps and overshoots
SLOPPINESS_SPREAD = 0.3  # of the logarithm of both, from one digit to the next
SLANT_DEGREES = (10.0, 14.0)  # mean and standard deviation, to the right
SLANT_LIMITS = (-30.0, 45.0)
ROTATION_DEGREES = 5.0
WIDTH_SPREAD = 0.18  # of the logarithm of width over height
TAPER = 0.16  # top wider than bottom, or the other way round
BALANCE = 0.16  # upper half taller than the lower, or the other way round
ELASTIC_ANCHORS = 4  # across a digit, and as many down
ELASTIC_SHIFT = 4.0
PEN_RADIUS = 0.14  # of half a digit's height
PEN_SPREAD = 0.3  # of its logarithm
PEN_REST = 0.6  # how long the pen rests at the ends of a stroke, in its radius
PRESSURE_SPREAD = 0.35  # of the logarithm of the ink

Indices = NDArray[np.intp]


@dataclass(frozen=True, slots=True)
class Alphabet:
    """Every form in every roundness, padded to one size: F forms of K points.

    `points` [F, K, 2], `jitter` [F, K, 1], `matrix` [F, PATH_SAMPLES, K],
    `pen_down` [F, PATH_SAMPLES - 1], `stroke_ends` [F, PATH_SAMPLES], `cumulative` [CLASSES, F]: how often up to this form.
    """

    points: Floats
    jitter: Floats
    matrix: Floats
    pen_down: Floats
    stroke_ends: Floats
    cumulative: Floats


def read_alphabet() -> Alphabet:
    """The alphabet of `FORMS`."""
    entries = [
        (digit, weight, read_form(text, roundness))
        for digit, forms in FORMS.items()
        for weight, text in forms
        for roundness in ROUNDNESS
    ]
    curves = [curve for _, _, curve in entries]
    most = max(len(curve.points) for curve in curves)
    weights = np.zeros((CLASSES, len(entries)))
    for i, (digit, weight, _) in enumerate(entries):
        weights[digit, i] = weight
    return Alphabet(
        points=np.stack([_padded(curve.points, most) for curve in curves]),
        jitter=np.stack([_padded(_jitter(curve), most) for curve in curves]),
        matrix=np.stack([_padded(curve.matrix.T, most).T for curve in curves]),
        pen_down=np.stack([curve.pen_down for curve in curves]),
        stroke_ends=np.stack([_stroke_ends(curve) for curve in curves]),
        cumulative=np.cumsum(weights / weights.sum(1, keepdims=True), 1).astype(np.float32),
    )


def _jitter(curve: Curve) -> Floats:
    return np.where(curve.is_end, END_JITTER, POINT_JITTER).astype(np.float32)[:, None]


def _stroke_ends(curve: Curve) -> Floats:
    """1 at samples [PATH_SAMPLES] where the pen is put down or lifted, else 0."""
    return 1 - np.pad(curve.pen_down, (0, 1)) * np.pad(curve.pen_down, (1, 0))


def _padded(rows: Floats, count: int) -> Floats:
    return np.pad(rows, ((0, count - len(rows)), (0, 0)))


@dataclass(frozen=True, slots=True)
class Writing:
    """N digits as the pen moved; the unit of length is half a digit's height.

    `path` [N, PATH_SAMPLES, 2]; `ink` [N, PATH_SAMPLES]: the length that a sample stands for
    times the pressure there; `pen` [N, 1]: the radius of the line.
    """

    path: Floats
    ink: Floats
    pen: Floats


def choose_forms(alphabet: Alphabet, labels: Labels, rng: np.random.Generator) -> Indices:
    """For each label [N] the index of a form of that digit [N]."""
    draws = rng.random(len(labels), np.float32)
    return np.argmax(draws[:, None] < alphabet.cumulative[labels], axis=1)


def write(alphabet: Alphabet, forms: Indices, rng: np.random.Generator) -> Writing:
    """The forms [N], each written in another hand."""
    count = len(forms)
    points = alphabet.points[forms]
    sloppiness = np.exp(_noise(rng, (count, 1, 1), SLOPPINESS_SPREAD))
    points += alphabet.jitter[forms] * sloppiness * _noise(rng, points.shape)
    path = alphabet.matrix[forms] @ points / np.float32(50) - 1
    path = _transform(path + _elastic_shift(path, rng), rng)
    pen = PEN_RADIUS * np.exp(_noise(rng, (count, 1), PEN_SPREAD))
    steps = np.linalg.norm(np.diff(path, axis=1), axis=2) * alphabet.pen_down[forms]
    lengths = (np.pad(steps, ((0, 0), (0, 1))) + np.pad(steps, ((0, 0), (1, 0)))) / 2
    ink = (lengths + PEN_REST * pen * alphabet.stroke_ends[forms]) * _pressure(count, rng)
    return Writing(path, ink, pen)


def _noise(rng: np.random.Generator, shape: tuple[int, ...], spread: float = 1) -> Floats:
    """Uniform noise with a standard deviation of `spread`: varied, but never far out."""
    return (rng.random(shape, np.float32) - np.float32(0.5)) * np.float32(spread * 12**0.5)


def _elastic_shift(path: Floats, rng: np.random.Generator) -> Floats:
    """Smooth random displacements [N, S, 2], of neighbouring points alike.

    After Simard, Steinkraus and Platt, Best Practices for Convolutional Neural Networks Applied
    to Visual Document Analysis (2003), section 2: noise on a grid, smoothed by a Gaussian.
    """
    anchors = np.linspace(-1, 1, ELASTIC_ANCHORS, dtype=np.float32)
    width = anchors[1] - anchors[0]
    near = np.exp(-(((path[..., None] - anchors) / width) ** 2) / 2)  # [N, S, 2, A]
    weights = near[:, :, 0, :, None] * near[:, :, 1, None, :]  # [N, S, A, A]
    shifts = _noise(rng, (len(path), ELASTIC_ANCHORS**2, 2), ELASTIC_SHIFT / 50)
    return weights.reshape(*path.shape[:2], -1) @ shifts


def _transform(path: Floats, rng: np.random.Generator) -> Floats:
    """Each digit [N, S, 2] in its own proportions, width, slant and rotation."""
    count = len(path)
    x, y = path[..., 0], path[..., 1]
    x = x * (1 + _noise(rng, (count, 1), TAPER) * y)
    y = y + _noise(rng, (count, 1), BALANCE) * (1 - y**2)
    x = x * np.exp(_noise(rng, (count, 1), WIDTH_SPREAD))
    mean, spread = SLANT_DEGREES
    slant = np.clip(mean + _noise(rng, (count, 1), spread), *SLANT_LIMITS)
    x = x - np.tan(np.deg2rad(slant)) * y
    turn = np.deg2rad(_noise(rng, (count, 1), ROTATION_DEGREES))
    return np.stack([np.cos(turn) * x - np.sin(turn) * y, np.sin(turn) * x + np.cos(turn) * y], -1)


def _pressure(count: int, rng: np.random.Generator) -> Floats:
    """Pressure along each path [N, S], about 1 and much the same over a few samples."""
    anchors = PATH_SAMPLES // 8
    at = np.linspace(0, anchors - 1, PATH_SAMPLES, dtype=np.float32)
    near = np.exp(-((at[:, None] - np.arange(anchors, dtype=np.float32)) ** 2))
    near /= np.linalg.norm(near, axis=1, keepdims=True)
    return np.exp(_noise(rng, (count, anchors), PRESSURE_SPREAD) @ near.T)
