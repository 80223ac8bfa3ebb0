"""NORMS: what stands between a kernel and its ReLU, as pure functions of their inputs.

A norm says which values it keeps for each channel: parameters, which are trained, and
statistics, which are averaged. Whoever holds the network holds those values; a norm only
computes with them. How a norm is built into the network is its variant's wiring.

Activations are [N, H, W, C] after a convolution and [N, C] after the dense layer; the statistics
of a batch norm are over every axis but the last.
"""

from collections.abc import Callable

from bn_tui.engine.norms.batch_norm import (
    BiasedBatchNorm,
    FusedBatchNormalization,
    KerasBatchNormalization,
    Moments,
    NnBatchNormalization,
)
from bn_tui.engine.norms.batch_renorm import BatchRenorm
from bn_tui.engine.norms.group_norm import GroupNorm, InstanceNorm, LayerNorm
from bn_tui.engine.norms.norm import EPSILON, MOMENTUM, Bias, Norm, NormSettings, Shape, Values

NORMS: dict[str, Callable[..., Norm]] = {
    "bias": Bias,
    "keras": KerasBatchNormalization,
    "moments": Moments,
    "nn": NnBatchNormalization,
    "fused": FusedBatchNormalization,
    "biased": BiasedBatchNorm,
    "renorm": BatchRenorm,
    "group": GroupNorm,
    "layer": LayerNorm,
    "instance": InstanceNorm,
}

__all__ = [
    "EPSILON",
    "MOMENTUM",
    "NORMS",
    "Bias",
    "GroupNorm",
    "Norm",
    "NormSettings",
    "Shape",
    "Values",
]
