"""Judging a network in inference mode: in chunks, and one image at a time."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import tensorflow as tf
from numpy.typing import NDArray

from bn_tui.control import Reins
from bn_tui.datasets.dataset import CLASSES, Images, Labels, Split
from bn_tui.engine.network import Network

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
    """Judges one network with the weights and moving statistics that it has at the call."""

    def __init__(self, network: Network) -> None:
        @tf.function(
            autograph=False,
            input_signature=[
                tf.TensorSpec([None, 28, 28], tf.uint8),
                tf.TensorSpec([None], tf.uint8),
            ],
        )
        def judge(images: tf.Tensor, labels: tf.Tensor) -> tuple[tf.Tensor, tf.Tensor]:
            logits = network.infer_logits(images)
            return sigmoid_cross_entropy(logits, labels), tf.argmax(logits, axis=1)

        self._judge = judge.get_concrete_function()

    def judge(
        self, images: Images, labels: Labels
    ) -> tuple[NDArray[np.float32], NDArray[np.int64]]:
        """Loss and predicted digit of each image, as one batch: [N] and [N]."""
        losses, predictions = self._judge(tf.constant(images), tf.constant(labels))
        return losses.numpy(), predictions.numpy()

    def score(self, split: Split, reins: Reins, chunk: int = CHUNK) -> Score:
        """Judge every image of a split.

        Chunks only bound memory: each image is judged on its own, and the mean is taken once,
        over all of them in order.

        Raises:
            Stopped: the variant was asked to stop before the last chunk.
        """
        losses, correct = [], []
        for start in range(0, len(split), chunk):
            reins.raise_if_stopped()
            images = split.images[start : start + chunk]
            labels = split.labels[start : start + chunk]
            chunk_losses, predictions = self.judge(images, labels)
            losses.append(chunk_losses)
            correct.append(predictions == labels)
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
