import hashlib

import numpy as np
import pytest
import tensorflow as tf

from bn_tui.engine.architecture import initial_kernels
from bn_tui.engine.network import build_network
from bn_tui.engine.optimizer import build_adam
from bn_tui.engine.snapshot import restore_vectors, take_vectors, weights_sha256
from bn_tui.engine.training_step import apply_step


def build(norm, seed):
    network = build_network(norm, initial_kernels("glorot_uniform", seed))
    return network, build_adam(network.parameters, learning_rate=0.002)


@pytest.fixture
def trained(digits):
    network, adam = build("nn", 0)
    images, labels = tf.constant(digits[0].images[:32]), tf.constant(digits[0].labels[:32])
    apply_step(network, adam, images, labels)
    return network, adam


def test_another_network_becomes_the_same_to_the_last_bit(trained):
    vectors = take_vectors(*trained)
    assert {name: len(vector) // 4 for name, vector in vectors.items()} == {
        "parameters": 338_686,
        "statistics": 1_720,
        "first_moment": 338_686,
        "second_moment": 338_686,
        "beta_1_power": 1,
        "beta_2_power": 1,
    }
    assert np.frombuffer(vectors["beta_1_power"], "<f4") == np.float32(0.9) * np.float32(0.9)
    other = build("nn", 1)
    assert take_vectors(*other) != vectors
    restore_vectors(*other, vectors)
    assert take_vectors(*other) == vectors
    assert other[0].weights_sha256() == trained[0].weights_sha256() == weights_sha256(vectors)


def test_a_norm_without_statistics_has_an_empty_vector():
    vectors = take_vectors(*build("bias", 0))
    assert vectors["statistics"] == b""
    assert weights_sha256(vectors) == hashlib.sha256(vectors["parameters"]).hexdigest()
    restore_vectors(*build("bias", 1), vectors)


def test_what_does_not_fit_is_refused_and_nothing_is_changed(trained):
    before = take_vectors(*trained)
    fresh = take_vectors(*build("nn", 1))
    for wrong in (
        fresh | {"second_moment": b"1234"},
        {name: vector for name, vector in fresh.items() if name != "statistics"},
        fresh | {"momentum": b""},
    ):
        with pytest.raises(ValueError, match="expected"):
            restore_vectors(*trained, wrong)
    assert take_vectors(*trained) == before
