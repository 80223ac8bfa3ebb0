"""The bytes of a TensorBoard event file: records with checksums around protocol buffers.

The record is TensorFlow's TFRecord (core/lib/io/record_writer.h); the message inside is its Event
(core/util/event.proto) with a Summary of one value. Only what a scalar needs is written.
"""

import struct

_POLYNOMIAL = 0x82F63B78  # Castagnoli's, bits reversed (RFC 3720, appendix B.4)
_MASK = 0xA282EAD8

# Wire types of protocol buffers.
_VARINT, _EIGHT_BYTES, _BYTES = 0, 1, 2

_DOUBLE = 2  # DT_DOUBLE of tensorflow/core/framework/types.proto
_SCALAR = 1  # DATA_CLASS_SCALAR of tensorflow/core/framework/summary.proto


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
    return _field(3, b"brain.Event:2")


def scalar(tag: str, value: float, step: int, wall_time: float) -> bytes:
    """Give the message of one value: a tensor of no dimensions, in double precision."""
    tensor = _field(1, _DOUBLE) + _field(2, b"") + _field(6, struct.pack("<d", value))
    plugin = _field(1, b"scalars")
    metadata = _field(1, plugin) + _field(4, _SCALAR)
    summary = _field(1, _field(1, tag.encode()) + _field(8, tensor) + _field(9, metadata))
    return _field(1, wall_time) + _field(2, step) + _field(5, summary)


def _masked(data: bytes) -> bytes:
    rest = crc32c(data)
    return struct.pack("<I", ((rest >> 15 | rest << 17) + _MASK) & 0xFFFFFFFF)


def _field(number: int, value: float | bytes) -> bytes:
    match value:
        case bytes():
            return _varint(number << 3 | _BYTES) + _varint(len(value)) + value
        case int():
            return _varint(number << 3 | _VARINT) + _varint(value)
        case _:
            return _varint(number << 3 | _EIGHT_BYTES) + struct.pack("<d", value)


def _varint(value: int) -> bytes:
    """Seven bits in a byte, the lowest first; all but the last have the eighth bit set."""
    parts = bytearray()
    while value > 0x7F:
        parts.append(value & 0x7F | 0x80)
        value >>= 7
    parts.append(value)
    return bytes(parts)
