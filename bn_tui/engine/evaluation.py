"""Judging a network: with which statistics, in chunks, and one image at a time."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
import tensorflow as tf
from numpy.typing import NDArray

from bn_tui.control import Reins
from bn_tui.datasets.dataset import CLASSES, Images, Labels, Split
from bn_tui.engine.network import Network
from bn_tui.variants import Statistics

#: A graph with its inputs' types settled.
Graph: TypeAlias = Callable[..., tuple[tf.Tensor, ...]]

#: Images [N, 28, 28] and labels [N], of any N.
_BATCH = [tf.TensorSpec([None, 28, 28], tf.uint8), tf.TensorSpec([None], tf.uint8)]

#: Images in one chunk: enough to fill the kernels, few enough to bound memory.
CHUNK = 250


@dataclass(frozen=True, slots=True)
class Score:
    """How a network did on some images: loss is their mean, accuracy is 0…1."""

    loss: float
    accuracy: float


def sigmoid_cross_entropy(logits: tf.Tensor, labels: tf.Tensor) -> tf.Tensor:
    """Each image's mean over the ten classes: logits [N, 10], labels [N] → [N].

    The labels are taken as one yes-or-no question for each class, as the original has them.
    """
    targets = tf.one_hot(labels, CLASSES, dtype=logits.dtype)
    losses = tf.nn.sigmoid_cross_entropy_with_logits(labels=targets, logits=logits)
    return tf.reduce_mean(losses, axis=1)


class Evaluator:
    """Judges one network with the weights and statistics that it has at the call.

    Args:
        network: the network.
        precise_images: [N, 28, 28], those that precise statistics are recomputed from; None where
            nothing but the moving averages is asked for, which spares a graph.
        threads: how many chunks may be judged at once.
    """

    def __init__(
        self, network: Network, precise_images: Images | None = None, threads: int = 1
    ) -> None:
        self._threads = threads
        self._network = network
        self._precise_images = precise_images
        self._precise: tf.Tensor | None = None
        self._infer = _trace_inference(network)
        self._measure = None if precise_images is None else _trace_measurement(network)

    def recompute(self) -> None:
        """Take the precise statistics anew, with the weights as they are now.

        All of the images are one batch, so that each layer's statistics are of what the layers
        below hand on with theirs (Wu and Johnson, 2021, section 3.1).
        """
        if self._precise_images is None:
            raise ValueError("no images were given to recompute statistics from")
        unused_labels = np.zeros(len(self._precise_images), np.uint8)
        *_, self._precise = self._measured(self._precise_images, unused_labels)

    def judge(
        self, images: Images, labels: Labels, statistics: Statistics | None = None
    ) -> tuple[NDArray[np.float32], NDArray[np.int64]]:
        """Loss and predicted digit of each image, as one batch: [N] and [N].

        Args:
            images: [N, 28, 28].
            labels: [N].
            statistics: what to normalise with, by default what the variant's own inference takes.
                PRECISE are those of the last `recompute`.
        """
        statistics = statistics or self._network.wiring.inference
        if statistics is Statistics.BATCH:
            losses, predictions, _ = self._measured(images, labels)
        else:
            given = self._given(statistics)
            losses, predictions = self._infer(tf.constant(images), tf.constant(labels), given)
        return losses.numpy(), predictions.numpy()

    def _given(self, statistics: Statistics) -> tf.Tensor:
        if statistics is Statistics.MOVING:
            return self._network.statistics.value()
        if self._precise is None:
            raise ValueError("precise statistics are to be recomputed first")
        return self._precise

    def _measured(self, images: Images, labels: Labels) -> tuple[tf.Tensor, ...]:
        if self._measure is None:
            raise ValueError("an evaluator without precise_images measures no statistics")
        return self._measure(tf.constant(images), tf.constant(labels))

    def score(
        self,
        split: Split,
        reins: Reins,
        statistics: Statistics | None = None,
        chunk: int = CHUNK,
    ) -> Score:
        """Judge every image of a split, with statistics as `judge` has them.

        Chunks, as many at once as there are threads, bound memory, and are the batches that BATCH
        takes its statistics of; else each image is judged on its own. The mean is taken once, over
        all images in order.

        Raises:
            Stopped: the variant was asked to stop before the last chunk.
        """

        def judge_between(start: int, stop: int) -> tuple[NDArray[np.float32], NDArray[np.bool_]]:
            reins.raise_if_stopped()
            labels = split.labels[start:stop]
            losses, predictions = self.judge(split.images[start:stop], labels, statistics)
            return losses, predictions == labels

        # As even as they can be, so that none is left with one image alone.
        bounds = np.linspace(0, len(split), -(-len(split) // chunk) + 1).astype(int)
        # One chunk knows nothing of another, so that how many are judged at once changes no bit;
        # the last variant of a run has every processor to itself.
        with ThreadPoolExecutor(self._threads) as pool:
            losses, correct = zip(*pool.map(judge_between, bounds[:-1], bounds[1:]), strict=True)
        return Score(
            loss=float(np.concatenate(losses).mean(dtype=np.float64)),
            accuracy=float(np.concatenate(correct).mean(dtype=np.float64)),
        )

    def predict_one_at_a_time(self, images: Images, reins: Reins) -> Iterator[int]:
        """Predict each image in a batch of its own, which fails where batch norm is wired wrongly.

        Raises:
            Stopped: the variant was asked to stop before the last image.
        """
        unused_label = np.zeros(1, np.uint8)
        for image in images:
            reins.raise_if_stopped()
            _, predictions = self.judge(image[None], unused_label)
            yield int(predictions[0])


def _trace_inference(network: Network) -> Graph:
    """Images, labels and a statistics vector → losses [N] and predictions [N]."""

    @tf.function(
        autograph=False,
        input_signature=[*_BATCH, tf.TensorSpec([network.statistics_layout.size], tf.float32)],
    )
    def infer(
        images: tf.Tensor, labels: tf.Tensor, statistics: tf.Tensor
    ) -> tuple[tf.Tensor, tf.Tensor]:
        logits = network.infer_logits(images, statistics)
        return sigmoid_cross_entropy(logits, labels), tf.argmax(logits, axis=1)

    return infer.get_concrete_function()


def _trace_measurement(network: Network) -> Graph:
    """Images and labels → losses [N], predictions [N] and the statistics vector of the images."""

    @tf.function(autograph=False, input_signature=_BATCH)
    def measure(images: tf.Tensor, labels: tf.Tensor) -> tuple[tf.Tensor, tf.Tensor, tf.Tensor]:
        logits, statistics = network.measure_logits(images)
        return sigmoid_cross_entropy(logits, labels), tf.argmax(logits, axis=1), statistics

    return measure.get_concrete_function()
