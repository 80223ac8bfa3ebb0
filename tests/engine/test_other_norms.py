"""Norms beyond batch norm against Keras and float64, and batch norm with other settings."""

import keras
import numpy as np
import pytest
import tensorflow as tf
from engine.test_norms import SHAPES, close, differentiate, draw

from bn_tui.engine.norms import NORMS, NormSettings

each_shape = pytest.mark.parametrize("shape", [(5, 5, 8), (1, 1, 8), (8,)], ids=str)

#: Norm → groups, as Keras counts them: -1 is one for each channel.
GROUPS = {"group": 4, "layer": 1, "instance": -1}


def affine(shape, seed=1):
    random = np.random.default_rng(seed)
    gamma, beta = random.standard_normal((2, shape[-1])).astype(np.float32)
    return {"gamma": tf.constant(gamma), "beta": tf.constant(beta)}


def apply_keras(groups, inputs, gamma, beta):
    layer = keras.layers.GroupNormalization(groups=groups, epsilon=1e-3, dtype="float32")
    layer.build(inputs.shape)
    return (layer.stateless_call([gamma, beta], [], inputs)[0],)


@pytest.mark.parametrize("name", GROUPS)
@each_shape
def test_a_group_s_outputs_and_gradients_are_keras_s(name, shape):
    norm, parameters = NORMS[name](shape), affine(shape)
    inputs, upstream = draw(shape, seed=2)
    values = tf.constant(inputs), parameters["gamma"], parameters["beta"]
    ours = differentiate(
        lambda x, gamma, beta: norm.train(x, {"gamma": gamma, "beta": beta}, {}), upstream, *values
    )
    theirs = differentiate(lambda *given: apply_keras(GROUPS[name], *given), upstream, *values)
    close(ours[0], theirs[0])
    for gradient, expected in zip(ours[1], theirs[1], strict=True):
        close(gradient, expected, 1e-4)
    assert ours[2] == [{}]


@pytest.mark.parametrize("name", GROUPS)
@each_shape
def test_a_group_knows_no_neighbour(name, shape):
    norm, parameters = NORMS[name](shape), affine(shape)
    inputs, _ = draw(shape, seed=3)
    together = norm.infer(tf.constant(inputs), parameters, {})
    alone = [norm.infer(tf.constant(image[None]), parameters, {}) for image in inputs]
    close(np.concatenate(alone), together)
    outputs, own = norm.measure(tf.constant(inputs), parameters)
    close(outputs, together)
    assert own == {}


def test_instance_norm_leaves_nothing_of_one_position():
    inputs, _ = draw((1, 1, 8), seed=4)
    parameters = affine((1, 1, 8))
    outputs = NORMS["instance"]((1, 1, 8)).infer(tf.constant(inputs), parameters, {})
    close(outputs, np.broadcast_to(parameters["beta"], outputs.shape))


def test_channels_must_divide_into_groups():
    with pytest.raises(ValueError, match="6 channels do not divide into 4 groups"):
        NORMS["group"]((5, 5, 6))


@each_shape
def test_a_bias_before_the_norm_changes_nothing_but_the_mean(shape):
    parameters, statistics = affine(shape), moving(shape)
    bias = tf.range(shape[-1], dtype=tf.float32)
    inputs, upstream = map(tf.constant, draw(shape, seed=5))
    norm = NORMS["biased"](shape)
    outputs, (_, bias_gradient), (after,) = differentiate(
        lambda x, b: norm.train(x, {**parameters, "bias": b}, statistics), upstream, inputs, bias
    )
    expected, without = NORMS["moments"](shape).train(inputs, parameters, statistics)
    close(outputs, expected, 1e-4)
    close(after["moving_mean"], without["moving_mean"] + 0.01 * bias, 1e-4)
    assert np.abs(bias_gradient).max() < 1e-4  # the mean subtracts it, whatever it is


def moving(shape):
    zeros = tf.zeros(shape[-1])
    return {"moving_mean": zeros, "moving_variance": zeros + 1.0, "updates": zeros}


def renorm(inputs, statistics, widest):
    """Ioffe's algorithm 1 (2017) in float64, with γ = 1 and β = 0: x̂."""
    inputs = inputs.astype(np.float64)
    axes = tuple(range(inputs.ndim - 1))
    mean, deviation = inputs.mean(axes), np.sqrt(inputs.var(axes) + 1e-3)
    moving_mean = np.asarray(statistics["moving_mean"], np.float64)
    moving_deviation = np.sqrt(np.asarray(statistics["moving_variance"], np.float64) + 1e-3)
    most_ratio, most_shift = 1 + 2 * widest, 5 * widest
    ratio = np.clip(deviation / moving_deviation, 1 / most_ratio, most_ratio)
    shift = np.clip((mean - moving_mean) / moving_deviation, -most_shift, most_shift)
    return (inputs - mean) / deviation * ratio + shift


@each_shape
@pytest.mark.parametrize(("updates", "widest"), [(0, 0), (200, 0), (350, 0.5), (900, 1)])
def test_renorm_bends_as_far_as_the_averages_have_settled(shape, updates, widest):
    inputs, _ = draw(shape, seed=6)
    random = np.random.default_rng(7)
    statistics = {
        "moving_mean": tf.constant(random.standard_normal(shape[-1]), tf.float32),
        "moving_variance": tf.constant(random.uniform(0.1, 20, shape[-1]), tf.float32),
        "updates": tf.fill([shape[-1]], float(updates)),
    }
    parameters = {"gamma": tf.ones(shape[-1]), "beta": tf.zeros(shape[-1])}
    outputs, after = NORMS["renorm"](shape).train(tf.constant(inputs), parameters, statistics)
    close(outputs, renorm(inputs, statistics, widest), 1e-4)
    close(after["updates"], np.full(shape[-1], updates + 1))
    mean = inputs.astype(np.float64).mean(tuple(range(inputs.ndim - 1)))
    close(after["moving_mean"], 0.99 * np.asarray(statistics["moving_mean"]) + 0.01 * mean)


def test_no_gradient_goes_through_what_renorm_bends_with():
    """Bent by r and d the outputs are an affine function of batch norm's, and so is the slope."""
    shape = (8,)
    inputs, upstream = draw(shape, seed=8)
    statistics = moving(shape) | {"updates": tf.fill([8], 900.0)}
    ones, zeros = tf.ones(8), tf.zeros(8)
    norm = NORMS["renorm"](shape)
    _, (gradient,), _ = differentiate(
        lambda x: norm.train(x, {"gamma": ones, "beta": zeros}, statistics),
        upstream,
        tf.constant(inputs),
    )
    deviation = np.sqrt(inputs.astype(np.float64).var(axis=0) + 1e-3)
    ratio = np.clip(deviation / np.sqrt(1 + 1e-3), 1 / 3, 3)
    _, (plain, *_), _ = differentiate(
        NORMS["nn"](shape).normalize, upstream, tf.constant(inputs), ones, zeros
    )
    close(gradient, ratio * plain, 1e-4)


@pytest.mark.parametrize("name", ["keras", "moments", "nn", "fused", "biased", "renorm"])
@pytest.mark.parametrize("shape", [*SHAPES, (7, 7, 12), (4, 4, 16)], ids=str)
def test_what_is_measured_is_what_inference_can_take(name, shape):
    norm = NORMS[name](shape)
    parameters = affine(shape) | {"bias": tf.range(shape[-1], dtype=tf.float32)}
    inputs = tf.constant(draw(shape, seed=9)[0])
    outputs, own = norm.measure(inputs, parameters)
    shifted = np.asarray(inputs, np.float64) + (np.arange(shape[-1]) if name == "biased" else 0)
    axes = tuple(range(len(shape)))
    close(own["moving_mean"], shifted.mean(axes))
    close(own["moving_variance"], shifted.var(axes))
    close(norm.infer(inputs, parameters, own), outputs)


@pytest.mark.parametrize("name", ["keras", "moments", "nn", "fused", "biased", "renorm"])
def test_momentum_and_epsilon_are_the_run_s(name):
    shape = (8,)
    norm = NORMS[name](shape, NormSettings(momentum=0.5, epsilon=3.0))
    parameters = {"gamma": tf.ones(8), "beta": tf.zeros(8), "bias": tf.zeros(8)}
    inputs = draw(shape, seed=10)[0]
    outputs, after = norm.train(tf.constant(inputs), parameters, moving(shape))
    mean, variance = inputs.mean(0, np.float64), inputs.var(0, np.float64)
    close(outputs, (inputs - mean) / np.sqrt(variance + 3.0))
    close(after["moving_mean"], 0.5 * mean)
    close(after["moving_variance"], 0.5 + 0.5 * variance)


@pytest.mark.parametrize("name", [name for name in NORMS if name != "bias"])
@each_shape
def test_to_be_observed_changes_no_output(name, shape):
    norm = NORMS[name](shape)
    parameters = affine(shape) | {"bias": tf.range(shape[-1], dtype=tf.float32)}
    statistics = moving(shape) | {"updates": tf.fill([shape[-1]], 900.0)}
    inputs = tf.constant(draw(shape, seed=11)[0])
    outputs, own = norm.observe(inputs, parameters, statistics)
    close(outputs, norm.train(inputs, parameters, statistics)[0], 1e-4)
    _, measured = norm.measure(inputs, parameters)
    assert own.keys() == measured.keys()
    for key, values in own.items():
        close(values, measured[key])
