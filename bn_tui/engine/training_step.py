"""One update of one network: what every batch goes through."""

from dataclasses import dataclass

import tensorflow as tf

from bn_tui.datasets.dataset import Images, Labels
from bn_tui.engine.evaluation import sigmoid_cross_entropy
from bn_tui.engine.network import Network
from bn_tui.engine.optimizer import Adam


@dataclass(frozen=True, slots=True)
class StepResult:
    """What one update says of itself: loss and accuracy (0…1) are before it, in training mode.

    `finite` is whether the loss and the squared norms of gradient and moving statistics all are.
    `gradient` is the vector that the update followed, in the network's parameter layout.
    """

    loss: float
    accuracy: float
    finite: bool
    gradient: tf.Tensor


class TrainingStep:
    """One update of a network: forward, backward, moving statistics, Adam."""

    def __init__(self, network: Network, adam: Adam, batch_size: int) -> None:
        @tf.function(
            autograph=False,
            input_signature=[
                tf.TensorSpec([batch_size, 28, 28], tf.uint8),
                tf.TensorSpec([batch_size], tf.uint8),
            ],
        )
        def step(images: tf.Tensor, labels: tf.Tensor) -> tuple[tf.Tensor, ...]:
            loss, accuracy, gradient = apply_step(network, adam, images, labels)
            # A loss can be finite where a weight is not: TensorFlow's fused ReLU makes NaN 0.
            size = tf.nn.l2_loss(gradient) + tf.nn.l2_loss(network.statistics)
            return loss, accuracy, tf.math.is_finite(loss + size), gradient

        self._step = step.get_concrete_function()

    def __call__(self, images: Images, labels: Labels) -> StepResult:
        """Train on one batch: images [batch_size, 28, 28] and labels [batch_size]."""
        loss, accuracy, finite, gradient = self._step(tf.constant(images), tf.constant(labels))
        return StepResult(
            float(loss.numpy()), float(accuracy.numpy()), bool(finite.numpy()), gradient
        )


def apply_step(
    network: Network, adam: Adam, images: tf.Tensor, labels: tf.Tensor
) -> tuple[tf.Tensor, tf.Tensor, tf.Tensor]:
    """Update the network on one batch, as operations of a graph.

    The moving statistics take in the very batch whose gradient the update follows. Returns the
    loss and the accuracy before the update, and the gradient as one vector.
    """
    parameters = network.parameter_layout.split(network.parameters)
    with tf.GradientTape(watch_accessed_variables=False) as tape:
        tape.watch(parameters)
        logits, moving = network.train_logits(images, parameters)
        loss = tf.reduce_mean(sigmoid_cross_entropy(logits, labels))
    gradient = network.parameter_layout.join(tape.gradient(loss, parameters))
    predictions = tf.argmax(logits, axis=1, output_type=tf.int32)
    hits = tf.equal(predictions, tf.cast(labels, tf.int32))
    network.statistics.assign(moving)
    adam.update(gradient)
    return loss, tf.reduce_mean(tf.cast(hits, tf.float32)), gradient
