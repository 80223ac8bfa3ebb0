"""The same networks as a person writes them in Keras, trained by `fit` at its defaults."""

import time
from functools import partial

import keras
import numpy as np
import tensorflow as tf
from parts.common import (
    BATCH_SIZE,
    EPSILON,
    LEARNING_RATE,
    MOMENTUM,
    Measure,
    random_digits,
)


class HandWrittenNorm(keras.layers.Layer):
    """Batch norm on TensorFlow's primitives; its gradient is left to autodiff."""

    def build(self, input_shape: tuple[int, ...]) -> None:
        shape = (input_shape[-1],)
        self.gamma = self.add_weight(shape, "ones", name="gamma")
        self.beta = self.add_weight(shape, "zeros", name="beta")
        self.moving_mean = self.add_weight(shape, "zeros", trainable=False, name="mean")
        self.moving_variance = self.add_weight(shape, "ones", trainable=False, name="variance")

    def call(self, inputs: tf.Tensor, *, training: bool = False) -> tf.Tensor:
        if training:
            mean, variance = tf.nn.moments(inputs, list(range(inputs.shape.rank - 1)))
            self.moving_mean.assign(self.moving_mean * MOMENTUM + mean * (1 - MOMENTUM))
            self.moving_variance.assign(self.moving_variance * MOMENTUM + variance * (1 - MOMENTUM))
        else:
            mean, variance = self.moving_mean, self.moving_variance
        return (inputs - mean) / tf.sqrt(variance + EPSILON) * self.gamma + self.beta


def prepare(steps: int, threads: int) -> dict[str, Measure]:
    """Build and compile the three networks; candidates are timed in ms per step.

    The clock runs from the end of the first batch to the end of the last. A call of `fit` waits
    up to half a second when it ends, which a short one would charge to its few steps.
    """
    pixels, digits = random_digits(steps + 1)
    images = pixels[..., np.newaxis].astype(np.float32) / 255
    labels = np.eye(10, dtype=np.float32)[digits]

    def measure(model: keras.Model) -> float:
        ends: list[float] = []
        clock = keras.callbacks.LambdaCallback(
            on_train_batch_end=lambda *_batch, **_logs: ends.append(time.perf_counter())
        )
        model.fit(images, labels, batch_size=BATCH_SIZE, verbose=0, callbacks=[clock])
        return (ends[-1] - ends[0]) / steps * 1000

    return {name: partial(measure, _build_model(name)) for name in ("plain", "layers", "manual")}


def _build_model(name: str) -> keras.Model:
    layers = keras.layers
    model = keras.Sequential([keras.Input((28, 28, 1))])
    for depth in range(1, 20):
        model.add(
            layers.Conv2D(
                filters=4 * depth,
                kernel_size=3,
                strides=2 if depth % 3 == 0 else 1,
                padding="same",
                use_bias=name == "plain",
                kernel_initializer=_convolution_initializer(name),
            )
        )
        _add_norm(model, name)
        model.add(layers.ReLU())
    model.add(layers.Flatten())
    model.add(layers.Dense(100, use_bias=name == "plain"))
    _add_norm(model, name)
    model.add(layers.ReLU())
    model.add(layers.Dense(10))
    model.compile(
        optimizer=keras.optimizers.Adam(LEARNING_RATE, epsilon=1e-8),
        loss=keras.losses.BinaryCrossentropy(from_logits=True),
        metrics=["accuracy"],
    )
    return model


def _convolution_initializer(name: str) -> keras.initializers.Initializer:
    if name == "manual":
        return keras.initializers.TruncatedNormal(stddev=0.05)
    return keras.initializers.GlorotUniform()


def _add_norm(model: keras.Sequential, name: str) -> None:
    if name == "layers":
        model.add(keras.layers.BatchNormalization(momentum=MOMENTUM, epsilon=EPSILON))
    elif name == "manual":
        model.add(HandWrittenNorm())
