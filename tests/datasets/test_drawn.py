import os
import struct
import subprocess
import sys
import zlib

import numpy as np
import pytest

from bn_tui.datasets.dataset import CLASSES, SIDE
from bn_tui.datasets.drawn import CHUNK, draw_digits
from bn_tui.datasets.drawn.alphabet import ROUNDNESS, read_alphabet
from bn_tui.datasets.drawn.curves import PATH_SAMPLES, read_form
from bn_tui.datasets.drawn.forms import FORMS
from bn_tui.datasets.drawn.handwriting import write
from bn_tui.datasets.drawn.ink import BOX, ink_images
from bn_tui.datasets.drawn.sheet import contact_sheet, encode_png
from bn_tui.errors import UsageError

COUNT = 3 * CHUNK + 10


@pytest.fixture(scope="module")
def digits():
    return draw_digits(4000, seed=1)


def ink_boxes(images):
    """Height and width of what is not paper."""
    tall, wide = images.any(axis=2), images.any(axis=1)

    def extent(inked):
        return SIDE - np.argmax(inked[:, ::-1], axis=1) - np.argmax(inked, axis=1)

    return extent(tall), extent(wide)


def centres_of_mass(images):
    mass = images.sum(axis=(1, 2), dtype=float)
    at = np.arange(SIDE)
    return np.stack([images.sum(axis) @ at / mass for axis in (1, 2)], axis=1)


def test_same_seed_same_bytes():
    first, second = draw_digits(COUNT, 7), draw_digits(COUNT, 7)
    assert all(np.array_equal(a, b) for a, b in zip(first, second, strict=True))


def test_same_bytes_whatever_the_number_of_threads():
    program = (
        "import hashlib; from bn_tui.datasets.drawn import draw_digits;"
        "images, labels = draw_digits(600, 3);"
        "print(hashlib.sha256(images.tobytes() + labels.tobytes()).hexdigest())"
    )
    digests = {
        subprocess.run(
            [sys.executable, "-c", program],
            env={**os.environ, "OPENBLAS_NUM_THREADS": threads, "OMP_NUM_THREADS": threads},
            check=True,
            capture_output=True,
            text=True,
        ).stdout
        for threads in ("1", "2")
    }
    assert len(digests) == 1


def test_another_seed_gives_other_digits():
    images, labels = draw_digits(100, 0)
    others, other_labels = draw_digits(100, 1)
    assert not np.array_equal(labels, other_labels)
    assert not (images == others).all(axis=(1, 2)).any()


def test_no_digit_is_drawn_twice(digits):
    images, _ = digits
    assert len(np.unique(images.reshape(len(images), -1), axis=0)) == len(images)


@pytest.mark.parametrize("count", [0, 1, CHUNK - 1, CHUNK, CHUNK + 1, 2 * CHUNK])
def test_first_digits_do_not_depend_on_the_count(count):
    many, few = draw_digits(COUNT, 5), draw_digits(count, 5)
    assert len(few[0]) == len(few[1]) == count
    assert all(np.array_equal(a[:count], b) for a, b in zip(many, few, strict=True))


def test_form_is_that_of_mnist(digits):
    images, labels = digits
    assert images.shape == (4000, SIDE, SIDE)
    assert labels.shape == (4000,)
    assert images.dtype == labels.dtype == np.uint8
    assert images.min() == 0
    assert images.max() == 255
    assert images.flags.c_contiguous


def test_classes_are_balanced(digits):
    _, labels = digits
    shares = np.bincount(labels, minlength=CLASSES) / len(labels)
    assert len(shares) == CLASSES
    assert np.abs(shares - 0.1).max() < 0.02


def test_ink_fills_a_box_of_20_and_is_centred_by_mass(digits):
    images, _ = digits
    height, width = ink_boxes(images)
    assert max(height.max(), width.max()) <= BOX
    assert np.maximum(height, width).min() >= BOX - 2
    assert np.abs(centres_of_mass(images) - (SIDE - 1) / 2).max() < 1


def test_edges_are_grey_and_strokes_dark(digits):
    images, _ = digits
    grey = ((images > 0) & (images < 255)).mean(axis=(1, 2))
    assert grey.min() > 0.01
    assert (images.max(axis=(1, 2)) > 200).mean() > 0.99
    assert 0.11 < images.mean() / 255 < 0.16  # MNIST's is 0.13


def test_pens_are_thick_and_thin(digits):
    images, labels = digits
    ink = images[labels == 1].sum(axis=(1, 2)) / 255
    assert np.percentile(ink, 95) > 2 * np.percentile(ink, 5)


def test_every_form_of_every_digit_is_written():
    alphabet = read_alphabet()
    assert len(alphabet.digits) == len(ROUNDNESS) * sum(map(len, FORMS.values()))
    assert set(FORMS) == set(alphabet.digits) == set(range(CLASSES))
    labels = np.arange(CLASSES, dtype=np.uint8).repeat(2000)
    chosen = alphabet.choose(labels, np.random.default_rng(0))
    assert np.array_equal(alphabet.digits[chosen], labels)
    assert set(chosen) == set(range(len(alphabet.digits)))


def test_every_form_draws_whole_and_in_its_box():
    alphabet = read_alphabet()
    every = np.arange(len(alphabet.digits)).repeat(10)
    rng = np.random.default_rng(0)
    writing = write(alphabet, every, rng)
    assert np.isfinite(writing.path).all()
    assert (writing.ink >= 0).all()
    assert (writing.pen > 0).all()
    images = ink_images(writing, rng)
    height, width = ink_boxes(images)
    assert height.max() <= BOX
    assert width.max() <= BOX
    assert np.maximum(height, width).min() >= BOX - 2
    assert ((images > 127).sum(axis=(1, 2)) > 15).all()
    assert np.abs(centres_of_mass(images) - (SIDE - 1) / 2).max() < 1


@pytest.mark.parametrize("roundness", ROUNDNESS)
@pytest.mark.parametrize("text", [text for forms in FORMS.values() for _, text in forms])
def test_curve_begins_and_ends_its_strokes_at_their_points(text, roundness):
    curve = read_form(text, roundness)
    assert curve.matrix.shape == (PATH_SAMPLES, len(curve.points))
    assert np.allclose(curve.matrix.sum(axis=1), 1, atol=1e-5)
    path = curve.matrix @ curve.points
    put_down = np.flatnonzero(np.pad(curve.pen_down, (1, 0)) == 0)
    lifted = np.flatnonzero(np.pad(curve.pen_down, (0, 1)) == 0)
    at = np.stack([put_down, lifted], axis=1).ravel()
    assert np.allclose(path[at], curve.points[curve.is_end == 1], atol=1e-3)
    assert np.linalg.norm(np.diff(path, axis=0), axis=1)[curve.pen_down == 1].max() < 0.24


def test_corner_is_sharp_where_the_text_says_so():
    sharp, smooth = (read_form("0,0 100,0! 100,100", roundness) for roundness in (0.0, 1.0))
    sharp_path, smooth_path = (curve.matrix @ curve.points for curve in (sharp, smooth))
    on_the_way = np.minimum(np.abs(sharp_path[:, 1] + 1), np.abs(sharp_path[:, 0] - 1))
    off_the_way = np.minimum(np.abs(smooth_path[:, 1] + 1), np.abs(smooth_path[:, 0] - 1))
    assert on_the_way.max() < 1e-5
    assert off_the_way.max() > 0.1


def test_digits_are_told_apart_by_their_nearest_neighbours(digits):
    images, labels = digits
    known = images.reshape(len(images), -1).astype(np.float32)
    known /= np.linalg.norm(known, axis=1, keepdims=True)
    nearest = np.argmax(known[3000:] @ known[:3000].T, axis=1)
    assert (labels[nearest] == labels[3000:]).mean() > 0.9


def test_report_rises_to_the_count():
    reported: list[int] = []
    draw_digits(COUNT, 0, reported.append)
    assert reported == [CHUNK, 2 * CHUNK, 3 * CHUNK, COUNT]


@pytest.mark.parametrize(
    ("count", "seed", "named"), [(-1, 0, "count is -1"), (1, -2, "seed is -2")]
)
def test_refuses_negative_numbers(count, seed, named):
    with pytest.raises(UsageError, match=f"{named}, but must be 0 or more"):
        draw_digits(count, seed)


def test_contact_sheet_is_a_png_of_ten_by_ten_digits():
    picture = contact_sheet()
    side = 10 * (2 * SIDE + 2) + 2
    assert picture.shape == (side, side)
    png = encode_png(picture)
    assert png.startswith(b"\x89PNG\r\n\x1a\n")
    assert struct.unpack(">2I", png[16:24]) == (side, side)
    (length,) = struct.unpack(">I", png[33:37])
    rows = np.frombuffer(zlib.decompress(png[41 : 41 + length]), np.uint8).reshape(side, side + 1)
    assert np.array_equal(rows[:, 1:], picture)
    assert not rows[:, 0].any()
