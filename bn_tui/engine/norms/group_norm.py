"""Norms that look at one image alone, so that no batch and no average comes into it."""

from collections.abc import Mapping

import tensorflow as tf

from bn_tui.engine.norms.norm import AFFINE, Norm, NormSettings, Shape, Tensor, Values

#: Every layer of the network has a multiple of four channels.
GROUPS = 4


class GroupNorm(Norm):
    """Moments over positions and one group of channels (Wu and He, 2018, arXiv 1803.08494).

    γ and β are the channels' own. With one group it is layer norm (Ba, Kiros and Hinton, 2016,
    arXiv 1607.06450), with a group for each channel instance norm (Ulyanov, Vedaldi and Lempitsky,
    2016, arXiv 1607.08022).

    Raises:
        ValueError: the channels do not divide into so many groups.
    """

    parameters = AFFINE
    statistics: Mapping[str, float] = {}

    def __init__(
        self, shape: Shape, settings: NormSettings | None = None, groups: int = GROUPS
    ) -> None:
        super().__init__(shape, settings)
        if shape[-1] % groups:
            raise ValueError(f"{shape[-1]} channels do not divide into {groups} groups")
        self.groups = groups

    def train(
        self, inputs: Tensor, parameters: Values, statistics: Values
    ) -> tuple[Tensor, Values]:
        return self.infer(inputs, parameters, statistics), {}

    def infer(self, inputs: Tensor, parameters: Values, statistics: Values) -> Tensor:  # noqa: ARG002
        *image, channels = self.shape
        positions = image[0] * image[1] if image else 1
        # [N, H·W, groups, channels of a group]
        grouped = tf.reshape(inputs, [-1, positions, self.groups, channels // self.groups])
        mean, variance = tf.nn.moments(grouped, axes=[1, 3], keepdims=True)
        inverse = tf.math.rsqrt(variance + self.settings.epsilon)
        normalized = tf.reshape((grouped - mean) * inverse, [-1, *self.shape])
        return normalized * parameters["gamma"] + parameters["beta"]


class LayerNorm(GroupNorm):
    """All channels of an image together."""

    def __init__(self, shape: Shape, settings: NormSettings | None = None) -> None:
        super().__init__(shape, settings, groups=1)


class InstanceNorm(GroupNorm):
    """Each channel of an image alone: where that is one position, β is all that is left."""

    def __init__(self, shape: Shape, settings: NormSettings | None = None) -> None:
        super().__init__(shape, settings, groups=shape[-1])
