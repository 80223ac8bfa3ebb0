"""A look at every layer of a network between two updates; nothing of it is changed by that."""

import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

import numpy as np
import tensorflow as tf
from numpy.typing import NDArray

from bn_tui.datasets.dataset import Images
from bn_tui.engine.activations import describe_activations
from bn_tui.engine.event_maker import EventMaker
from bn_tui.engine.network import Network
from bn_tui.events import LayersProbed

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
        own, entering, leaving = self._look(tf.constant(images))
        # What is no number any more, or too large for one, is told as it is.
        with np.errstate(all="ignore"):
            facts = {
                **self._describe_layers(map(np.asarray, entering), map(np.asarray, leaving)),
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
    ) -> tuple[tf.Tensor, tuple[tf.Tensor, ...], tuple[tf.Tensor, ...]]:
        """The batch's own statistics vector; by layer, what enters its norm and what leaves it."""
        seen: list[tuple[tf.Tensor, tf.Tensor]] = []
        own = self._network.observe(images, lambda _, *values: seen.append(values))
        entering, leaving = zip(*seen, strict=True)
        return own, entering, leaving

    def _describe_layers(
        self, entering: Iterable[Vector], leaving: Iterable[Vector]
    ) -> dict[str, Numbers]:
        # A channel is dead where its ReLU lets nothing of it through: what it cuts leaves the norm,
        # or has entered it.
        relu_first = self._network.wiring.relu_first
        layers = [
            describe_activations(before, after, cut=before if relu_first else after)
            for before, after in zip(entering, leaving, strict=True)
        ]
        return {name: tuple(layer[name] for layer in layers) for name in layers[0]}

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


def _average(values: Vector) -> float:
    return float(values.mean(dtype=np.float64))
