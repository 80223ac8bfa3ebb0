"""What is told of one layer's activations.

In NumPy: to trace a graph of it would hold up every thread of the run for longer.
"""

import math

import numpy as np
from numpy.typing import NDArray

from bn_tui.engine.percentiles import take_percentiles

#: The percentiles of Ioffe and Szegedy's figure 1 (2015): ±σ of a normal distribution, and its
#: middle.
PERCENTILES = (15, 50, 85)

Vector = NDArray[np.float32]


def describe_activations(entering: Vector, leaving: Vector, cut: Vector) -> dict[str, float]:
    """Describe a layer by the fields of LayersProbed.

    Args:
        entering: what enters its norm, [N, …, channels].
        leaving: what leaves it, of the same shape.
        cut: what its ReLU cuts, or has cut, of the same shape.
    """
    means, deviation, between_images = _spread(entering)
    _, output_deviation, _ = _spread(leaving)
    highest = cut.max(axis=0).reshape(-1, cut.shape[-1]).max(axis=0)
    percentiles = take_percentiles(entering, PERCENTILES)
    return {
        "input_mean": float(means.mean(dtype=np.float64)),
        "input_deviation": deviation,
        "image_deviation": between_images,
        "output_deviation": output_deviation,
        "dead_share": float(np.mean(highest <= 0)),
        **{f"input_p{each}": value for each, value in zip(PERCENTILES, percentiles, strict=True)},
    }


def _spread(values: Vector) -> tuple[Vector, float, float]:
    """The means over images, […, channels], and two standard deviations.

    One is of all values; the other over images, in the root mean square over all else.
    """
    means = values.mean(axis=0)
    squares = values - means
    np.square(squares, out=squares)
    between_images = float(squares.mean(axis=0).mean(dtype=np.float64))
    deviation = math.sqrt(between_images + means.var(dtype=np.float64))
    return means, deviation, math.sqrt(between_images)
