"""The one network, with whichever norm a variant names."""

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
import tensorflow as tf
from numpy.typing import NDArray

from bn_tui.datasets.dataset import CLASSES, SIDE
from bn_tui.engine.architecture import (
    FEATURES,
    HIDDEN_UNITS,
    KERNEL_SHAPES,
    STACK,
    Convolution,
    Kernel,
)
from bn_tui.engine.norms import NORMS, Norm, NormSettings, Shape, Values
from bn_tui.engine.parameters import Layout
from bn_tui.variants import Statistics, Wiring

Tensor: TypeAlias = tf.Tensor

#: Apply the norm of one layer to its inputs: (layer's name, its norm, inputs) → outputs.
ApplyNorm = Callable[[str, Norm, Tensor], Tensor]

#: Look at one layer: (its name, what enters its norm, what leaves it).
Watch = Callable[[str, Tensor, Tensor], None]


@dataclass(frozen=True, slots=True)
class Network:
    """Weights and moving statistics in two flat vectors, and the ways to run forward.

    Images are [N, 28, 28] or [N, 28, 28, 1]: uint8 (0…255, divided by 255 here) or float32 (used
    as they are). Logits are [N, 10]. The layers are those of `norms`, from the first convolution
    to the dense layer.
    """

    norms: dict[str, Norm]
    wiring: Wiring
    parameter_layout: Layout
    statistics_layout: Layout
    parameters: tf.Variable
    statistics: tf.Variable

    @property
    def keeps_statistics(self) -> bool:
        """Whether its norms have moving averages."""
        return self.statistics_layout.size > 0

    def train_logits(self, images: Tensor, parameters: Values) -> tuple[Tensor, Tensor]:
        """Run in training mode with these parameters: logits, and the statistics vector after."""
        before = self.statistics_layout.split(self.statistics)
        after: dict[str, Tensor] = {}

        def apply_norm(layer: str, norm: Norm, inputs: Tensor) -> Tensor:
            own, kept = _of_layer(layer, parameters), _of_layer(layer, before)
            if self.wiring.training is Statistics.MOVING:
                outputs, updated = norm.infer(inputs, own, kept), kept
            else:
                outputs, updated = norm.train(inputs, own, kept)
            after.update(_for_layer(layer, updated if self.wiring.updates else kept))
            return outputs

        logits = self._forward(images, parameters, apply_norm)
        return logits, self.statistics_layout.join(after)

    def infer_logits(self, images: Tensor, statistics: Tensor | None = None) -> Tensor:
        """Run with this statistics vector, by default the moving one, each image on its own."""
        parameters = self.parameter_layout.split(self.parameters)
        given = self.statistics_layout.split(self.statistics if statistics is None else statistics)

        def apply_norm(layer: str, norm: Norm, inputs: Tensor) -> Tensor:
            return norm.infer(inputs, _of_layer(layer, parameters), _of_layer(layer, given))

        return self._forward(images, parameters, apply_norm)

    def measure_logits(self, images: Tensor) -> tuple[Tensor, Tensor]:
        """Run with the statistics of these images themselves: logits, and that statistics vector.

        What a norm keeps beside mean and variance is as it is now.
        """
        parameters = self.parameter_layout.split(self.parameters)
        measured = self.statistics_layout.split(self.statistics)

        def apply_norm(layer: str, norm: Norm, inputs: Tensor) -> Tensor:
            outputs, own = norm.measure(inputs, _of_layer(layer, parameters))
            measured.update(_for_layer(layer, own))
            return outputs

        logits = self._forward(images, parameters, apply_norm)
        return logits, self.statistics_layout.join(measured)

    def observe(self, images: Tensor, watch: Watch) -> Tensor:
        """Run as in training, with every layer watched: the statistics vector of these images."""
        parameters = self.parameter_layout.split(self.parameters)
        moving = self.statistics_layout.split(self.statistics)
        measured = dict(moving)

        def apply_norm(layer: str, norm: Norm, inputs: Tensor) -> Tensor:
            own, kept = _of_layer(layer, parameters), _of_layer(layer, moving)
            outputs, found = norm.observe(inputs, own, kept)
            if self.wiring.training is Statistics.MOVING:
                outputs = norm.infer(inputs, own, kept)
            measured.update(_for_layer(layer, found))
            watch(layer, inputs, outputs)
            return outputs

        self._forward(images, parameters, apply_norm)
        return self.statistics_layout.join(measured)

    def weights_sha256(self) -> str:
        """Hex digest over parameters, then moving statistics, as little-endian float32."""
        digest = hashlib.sha256()
        for vector in (self.parameters, self.statistics):
            digest.update(vector.numpy().astype("<f4").tobytes())
        return digest.hexdigest()

    def _forward(self, images: Tensor, parameters: Values, apply_norm: ApplyNorm) -> Tensor:
        def finish(layer: str, values: Tensor) -> Tensor:
            norm = self.norms[layer]
            if self.wiring.relu_first:
                return apply_norm(layer, norm, tf.nn.relu(values))
            return tf.nn.relu(apply_norm(layer, norm, values))

        values = images if images.dtype == tf.float32 else tf.cast(images, tf.float32) / 255.0
        values = tf.reshape(values, [*_batch(images), SIDE, SIDE, 1])
        for convolution in STACK:
            layer = _name(convolution)
            values = _convolve(values, parameters[f"{layer}/kernel"], convolution)
            values = finish(layer, values)
        values = tf.reshape(values, [*_batch(images), FEATURES])
        values = finish("dense", values @ parameters["dense/kernel"])
        return values @ parameters["output/kernel"] + parameters["output/bias"]


def build_network(
    norm: str,
    kernels: Sequence[Kernel],
    *,
    wiring: Wiring | None = None,
    settings: NormSettings | None = None,
) -> Network:
    """Build the network with a norm of `NORMS` and kernels in the order of `KERNEL_SHAPES`.

    Args:
        norm: the name of the norm.
        kernels: what each kernel starts with.
        wiring: how the norm is built in, by default as it should be.
        settings: of the norm, by default the original's.

    Raises:
        KeyError: no norm has that name.
        ValueError: a kernel has another shape, or their number is another.
    """
    for index, (kernel, shape) in enumerate(zip(kernels, KERNEL_SHAPES, strict=True)):
        if kernel.shape != shape:
            raise ValueError(f"kernel {index}: expected shape {shape}, got {kernel.shape}")
    activations: dict[str, Shape] = {
        _name(convolution): (*[convolution.output_side] * 2, convolution.channels)
        for convolution in STACK
    }
    activations["dense"] = (HIDDEN_UNITS,)
    norms = {layer: NORMS[norm](shape, settings) for layer, shape in activations.items()}

    parameters: dict[str, NDArray[np.float32]] = {}
    statistics: dict[str, NDArray[np.float32]] = {}
    for (layer, shape), kernel in zip(activations.items(), kernels[:-1], strict=True):
        parameters[f"{layer}/kernel"] = kernel
        parameters |= _constants(layer, shape, norms[layer].parameters)
        statistics |= _constants(layer, shape, norms[layer].statistics)
    parameters["output/kernel"] = kernels[-1]
    parameters["output/bias"] = np.zeros(CLASSES, np.float32)

    parameter_layout, statistics_layout = Layout.of(parameters), Layout.of(statistics)
    return Network(
        norms,
        wiring or Wiring(),
        parameter_layout,
        statistics_layout,
        parameters=tf.Variable(parameter_layout.pack(parameters), name="parameters"),
        statistics=tf.Variable(statistics_layout.pack(statistics), name="statistics"),
    )


def _constants(
    layer: str, shape: Shape, starts: Mapping[str, float]
) -> dict[str, NDArray[np.float32]]:
    return {
        f"{layer}/{name}": np.full(shape[-1], start, np.float32) for name, start in starts.items()
    }


def _name(convolution: Convolution) -> str:
    return f"convolution_{convolution.depth}"


def _for_layer(layer: str, values: Values) -> dict[str, Tensor]:
    return {f"{layer}/{name}": value for name, value in values.items()}


def _of_layer(layer: str, values: Values) -> Values:
    prefix = f"{layer}/"
    return {
        name.removeprefix(prefix): value
        for name, value in values.items()
        if name.startswith(prefix)
    }


def _batch(images: Tensor) -> list[int | Tensor]:
    """How many images: a number where it is known, as training has it, or else a tensor."""
    return [images.shape[0] if images.shape[0] is not None else tf.shape(images)[0]]


def _convolve(inputs: Tensor, kernel: Tensor, convolution: Convolution) -> Tensor:
    """[N, side, side, inputs] → [N, out, out, channels].

    On maps of 2×2 and 1×1 most of a 3×3 window is padding: there one matrix product with the
    taps that see something computes the same function, several times as fast.
    """
    if convolution.side > 2:
        return tf.nn.conv2d(inputs, kernel, convolution.stride, "SAME")
    out, channels = convolution.output_side, convolution.channels
    flat = tf.reshape(inputs, [*_batch(inputs), convolution.side**2 * convolution.inputs])
    return tf.reshape(
        flat @ _dense_kernel(kernel, convolution), [*_batch(inputs), out, out, channels]
    )


def _dense_kernel(kernel: Tensor, convolution: Convolution) -> Tensor:
    """[3, 3, inputs, channels] → [side²·inputs, out²·channels].

    It needs a side on which every input position meets every output position.
    """
    taps = [tf.unstack(row) for row in tf.unstack(kernel)]
    positions = [
        (convolution.taps(row).values(), convolution.taps(column).values())
        for row in range(convolution.side)
        for column in range(convolution.side)
    ]
    return tf.concat(
        [
            tf.concat([taps[row][column] for row in rows for column in columns], axis=1)
            for rows, columns in positions
        ],
        axis=0,
    )
