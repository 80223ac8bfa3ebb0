import numpy as np
import pytest
import tensorflow as tf

from bn_tui.engine.parameters import Layout

ARRAYS = {
    "kernel": np.arange(12, dtype=np.float32).reshape(2, 3, 2),
    "scale": np.float32(7),
    "bias": np.array([9, 8], np.float32),
}


def same(actual, expected):
    assert list(actual) == list(expected)
    for name in expected:
        np.testing.assert_array_equal(actual[name], expected[name])


def test_packed_is_unpacked():
    layout = Layout.of(ARRAYS)
    vector = layout.pack(ARRAYS)
    assert layout.size == 15
    assert vector.dtype == np.float32
    np.testing.assert_array_equal(vector, [*range(12), 7, 9, 8])
    same(layout.unpack(vector), ARRAYS)


def test_split_is_joined():
    layout = Layout.of(ARRAYS)
    vector = layout.pack(ARRAYS)
    parts = layout.split(tf.constant(vector))
    same({name: part.numpy() for name, part in parts.items()}, ARRAYS)
    np.testing.assert_array_equal(layout.join(parts), vector)
    # The layout's order counts, not the mapping's.
    np.testing.assert_array_equal(layout.join(dict(reversed(parts.items()))), vector)


def test_a_layout_may_be_empty():
    layout = Layout.of({})
    assert layout.size == 0
    assert layout.split(tf.zeros([0])) == {}
    assert layout.join({}).shape == (0,)
    assert layout.pack({}).shape == (0,)


def test_an_array_of_another_shape_is_refused():
    layout = Layout.of(ARRAYS)
    with pytest.raises(ValueError, match=r"bias: expected shape \(2,\), got \(3,\)"):
        layout.pack(ARRAYS | {"bias": np.zeros(3, np.float32)})
