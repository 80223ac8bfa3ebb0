"""The network of a variant as a model of plain Keras, for whoever has nothing but Keras."""

from collections.abc import Iterator, Mapping
from pathlib import Path

import keras
import numpy as np
from numpy.typing import NDArray

from bn_tui.datasets.dataset import CLASSES, SIDE
from bn_tui.engine.architecture import HIDDEN_UNITS, STACK
from bn_tui.engine.network import Network
from bn_tui.engine.norms import Bias, GroupNorm, Norm

Array = NDArray[np.float32]


def build_model(network: Network) -> keras.Model:
    """Build a model that computes what the network's `infer_logits` does.

    Its inputs are images [N, 28, 28, 1] of float32, 0 for paper to 1 for ink; its outputs are
    logits [N, 10], of which the largest is the answer. Every batch norm becomes
    keras.layers.BatchNormalization, whose layers train on as those of the library do, and every
    norm of single images keras.layers.GroupNormalization.
    """
    model = _build_layers(network)
    arrays = {
        **network.parameter_layout.unpack(network.parameters.numpy()),
        **network.statistics_layout.unpack(network.statistics.numpy()),
    }
    for layer in model.layers:
        layer.set_weights(list(_weights(layer, arrays)))
    return model


def save_model(model: keras.Model, path: Path) -> None:
    """Write the model to FILE.keras, whole, or its weights to FILE.weights.h5.

    Raises:
        ValueError: the path ends otherwise.
        OSError: it cannot be written; half a file may be left.
    """
    if path.name.endswith(".weights.h5"):
        model.save_weights(path)
    else:
        model.save(path)


def _build_layers(network: Network) -> keras.Model:
    """The layers of the one network, under the names that the engine gives them."""
    has_bias = "dense/bias" in network.parameter_layout.shapes

    def finish(values: keras.KerasTensor, layer: str) -> keras.KerasTensor:
        relu = keras.layers.ReLU(name=f"{layer}_relu", dtype="float32")
        norm = _build_norm(network.norms[layer], f"{layer}_norm")
        for apply in (relu, *norm) if network.wiring.relu_first else (*norm, relu):
            values = apply(values)
        return values

    images = keras.Input((SIDE, SIDE, 1), name="images", dtype="float32")
    values = images
    for convolution in STACK:
        layer = f"convolution_{convolution.depth}"
        values = keras.layers.Conv2D(
            convolution.channels,
            3,
            strides=convolution.stride,
            padding="same",
            use_bias=has_bias,
            name=layer,
            dtype="float32",
        )(values)
        values = finish(values, layer)
    values = keras.layers.Flatten(name="flatten", dtype="float32")(values)
    values = keras.layers.Dense(HIDDEN_UNITS, use_bias=has_bias, name="dense", dtype="float32")(
        values
    )
    values = finish(values, "dense")
    logits = keras.layers.Dense(CLASSES, name="output", dtype="float32")(values)
    return keras.Model(images, logits, name="bn_tui")


def _build_norm(norm: Norm, name: str) -> tuple[keras.layers.Layer, ...]:
    """The layer that a norm becomes; none of a bias, which is the kernel's own in Keras."""
    if isinstance(norm, Bias):
        return ()
    settings = norm.settings
    if isinstance(norm, GroupNorm):
        layer = keras.layers.GroupNormalization(
            norm.groups, epsilon=settings.epsilon, name=name, dtype="float32"
        )
    else:
        layer = keras.layers.BatchNormalization(
            momentum=settings.momentum, epsilon=settings.epsilon, name=name, dtype="float32"
        )
    return (layer,)


def _weights(layer: keras.layers.Layer, arrays: Mapping[str, Array]) -> Iterator[Array]:
    """The engine's arrays for a layer of Keras's, in the order in which Keras has its weights."""
    owner = layer.name.removesuffix("_norm")
    for weight in layer.weights:
        yield arrays[f"{owner}/{weight.name}"]
