"""Batch renormalization (Ioffe, 2017, https://arxiv.org/abs/1702.03275, algorithm 1)."""

from collections.abc import Mapping

import tensorflow as tf

from bn_tui.engine.norms.batch_norm import MOVING, BatchNorm, take_moments
from bn_tui.engine.norms.norm import Tensor, Values

#: How far the batch's statistics may be bent in the end (section 4 of the paper).
LARGEST_RATIO = 3.0
LARGEST_SHIFT = 5.0

#: When bending begins and when it is whole, in horizons 1/(1 − momentum) of the averages: after two
#: of them e⁻², 14 %, of their starting values is left, after five 1 %. The paper's runs are more
#: than a hundred times as long: they begin after 5,000 steps and are whole after 40,000 (r) and
#: 25,000 (d), with momentum 0.99 as here.
BEGIN = 2.0
WHOLE = 5.0


class BatchRenorm(BatchNorm):
    """Batch norm whose outputs in training come near to what inference will make of them.

    They are x̂ = (x − μ_B) / σ_B · r + d, with r = σ_B / σ and d = (μ_B − μ) / σ within bounds that
    widen, and no gradient through r and d; μ and σ are the moving ones, σ the root of an averaged
    variance as in every other norm here, where the paper averages σ itself. `updates` counts.
    """

    statistics: Mapping[str, float] = {**MOVING, "updates": 0.0}

    def train(
        self, inputs: Tensor, parameters: Values, statistics: Values
    ) -> tuple[Tensor, Values]:
        mean, variance = take_moments(inputs).values()
        epsilon = self.settings.epsilon
        deviation = tf.sqrt(statistics["moving_variance"] + epsilon)
        openness = self._openness(statistics["updates"])
        most = 1.0 + (LARGEST_RATIO - 1.0) * openness
        ratio = tf.clip_by_value(tf.sqrt(variance + epsilon) / deviation, 1.0 / most, most)
        most = LARGEST_SHIFT * openness
        shift = tf.clip_by_value((mean - statistics["moving_mean"]) / deviation, -most, most)
        gamma, beta = parameters["gamma"], parameters["beta"]
        outputs = tf.nn.batch_normalization(
            inputs,
            mean,
            variance,
            beta + gamma * tf.stop_gradient(shift),
            gamma * tf.stop_gradient(ratio),
            epsilon,
        )
        return outputs, {
            "moving_mean": self.average(statistics["moving_mean"], mean),
            "moving_variance": self.average(statistics["moving_variance"], variance),
            "updates": statistics["updates"] + 1.0,
        }

    def observe(
        self, inputs: Tensor, parameters: Values, statistics: Values
    ) -> tuple[Tensor, Values]:
        outputs, _ = self.train(inputs, parameters, statistics)
        return outputs, take_moments(inputs)

    def _openness(self, updates: Tensor) -> Tensor:
        """From 0, plain batch norm, to 1, the widest bounds: [C] → [C]."""
        horizons = updates * (1.0 - self.settings.momentum)
        return tf.clip_by_value((horizons - BEGIN) / (WHOLE - BEGIN), 0.0, 1.0)
