"""The hundred images of a run, out of the text that they travel in."""

import base64
import zlib

from bn_tui.events import SamplesChosen

_MOST_SIDE = 1024


def decode_samples(samples: SamplesChosen) -> tuple[bytes, ...]:
    """Unpack the images, each as side × side bytes, row by row; 0 is paper and 255 is ink.

    No more is decompressed than the images need, whatever the text has been made to hold.

    Raises:
        ValueError: the text is not base64 of zlib, or holds more or less than one image a label.
    """
    if not 1 <= samples.side <= _MOST_SIDE:
        raise ValueError(f"expected images of side 1 to {_MOST_SIDE}, got {samples.side}")
    size = samples.side**2
    expected = len(samples.labels) * size
    decompressor = zlib.decompressobj()
    try:
        compressed = base64.b64decode(samples.pixels, validate=True)
        pixels = decompressor.decompress(compressed, expected + 1)
    except (ValueError, zlib.error) as error:
        raise ValueError(f"the samples cannot be unpacked: {error}") from error
    if len(pixels) != expected:
        amount = "more" if len(pixels) > expected else f"{len(pixels)}"
        raise ValueError(f"expected {expected} bytes of samples, got {amount}")
    if not decompressor.eof or decompressor.unused_data:
        raise ValueError("the samples do not end where they should")
    return tuple(pixels[start : start + size] for start in range(0, expected, size))
