"""A look at every layer of a network between two updates; nothing of it is changed by that."""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np
import tensorflow as tf
from numpy.typing import NDArray

from bn_tui.datasets.dataset import Images
from bn_tui.engine.event_maker import EventMaker
from bn_tui.engine.network import Network
from bn_tui.engine.percentiles import take_percentiles
from bn_tui.events import LayersProbed

#: The percentiles of Ioffe and Szegedy's figure 1 (2015): ±σ of a normal distribution, and its
#: middle.
PERCENTILES = (15, 50, 85)

Vector = NDArray[np.float32]
Numbers = tuple[float, ...]


@dataclass(frozen=True, slots=True)
class Look:
    """What was seen of a network on so many `images`, by the fields of LayersProbed."""

    images: int
    facts: Mapping[str, Numbers]
    seconds: float


class Inspector:
    """Describes the layers of one network, in training mode, as LayersProbed has it."""

    def __init__(self, network: Network, batch_size: int, events: EventMaker) -> None:
        self._network = network
        self._events = events
        self._look = tf.function(
            self._trace_look,
            autograph=False,
            input_signature=[tf.TensorSpec([batch_size, 28, 28], tf.uint8)],
        ).get_concrete_function()

    def look(self, images: Images) -> Look:
        """Describe the network as it is, on a batch that it is about to be trained with."""
        began = time.perf_counter()
        looks, own, inputs = self._look(tf.constant(images))
        facts = {
            **{name: tuple(values.numpy().tolist()) for name, values in looks.items()},
            **describe_percentiles([values.numpy() for values in inputs]),
            **self._describe_averages(own.numpy()),
            **self._describe_parameters(),
        }
        return Look(len(images), facts, time.perf_counter() - began)

    def state(self, step: int, look: Look, gradient: tf.Tensor) -> LayersProbed:
        """State what was seen before update `step`, and the gradient that the update followed."""
        began = time.perf_counter()
        facts = {**look.facts, **self._describe_gradient(gradient.numpy())}
        return self._events.make(
            LayersProbed,
            step=step,
            images=look.images,
            **facts,
            probe_seconds=look.seconds + time.perf_counter() - began,
        )

    def _trace_look(
        self, images: tf.Tensor
    ) -> tuple[dict[str, tf.Tensor], tf.Tensor, list[tf.Tensor]]:
        """Numbers by name, [layers] each; the batch's own statistics vector; the norms' inputs."""
        network = self._network
        inputs: dict[str, tf.Tensor] = {}
        looks: dict[str, list[tf.Tensor]] = {}

        def watch(layer: str, entering: tf.Tensor, leaving: tf.Tensor) -> None:
            inputs[layer] = entering
            # What the ReLU cuts, or has cut: a channel is dead where nothing of it is above 0.
            cut = entering if network.wiring.relu_first else leaving
            highest = tf.reduce_max(cut, axis=list(range(cut.shape.rank - 1)))
            for name, value in (
                ("input_mean", tf.reduce_mean(entering)),
                ("input_deviation", tf.math.reduce_std(entering)),
                ("image_deviation", _deviate_between_images(entering)),
                ("output_deviation", tf.math.reduce_std(leaving)),
                ("dead_share", tf.reduce_mean(tf.cast(highest <= 0.0, tf.float32))),
            ):
                looks.setdefault(name, []).append(value)

        own = network.observe(images, watch)
        stacked = {name: tf.stack(values) for name, values in looks.items()}
        return stacked, own, list(inputs.values())

    def _describe_averages(self, own: Vector) -> dict[str, Numbers]:
        """The moving averages, and how far they are from the batch's own statistics."""
        layout = self._network.statistics_layout
        moving, batch = layout.unpack(self._network.statistics.numpy()), layout.unpack(own)
        epsilon = self._network.norms["dense"].settings.epsilon
        means, variances = (
            [
                (moving[f"{layer}/{name}"], batch[f"{layer}/{name}"])
                for layer in self._network.norms
                if f"{layer}/{name}" in moving
            ]
            for name in ("moving_mean", "moving_variance")
        )
        return {
            "mean_distance": tuple(
                _average(np.abs(mean - batch_mean) / np.sqrt(batch_variance + epsilon))
                for (mean, batch_mean), (_, batch_variance) in zip(means, variances, strict=True)
            ),
            "variance_log_ratio": tuple(
                _average(np.log((variance + epsilon) / (batch_variance + epsilon)))
                for variance, batch_variance in variances
            ),
            "moving_mean": tuple(_average(np.abs(mean)) for mean, _ in means),
            "moving_variance": tuple(_average(variance) for variance, _ in variances),
        }

    def _describe_parameters(self) -> dict[str, Numbers]:
        parameters = self._network.parameter_layout.unpack(self._network.parameters.numpy())
        return {
            f"{name}_{what}": self._of_layers(parameters, name, describe)
            for name in ("gamma", "beta")
            for what, describe in (("mean", np.mean), ("deviation", np.std))
        }

    def _describe_gradient(self, gradient: Vector) -> dict[str, Numbers]:
        gradients = self._network.parameter_layout.unpack(gradient)
        return {
            "gradient_norm": self._of_layers(gradients, "kernel", np.linalg.norm),
            "bias_gradient_norm": self._of_layers(gradients, "bias", np.linalg.norm),
        }

    def _of_layers(
        self, arrays: Mapping[str, Vector], name: str, describe: Callable[..., np.floating]
    ) -> Numbers:
        """A number for each layer that has an array of this name."""
        keys = (f"{layer}/{name}" for layer in self._network.norms)
        return tuple(float(describe(arrays[key].ravel())) for key in keys if key in arrays)


def describe_percentiles(inputs: list[Vector]) -> dict[str, Numbers]:
    """The percentiles of each layer's values, whatever their shape, by the name of their field."""
    of_layers = [take_percentiles(values, PERCENTILES) for values in inputs]
    return {
        f"input_p{percentile}": tuple(values[index] for values in of_layers)
        for index, percentile in enumerate(PERCENTILES)
    }


def _deviate_between_images(values: tf.Tensor) -> tf.Tensor:
    """The standard deviation over images [N, …], in the root mean square over all else."""
    return tf.sqrt(tf.reduce_mean(tf.math.reduce_variance(values, axis=0)))


def _average(values: Vector) -> float:
    return float(values.mean(dtype=np.float64))
