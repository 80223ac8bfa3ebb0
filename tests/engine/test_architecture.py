import numpy as np
import pytest
import tensorflow as tf

from bn_tui.engine.architecture import (
    FEATURES,
    KERNEL_SHAPES,
    STACK,
    initial_kernels,
)

INITIALIZERS = ["glorot_uniform", "truncated_normal", "he_live_taps"]


def test_the_sides_halve_at_every_third_convolution():
    assert {c.depth: c.output_side for c in STACK if c.stride == 2} == {
        3: 14,
        6: 7,
        9: 4,
        12: 2,
        15: 1,
        18: 1,
    }
    assert [c.side for c in STACK] == [28] * 3 + [14] * 3 + [7] * 3 + [4] * 3 + [2] * 3 + [1] * 4
    assert [c.channels for c in STACK] == [4 * depth for depth in range(1, 20)]
    assert FEATURES == 76


def test_the_convolutions_hold_328356_weights():
    shapes = [shape for shape in KERNEL_SHAPES if len(shape) == 4]
    assert len(shapes) == 19
    assert sum(np.prod(shape) for shape in shapes) == 328_356
    assert KERNEL_SHAPES[19:] == ((76, 100), (100, 10))


def test_165280_weights_see_nothing_but_padding():
    dead = sum(np.count_nonzero(~c.live_taps) * c.inputs * c.channels for c in STACK)
    assert dead == 165_280
    assert {c.depth: np.count_nonzero(c.live_taps) for c in STACK if not c.live_taps.all()} == {
        15: 4,
        16: 1,
        17: 1,
        18: 1,
        19: 1,
    }


@pytest.mark.parametrize("convolution", STACK, ids=lambda convolution: str(convolution.depth))
def test_taps_are_those_of_tensorflow(convolution):
    """The kernel's gradient counts how often each tap meets the image, TensorFlow's SAME."""
    side = convolution.side
    image, kernel = tf.ones([1, side, side, 1]), tf.Variable(tf.ones([3, 3, 1, 1]))
    with tf.GradientTape() as tape:
        outputs = tf.nn.conv2d(image, kernel, convolution.stride, "SAME")
    meetings = tape.gradient(outputs, kernel).numpy()[:, :, 0, 0]
    assert outputs.shape[1] == convolution.output_side
    np.testing.assert_array_equal(convolution.live_taps, meetings > 0)
    along = np.bincount(
        [tap for position in range(side) for tap in convolution.taps(position).values()],
        minlength=3,
    )
    np.testing.assert_array_equal(np.outer(along, along), meetings)


@pytest.mark.parametrize("initializer", INITIALIZERS)
def test_the_kernels_depend_on_the_seed_alone(initializer):
    first, again, other = (initial_kernels(initializer, seed) for seed in (3, 3, 4))
    assert [kernel.shape for kernel in first] == list(KERNEL_SHAPES)
    assert {kernel.dtype for kernel in first} == {np.dtype(np.float32)}
    for one, same, different in zip(first, again, other, strict=True):
        np.testing.assert_array_equal(one, same)
        assert (one != different).mean() > 0.99


def test_dense_kernels_start_equal_whatever_the_convolutions_do():
    glorot, truncated = (initial_kernels(initializer, 3) for initializer in INITIALIZERS[:2])
    for one, other in zip(glorot[19:], truncated[19:], strict=True):
        np.testing.assert_array_equal(one, other)
    for one, other in zip(glorot[:19], truncated[:19], strict=True):
        assert (one != other).mean() > 0.99


def test_no_kernel_is_another_s_beginning():
    kernels = initial_kernels("truncated_normal", 0)
    assert len({kernel.ravel()[:9].tobytes() for kernel in kernels}) == len(kernels)


def test_glorot_uniform_fills_its_limits_evenly():
    for kernel in initial_kernels("glorot_uniform", 0):
        field = np.prod(kernel.shape[:-2])
        limit = np.sqrt(6 / (field * kernel.shape[-2] + field * kernel.shape[-1]))
        assert np.abs(kernel).max() <= np.float32(limit)
        if kernel.size > 1000:
            assert np.abs(kernel).max() > 0.99 * limit
        spread = 5 / np.sqrt(kernel.size)  # five standard errors and more
        assert kernel.std() == pytest.approx(limit / np.sqrt(3), rel=spread)
        assert kernel.mean() == pytest.approx(0, abs=spread * limit)


def test_he_counts_the_inputs_that_an_output_sums_over():
    """Equation 10: σ² = 2 / fan-in, which an average output of ones tells, and so does a row."""
    kernels = initial_kernels("he_live_taps", 0)
    fans = []
    for convolution in STACK:
        side = convolution.side
        sums = tf.nn.conv2d(
            tf.ones([1, side, side, 1]), tf.ones([3, 3, 1, 1]), convolution.stride, "SAME"
        )
        fans.append(convolution.inputs * sums.numpy().mean())
    for kernel, fan_in in zip(kernels, [*fans, FEATURES, 100], strict=True):
        expected = np.sqrt(2 / fan_in)
        # Five standard errors: σ/√(2n) of a deviation, σ/√n of a mean.
        assert kernel.std() == pytest.approx(expected, rel=5 / np.sqrt(2 * kernel.size))
        assert kernel.mean() == pytest.approx(0, abs=5 * expected / np.sqrt(kernel.size))


def test_the_normal_is_cut_at_two_sigma():
    values = np.concatenate(
        [kernel.ravel() for kernel in initial_kernels("truncated_normal", 0)[:19]]
    )
    assert np.abs(values).max() <= np.float32(0.1)
    assert np.abs(values).max() > 0.0999
    assert values.std() == pytest.approx(0.04398, abs=2e-4)
    assert values.mean() == pytest.approx(0, abs=4e-4)
    # Redrawn, not clipped: nothing gathers at the limits.
    assert (np.abs(values) > 0.099).mean() < 0.005
