"""A contact sheet of drawn digits as a PNG: `python -m bn_tui.datasets.drawn.sheet PATH`."""

import struct
import sys
import zlib
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from bn_tui.datasets.dataset import CLASSES, Images
from bn_tui.datasets.drawn import draw_digits

COLUMNS = 10
SCALE = 2
GAP = 2
GAP_GREY = 40
SEED = 0


def contact_sheet() -> NDArray[np.uint8]:
    """The first ten digits of each class, a row per class, as a grey picture [H, W]."""
    images, labels = draw_digits(1000, SEED)
    rows = [_row(images[labels == digit][:COLUMNS]) for digit in range(CLASSES)]
    return np.pad(np.concatenate(rows), ((GAP, 0), (GAP, 0)), constant_values=GAP_GREY)


def _row(images: Images) -> NDArray[np.uint8]:
    tiles = images.repeat(SCALE, axis=1).repeat(SCALE, axis=2)
    framed = np.pad(tiles, ((0, 0), (0, GAP), (0, GAP)), constant_values=GAP_GREY)
    return np.concatenate(list(framed), axis=1)


def encode_png(picture: NDArray[np.uint8]) -> bytes:
    """A grey picture [H, W] as a PNG file (ISO/IEC 15948), 8 bits a pixel and not interlaced."""
    height, width = picture.shape
    header = struct.pack(">2I5B", width, height, 8, 0, 0, 0, 0)
    scanlines = np.pad(picture, ((0, 0), (1, 0)))  # each begins with its filter: 0, none
    data = zlib.compress(scanlines.tobytes(), 9)
    chunks = (b"IHDR", header), (b"IDAT", data), (b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + b"".join(_chunk(name, content) for name, content in chunks)


def _chunk(name: bytes, content: bytes) -> bytes:
    checksum = zlib.crc32(name + content)
    return struct.pack(">I", len(content)) + name + content + struct.pack(">I", checksum)


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit("usage: python -m bn_tui.datasets.drawn.sheet PATH")
    Path(sys.argv[1]).write_bytes(encode_png(contact_sheet()))
