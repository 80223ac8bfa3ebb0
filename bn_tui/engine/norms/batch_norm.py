"""Batch norm, four ways: its moments over images and positions, its moving averages.

`momentum` is on the old value and ε stands inside the square root (Ioffe and Szegedy, 2015,
https://arxiv.org/abs/1502.03167, algorithms 1 and 2).
"""

import math
from abc import abstractmethod
from collections.abc import Mapping

import keras
import tensorflow as tf

from bn_tui.engine.norms.norm import AFFINE, Norm, NormSettings, Shape, Tensor, Values

MOVING: Mapping[str, float] = {"moving_mean": 0.0, "moving_variance": 1.0}


def take_moments(inputs: Tensor) -> Values:
    """Mean and biased variance over every axis but the last, under the names of the averages."""
    mean, variance = tf.nn.moments(inputs, axes=list(range(inputs.shape.rank - 1)))
    return {"moving_mean": mean, "moving_variance": variance}


class BatchNorm(Norm):
    """What every batch norm shares: the moving averages, and inference with them."""

    parameters = AFFINE
    statistics = MOVING

    def infer(self, inputs: Tensor, parameters: Values, statistics: Values) -> Tensor:
        return self.apply(inputs, parameters, statistics)

    def apply(self, inputs: Tensor, parameters: Values, statistics: Values) -> Tensor:
        """Normalise with these moments, whatever they are of, then scale and shift."""
        # tf.nn.batch_normalization to the last bit, over long rows: a broadcast over an axis of
        # four channels takes twice as long.
        inverse = tf.math.rsqrt(statistics["moving_variance"] + self.settings.epsilon)
        scale = inverse * parameters["gamma"]
        offset = parameters["beta"] - statistics["moving_mean"] * scale
        outputs = self._rows(inputs) * self._spread(scale) + self._spread(offset)
        return tf.reshape(outputs, [-1, *self.shape])

    def measure(self, inputs: Tensor, parameters: Values) -> tuple[Tensor, Values]:
        # The fused kernel takes a third of the time where channels come in eights, and elsewhere
        # twice as long. Nobody differentiates this.
        if inputs.shape.rank == len("NHWC") and inputs.shape[-1] % 8 == 0:
            return self._measure_fused(inputs, parameters)
        rows = self._rows(inputs)
        images = tf.shape(rows)[0]
        weights = tf.fill([1, images], 1.0 / tf.cast(images, tf.float32))

        def average(values: Tensor) -> Tensor:  # [N, H·W·C] → [C]
            # The sum over images as a matrix product, which is several times as fast.
            of_positions = tf.reshape(weights @ values, [-1, self.shape[-1]])
            return tf.reduce_mean(of_positions, axis=0)

        mean = average(rows)
        variance = average(tf.square(rows - self._spread(mean)))
        own = {"moving_mean": mean, "moving_variance": variance}
        return self.apply(inputs, parameters, own), own

    def _measure_fused(self, inputs: Tensor, parameters: Values) -> tuple[Tensor, Values]:
        outputs, mean, unbiased, *_ = tf.raw_ops.FusedBatchNormV3(
            x=inputs,
            scale=parameters["gamma"],
            offset=parameters["beta"],
            mean=[],
            variance=[],
            epsilon=self.settings.epsilon,
        )
        count = tf.cast(tf.size(inputs) // self.shape[-1], tf.float32)
        return outputs, {"moving_mean": mean, "moving_variance": unbiased * ((count - 1) / count)}

    def _rows(self, inputs: Tensor) -> Tensor:
        return tf.reshape(inputs, [-1, math.prod(self.shape)])

    def _spread(self, values: Tensor) -> Tensor:
        """[C] → [H·W·C]."""
        return tf.tile(values, [math.prod(self.shape[:-1])])

    def average(self, moving: Tensor, batch: Tensor) -> Tensor:
        """Take a batch's moments into the moving ones: [C] and [C] → [C]."""
        momentum = self.settings.momentum
        return moving * momentum + batch * (1 - momentum)


class ComposedBatchNorm(BatchNorm):
    """Batch norm in two parts: it normalises, and takes what it normalised with into averages."""

    def train(
        self, inputs: Tensor, parameters: Values, statistics: Values
    ) -> tuple[Tensor, Values]:
        outputs, mean, variance = self.normalize(inputs, parameters["gamma"], parameters["beta"])
        return outputs, {
            "moving_mean": self.average(statistics["moving_mean"], mean),
            "moving_variance": self.average(statistics["moving_variance"], variance),
        }

    @abstractmethod
    def normalize(
        self, inputs: Tensor, gamma: Tensor, beta: Tensor
    ) -> tuple[Tensor, Tensor, Tensor]:
        """Normalise with the batch's own moments: outputs, mean [C], and the variance to store."""


class Moments(ComposedBatchNorm):
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
            inverse_deviation = tf.math.rsqrt(variance + self.settings.epsilon)
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


class NnBatchNormalization(ComposedBatchNorm):
    """Batch norm through tf.nn.moments and tf.nn.batch_normalization, gradient and all."""

    def normalize(
        self, inputs: Tensor, gamma: Tensor, beta: Tensor
    ) -> tuple[Tensor, Tensor, Tensor]:
        mean, variance = take_moments(inputs).values()
        outputs = tf.nn.batch_normalization(
            inputs, mean, variance, beta, gamma, self.settings.epsilon
        )
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
            x=inputs, scale=gamma, offset=beta, mean=[], variance=[], epsilon=self.settings.epsilon
        )
        return outputs, mean, variance


class KerasBatchNormalization(BatchNorm):
    """The library's layer as it stands: its forward pass, its update and its gradient."""

    def __init__(self, shape: Shape, settings: NormSettings | None = None) -> None:
        super().__init__(shape, settings)
        self._layer = keras.layers.BatchNormalization(
            momentum=self.settings.momentum, epsilon=self.settings.epsilon, dtype="float32"
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


class BiasedBatchNorm(Moments):
    """`Moments` behind a bias, which the mean takes away again."""

    parameters: Mapping[str, float] = {"bias": 0.0, **AFFINE}

    def train(
        self, inputs: Tensor, parameters: Values, statistics: Values
    ) -> tuple[Tensor, Values]:
        return super().train(inputs + parameters["bias"], parameters, statistics)

    def infer(self, inputs: Tensor, parameters: Values, statistics: Values) -> Tensor:
        return self.apply(inputs + parameters["bias"], parameters, statistics)

    def measure(self, inputs: Tensor, parameters: Values) -> tuple[Tensor, Values]:
        return super().measure(inputs + parameters["bias"], parameters)
