import gzip
import hashlib
import struct
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from bn_tui.datasets import catalog, loaders
from bn_tui.datasets.drawn import draw_digits
from bn_tui.datasets.sources import Archive, Drawing, Fallback, Folder, RemoteFile
from bn_tui.errors import DataFormatError, DataUnavailableError

RNG = np.random.default_rng(0)
IMAGES = RNG.integers(0, 256, (24, 28, 28)).astype(np.uint8)
LABELS = RNG.integers(0, 10, 24).astype(np.uint8)
DRAWING = Drawing(name="strokes", count=28, seed=3)


def encode(magic, values):
    return struct.pack(f">{1 + values.ndim}I", magic, *values.shape) + values.tobytes()


FILES = {
    "train-images-idx3-ubyte.gz": gzip.compress(encode(0x803, IMAGES)),
    "train-labels-idx1-ubyte.gz": gzip.compress(encode(0x801, LABELS)),
    "t10k-images-idx3-ubyte.gz": gzip.compress(encode(0x803, IMAGES[:5])),
    "t10k-labels-idx1-ubyte.gz": gzip.compress(encode(0x801, LABELS[:5])),
}


class Reports(list):
    def __call__(self, progress):
        self.append(progress)


@pytest.fixture
def cache(tmp_path):
    return tmp_path / "cache"


@pytest.fixture
def archive(tmp_path):
    """An archive whose mirror is a folder: urllib reads file URLs too."""
    folder = tmp_path / "published"
    folder.mkdir()
    for name, content in FILES.items():
        (folder / name).write_bytes(content)
    files = [
        RemoteFile(name, len(content), hashlib.sha256(content).hexdigest())
        for name, content in FILES.items()
    ]
    return Archive("digits", "Digits", (f"{folder.as_uri()}/",), tuple(files), count=24)


@pytest.fixture
def unreachable(archive, tmp_path):
    return replace(archive, mirrors=(f"{(tmp_path / 'nowhere').as_uri()}/",))


def check_published(dataset):
    np.testing.assert_array_equal(dataset.validation.images, IMAGES[:2])
    np.testing.assert_array_equal(dataset.train.images, IMAGES[2:])
    np.testing.assert_array_equal(dataset.train.labels, LABELS[2:])
    np.testing.assert_array_equal(dataset.test.labels, LABELS[:5])


def test_an_archive_is_downloaded_then_cached(archive, cache):
    reports = Reports()
    dataset = loaders.load(archive, cache, reports)
    check_published(dataset)
    assert dataset.name == "digits"
    assert dataset.source == f"Digits, downloaded from {archive.mirrors[0]}"
    assert {report.task for report in reports} == {"downloading Digits"}
    assert {report.unit for report in reports} == {"bytes"}
    assert reports[-1].done == reports[-1].total == sum(map(len, FILES.values()))
    reports.clear()
    again = loaders.load(archive, cache, reports)
    check_published(again)
    assert again.source == f"Digits, from the cache at {cache / 'digits'}"
    assert reports == []


def test_an_archive_of_something_else_is_named(archive, cache, tmp_path):
    first, *others = archive.files
    content = b"neither gzip nor IDX"
    (tmp_path / "published" / first.name).write_bytes(content)
    fake = RemoteFile(first.name, len(content), hashlib.sha256(content).hexdigest())
    with pytest.raises(DataFormatError, match=r"^Digits, train-images-idx3-ubyte.gz: expected"):
        loaders.load(replace(archive, files=(fake, *others)), cache, Reports())


def test_an_archive_asked_for_by_name_has_no_stand_in(unreachable, cache):
    with pytest.raises(DataUnavailableError, match="nowhere/train-images-idx3-ubyte"):
        loaders.load(unreachable, cache, Reports())


def test_the_fallback_is_the_archive_where_it_can_be_had(archive, unreachable, cache):
    check_published(loaders.load(Fallback(archive, DRAWING), cache, Reports()))
    cached = loaders.load(Fallback(unreachable, DRAWING), cache, Reports())
    check_published(cached)
    assert "from the cache" in cached.source


def test_the_fallback_says_that_it_is_one(unreachable, cache):
    dataset = loaders.load(Fallback(unreachable, DRAWING), cache, Reports())
    assert dataset.name == "strokes"
    assert dataset.source == "digits that bn-tui draws itself, seed 3 (Digits could not be reached)"


def test_a_drawing_is_split_as_mnist_is(cache):
    reports = Reports()
    dataset = loaders.load(DRAWING, cache, reports)
    images, labels = draw_digits(28, 3)
    np.testing.assert_array_equal(dataset.validation.images, images[:2])
    np.testing.assert_array_equal(dataset.train.images, images[2:24])
    np.testing.assert_array_equal(dataset.test.images, images[24:])
    np.testing.assert_array_equal(dataset.test.labels, labels[24:])
    assert (dataset.name, dataset.source) == ("strokes", "digits that bn-tui draws itself, seed 3")
    assert (reports[-1].done, reports[-1].total, reports[-1].unit) == (28, 28, "images")


def test_the_named_drawing_has_the_sizes_of_mnist():
    drawing = catalog.DATASETS["drawn"].source
    assert isinstance(drawing, Drawing)
    assert (drawing.name, drawing.count) == ("drawn", 70_000)
    assert (drawing.first_test_image, drawing.training_images) == (60_000, 55_000)


@pytest.mark.parametrize("count", [28, 700, 84_000])
def test_a_drawing_says_beforehand_how_many_it_trains_on(cache, count, monkeypatch):
    blank = np.zeros((count, 28, 28), np.uint8), np.zeros(count, np.uint8)
    monkeypatch.setattr(loaders.drawn, "draw_digits", lambda *_: blank)
    drawing = replace(DRAWING, count=count)
    assert len(loaders.load(drawing, cache, Reports()).train) == drawing.training_images


def test_an_archive_says_beforehand_how_many_it_trains_on(archive, cache):
    assert len(loaders.load(archive, cache, Reports()).train) == archive.training_images


def test_a_fallback_promises_what_both_can_keep(archive):
    assert Fallback(archive, DRAWING).training_images == 22
    assert Fallback(archive, replace(DRAWING, count=14)).training_images == 11
    assert Fallback(archive, replace(DRAWING, count=84)).training_images == 22


def test_each_drawing_has_a_file_of_its_own(cache):
    other = replace(DRAWING, name="others", seed=4)
    for drawing in (DRAWING, other):
        loaders.load(drawing, cache, Reports())
    assert {path.name for path in cache.iterdir()} == {"strokes.bin", "others.bin"}
    for drawing in (DRAWING, other):
        reports = Reports()
        assert loaders.load(drawing, cache, reports).name == drawing.name
        assert reports == []


def leave(path):
    pass


def load_twice(cache, between):
    """Load a drawing, do something, load it again; say whether the second one was drawn."""
    first, reports = loaders.load(DRAWING, cache, Reports()), Reports()
    between(cache / "strokes.bin")
    second = loaders.load(DRAWING, cache, reports)
    assert first.sha256() == second.sha256()
    assert second.train.images.flags.writeable == first.train.images.flags.writeable
    return bool(reports)


def test_a_cached_drawing_is_not_drawn_again(cache):
    assert not load_twice(cache, between=leave)


def flip_a_bit(path):
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)


@pytest.mark.parametrize(
    "damage",
    [
        flip_a_bit,
        lambda path: path.write_bytes(path.read_bytes()[:-1]),
        lambda path: path.write_bytes(path.read_bytes() + b"x"),
        lambda path: path.write_bytes(b""),
        lambda path: path.unlink(),
    ],
    ids=["flipped", "cut", "longer", "empty", "gone"],
)
def test_a_corrupt_cached_drawing_is_drawn_again_and_mended(cache, damage):
    assert load_twice(cache, between=damage)
    assert not load_twice(cache, between=leave)


def test_a_drawing_of_another_version_or_program_is_not_taken(cache, monkeypatch, tmp_path):
    (tmp_path / "drawn.py").write_text("another program")
    assert load_twice(cache, lambda _: monkeypatch.setattr(loaders, "__version__", "another"))
    assert load_twice(cache, lambda _: monkeypatch.setattr(loaders, "files", lambda _: tmp_path))
    assert not load_twice(cache, between=leave)


def test_a_drawing_of_another_seed_is_not_taken(cache):
    first = loaders.load(DRAWING, cache, Reports())
    other = loaders.load(replace(DRAWING, seed=4), cache, Reports())
    assert first.sha256 != other.sha256
    assert other.source == "digits that bn-tui draws itself, seed 4"


def test_a_cache_that_cannot_be_written_costs_only_the_keeping(tmp_path):
    taken = tmp_path / "taken"
    taken.write_bytes(b"a file, not a folder")
    dataset = loaders.load(DRAWING, taken, Reports())
    assert dataset.sha256() == loaders.load(DRAWING, tmp_path, Reports()).sha256()
    assert dataset.source == (
        f"digits that bn-tui draws itself, seed 3 "
        f"(not kept, {taken} cannot be written: File exists)"
    )


def test_a_folder_goes_by_its_own_name(tmp_path, cache, archive, monkeypatch):
    dataset = loaders.load(Folder(tmp_path / "published"), cache, Reports())
    check_published(dataset)
    assert (dataset.name, dataset.source) == ("published", f"folder {tmp_path / 'published'}")
    monkeypatch.chdir(tmp_path / "published")
    assert loaders.load(Folder(Path()), cache, Reports()).name == "published"
