"""What is seen inside a network, against the very activations, and against the formula."""

from dataclasses import fields

import numpy as np
import pytest
import tensorflow as tf

from bn_tui.engine.architecture import initial_kernels
from bn_tui.engine.event_maker import EventMaker
from bn_tui.engine.inspector import Inspector
from bn_tui.engine.network import build_network
from bn_tui.engine.norms import NormSettings
from bn_tui.engine.optimizer import build_adam
from bn_tui.engine.training_step import TrainingStep, apply_step
from bn_tui.variants import VARIANTS

EVENTS = EventMaker("manual", lambda: 1.5)
LAYERS = 20


@pytest.fixture(scope="module")
def batch(digits):
    train, _ = digits
    return train.images[:32], train.labels[:32]


def build(name):
    variant = VARIANTS[name]
    return build_network(
        variant.norm,
        initial_kernels(variant.convolution_initializer, 0),
        wiring=variant.wiring,
        settings=NormSettings(0.9),
    )


def dump(network, images):
    """What enters and what leaves each norm."""
    seen = []
    network.observe(
        tf.constant(images), lambda _, *values: seen.append([value.numpy() for value in values])
    )
    return seen


class Seen:
    """A network after two updates: its activations, and what an inspector says of a third."""

    def __init__(self, name, batch):
        network = self.network = build(name)
        adam = build_adam(network.parameters, 0.002)
        inspector = Inspector(network, 32, EVENTS)
        for _ in range(2):
            apply_step(network, adam, *map(tf.constant, batch))
        self.entering, self.leaving = zip(*dump(network, batch[0]), strict=True)
        self.moving = network.statistics_layout.unpack(network.statistics.numpy())
        self.parameters = network.parameter_layout.unpack(network.parameters.numpy())
        before = network.parameters.numpy(), network.statistics.numpy()
        # The very activations: a graph rounds otherwise than the operations one by one.
        _, entering, _ = inspector._look(tf.constant(batch[0]))
        self.dumped = [values.numpy() for values in entering]
        look = inspector.look(batch[0])
        np.testing.assert_array_equal(before[0], network.parameters.numpy())
        np.testing.assert_array_equal(before[1], network.statistics.numpy())
        *_, gradient = apply_step(network, adam, *map(tf.constant, batch))
        self.gradients = network.parameter_layout.unpack(gradient.numpy())
        self.event = inspector.state(2, look, gradient)

    def by_layer(self, arrays, name):
        return [arrays[f"{layer}/{name}"].astype(np.float64) for layer in self.network.norms]


@pytest.fixture(scope="module", params=["plain", "manual", "relu-first", "bias", "renorm"])
def seen(request, batch):
    return Seen(request.param, batch)


def of_layers(function, arrays):
    return [function(values.astype(np.float64)) for values in arrays]


def test_it_says_of_what_it_is(seen):
    event = seen.event
    assert (event.variant, event.seconds, event.step, event.images) == ("manual", 1.5, 2, 32)
    assert event.probe_seconds > 0
    numbers = [
        getattr(event, field.name) for field in fields(event) if field.type == tuple[float, ...]
    ]
    assert {len(values) for values in numbers} <= {0, LAYERS}
    assert {type(value) for values in numbers for value in values} == {float}


def test_percentiles_are_numpy_s_of_the_activations(seen):
    for dumped, entering in zip(seen.dumped, seen.entering, strict=True):
        np.testing.assert_allclose(dumped, entering, rtol=0, atol=1e-4 * np.abs(entering).max())
    for percentile in (15, 50, 85):
        expected = [np.percentile(values, percentile) for values in seen.dumped]
        stated = getattr(seen.event, f"input_p{percentile}")
        np.testing.assert_allclose(stated, expected, rtol=1e-6, atol=1e-12)


def test_means_and_deviations_are_those_of_the_activations(seen):
    event = seen.event
    deviations = of_layers(np.std, seen.entering)
    np.testing.assert_allclose(event.input_deviation, deviations, rtol=1e-4)
    between = [
        np.sqrt(np.mean(np.var(values.astype(np.float64), axis=0))) for values in seen.entering
    ]
    np.testing.assert_allclose(event.image_deviation, between, rtol=1e-4)
    np.testing.assert_allclose(event.output_deviation, of_layers(np.std, seen.leaving), rtol=1e-4)
    off = np.subtract(event.input_mean, of_layers(np.mean, seen.entering))
    assert np.abs(off / deviations).max() < 1e-4


def test_a_channel_is_dead_where_its_relu_gives_nothing_but_0(seen):
    before_relu = seen.entering if seen.network.wiring.relu_first else seen.leaving
    expected = [
        (np.maximum(values, 0).reshape(-1, values.shape[-1]).max(axis=0) == 0).mean()
        for values in before_relu
    ]
    np.testing.assert_allclose(seen.event.dead_share, expected, atol=1e-6)


def test_distances_are_those_of_the_averages_from_the_batch(seen):
    event = seen.event
    if not seen.moving:
        assert event.mean_distance == event.variance_log_ratio == ()
        assert event.moving_mean == event.moving_variance == ()
        return
    shifts = seen.by_layer(seen.parameters, "bias") if event.bias_gradient_norm else [0] * LAYERS
    flat = [
        values.astype(np.float64).reshape(-1, values.shape[-1]) + shift
        for values, shift in zip(seen.entering, shifts, strict=True)
    ]
    own = [(values.mean(axis=0), values.var(axis=0) + 1e-3) for values in flat]
    means, variances = (
        seen.by_layer(seen.moving, name) for name in ("moving_mean", "moving_variance")
    )
    np.testing.assert_allclose(
        event.mean_distance,
        [
            (np.abs(moving - mean) / np.sqrt(variance)).mean()
            for moving, (mean, variance) in zip(means, own, strict=True)
        ],
        rtol=1e-4,
    )
    np.testing.assert_allclose(
        event.variance_log_ratio,
        [
            np.log((moving + 1e-3) / variance).mean()
            for moving, (_, variance) in zip(variances, own, strict=True)
        ],
        rtol=1e-4,
    )
    np.testing.assert_allclose(event.moving_mean, [np.abs(m).mean() for m in means], rtol=1e-5)
    np.testing.assert_allclose(event.moving_variance, [v.mean() for v in variances], rtol=1e-5)


def test_gradients_and_parameters_are_the_network_s(seen):
    event, norm = seen.event, np.linalg.norm
    kernels = [norm(values) for values in seen.by_layer(seen.gradients, "kernel")]
    np.testing.assert_allclose(event.gradient_norm, kernels, rtol=1e-5)
    names = {name.split("/")[1] for name in seen.parameters}
    assert bool(event.bias_gradient_norm) == ("dense/bias" in seen.parameters)
    assert bool(event.gamma_mean) == ("gamma" in names)
    if event.gamma_mean:
        gammas = seen.by_layer(seen.parameters, "gamma")
        np.testing.assert_allclose(event.gamma_mean, [g.mean() for g in gammas], rtol=1e-5)
        np.testing.assert_allclose(event.gamma_deviation, [g.std() for g in gammas], rtol=1e-3)
        betas = seen.by_layer(seen.parameters, "beta")
        np.testing.assert_allclose(event.beta_mean, [b.mean() for b in betas], atol=1e-7)
        np.testing.assert_allclose(event.beta_deviation, [b.std() for b in betas], rtol=1e-3)


def test_with_frozen_weights_the_averages_come_nearer_by_momentum(batch):
    """One batch again and again: after n updates 0.99ⁿ of the first distance is left."""
    variant = VARIANTS["manual"]
    network = build_network(variant.norm, initial_kernels(variant.convolution_initializer, 0))
    step = TrainingStep(network, build_adam(network.parameters, learning_rate=0.0), 32)
    inspector = Inspector(network, 32, EVENTS)
    distances = []
    for index in range(120):
        if index % 20 == 0:
            look = inspector.look(batch[0])
            distances.append(look.facts["mean_distance"])
        step(*batch)
    left = [0.99 ** (20 * index) for index in range(len(distances))]
    np.testing.assert_allclose(distances, np.outer(left, distances[0]), rtol=0, atol=1e-5)
    assert np.min(distances[0]) > 0.1


def test_a_signal_dies_with_depth_without_a_norm_and_lives_with_one_or_with_he(batch):
    looks = {
        name: Inspector(build(name), 32, EVENTS).look(batch[0])
        for name in ("plain", "manual", "plain-he")
    }
    deviations = {name: look.facts["input_deviation"] for name, look in looks.items()}
    assert deviations["plain"][18] < 1e-6
    assert deviations["manual"][18] > 0.05
    assert looks["manual"].facts["output_deviation"][18] == pytest.approx(1.0, abs=0.1)
    kept = np.divide(deviations["plain-he"], deviations["plain-he"][0])
    assert 0.2 < kept.min() < kept.max() < 5
