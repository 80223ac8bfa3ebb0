"""What a norm is: pure functions of activations, parameters and statistics."""

from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TypeAlias

import tensorflow as tf

MOMENTUM = 0.99
EPSILON = 1e-3

Tensor: TypeAlias = tf.Tensor
Values = Mapping[str, Tensor]  # name → [C]
Shape = tuple[int, ...]  # of one image's activations: (H, W, C) or (C,)

AFFINE: Mapping[str, float] = {"gamma": 1.0, "beta": 0.0}


@dataclass(frozen=True, slots=True)
class NormSettings:
    """What a run may set of its norms.

    `momentum` is on the old value of the moving averages; `epsilon` stands inside the square root.
    """

    momentum: float = MOMENTUM
    epsilon: float = EPSILON


class Norm(ABC):
    """One normalisation, made for the activations of one layer."""

    #: What is trained: name → initial value, the same for each channel.
    parameters: Mapping[str, float]
    #: What is averaged while training: name → initial value.
    statistics: Mapping[str, float]

    def __init__(self, shape: Shape, settings: NormSettings | None = None) -> None:
        self.shape = shape
        self.settings = settings or NormSettings()

    @abstractmethod
    def train(
        self, inputs: Tensor, parameters: Values, statistics: Values
    ) -> tuple[Tensor, Values]:
        """Normalise in training mode; returns the outputs and the statistics after this batch."""

    @abstractmethod
    def infer(self, inputs: Tensor, parameters: Values, statistics: Values) -> Tensor:
        """Normalise with these statistics; an image's outputs do not depend on its neighbours."""

    def measure(self, inputs: Tensor, parameters: Values) -> tuple[Tensor, Values]:
        """Normalise with what these inputs have of their own; returns the outputs, and that.

        The second has the names of `statistics`, so that `infer` could take it. A norm without
        statistics infers.
        """
        return self.infer(inputs, parameters, {}), {}

    def observe(
        self, inputs: Tensor, parameters: Values, statistics: Values
    ) -> tuple[Tensor, Values]:
        """Give the outputs of `train`, and what `measure` finds; nobody differentiates them."""
        del statistics
        return self.measure(inputs, parameters)


class Bias(Norm):
    """No normalisation: each channel's bias alone."""

    parameters: Mapping[str, float] = {"bias": 0.0}
    statistics: Mapping[str, float] = {}

    def train(
        self, inputs: Tensor, parameters: Values, statistics: Values
    ) -> tuple[Tensor, Values]:
        return self.infer(inputs, parameters, statistics), {}

    def infer(self, inputs: Tensor, parameters: Values, statistics: Values) -> Tensor:  # noqa: ARG002
        return tf.nn.bias_add(inputs, parameters["bias"])
