"""Each norm against the library, against a tape through the formula, and against float64."""

import keras
import numpy as np
import pytest
import tensorflow as tf

from bn_tui.engine.norms import EPSILON, MOMENTUM, NORMS

BATCH_NORMS = ["keras", "moments", "nn", "fused"]
SHAPES = [(5, 5, 6), (1, 1, 6), (6,)]
STEPS, RATE = 30, 0.1

each_norm = pytest.mark.parametrize("name", BATCH_NORMS)
each_shape = pytest.mark.parametrize("shape", SHAPES, ids=str)


def draw(shape, seed, count=8):
    """Activations far from mean 0 and variance 1, another of each for every channel."""
    random = np.random.default_rng(seed)
    channels = np.arange(shape[-1])
    values = random.standard_normal((count, *shape)) * (0.2 + channels) + channels - 2
    return values.astype(np.float32), random.standard_normal((count, *shape)).astype(np.float32)


def formula(inputs, gamma, beta, upstream):
    """Ioffe and Szegedy's algorithm 1 and its gradient, in float64."""
    inputs, upstream = inputs.astype(np.float64), upstream.astype(np.float64)
    axes = tuple(range(inputs.ndim - 1))
    mean, variance = inputs.mean(axes), inputs.var(axes)
    inverse = 1 / np.sqrt(variance + 1e-3)
    normalized = (inputs - mean) * inverse
    slope = upstream * gamma
    gradient = inverse * (slope - slope.mean(axes) - normalized * (slope * normalized).mean(axes))
    return (
        normalized * gamma + beta,
        (gradient, (upstream * normalized).sum(axes), upstream.sum(axes)),
        (mean, variance),
    )


def differentiate(function, upstream, *values):
    with tf.GradientTape() as tape:
        tape.watch(values)
        outputs, *others = function(*values)
        product = tf.reduce_sum(outputs * upstream)
    gradients = tape.gradient(product, values)
    return outputs.numpy(), [gradient.numpy() for gradient in gradients], others


def close(actual, expected, tolerance=1e-5):
    """Within a tolerance of the largest value: a small one may be what two large ones leave."""
    largest = np.max(np.abs(expected))
    np.testing.assert_allclose(actual, expected, rtol=0, atol=tolerance * max(largest, 1.0))


def stored_variance(name, shape, variance, count=8):
    n = count * np.prod(shape[:-1])
    return variance * n / (n - 1) if name == "fused" and len(shape) == 3 else variance


class Alone:
    """One norm of ours, trained by plain gradient descent on its own γ and β."""

    def __init__(self, name, shape):
        self.norm = NORMS[name](shape)
        self.parameters, self.statistics = (
            {kind: tf.fill([shape[-1]], start) for kind, start in starts.items()}
            for starts in (self.norm.parameters, self.norm.statistics)
        )

    def step(self, inputs, upstream):
        names = list(self.parameters)
        outputs, gradients, (self.statistics,) = differentiate(
            lambda x, *values: self.norm.train(
                x, dict(zip(names, values, strict=True)), self.statistics
            ),
            upstream,
            tf.constant(inputs),
            *self.parameters.values(),
        )
        self.parameters = {
            name: value - RATE * gradient
            for (name, value), gradient in zip(self.parameters.items(), gradients[1:], strict=True)
        }
        return outputs, gradients

    def infer(self, inputs):
        return self.norm.infer(tf.constant(inputs), self.parameters, self.statistics).numpy()


class Library:
    """The same with Keras's layer, which keeps its own variables."""

    def __init__(self, shape):
        self.layer = keras.layers.BatchNormalization(
            momentum=0.99, epsilon=1e-3, dtype="float32", name="reference"
        )
        self.layer.build((None, *shape))

    def step(self, inputs, upstream):
        inputs = tf.constant(inputs)
        trained = [variable.value for variable in self.layer.trainable_variables]
        with tf.GradientTape() as tape:
            tape.watch(inputs)
            outputs = self.layer(inputs, training=True)
            product = tf.reduce_sum(outputs * upstream)
        gradients = tape.gradient(product, [inputs, *trained])
        for variable, gradient in zip(trained, gradients[1:], strict=True):
            variable.assign_sub(RATE * gradient)
        return outputs.numpy(), [gradient.numpy() for gradient in gradients]

    def infer(self, inputs):
        return self.layer(tf.constant(inputs), training=False).numpy()


def test_the_constants_are_the_original_s():
    assert (EPSILON, MOMENTUM) == (1e-3, 0.99)


@each_norm
@each_shape
def test_a_step_is_the_formula_in_float64(name, shape):
    alone, random = Alone(name, shape), np.random.default_rng(1)
    gamma, beta = random.standard_normal((2, shape[-1])).astype(np.float32)
    alone.parameters = {"gamma": tf.constant(gamma), "beta": tf.constant(beta)}
    inputs, upstream = draw(shape, seed=2)
    expected_outputs, expected_gradients, (mean, variance) = formula(inputs, gamma, beta, upstream)
    outputs, gradients = alone.step(inputs, upstream)
    close(outputs, expected_outputs)
    for gradient, expected in zip(gradients, expected_gradients, strict=True):
        close(gradient, expected)
    close(alone.statistics["moving_mean"], 0.01 * mean)
    close(
        alone.statistics["moving_variance"],
        0.99 + 0.01 * stored_variance(name, shape, variance),
    )


@each_norm
@each_shape
def test_many_steps_are_those_of_the_library(name, shape):
    ours, theirs = Alone(name, shape), Library(shape)
    moving_variance = np.ones(shape[-1])
    for seed in range(STEPS):
        inputs, upstream = draw(shape, seed)
        outputs, gradients = ours.step(inputs, upstream)
        expected_outputs, expected_gradients = theirs.step(inputs, upstream)
        close(outputs, expected_outputs, 1e-4)
        for gradient, expected in zip(gradients, expected_gradients, strict=True):
            close(gradient, expected, 1e-4)
        _, _, (_, variance) = formula(inputs, 1.0, 0.0, upstream)
        moving_variance = 0.99 * moving_variance + 0.01 * stored_variance(name, shape, variance)
    layer = theirs.layer
    close(ours.parameters["gamma"], layer.gamma.numpy(), 1e-4)
    close(ours.parameters["beta"], layer.beta.numpy(), 1e-4)
    close(ours.statistics["moving_mean"], layer.moving_mean.numpy())
    close(ours.statistics["moving_variance"], moving_variance)
    if name != "fused":
        close(ours.statistics["moving_variance"], layer.moving_variance.numpy())
        close(ours.infer(inputs), theirs.infer(inputs), 1e-4)


@each_shape
def test_the_gradient_by_hand_is_the_tape_s(shape):
    def primitive(inputs, gamma, beta):
        axes = list(range(len(shape)))
        mean, variance = tf.nn.moments(inputs, axes)
        return ((inputs - mean) / tf.sqrt(variance + EPSILON) * gamma + beta,)

    random = np.random.default_rng(3)
    gamma, beta = map(tf.constant, random.standard_normal((2, shape[-1])).astype(np.float32))
    inputs, upstream = draw(shape, seed=4)
    moments = NORMS["moments"](shape)
    ours = differentiate(moments.normalize, upstream, tf.constant(inputs), gamma, beta)
    theirs = differentiate(primitive, upstream, tf.constant(inputs), gamma, beta)
    close(ours[0], theirs[0])
    for gradient, expected in zip(ours[1], theirs[1], strict=True):
        close(gradient, expected)


@each_shape
def test_the_unbiased_variance_is_n_over_n_minus_1_of_the_biased(shape):
    inputs = tf.constant(draw(shape, seed=5)[0])
    ones, zeros = tf.ones(shape[-1]), tf.zeros(shape[-1])
    _, _, fused = NORMS["fused"](shape).normalize(inputs, ones, zeros)
    _, _, manual = NORMS["moments"](shape).normalize(inputs, ones, zeros)
    n = 8 * np.prod(shape[:-1])
    expected = n / (n - 1) if len(shape) == 3 else 1
    np.testing.assert_allclose(fused / manual, expected, rtol=1e-5)


@each_norm
@each_shape
def test_inference_is_the_moving_statistics_and_no_neighbour(name, shape):
    alone = Alone(name, shape)
    for seed in range(3):
        alone.step(*draw(shape, seed))
    inputs, _ = draw(shape, seed=9)
    gamma, beta, mean, variance = (
        np.asarray(value, np.float64)
        for value in (*alone.parameters.values(), *alone.statistics.values())
    )
    expected = (inputs - mean) / np.sqrt(variance + 1e-3) * gamma + beta
    close(alone.infer(inputs), expected)
    np.testing.assert_array_equal(
        np.concatenate([alone.infer(image[None]) for image in inputs]), alone.infer(inputs)
    )


@each_norm
@pytest.mark.parametrize("shape", [(1, 1, 6), (6,)], ids=str)
def test_a_batch_of_one_is_its_own_mean(name, shape):
    alone = Alone(name, shape)
    alone.parameters["beta"] = tf.range(6, dtype=tf.float32)
    inputs, upstream = draw(shape, seed=6, count=1)
    outputs, (gradient, gamma_gradient, beta_gradient) = alone.step(inputs, upstream)
    close(outputs, np.broadcast_to(np.arange(6), outputs.shape))
    close(gradient, np.zeros_like(inputs))
    close(gamma_gradient, np.zeros(6))
    close(beta_gradient, upstream.reshape(6))
    close(alone.statistics["moving_mean"], 0.01 * inputs.reshape(6))
    close(alone.statistics["moving_variance"], np.full(6, 0.99))


@each_norm
def test_a_channel_that_never_varies_stays_finite(name):
    alone = Alone(name, (2, 2, 3))
    inputs = np.full((8, 2, 2, 3), 0.1, np.float32)
    outputs, gradients = alone.step(inputs, draw((2, 2, 3), seed=7)[1])
    close(outputs, np.zeros_like(inputs), 1e-3)
    assert all(np.isfinite(gradient).all() for gradient in gradients)


@each_norm
def test_what_is_not_a_number_is_not_hidden(name):
    alone = Alone(name, (2, 2, 3))
    inputs, upstream = draw((2, 2, 3), seed=8)
    inputs[0, 0, 0, 1] = np.nan
    outputs, _ = alone.step(inputs, upstream)
    assert np.isnan(outputs[..., 1]).all()
    assert np.isfinite(outputs[..., [0, 2]]).all()


@each_shape
def test_a_bias_is_added_and_nothing_kept(shape):
    alone = Alone("bias", shape)
    assert alone.statistics == {}
    alone.parameters["bias"] = tf.range(6, dtype=tf.float32)
    inputs, upstream = draw(shape, seed=9)
    outputs, (gradient, bias_gradient) = alone.step(inputs, upstream)
    np.testing.assert_array_equal(outputs, inputs + np.arange(6, dtype=np.float32))
    np.testing.assert_array_equal(gradient, upstream)
    close(bias_gradient, upstream.astype(np.float64).sum(tuple(range(upstream.ndim - 1))))
    assert alone.statistics == {}
