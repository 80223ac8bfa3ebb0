"""Training one variant, as a stream of events: no threads, and nothing is printed."""

import math
import statistics
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, TypeVar

import numpy as np
import tensorflow as tf

from bn_tui.config import ExperimentConfig
from bn_tui.control import Control, Stopped
from bn_tui.datasets.dataset import SAMPLES, Images, Labels, Split
from bn_tui.engine.architecture import initial_kernels
from bn_tui.engine.batches import walk
from bn_tui.engine.evaluation import Evaluator, sigmoid_cross_entropy
from bn_tui.engine.network import Network, build_network
from bn_tui.engine.optimizer import Adam, build_adam
from bn_tui.events import (
    BatchEvaluated,
    Event,
    HundredScored,
    Phase,
    PhaseEntered,
    Status,
    StepTrained,
    TestEvaluated,
    ValidationEvaluated,
    VariantEnded,
    VariantEvent,
)
from bn_tui.variants import Variant

#: How long a paused trainer waits before it looks again, in seconds. It looks, and is not woken,
#: because whoever steers may be a signal handler, which must not wait for a lock.
_PATIENCE = 0.05

E = TypeVar("E", bound=VariantEvent)


@dataclass(frozen=True, slots=True)
class Digits:
    """The images that a run trains on, validates with and is tested on at the end."""

    train: Split
    validation: Split
    test: Split


@dataclass(frozen=True, slots=True)
class RunContext:
    """What the trainers of one run share.

    `clock` tells the seconds since the run began. `tracing` is held by whoever builds graphs:
    TensorFlow's tracing is not safe in several threads at once.
    """

    config: ExperimentConfig
    digits: Digits
    control: Control
    clock: Callable[[], float]
    tracing: threading.Lock


class Diverged(Exception):
    """Something is not finite any more; the message says what."""


@dataclass(frozen=True, slots=True)
class StepResult:
    """What one update says of itself: loss and accuracy (0…1) are before it, in training mode.

    `finite` is whether the loss and the squared norms of gradient and moving statistics all are.
    """

    loss: float
    accuracy: float
    finite: bool


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
        def step(images: tf.Tensor, labels: tf.Tensor) -> tuple[tf.Tensor, tf.Tensor, tf.Tensor]:
            loss, accuracy, gradient = apply_step(network, adam, images, labels)
            # A loss can be finite where a weight is not: TensorFlow's fused ReLU makes NaN 0.
            size = tf.nn.l2_loss(gradient) + tf.nn.l2_loss(network.statistics)
            return loss, accuracy, tf.math.is_finite(loss + size)

        self._step = step.get_concrete_function()

    def __call__(self, images: Images, labels: Labels) -> StepResult:
        """Train on one batch: images [batch_size, 28, 28] and labels [batch_size]."""
        loss, accuracy, finite = self._step(tf.constant(images), tf.constant(labels))
        return StepResult(float(loss.numpy()), float(accuracy.numpy()), bool(finite.numpy()))


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


class Trainer:
    """One variant on its way from first weights to final scores."""

    def __init__(self, variant: Variant, context: RunContext) -> None:
        self._variant = variant
        self._context = context
        self._reins = context.control.reins(variant.name)
        self._step_seconds: list[float] = []
        self._network: Network | None = None

    def run(self) -> Iterator[Event]:
        """Yield what happens, the last of it a VariantEnded: done, stopped or diverged.

        Errors of TensorFlow, and of this program, are raised.
        """
        try:
            yield from self._build_and_train()
        except Stopped:
            yield self._end(Status.STOPPED)
        except Diverged as error:
            yield self._end(Status.DIVERGED, str(error))
        else:
            yield self._end(Status.DONE)

    def _end(self, status: Status, reason: str | None = None) -> VariantEnded:
        """State how the variant ended, with the weights that it has by now."""
        seconds, network = self._step_seconds, self._network
        return self._state(
            VariantEnded,
            status=status,
            reason=reason,
            steps=len(seconds),
            seconds_per_step=statistics.median(seconds) if seconds else None,
            train_seconds=math.fsum(seconds) if seconds else None,
            weights_sha256=network.weights_sha256() if network else None,
        )

    def _build_and_train(self) -> Iterator[Event]:
        config, variant = self._context.config, self._variant
        with self._context.tracing:
            self._reins.raise_if_stopped()
            yield self._enter(Phase.BUILDING)
            kernels = initial_kernels(variant.convolution_initializer, config.seed)
            self._network = network = build_network(variant.norm, kernels)
            adam = build_adam(network.parameters, config.learning_rate)
        with self._context.tracing:
            self._reins.raise_if_stopped()
            yield self._enter(Phase.COMPILING)
            step = TrainingStep(network, adam, config.batch_size)
            evaluator = Evaluator(network)
        yield self._enter(Phase.TRAINING)
        yield from self._train(step, evaluator)
        yield from self._finish(evaluator)

    def _train(self, step: TrainingStep, evaluator: Evaluator) -> Iterator[Event]:
        config, train = self._context.config, self._context.digits.train
        batches = walk(len(train), config.batch_size, config.seed)
        for index, batch in zip(range(config.batches), batches, strict=False):
            yield from self._wait_while_paused()
            self._reins.raise_if_stopped()
            images, labels = train.images[batch], train.labels[batch]
            before = time.perf_counter()
            result = step(images, labels)
            step_seconds = time.perf_counter() - before
            self._step_seconds.append(step_seconds)
            yield self._state(
                StepTrained,
                step=index,
                loss=result.loss,
                accuracy=result.accuracy,
                step_seconds=step_seconds,
            )
            if not result.finite:
                raise Diverged(f"not finite at batch {index}, loss {result.loss:.3g}")
            if index % config.validate_every == 0:
                yield from self._validate(evaluator, index, final=False)
                yield self._enter(Phase.TRAINING)
            elif index % config.log_every == 0:
                yield self._judge_batch(evaluator, index, images, labels)

    def _wait_while_paused(self) -> Iterator[Event]:
        if not self._reins.paused:
            return
        yield self._enter(Phase.PAUSED)
        while self._reins.paused:
            time.sleep(_PATIENCE)
        yield self._enter(Phase.TRAINING)

    def _judge_batch(
        self, evaluator: Evaluator, index: int, images: Images, labels: Labels
    ) -> BatchEvaluated:
        losses, predictions = evaluator.judge(images, labels)
        loss = float(losses.mean(dtype=np.float64))
        accuracy = float((predictions == labels).mean())
        return self._state(BatchEvaluated, step=index, loss=loss, accuracy=accuracy)

    def _validate(self, evaluator: Evaluator, index: int, *, final: bool) -> Iterator[Event]:
        yield self._enter(Phase.VALIDATING)
        score = evaluator.score(self._context.digits.validation, self._reins)
        yield self._state(
            ValidationEvaluated, step=index, loss=score.loss, accuracy=score.accuracy, final=final
        )
        if not math.isfinite(score.loss):
            raise Diverged(f"validation loss {score.loss} after batch {index}")

    def _finish(self, evaluator: Evaluator) -> Iterator[Event]:
        yield from self._validate(evaluator, self._context.config.batches - 1, final=True)
        yield self._enter(Phase.TESTING)
        test = self._context.digits.test
        score = evaluator.score(test, self._reins)
        yield self._state(TestEvaluated, loss=score.loss, accuracy=score.accuracy)
        predictions = tuple(evaluator.predict_one_at_a_time(test.images[:SAMPLES], self._reins))
        correct = tuple(
            prediction == label
            for prediction, label in zip(predictions, test.labels[:SAMPLES].tolist(), strict=True)
        )
        yield self._state(
            HundredScored,
            accuracy=sum(correct) / len(correct),
            predictions=predictions,
            correct=correct,
        )

    def _enter(self, phase: Phase) -> PhaseEntered:
        return self._state(PhaseEntered, phase=phase)

    def _state(self, event: type[E], **facts: Any) -> E:
        return event(seconds=self._context.clock(), variant=self._variant.name, **facts)
