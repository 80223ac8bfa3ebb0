import gzip
import hashlib
import io
import os
import struct
import tracemalloc
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bn_tui.datasets import idx
from bn_tui.datasets.dataset import Split
from bn_tui.errors import DataFormatError, ExitCode

IMAGES = np.random.default_rng(0).integers(0, 256, (24, 28, 28)).astype(np.uint8)
LABELS = (np.arange(24) % 10).astype(np.uint8)


def encode_images(images=IMAGES, magic=0x803, count=None, sides=(28, 28)) -> bytes:
    count = len(images) if count is None else count
    return struct.pack(">4I", magic, count, *sides) + images.tobytes()


def encode_labels(labels=LABELS, magic=0x801, count=None) -> bytes:
    count = len(labels) if count is None else count
    return struct.pack(">2I", magic, count) + labels.tobytes()


FILES = {
    "train-images-idx3-ubyte": encode_images(),
    "train-labels-idx1-ubyte": encode_labels(),
    "t10k-images-idx3-ubyte": encode_images(IMAGES[:7]),
    "t10k-labels-idx1-ubyte": encode_labels(LABELS[:7]),
}


def write_folder(folder: Path, files=FILES) -> Path:
    for name, content in files.items():
        (folder / name).write_bytes(content)
    return folder


@pytest.fixture
def path(tmp_path):
    return tmp_path / "file"


@pytest.mark.parametrize("pack", [bytes, gzip.compress], ids=["plain", "gzip"])
def test_reads_what_was_written(path, pack):
    path.write_bytes(pack(encode_images()))
    np.testing.assert_array_equal(idx.read_images(path), IMAGES)
    path.write_bytes(pack(encode_labels()))
    np.testing.assert_array_equal(idx.read_labels(path), LABELS)


def test_gzip_is_told_by_the_first_bytes_and_not_by_the_name(tmp_path):
    misnamed = tmp_path / "labels.gz"
    misnamed.write_bytes(encode_labels())
    np.testing.assert_array_equal(idx.read_labels(misnamed), LABELS)


def test_reads_a_gzip_file_of_several_members(path):
    content = encode_labels()
    path.write_bytes(gzip.compress(content[:11]) + gzip.compress(content[11:]))
    np.testing.assert_array_equal(idx.read_labels(path), LABELS)


BAD_IMAGES = {
    "empty file": (b"", "expected a header of 16 bytes, got 0 (truncated)"),
    "header cut": (encode_images()[:15], "expected a header of 16 bytes, got 15 (truncated)"),
    "labels": (encode_labels(), "0x00000803 (images), got 0x00000801 (labels)"),
    "text": (b"<html>", "0x00000803 (images), got 0x3c68746d (neither images nor labels)"),
    "little-endian": (b"\x03\x08\0\0" + encode_images()[4:], "got 0x03080000"),
    "body cut": (encode_images()[:-1], "expected 18816 bytes after the header, got 18815"),
    "trailing byte": (encode_images() + b"\0", "expected 18816 bytes after the header, got more"),
    "other side": (encode_images(sides=(14, 56)), "expected images of 28×28 pixels, got 14×56"),
    "no images": (encode_images(IMAGES[:0]), "expected 1 to 10000000 images, got 0"),
    "absurdly many": (encode_images(count=2**32 - 1), "images, got 4294967295"),
}


@pytest.mark.parametrize("pack", [bytes, gzip.compress], ids=["plain", "gzip"])
@pytest.mark.parametrize(("content", "message"), BAD_IMAGES.values(), ids=BAD_IMAGES.keys())
def test_refuses_images_and_says_why(path, content, message, pack):
    path.write_bytes(pack(content))
    with pytest.raises(DataFormatError) as raised:
        idx.read_images(path)
    assert str(raised.value).startswith(f"{path}: expected ")
    assert message in str(raised.value)
    assert "\n" not in str(raised.value)
    assert raised.value.exit_code == ExitCode.DATA_FORMAT


BAD_GZIP = {
    "cut": gzip.compress(encode_images())[:-9],
    "checksum cut": gzip.compress(encode_images())[:-4],
    "checksum wrong": gzip.compress(encode_images())[:-8] + b"\0\0\0\0\0\0\0\0",
    "only the start": b"\x1f\x8b",
    "other method": b"\x1f\x8b\x07" + bytes(30),
    "no deflate stream": b"\x1f\x8b\x08" + bytes(7) + b"\xff" * 30,
    "garbage behind": gzip.compress(encode_images()) + b"garbage",
}


@pytest.mark.parametrize("content", BAD_GZIP.values(), ids=BAD_GZIP.keys())
def test_refuses_broken_gzip(path, content):
    path.write_bytes(content)
    with pytest.raises(DataFormatError, match="expected a whole gzip file, got a broken one"):
        idx.read_images(path)


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (encode_images(), "0x00000801 (labels), got 0x00000803 (images)"),
        (encode_labels(np.array([3, 9, 10], np.uint8)), "labels of 0 to 9, got 10 for image 2"),
        (encode_labels()[:-1], "expected 24 bytes after the header, got 23 (truncated)"),
    ],
)
def test_refuses_labels_and_says_why(path, content, message):
    path.write_bytes(content)
    with pytest.raises(DataFormatError) as raised:
        idx.read_labels(path)
    assert str(path) in str(raised.value)
    assert message in str(raised.value)


def test_a_gzip_bomb_is_not_unpacked(path):
    bomb = encode_images() + bytes(32 << 20)
    path.write_bytes(gzip.compress(bomb, compresslevel=1))
    tracemalloc.start()
    with pytest.raises(DataFormatError, match="got more"):
        idx.read_images(path)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 1 << 20


@pytest.mark.parametrize("pack", [bytes, gzip.compress], ids=["plain", "gzip"])
def test_a_great_promise_allocates_nothing(path, pack):
    path.write_bytes(pack(encode_images(count=idx.MAX_ITEMS)))
    tracemalloc.start()
    with pytest.raises(DataFormatError, match="expected 7840000000 bytes"):
        idx.read_images(path)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 4 << 20


def test_an_unreadable_file_is_one_clear_line(tmp_path):
    with pytest.raises(DataFormatError, match=r"absent: cannot be read \(No such file"):
        idx.read_images(tmp_path / "absent")
    with pytest.raises(DataFormatError, match=r"cannot be read \(Is a directory"):
        idx.read_labels(tmp_path)


def test_refuses_a_pair_of_different_counts(tmp_path):
    images, labels = tmp_path / "images", tmp_path / "labels"
    images.write_bytes(encode_images())
    labels.write_bytes(encode_labels(LABELS[:23]))
    with pytest.raises(DataFormatError) as raised:
        idx.read_pair(images, labels)
    assert str(raised.value) == (
        f"{labels}: expected 24 labels, as many as {images} has images, got 23"
    )


@pytest.mark.parametrize("pack", [bytes, gzip.compress], ids=["plain", "gzip"])
def test_images_without_as_many_labels_are_not_unpacked(tmp_path, pack):
    images, labels = tmp_path / "images", tmp_path / "labels"
    images.write_bytes(pack(encode_images(np.zeros((40_000, 28, 28), np.uint8))))
    labels.write_bytes(pack(encode_labels()))
    tracemalloc.start()
    with pytest.raises(DataFormatError, match=r"labels: expected 40000 labels, .* got 24$"):
        idx.read_pair(images, labels)
    with (
        images.open("rb") as images_file,
        labels.open("rb") as labels_file,
        pytest.raises(DataFormatError, match=r"^labels: expected 40000 labels, .* got 24$"),
    ):
        idx.decode_pair((images_file, "images"), (labels_file, "labels"))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 1 << 20


def decode(images: bytes, labels: bytes) -> Split:
    return idx.decode_pair((io.BytesIO(images), "images"), (io.BytesIO(labels), "labels"))


@st.composite
def damaged(draw, contents):
    """A file with a few bytes changed, then cut or lengthened."""
    content = bytearray(draw(st.sampled_from(contents)))
    for _ in range(draw(st.integers(0, 3))):
        # Half of the changes hit the first bytes: the header is where a change can do harm.
        last = draw(st.sampled_from([min(20, len(content)), len(content)])) - 1
        content[draw(st.integers(0, last))] = draw(st.integers(0, 255))
    length = draw(st.integers(0, len(content)) | st.just(len(content)))
    return bytes(content[:length]) + draw(st.binary(max_size=2))


SMALL = encode_images(IMAGES[:2]), encode_labels(LABELS[:2])


@settings(deadline=None)
@given(
    images=damaged([SMALL[0], gzip.compress(SMALL[0])]),
    labels=damaged([SMALL[1], gzip.compress(SMALL[1])]),
)
def test_damage_is_refused_or_still_a_valid_pair(images, labels):
    try:
        pair = decode(images, labels)
    except DataFormatError as error:
        assert str(error).startswith(("images: expected", "labels: expected"))  # noqa: PT017
        return
    assert pair.images.shape == (len(pair), 28, 28)
    assert pair.labels.max() <= 9


@settings(deadline=None)
@given(st.binary(max_size=64), st.binary(max_size=64))
def test_noise_is_refused(images, labels):
    with pytest.raises(DataFormatError):
        decode(images, labels)


@pytest.mark.parametrize(
    ("count", "held_out"), [(12, 1), (24, 2), (59_999, 4_999), (60_000, 5_000), (120_000, 5_000)]
)
def test_the_first_images_are_held_out_for_validation(count, held_out):
    labels = np.arange(count).astype(np.uint8)
    training = Split(np.zeros((count, 28, 28), np.uint8), labels)
    dataset = idx.assemble("name", "source", training, training)
    np.testing.assert_array_equal(dataset.validation.labels, labels[:held_out])
    np.testing.assert_array_equal(dataset.train.labels, labels[held_out:])
    assert len(dataset.train.images) == count - held_out


def test_too_few_training_images_are_refused():
    training = Split(IMAGES[:11], LABELS[:11])
    with pytest.raises(DataFormatError, match=r"^here: expected at least 12 .* got 11$"):
        idx.assemble("name", "here", training, training)


def test_loads_a_folder(tmp_path):
    dataset = idx.load_folder(write_folder(tmp_path), "digits")
    assert (dataset.name, dataset.source) == ("digits", f"folder {tmp_path}")
    np.testing.assert_array_equal(dataset.validation.images, IMAGES[:2])
    np.testing.assert_array_equal(dataset.train.images, IMAGES[2:])
    np.testing.assert_array_equal(dataset.train.labels, LABELS[2:])
    np.testing.assert_array_equal(dataset.test.images, IMAGES[:7])


def test_the_digest_is_the_same_for_other_spellings_and_gzip(tmp_path):
    plain, spelled = tmp_path / "plain", tmp_path / "spelled"
    plain.mkdir()
    spelled.mkdir()
    write_folder(plain)
    write_folder(
        spelled,
        {
            name.replace("-idx", ".idx") + ".gz": gzip.compress(content)
            for name, content in FILES.items()
        },
    )
    assert idx.load_folder(plain, "a").sha256() == idx.load_folder(spelled, "b").sha256()


def test_the_plain_file_goes_before_the_gzipped(tmp_path):
    write_folder(tmp_path, FILES | {"t10k-labels-idx1-ubyte.gz": b"unread"})
    assert idx.find_files(tmp_path)[3] == tmp_path / "t10k-labels-idx1-ubyte"


@pytest.mark.parametrize("missing", FILES)
def test_a_missing_file_is_named_with_the_accepted_names(tmp_path, missing):
    write_folder(tmp_path, {name: FILES[name] for name in FILES if name != missing})
    (tmp_path / missing).mkdir()  # a folder of that name is not the file
    with pytest.raises(DataFormatError) as raised:
        idx.load_folder(tmp_path, "digits")
    spelled = missing.replace("-idx", ".idx")
    assert str(raised.value) == (
        f"{tmp_path}: {missing} is missing; "
        f"accepted names are {missing}, {spelled}, {missing}.gz, {spelled}.gz"
    )


def test_a_folder_that_is_none_is_one_clear_line(tmp_path):
    with pytest.raises(DataFormatError, match=r"cannot be read \(No such file"):
        idx.find_files(tmp_path / "absent")


# MD5 of the published files, uncompressed.
MNIST_MD5 = {
    "images": ("6bbc9ace898e44ae57da46a324031adb", "2646ac647ad5339dbf082846283269ea"),
    "labels": ("a25bea736e30d166cdddb491f175f624", "27ae3e4e09519cfbb04c329615203637"),
}

# The share of each digit: what a network that always answers it scores.
VALIDATION_SHARES = [0.0958, 0.1126, 0.0976, 0.0986, 0.107, 0.0868, 0.1002, 0.11, 0.0924, 0.099]
TEST_SHARES = [0.098, 0.1135, 0.1032, 0.101, 0.0982, 0.0892, 0.0958, 0.1028, 0.0974, 0.1009]


@pytest.mark.real
@pytest.mark.skipif("BN_TUI_TEST_MNIST" not in os.environ, reason="BN_TUI_TEST_MNIST is not set")
def test_real_mnist():
    dataset = idx.load_folder(Path(os.environ["BN_TUI_TEST_MNIST"]), "mnist")
    assert [len(dataset.validation), len(dataset.train), len(dataset.test)] == [5000, 55000, 10000]
    images = np.concatenate([dataset.validation.images, dataset.train.images])
    labels = np.concatenate([dataset.validation.labels, dataset.train.labels])
    written = {
        "images": (encode_images(images), encode_images(dataset.test.images)),
        "labels": (encode_labels(labels), encode_labels(dataset.test.labels)),
    }
    for kind, contents in written.items():
        digests = (hashlib.md5(content, usedforsecurity=False).hexdigest() for content in contents)
        assert tuple(digests) == MNIST_MD5[kind]
    for split, shares in ((dataset.validation, VALIDATION_SHARES), (dataset.test, TEST_SHARES)):
        np.testing.assert_allclose(np.bincount(split.labels) / len(split), shares, atol=1e-12)
