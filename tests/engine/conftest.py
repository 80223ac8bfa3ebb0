from functools import cache

import numpy as np
import pytest

from bn_tui.engine.runtime import start_tensorflow

start_tensorflow(2)  # before the tests themselves load TensorFlow

import tensorflow as tf  # noqa: E402
from engine.built_once import BuiltOnce  # noqa: E402

from bn_tui.config import ExperimentConfig  # noqa: E402
from bn_tui.engine import tools, trainer  # noqa: E402
from bn_tui.engine.architecture import initial_kernels  # noqa: E402
from bn_tui.engine.network import build_network  # noqa: E402
from bn_tui.engine.optimizer import BETA_1, BETA_2, build_adam  # noqa: E402
from bn_tui.engine.training_step import apply_step  # noqa: E402


class Bench:
    """One network with one norm, its graph built once, to be trained from any kernels.

    Batches are of 32 images, float32 [32, 28, 28, 1].
    """

    def __init__(self, norm, kernels):
        self.norm = norm
        self.network = build_network(norm, kernels)
        self._adam = build_adam(self.network.parameters, learning_rate=0.002)
        self._step = tf.function(self._apply_step, autograph=False, reduce_retracing=True)

    def _apply_step(self, images, labels):
        return apply_step(self.network, self._adam, images, labels)

    def start(self, kernels):
        """Begin anew from these kernels, as if nothing had been trained."""
        fresh = build_network(self.norm, kernels)
        self.network.parameters.assign(fresh.parameters)
        self.network.statistics.assign(fresh.statistics)
        adam = self._adam
        for moment in (adam.first_moment, adam.second_moment):
            moment.assign(tf.zeros_like(moment))
        adam.beta_1_power.assign(BETA_1)
        adam.beta_2_power.assign(BETA_2)

    def step(self, images, labels):
        """Loss before the update, accuracy before the update, gradients by name."""
        loss, accuracy, gradient = self._step(tf.constant(images), tf.constant(labels))
        gradients = self.network.parameter_layout.unpack(gradient.numpy())
        return float(loss.numpy()), float(accuracy.numpy()), gradients

    def parameters(self):
        return self.network.parameter_layout.unpack(self.network.parameters.numpy())

    def statistics(self):
        return self.network.statistics_layout.unpack(self.network.statistics.numpy())

    def logits(self, images):
        return self.network.infer_logits(tf.constant(images)).numpy()


@pytest.fixture(scope="session")
def bench():
    """Norm → its bench: building the graph takes a second, so there is one for all tests."""
    kernels = initial_kernels("glorot_uniform", 0)
    return cache(lambda norm: Bench(norm, kernels))


@pytest.fixture(scope="session")
def batches(digits):
    """Seven batches of 32 images, float32 [32, 28, 28, 1], and labels."""
    train, _ = digits
    images = (train.images / np.float32(255))[..., None]
    return [(images[at : at + 32], train.labels[at : at + 32]) for at in range(0, 224, 32)]


@pytest.fixture(scope="session")
def _graphs():
    return BuiltOnce()


@pytest.fixture
def built_once(_graphs, monkeypatch):
    """Have every trainer take the graphs of those before it."""
    monkeypatch.setattr(tools, "build_network", _graphs.build_network)
    monkeypatch.setattr(trainer, "build_adam", _graphs.build_adam)
    monkeypatch.setattr(tools, "TrainingStep", _graphs.make_training_step)
    monkeypatch.setattr(tools, "Evaluator", _graphs.make_evaluator)
    monkeypatch.setattr(tools, "Inspector", _graphs.make_inspector)


@pytest.fixture(scope="session")
def configure(digits_folder):
    """Settings → those of a run of six batches."""

    def configure(**settings):
        defaults = {"batches": 6, "batch_size": 8, "validate_every": 4, "log_every": 2}
        defaults["probe_every"] = 0
        place = {"data": str(digits_folder), "threads": 2}
        return ExperimentConfig(**defaults | place | settings)

    return configure
