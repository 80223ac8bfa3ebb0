"""The network of a variant with weights that were kept, without what only training needs."""

from collections.abc import Mapping

import numpy as np
import tensorflow as tf

from bn_tui.config import ExperimentConfig
from bn_tui.datasets.dataset import Images
from bn_tui.engine.network import Network
from bn_tui.engine.probes import PRECISE_IMAGES
from bn_tui.engine.tools import build_variant
from bn_tui.variants import Variant


def restore_network(
    variant: Variant, config: ExperimentConfig, vectors: Mapping[str, bytes]
) -> Network:
    """Build the network of a variant in a run with these settings, and give it its weights.

    Args:
        variant: the variant.
        config: the settings of its run.
        vectors: little-endian float32 by name, of which it takes parameters and statistics.

    Raises:
        ValueError: a vector has another size than that variant's.
    """
    network = build_variant(variant, config)
    for name, variable in (
        ("parameters", network.parameters),
        ("statistics", network.statistics),
    ):
        values = np.frombuffer(vectors[name], "<f4")
        if values.shape != variable.shape:
            raise ValueError(f"expected {variable.shape[0]} {name}, got {values.size}")
        variable.assign(values.astype(np.float32))
    return network


def make_precise(network: Network, training_images: Images) -> None:
    """Put precise statistics in the place of the moving averages, as the trainer takes them."""
    _, statistics = network.measure_logits(tf.constant(training_images[:PRECISE_IMAGES]))
    network.statistics.assign(statistics)
