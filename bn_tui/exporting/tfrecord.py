"""The bytes of a TensorBoard event file: records with checksums around protocol buffers.

The record is TensorFlow's TFRecord (core/lib/io/record_writer.h); the message inside is its Event
(core/util/event.proto) with a Summary of one value. Only what a scalar needs is written.
"""

import math
import struct

_POLYNOMIAL = 0x82F63B78  # Castagnoli's, bits reversed (RFC 3720, appendix B.4)
_MASK = 0xA282EAD8

# Wire types of protocol buffers.
_VARINT, _EIGHT_BYTES, _BYTES, _FOUR_BYTES = 0, 1, 2, 5


def _remainder(byte: int) -> int:
    for _ in range(8):
        byte = byte >> 1 ^ (_POLYNOMIAL if byte & 1 else 0)
    return byte


_REMAINDERS = tuple(map(_remainder, range(256)))


def crc32c(data: bytes) -> int:
    """Give the CRC-32C of the data."""
    rest = 0xFFFFFFFF
    for byte in data:
        rest = _REMAINDERS[(rest ^ byte) & 0xFF] ^ rest >> 8
    return rest ^ 0xFFFFFFFF


def record(data: bytes) -> bytes:
    """Put a message into a record: its length and itself, each with a masked checksum."""
    length = struct.pack("<Q", len(data))
    return length + _masked(length) + data + _masked(data)


def file_version() -> bytes:
    """Give the message that every event file begins with."""
    return _message(3, b"brain.Event:2")


def scalar(tag: str, value: float, step: int, wall_time: float) -> bytes:
    """Give the message of one value, as the nearest float32.

    TensorBoard's data server, which it uses where it can, passes over values of any other kind,
    doubles among them.
    """
    number = _key(2, _FOUR_BYTES) + _float32(value)
    summary = _message(1, _message(1, tag.encode()) + number)
    time = _key(1, _EIGHT_BYTES) + struct.pack("<d", wall_time)
    return time + _key(2, _VARINT) + _varint(step) + _message(5, summary)


def _masked(data: bytes) -> bytes:
    rest = crc32c(data)
    return struct.pack("<I", ((rest >> 15 | rest << 17) + _MASK) & 0xFFFFFFFF)


def _float32(value: float) -> bytes:
    try:
        return struct.pack("<f", value)
    except OverflowError:
        return struct.pack("<f", math.copysign(math.inf, value))


def _message(field: int, content: bytes) -> bytes:
    return _key(field, _BYTES) + _varint(len(content)) + content


def _key(field: int, wire_type: int) -> bytes:
    return _varint(field << 3 | wire_type)


def _varint(value: int) -> bytes:
    """Seven bits in a byte, the lowest first; all but the last have the eighth bit set."""
    parts = bytearray()
    while value > 0x7F:
        parts.append(value & 0x7F | 0x80)
        value >>= 7
    parts.append(value)
    return bytes(parts)
