import numpy as np
import pytest
import tensorflow as tf

from bn_tui.engine.optimizer import build_adam

RATE = 0.002
SIZE, STEPS = 60, 10


def draw_gradients(largest):
    """[10, 60]: from `largest` down to eight powers of ten below, of both signs."""
    random = np.random.default_rng(2)
    scale = largest * np.logspace(0, -8, SIZE)
    return (random.standard_normal((STEPS, SIZE)) * scale).astype(np.float32)


def adam_of_tensorflow_1(start, gradients, epsilon):
    """The formula in the documentation of tf.train.AdamOptimizer, in float64."""
    parameters = start.astype(np.float64)
    first, second = np.zeros(SIZE), np.zeros(SIZE)
    for t, gradient in enumerate(gradients.astype(np.float64), start=1):
        rate = RATE * np.sqrt(1 - 0.999**t) / (1 - 0.9**t)
        first = 0.9 * first + 0.1 * gradient
        second = 0.999 * second + 0.001 * gradient**2
        parameters = parameters - rate * first / (np.sqrt(second) + epsilon)
    return parameters


def train(start, gradients):
    parameters = tf.Variable(start)
    adam = build_adam(parameters, RATE)
    for gradient in gradients:
        adam.update(tf.constant(gradient))
    return parameters.numpy()


@pytest.mark.parametrize("largest", [1.0, 1e-4])
def test_ten_steps_are_those_of_the_formula(largest):
    start, gradients = np.zeros(SIZE, np.float32), draw_gradients(largest)
    trained = train(start, gradients)
    np.testing.assert_allclose(
        trained, adam_of_tensorflow_1(start, gradients, 1e-8), rtol=2e-4, atol=1e-8
    )
    assert (trained != 0).all()


def test_epsilon_is_not_keras_s():
    start, gradients = np.zeros(SIZE, np.float32), draw_gradients(1e-4)
    trained = train(start, gradients)
    others = adam_of_tensorflow_1(start, gradients, 1e-7)
    tiny = np.abs(gradients).max(axis=0) < 1e-8
    assert tiny.sum() > 20
    assert (np.abs(trained[tiny]) > 2 * np.abs(others[tiny])).all()


def test_no_gradient_is_no_step():
    start = np.random.default_rng(0).standard_normal(SIZE).astype(np.float32)
    np.testing.assert_array_equal(train(start, np.zeros((STEPS, SIZE), np.float32)), start)
