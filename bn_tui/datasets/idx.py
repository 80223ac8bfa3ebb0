"""The IDX format that MNIST is published in, read strictly.

A file is a big-endian magic number, the length of each axis as a big-endian uint32, and the
values as uint8 (LeCun, Cortes and Burges, "The MNIST database of handwritten digits"). It may be
gzipped; its first two bytes tell, not its name.
"""

import gzip
import math
import struct
import zlib
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from pathlib import Path
from typing import BinaryIO, cast

import numpy as np
from numpy.typing import NDArray

from bn_tui.datasets.dataset import CLASSES, SIDE, Dataset, Images, Labels, Split
from bn_tui.datasets.sources import VALIDATION_SHARE, count_held_out
from bn_tui.errors import DataFormatError

MAX_ITEMS = 10_000_000  # mnist8m, the largest published set in this form, has 8,100,000

_IMAGES_MAGIC = 0x00000803
_LABELS_MAGIC = 0x00000801
_KINDS = {_IMAGES_MAGIC: "images", _LABELS_MAGIC: "labels"}
_GZIP_START = b"\x1f\x8b"
_CHUNK_BYTES = 1 << 20

_FILES = (
    "train-images-idx3-ubyte",
    "train-labels-idx1-ubyte",
    "t10k-images-idx3-ubyte",
    "t10k-labels-idx1-ubyte",
)

NamedFile = tuple[BinaryIO, str]  # an open, seekable file, and what messages call it
CheckCount = Callable[[int], None]  # is told how many items a header promises, and may raise


def read_images(path: Path, check_count: CheckCount | None = None) -> Images:
    """Read images, uint8 [N, 28, 28].

    `check_count` is told N before any image is unpacked, and may raise.

    Raises:
        DataFormatError: the file cannot be read or is anything else.
    """
    with _opened(path) as file:
        return _decode_images(file, check_count)


def read_labels(path: Path) -> Labels:
    """Read labels, uint8 [N] of 0…9; raises as `read_images` does."""
    with _opened(path) as file:
        return _decode_labels(file)


def read_pair(images_path: Path, labels_path: Path) -> Split:
    """Read images and their labels; raises as `decode_pair` does, or where one cannot be read."""
    labels = read_labels(labels_path)
    check_count = _as_many_as(labels, str(labels_path), str(images_path))
    return Split(read_images(images_path, check_count), labels)


def decode_pair(images_file: NamedFile, labels_file: NamedFile) -> Split:
    """Decode images and their labels from open files.

    Labels come first: a byte each, they tell whether the images are worth unpacking.

    Raises:
        DataFormatError: one is not what it should be, or holds more items than the other.
    """
    labels = _decode_labels(labels_file)
    check_count = _as_many_as(labels, labels_file[1], images_file[1])
    return Split(_decode_images(images_file, check_count), labels)


def _as_many_as(labels: Labels, labels_name: str, images_name: str) -> CheckCount:
    def check_count(images: int) -> None:
        if images != len(labels):
            raise DataFormatError(
                f"{labels_name}: expected {images} labels, as many as {images_name} "
                f"has images, got {len(labels)}"
            )

    return check_count


def assemble(name: str, source: str, training: Split, test: Split) -> Dataset:
    """Hold the first images of the training file out for validation; train on the others.

    How many is for `count_held_out` to say.

    Raises:
        DataFormatError: there are fewer than 12 training images.
    """
    held_out = count_held_out(len(training))
    if not held_out:
        raise DataFormatError(
            f"{source}: expected at least {VALIDATION_SHARE} training images, so that some can "
            f"be held out for validation, got {len(training)}"
        )
    validation = Split(training.images[:held_out], training.labels[:held_out])
    train = Split(training.images[held_out:], training.labels[held_out:])
    return Dataset(name, source, train, validation, test)


def count_training_images(folder: Path) -> int:
    """How many images of a folder are trained on, from its labels alone, in milliseconds.

    Raises:
        DataFormatError: a file is missing, or the labels are not what they should be.
    """
    _, training_labels, *_ = find_files(folder)
    count = len(read_labels(training_labels))
    return count - count_held_out(count)


def load_folder(folder: Path, name: str) -> Dataset:
    """Load a folder of four IDX files, each under any of the names of `find_files`.

    Raises:
        DataFormatError: a file is missing, cannot be read, or is not what it should be.
    """
    training_images, training_labels, test_images, test_labels = find_files(folder)
    return assemble(
        name,
        f"folder {folder}",
        training=read_pair(training_images, training_labels),
        test=read_pair(test_images, test_labels),
    )


def find_files(folder: Path) -> list[Path]:
    """Find training images, training labels, test images and test labels, in this order.

    Each is `train-images-idx3-ubyte` or `train-images.idx3-ubyte` (and so on), with `.gz` or
    without; the plain one is taken where both are there.

    Raises:
        DataFormatError: one is missing, or the folder cannot be looked into.
    """
    try:
        present = {path.name for path in folder.iterdir() if path.is_file()}
    except OSError as error:
        raise DataFormatError(f"{folder}: cannot be read ({error.strerror})") from error
    found = []
    for file in _FILES:
        accepted = _spellings(file)
        name = next((name for name in accepted if name in present), None)
        if name is None:
            raise DataFormatError(
                f"{folder}: {file} is missing; accepted names are {', '.join(accepted)}"
            )
        found.append(folder / name)
    return found


def _spellings(file: str) -> list[str]:
    plain = [file, file.replace("-idx", ".idx")]
    return plain + [f"{name}.gz" for name in plain]


@contextmanager
def _opened(path: Path) -> Iterator[NamedFile]:
    try:
        with path.open("rb") as file:
            yield file, str(path)
    except OSError as error:
        raise DataFormatError(f"{path}: cannot be read ({error.strerror or error})") from error


def _decode_images(file: NamedFile, check_count: CheckCount | None) -> Images:
    return _decode(file, _IMAGES_MAGIC, (SIDE, SIDE), check_count)


def _decode_labels(file: NamedFile) -> Labels:
    labels = _decode(file, _LABELS_MAGIC, ())
    wrong = np.flatnonzero(labels >= CLASSES)
    if len(wrong):
        raise DataFormatError(
            f"{file[1]}: expected labels of 0 to {CLASSES - 1}, "
            f"got {labels[wrong[0]]} for image {wrong[0]}"
        )
    return labels


def _decode(
    named: NamedFile,
    magic: int,
    item_shape: tuple[int, ...],
    check_count: CheckCount | None = None,
) -> NDArray[np.uint8]:
    """Decode [N, *item_shape]; reads no more than the header promises, and a gzip buffer."""
    file, name = named
    gzipped = file.read(2) == _GZIP_START
    file.seek(0)
    opened = gzip.GzipFile(fileobj=file) if gzipped else nullcontext(file)
    try:
        with cast("AbstractContextManager[BinaryIO]", opened) as plain:
            count = _read_count(plain, name, magic, item_shape)
            if check_count is not None:
                check_count(count)
            expected = count * math.prod(item_shape)
            body = _read_at_most(plain, expected + 1)
    except (EOFError, gzip.BadGzipFile, zlib.error) as error:
        raise DataFormatError(
            f"{name}: expected a whole gzip file, got a broken one ({error})"
        ) from error
    if len(body) != expected:
        got = "more (trailing bytes)" if len(body) > expected else f"{len(body)} (truncated)"
        raise DataFormatError(f"{name}: expected {expected} bytes after the header, got {got}")
    return np.frombuffer(body, np.uint8).reshape(count, *item_shape)


def _read_count(file: BinaryIO, name: str, magic: int, item_shape: tuple[int, ...]) -> int:
    """Read the header and give the number of items it promises."""
    layout = struct.Struct(f">{2 + len(item_shape)}I")
    header = file.read(layout.size)
    got = int.from_bytes(header[:4])
    if len(header) >= 4 and got != magic:
        raise DataFormatError(
            f"{name}: expected magic number 0x{magic:08x} ({_KINDS[magic]}), "
            f"got 0x{got:08x} ({_KINDS.get(got, 'neither images nor labels')})"
        )
    if len(header) < layout.size:
        raise DataFormatError(
            f"{name}: expected a header of {layout.size} bytes, got {len(header)} (truncated)"
        )
    _, count, *sides = layout.unpack(header)
    if tuple(sides) != item_shape:
        raise DataFormatError(
            f"{name}: expected images of {SIDE}×{SIDE} pixels, got {sides[0]}×{sides[1]}"
        )
    if not 1 <= count <= MAX_ITEMS:
        raise DataFormatError(f"{name}: expected 1 to {MAX_ITEMS} {_KINDS[magic]}, got {count}")
    return int(count)


def _read_at_most(file: BinaryIO, limit: int) -> bytearray:
    # In chunks, so that a header's promise allocates nothing that the file does not hold.
    body = bytearray()
    while chunk := file.read(min(_CHUNK_BYTES, limit - len(body))):
        body += chunk
    return body
