"""Ink on paper: from pen paths to grey images in MNIST's form."""

import numpy as np
from numpy.typing import NDArray

from bn_tui.datasets.dataset import SIDE, Images
from bn_tui.datasets.drawn.curves import Floats
from bn_tui.datasets.drawn.handwriting import Writing

BOX = 20  # MNIST scales a digit into a box of 20 by 20 pixels, then centres it in 28 by 28
MARGIN = (SIDE - BOX) // 2

THINNEST = 0.9  # radius in pixels: a thinner line fades into the paper
EDGE_WIDTHS = (0.8, 1.5)  # pixels from paper to full ink
DARKNESS = (1.0, 1.15)  # of full ink; above 1 it saturates


def ink_images(writing: Writing, rng: np.random.Generator) -> Images:
    """Images [N, 28, 28] of digits in their boxes, centred by mass."""
    count = len(writing.path)
    # MNIST scales the inked digit: a wide one ends up with thinner lines.
    low, high = writing.path.min(1), writing.path.max(1)
    scale = BOX / ((high - low).max(1, keepdims=True) + 2 * writing.pen)
    path = (writing.path - ((low + high) / 2)[:, None]) * scale[..., None] + BOX / 2
    radius = np.maximum(writing.pen * scale, THINNEST)
    distance = _distance_to_path(path, writing.ink * scale, radius)
    edge = rng.uniform(*EDGE_WIDTHS, (count, 1, 1)).astype(np.float32)
    darkness = rng.uniform(*DARKNESS, (count, 1, 1)).astype(np.float32)
    coverage = np.clip((radius[:, :, None] - distance) / edge + 0.5, 0, 1)
    boxes = np.rint(255 * np.clip(coverage * darkness, 0, 1)).astype(np.uint8)
    return _centre_by_mass(boxes)


def _distance_to_path(path: Floats, length: Floats, radius: Floats) -> Floats:
    """Softened distance [N, BOX, BOX] in pixels from each pixel's centre to the path [N, S, 2].

    Every sample lays down a Gaussian of ink, as much as the `length` [N, S] it stands for. Across
    a long straight line these add up to exp(-d²/2σ²), which is solved for d. Where strokes meet
    the ink adds up, so that corners fill as they do under a real pen.
    """
    sigma = np.maximum(0.4 * radius, 0.5)[..., None]
    centres = np.arange(BOX, dtype=np.float32) + 0.5
    splats = np.exp(-(((path[..., None] - centres) / sigma[..., None]) ** 2) / 2)  # [N, S, 2, BOX]
    columns, rows = splats[:, :, 0], splats[:, :, 1]
    density = (length / (np.sqrt(2 * np.pi) * sigma[..., 0]))[..., None]
    field = np.matmul((rows * density).transpose(0, 2, 1), columns)  # [N, BOX, BOX]
    distance: Floats = sigma * np.sqrt(-2 * np.log(np.clip(field, 1e-30, 1)))
    return distance


def _centre_by_mass(boxes: NDArray[np.uint8]) -> Images:
    """Boxes [N, BOX, BOX] in images [N, SIDE, SIDE] with the centres of mass in the middle.

    They move by whole pixels, and only as far as there is room.
    """
    offsets = _offset_to_centre(boxes, axis=1), _offset_to_centre(boxes, axis=2)
    images = np.zeros((len(boxes), SIDE, SIDE), np.uint8)
    span = np.arange(BOX)
    rows = (MARGIN + offsets[0])[:, None] + span
    columns = (MARGIN + offsets[1])[:, None] + span
    images[np.arange(len(boxes))[:, None, None], rows[:, :, None], columns[:, None, :]] = boxes
    return images


def _offset_to_centre(boxes: NDArray[np.uint8], axis: int) -> NDArray[np.intp]:
    """By how many pixels [N] to move each box along `axis`, never out of the image."""
    profile = boxes.sum(3 - axis, dtype=np.float64)
    mean = profile @ np.arange(BOX) / profile.sum(1)
    offset: NDArray[np.intp] = np.rint((BOX - 1) / 2 - mean).astype(np.intp)
    return offset.clip(-MARGIN, MARGIN)
