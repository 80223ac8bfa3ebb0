"""Mistakes, which are ways to wire a norm, and not mathematics."""

from dataclasses import replace

import numpy as np
import pytest
import tensorflow as tf

from bn_tui.control import Control
from bn_tui.datasets.dataset import Split
from bn_tui.engine.architecture import initial_kernels
from bn_tui.engine.comparer import Comparer
from bn_tui.engine.evaluation import Evaluator
from bn_tui.engine.network import build_network
from bn_tui.engine.optimizer import build_adam
from bn_tui.engine.training_step import apply_step
from bn_tui.variants import VARIANTS, Statistics, Wiring

REINS = Control().reins("manual")


@pytest.fixture(scope="module")
def kernels():
    return initial_kernels("truncated_normal", 0)


@pytest.fixture(scope="module")
def images(digits):
    return digits[0].images[:32]


def train(network, digits, steps=3):
    adam = build_adam(network.parameters, 0.002)
    for start in range(0, 32 * steps, 32):
        batch = slice(start, start + 32)
        apply_step(
            network,
            adam,
            tf.constant(digits[0].images[batch]),
            tf.constant(digits[0].labels[batch]),
        )
    return network


def parameters_of(network):
    return network.parameter_layout.split(network.parameters)


def test_forgotten_updates_leave_the_averages_as_they_start(kernels, digits):
    wiring = VARIANTS["forgot-updates"].wiring
    network = train(build_network("moments", kernels, wiring=wiring), digits)
    right = train(build_network("moments", kernels), digits)
    for name, values in network.statistics_layout.unpack(network.statistics.numpy()).items():
        np.testing.assert_array_equal(values, 0.0 if name.endswith("mean") else 1.0)
    assert Comparer(network, None, None, REINS, None)._starting_share(updates=9) == 1.0
    # Nothing else is lost: it has learned what a right one has.
    np.testing.assert_array_equal(network.parameters.numpy(), right.parameters.numpy())


def test_a_frozen_norm_trains_as_it_infers(kernels, digits, images):
    wiring = VARIANTS["frozen"].wiring
    network = train(build_network("moments", kernels, wiring=wiring), digits, steps=1)
    logits, after = network.train_logits(tf.constant(images), parameters_of(network))
    np.testing.assert_allclose(logits, network.infer_logits(tf.constant(images)), atol=1e-6)
    np.testing.assert_array_equal(after, network.statistics.numpy())


@pytest.mark.parametrize("name", ["manual", "relu-first"])
def test_behind_the_relu_a_norm_sees_nothing_below_0(kernels, images, name):
    network = build_network("moments", kernels, wiring=VARIANTS[name].wiring)
    lows = {}

    def watch(layer, entering, _leaving):
        lows[layer] = entering.numpy().min()

    network.observe(tf.constant(images), watch)
    assert lows.keys() == network.norms.keys()
    assert all((low >= 0) == (name == "relu-first") for low in lows.values())


@pytest.fixture(scope="module")
def judged(kernels, digits, images):
    """Inference → the evaluator of one trained network that is wired for it."""
    network = train(build_network("moments", kernels), digits)
    return {
        inference: Evaluator(
            replace(network, wiring=Wiring(inference=inference)), digits[0].images[:100]
        )
        for inference in Statistics
    }


def test_each_inference_is_by_default_the_wiring_s(judged, digits, images):
    labels = digits[0].labels[:32]
    for inference, evaluator in judged.items():
        evaluator.recompute()
        default, _ = evaluator.judge(images, labels)
        named, _ = evaluator.judge(images, labels, inference)
        np.testing.assert_array_equal(default, named)
    every = [evaluator.judge(images, labels)[0].mean() for evaluator in judged.values()]
    assert len(set(every)) == len(Statistics)


def test_batch_statistics_see_the_neighbours(judged, digits, images):
    evaluator = judged[Statistics.BATCH]
    labels = digits[0].labels[:32]
    together, _ = evaluator.judge(images, labels)
    alone, _ = evaluator.judge(images[:1], labels[:1])
    assert abs(together[0] - alone[0]) > 1e-3
    predictions = set(evaluator.predict_one_at_a_time(images, REINS))
    assert len(predictions) == 1  # a map of one position has no variance of its own


def test_precise_statistics_are_those_of_the_training_images(judged, digits, images):
    evaluator = judged[Statistics.PRECISE]
    evaluator.recompute()
    losses, _ = evaluator.judge(digits[0].images[:100], digits[0].labels[:100])
    own, _ = evaluator.judge(digits[0].images[:100], digits[0].labels[:100], Statistics.BATCH)
    np.testing.assert_allclose(losses, own, atol=1e-5)


def test_no_batch_of_one_is_left_over(judged, digits):
    """Of 101 images in chunks of 50 the last is not judged alone, which batch statistics fail."""
    evaluator = judged[Statistics.BATCH]
    train_split = digits[0]
    split = Split(train_split.images[:101], train_split.labels[:101])
    parts = [
        evaluator.judge(split.images[start:stop], split.labels[start:stop])[0]
        for start, stop in ((0, 33), (33, 67), (67, 101))
    ]
    score = evaluator.score(split, REINS, chunk=50)
    assert score.loss == pytest.approx(np.concatenate(parts).mean(), abs=1e-6)


def test_an_evaluator_without_images_knows_moving_averages_alone(kernels, digits, images):
    evaluator = Evaluator(build_network("moments", kernels))
    labels = digits[0].labels[:32]
    assert evaluator.judge(images, labels)[0].shape == (32,)
    with pytest.raises(ValueError, match="precise_images"):
        evaluator.judge(images, labels, Statistics.BATCH)
    with pytest.raises(ValueError, match="recomputed first"):
        evaluator.judge(images, labels, Statistics.PRECISE)
    with pytest.raises(ValueError, match="no images"):
        evaluator.recompute()
