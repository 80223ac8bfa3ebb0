"""From each kind of source to a data set in memory."""

import hashlib
from dataclasses import replace
from importlib.resources import files
from io import BytesIO
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from bn_tui import __version__
from bn_tui.datasets import drawn, idx
from bn_tui.datasets.cache import keep
from bn_tui.datasets.dataset import SIDE, Dataset, LoadProgress, ReportProgress, Split
from bn_tui.datasets.download import fetch
from bn_tui.datasets.sources import Archive, Drawing, Fallback, Folder, Source
from bn_tui.errors import DataUnavailableError

_PIXELS = SIDE * SIDE
_SEAL_BYTES = 32  # SHA-256


def load(source: Source, cache: Path, report: ReportProgress) -> Dataset:
    """Load a data set; `cache` is the folder for what is downloaded or drawn.

    Raises:
        DataFormatError: a file is not what it says it is.
        DataUnavailableError: no mirror gave an archive that nothing may stand in for.
    """
    match source:
        case Archive():
            return _load_archive(source, cache, report)
        case Drawing():
            return _load_drawing(source, cache, report)
        case Fallback():
            return _load_fallback(source, cache, report)
        case Folder(path):
            return idx.load_folder(path, path.resolve().name or str(path))


def _load_archive(archive: Archive, cache: Path, report: ReportProgress) -> Dataset:
    def report_bytes(done: int, total: int) -> None:
        report(LoadProgress(f"downloading {archive.title}", done, total, "bytes"))

    fetched = fetch(archive, cache / archive.name, report_bytes)
    training_images, training_labels, test_images, test_labels = (
        (BytesIO(content), f"{archive.title}, {file.name}")
        for file, content in zip(archive.files, fetched.contents, strict=True)
    )
    return idx.assemble(
        archive.name,
        fetched.source,
        training=idx.decode_pair(training_images, training_labels),
        test=idx.decode_pair(test_images, test_labels),
    )


def _load_fallback(fallback: Fallback, cache: Path, report: ReportProgress) -> Dataset:
    try:
        return _load_archive(fallback.archive, cache, report)
    except DataUnavailableError:
        dataset = _load_drawing(fallback.drawing, cache, report)
        unreachable = f"{fallback.archive.title} could not be reached"
        return replace(dataset, source=f"{dataset.source} ({unreachable})")


def _load_drawing(drawing: Drawing, cache: Path, report: ReportProgress) -> Dataset:
    """Draw the digits, or read what the very same program drew before."""

    def report_images(done: int) -> None:
        report(LoadProgress("drawing digits", done, drawing.count, "images"))

    path = cache / f"{drawing.name}.bin"
    identity = _identify(drawing)
    kept = _read_sealed(path, identity, drawing.count * (_PIXELS + 1))
    source = f"digits that bn-tui draws itself, seed {drawing.seed}"
    if kept is None:
        images, labels = drawn.draw_digits(drawing.count, drawing.seed, report_images)
        digest = _seal(identity, images, labels)
        source += keep(path, [digest, images.data, labels.data])
    else:
        images = kept[: -drawing.count].reshape(drawing.count, SIDE, SIDE)
        labels = kept[-drawing.count :]
    first = drawing.first_test_image
    return idx.assemble(
        drawing.name,
        source,
        training=Split(images[:first], labels[:first]),
        test=Split(images[first:], labels[first:]),
    )


def _identify(drawing: Drawing) -> bytes:
    """Name all that the pixels depend on: what is drawn, the program, and numpy's generators."""
    program = hashlib.sha256()
    for file in sorted(files(drawn).iterdir(), key=lambda file: file.name):
        if file.is_file():
            program.update(file.read_bytes())
    return f"{drawing} {program.hexdigest()} {__version__} {np.__version__}".encode()


def _seal(identity: bytes, *values: NDArray[np.uint8]) -> bytes:
    digest = hashlib.sha256(identity)
    for part in values:
        digest.update(part.data)
    return digest.digest()


def _read_sealed(path: Path, identity: bytes, size: int) -> NDArray[np.uint8] | None:
    """Read `size` bytes behind their seal; None where there are none or the seal does not fit."""
    try:
        kept = np.fromfile(path, np.uint8, _SEAL_BYTES + size + 1)
    except OSError:
        return None
    seal, values = kept[:_SEAL_BYTES], kept[_SEAL_BYTES:]
    intact = len(values) == size and seal.tobytes() == _seal(identity, values)
    return values if intact else None
