"""A network and its optimizer as plain bytes, and back to the same last bit."""

import hashlib
from collections.abc import Mapping

import numpy as np
import tensorflow as tf

from bn_tui.engine.network import Network
from bn_tui.engine.optimizer import Adam


def take_vectors(network: Network, adam: Adam) -> dict[str, bytes]:
    """Copy all that training changes: name → little-endian float32."""
    return {
        name: variable.numpy().astype("<f4").tobytes()
        for name, variable in _variables(network, adam).items()
    }


def restore_vectors(network: Network, adam: Adam, vectors: Mapping[str, bytes]) -> None:
    """Put back what `take_vectors` gave.

    Raises:
        ValueError: a vector is missing, or is of another network.
    """
    variables = _variables(network, adam)
    if vectors.keys() != variables.keys():
        raise ValueError(f"expected the vectors {', '.join(variables)}; got {', '.join(vectors)}")
    for name, variable in variables.items():
        expected = 4 * variable.shape.num_elements()
        if len(vectors[name]) != expected:
            raise ValueError(f"{name}: expected {expected} bytes, got {len(vectors[name])}")
    for name, variable in variables.items():
        values = np.frombuffer(vectors[name], "<f4").astype(np.float32)
        variable.assign(values.reshape(variable.shape))


def weights_sha256(vectors: Mapping[str, bytes]) -> str:
    """Hex digest over parameters, then moving statistics: that of the network they are of."""
    return hashlib.sha256(vectors["parameters"] + vectors["statistics"]).hexdigest()


def _variables(network: Network, adam: Adam) -> dict[str, tf.Variable]:
    return {
        "parameters": network.parameters,
        "statistics": network.statistics,
        "first_moment": adam.first_moment,
        "second_moment": adam.second_moment,
        "beta_1_power": adam.beta_1_power,
        "beta_2_power": adam.beta_2_power,
    }
