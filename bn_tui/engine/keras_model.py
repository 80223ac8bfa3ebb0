"""The network of a variant as a model of plain Keras, for whoever has nothing but Keras."""

from collections.abc import Iterator
from pathlib import Path

import keras
import numpy as np
from numpy.typing import NDArray

from bn_tui.datasets.dataset import CLASSES, SIDE
from bn_tui.engine.architecture import HIDDEN_UNITS, KERNEL_SHAPES, STACK
from bn_tui.engine.network import build_network
from bn_tui.engine.norms import EPSILON, MOMENTUM

Vector = NDArray[np.float32]
Arrays = dict[str, NDArray[np.float32]]


def build_model(norm: str, parameters: Vector, statistics: Vector) -> keras.Model:
    """Build a model that computes what `Network.infer_logits` does with these two vectors.

    Its inputs are images [N, 28, 28, 1] of float32, 0 for paper to 1 for ink; its outputs are
    logits [N, 10], of which the largest is the answer. Every batch norm becomes
    keras.layers.BatchNormalization, whose layers train on as those of the library do.

    Raises:
        KeyError: no norm of `NORMS` has that name.
        ValueError: a vector has another size than that norm's network.
    """
    network = build_network(norm, [np.zeros(shape, np.float32) for shape in KERNEL_SHAPES])
    layouts = network.parameter_layout, network.statistics_layout
    arrays: Arrays = {}
    for what, layout, vector in zip(
        ("parameters", "statistics"), layouts, (parameters, statistics), strict=True
    ):
        if vector.shape != (layout.size,):
            raise ValueError(f"expected {layout.size} {what}, got {vector.size}")
        arrays |= layout.unpack(vector)
    model = _build_layers(normalised="dense/gamma" in arrays)
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


def _build_layers(*, normalised: bool) -> keras.Model:
    """The layers of the one network, under the names that the engine gives them."""

    def finish(values: keras.KerasTensor, layer: str) -> keras.KerasTensor:
        if normalised:
            values = keras.layers.BatchNormalization(
                momentum=MOMENTUM, epsilon=EPSILON, name=f"{layer}_norm", dtype="float32"
            )(values)
        return keras.layers.ReLU(name=f"{layer}_relu", dtype="float32")(values)

    images = keras.Input((SIDE, SIDE, 1), name="images", dtype="float32")
    values = images
    for convolution in STACK:
        layer = f"convolution_{convolution.depth}"
        values = keras.layers.Conv2D(
            convolution.channels,
            3,
            strides=convolution.stride,
            padding="same",
            use_bias=not normalised,
            name=layer,
            dtype="float32",
        )(values)
        values = finish(values, layer)
    values = keras.layers.Flatten(name="flatten", dtype="float32")(values)
    values = keras.layers.Dense(
        HIDDEN_UNITS, use_bias=not normalised, name="dense", dtype="float32"
    )(values)
    values = finish(values, "dense")
    logits = keras.layers.Dense(CLASSES, name="output", dtype="float32")(values)
    return keras.Model(images, logits, name="bn_tui")


def _weights(layer: keras.layers.Layer, arrays: Arrays) -> Iterator[NDArray[np.float32]]:
    """The engine's arrays for a layer of Keras's, in the order in which Keras has its weights."""
    owner = layer.name.removesuffix("_norm")
    for weight in layer.weights:
        yield arrays[f"{owner}/{weight.name}"]
