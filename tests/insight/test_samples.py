import base64
import zlib

import pytest

from bn_tui.events import SamplesChosen
from bn_tui.insight.samples import decode_samples

PIXELS = bytes(range(12))


def pack(content=PIXELS, *, labels=3, side=2, behind=b""):
    pixels = base64.b64encode(zlib.compress(content) + behind).decode()
    return SamplesChosen(seconds=1.0, labels=(7,) * labels, side=side, pixels=pixels)


def test_images_come_back_one_by_one():
    assert decode_samples(pack()) == (PIXELS[:4], PIXELS[4:8], PIXELS[8:])


def test_no_samples_are_no_images():
    assert decode_samples(pack(b"", labels=0)) == ()


@pytest.mark.parametrize(
    ("samples", "message"),
    [
        (pack(PIXELS[:-1]), "expected 12 bytes of samples, got 11"),
        (pack(PIXELS + b"\0"), "expected 12 bytes of samples, got more"),
        (pack(behind=b"more"), "do not end where they should"),
        (pack(side=0), "side 1 to 1024, got 0"),
        (pack(side=-2), "side 1 to 1024, got -2"),
        (pack(side=10**12), "side 1 to 1024, got 1000000000000"),
        (SamplesChosen(seconds=1.0, labels=(7,), side=2, pixels="no base64!"), "unpacked"),
        (SamplesChosen(seconds=1.0, labels=(7,), side=2, pixels="ZZZZ"), "unpacked"),
        (SamplesChosen(seconds=1.0, labels=(7,), side=2, pixels="é"), "unpacked"),
    ],
)
def test_anything_else_is_refused(samples, message):
    with pytest.raises(ValueError, match=message):
        decode_samples(samples)


def test_what_is_cut_off_behind_its_last_pixel_is_refused():
    whole = base64.b64decode(pack().pixels)
    cut = base64.b64encode(whole[:-2]).decode()  # the checksum is not whole
    with pytest.raises(ValueError, match="do not end where they should"):
        decode_samples(SamplesChosen(seconds=1.0, labels=(7,) * 3, side=2, pixels=cut))


def test_a_bomb_is_not_unpacked(monkeypatch):
    asked = []
    real = zlib.decompressobj

    class Watched:
        def __init__(self):
            self._real = real()

        def decompress(self, content, most):
            asked.append(most)
            return self._real.decompress(content, most)

    monkeypatch.setattr(zlib, "decompressobj", Watched)
    with pytest.raises(ValueError, match="got more"):
        decode_samples(pack(bytes(10_000_000)))
    assert asked == [13]
