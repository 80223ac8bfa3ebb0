"""NORMS: what stands between a kernel and its ReLU, as pure functions of their inputs.

A norm says which values it keeps for each channel: parameters, which are trained, and
statistics, which are averaged. Whoever holds the network holds those values; a norm only
computes with them. `momentum` is on the old value and ε stands inside the square root
(Ioffe and Szegedy, 2015, https://arxiv.org/abs/1502.03167, algorithms 1 and 2).

Activations are [N, H, W, C] after a convolution and [N, C] after the dense layer; statistics
are over every axis but the last.
"""

from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping
from typing import TypeAlias

import keras
import tensorflow as tf

MOMENTUM = 0.99
EPSILON = 1e-3

Tensor: TypeAlias = tf.Tensor
Values = Mapping[str, Tensor]  # name → [C]
Shape = tuple[int, ...]  # of one image's activations: (H, W, C) or (C,)

AFFINE = {"gamma": 1.0, "beta": 0.0}
MOVING = {"moving_mean": 0.0, "moving_variance": 1.0}


class Norm(ABC):
    """One normalisation, made for the activations of one layer."""

    #: What is trained: name → initial value, the same for each channel.
    parameters: Mapping[str, float]
    #: What is averaged while training: name → initial value.
    statistics: Mapping[str, float]

    @abstractmethod
    def train(
        self, inputs: Tensor, parameters: Values, statistics: Values
    ) -> tuple[Tensor, Values]:
        """Normalise in training mode; returns the outputs and the statistics after this batch."""

    @abstractmethod
    def infer(self, inputs: Tensor, parameters: Values, statistics: Values) -> Tensor:
        """Normalise in inference mode; an image's outputs do not depend on its neighbours."""


class Bias(Norm):
    """No normalisation: each channel's bias alone."""

    parameters: Mapping[str, float] = {"bias": 0.0}
    statistics: Mapping[str, float] = {}

    def __init__(self, shape: Shape) -> None:
        del shape

    def train(
        self, inputs: Tensor, parameters: Values, statistics: Values
    ) -> tuple[Tensor, Values]:
        return self.infer(inputs, parameters, statistics), {}

    def infer(self, inputs: Tensor, parameters: Values, statistics: Values) -> Tensor:  # noqa: ARG002
        return tf.nn.bias_add(inputs, parameters["bias"])


class BatchNorm(Norm):
    """What every batch norm of ours shares: the moving averages, and inference with them."""

    parameters = AFFINE
    statistics = MOVING

    def __init__(self, shape: Shape) -> None:
        del shape

    def train(
        self, inputs: Tensor, parameters: Values, statistics: Values
    ) -> tuple[Tensor, Values]:
        outputs, mean, variance = self.normalize(inputs, parameters["gamma"], parameters["beta"])
        return outputs, {
            "moving_mean": _average(statistics["moving_mean"], mean),
            "moving_variance": _average(statistics["moving_variance"], variance),
        }

    def infer(self, inputs: Tensor, parameters: Values, statistics: Values) -> Tensor:
        return tf.nn.batch_normalization(
            inputs,
            statistics["moving_mean"],
            statistics["moving_variance"],
            parameters["beta"],
            parameters["gamma"],
            EPSILON,
        )

    @abstractmethod
    def normalize(
        self, inputs: Tensor, gamma: Tensor, beta: Tensor
    ) -> tuple[Tensor, Tensor, Tensor]:
        """Normalise with the batch's own moments: outputs, mean [C], and the variance to store."""


class Moments(BatchNorm):
    """Batch norm on TensorFlow's primitives, its gradient derived by hand.

    Activations are taken as a matrix [N, H·W·C], so that a broadcast runs over long rows, and the
    gradient's sums over a channel are one matrix product with a row of ones and a short sum over
    positions: both several times as fast as over an axis of four channels. The moments are
    tf.nn.moments to the last bit.
    """

    def normalize(
        self, inputs: Tensor, gamma: Tensor, beta: Tensor
    ) -> tuple[Tensor, Tensor, Tensor]:
        examples, *image, channels = inputs.shape
        positions = image[0] * image[1] if image else 1
        count = float(examples * positions)
        ones = tf.ones([1, examples])

        def average(values: Tensor) -> Tensor:  # [N, H·W·C] → [C]
            return tf.reduce_mean(tf.reshape(values, inputs.shape), list(range(len(image) + 1)))

        def total(values: Tensor) -> Tensor:  # [N, H·W·C] → [C]
            return tf.reduce_sum(tf.reshape(ones @ values, [positions, channels]), axis=0)

        def spread(values: Tensor) -> Tensor:  # [C] → [H·W·C]
            return tf.tile(values, [positions])

        @tf.custom_gradient
        def normalize_matrix(matrix: Tensor, gamma: Tensor, beta: Tensor) -> tuple[object, object]:
            mean = average(matrix)
            centred = matrix - spread(mean)
            variance = average(tf.square(centred))
            inverse_deviation = tf.math.rsqrt(variance + EPSILON)
            scale = gamma * inverse_deviation
            outputs = centred * spread(scale) + spread(beta)

            def gradient(upstream: Tensor, *_of_moments: Tensor) -> tuple[Tensor, Tensor, Tensor]:
                # Ioffe and Szegedy (2015), section 3, with the sums over a batch gathered.
                # The moments only feed the moving averages, which no loss looks at.
                beta_gradient = total(upstream)
                gamma_gradient = total(upstream * centred) * inverse_deviation
                slope = scale * inverse_deviation * gamma_gradient / count
                offset = scale * beta_gradient / count
                matrix_gradient = upstream * spread(scale) - (
                    centred * spread(slope) + spread(offset)
                )
                return matrix_gradient, gamma_gradient, beta_gradient

            return (outputs, mean, variance), gradient

        matrix = tf.reshape(inputs, [examples, positions * channels])
        outputs, mean, variance = normalize_matrix(matrix, gamma, beta)
        return tf.reshape(outputs, inputs.shape), mean, variance


class NnBatchNormalization(BatchNorm):
    """Batch norm through tf.nn.moments and tf.nn.batch_normalization, gradient and all."""

    def normalize(
        self, inputs: Tensor, gamma: Tensor, beta: Tensor
    ) -> tuple[Tensor, Tensor, Tensor]:
        mean, variance = tf.nn.moments(inputs, axes=list(range(inputs.shape.rank - 1)))
        outputs = tf.nn.batch_normalization(inputs, mean, variance, beta, gamma, EPSILON)
        return outputs, mean, variance


class FusedBatchNormalization(NnBatchNormalization):
    """The fused kernel after convolutions, plain operations after the dense layer.

    The kernel stores the unbiased variance, n/(n−1) times the one that it normalises with.
    """

    def normalize(
        self, inputs: Tensor, gamma: Tensor, beta: Tensor
    ) -> tuple[Tensor, Tensor, Tensor]:
        if inputs.shape.rank == 2:
            return super().normalize(inputs, gamma, beta)
        outputs, mean, variance, *_ = tf.raw_ops.FusedBatchNormV3(
            x=inputs, scale=gamma, offset=beta, mean=[], variance=[], epsilon=EPSILON
        )
        return outputs, mean, variance


class KerasBatchNormalization(Norm):
    """The library's layer as it stands: its forward pass, its update and its gradient."""

    parameters = AFFINE
    statistics = MOVING

    def __init__(self, shape: Shape) -> None:
        self._layer = keras.layers.BatchNormalization(
            momentum=MOMENTUM, epsilon=EPSILON, dtype="float32"
        )
        self._layer.build((None, *shape))

    def train(
        self, inputs: Tensor, parameters: Values, statistics: Values
    ) -> tuple[Tensor, Values]:
        outputs, (mean, variance) = self._call(inputs, parameters, statistics, training=True)
        return outputs, {"moving_mean": mean, "moving_variance": variance}

    def infer(self, inputs: Tensor, parameters: Values, statistics: Values) -> Tensor:
        return self._call(inputs, parameters, statistics, training=False)[0]

    def _call(
        self, inputs: Tensor, parameters: Values, statistics: Values, *, training: bool
    ) -> tuple[Tensor, list[Tensor]]:
        return self._layer.stateless_call(
            [parameters["gamma"], parameters["beta"]],
            [statistics["moving_mean"], statistics["moving_variance"]],
            inputs,
            training=training,
        )


def _average(moving: Tensor, batch: Tensor) -> Tensor:
    return moving * MOMENTUM + batch * (1 - MOMENTUM)


NORMS: dict[str, Callable[[Shape], Norm]] = {
    "bias": Bias,
    "keras": KerasBatchNormalization,
    "moments": Moments,
    "nn": NnBatchNormalization,
    "fused": FusedBatchNormalization,
}
