"""Training one variant, as a stream of events: no threads, and nothing is printed."""

import math
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from typing import Any, TypeVar

import numpy as np

from bn_tui.config import ExperimentConfig
from bn_tui.control import Control, Stopped
from bn_tui.datasets.dataset import SAMPLES, Split
from bn_tui.engine.architecture import initial_kernels
from bn_tui.engine.batches import Indices, walk
from bn_tui.engine.evaluation import Evaluator
from bn_tui.engine.network import Network, build_network
from bn_tui.engine.optimizer import Adam, build_adam
from bn_tui.engine.progress import Progress
from bn_tui.engine.snapshot import restore_vectors, take_vectors, weights_sha256
from bn_tui.engine.training_step import TrainingStep
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
from bn_tui.state import TrainingState
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


class Trainer:
    """One variant on its way from first weights to final scores.

    Args:
        variant: the variant.
        context: what it shares with the others.
        state: where it goes on; None begins anew.
        stated: how many events of the variant the record has before those of this trainer.
        keep: takes its states: every `checkpoint_every` steps, before the final scores, and at a
            stop. What was yielded before one is what its `events` counts.
    """

    def __init__(
        self,
        variant: Variant,
        context: RunContext,
        *,
        state: TrainingState | None = None,
        stated: int = 0,
        keep: Callable[[TrainingState], None] | None = None,
    ) -> None:
        self._variant = variant
        self._context = context
        self._reins = context.control.reins(variant.name)
        self._state = state
        self._keep = keep
        self._progress = Progress(variant.name, state, stated)
        self._trained: tuple[Network, Adam] | None = None

    def run(self) -> Iterator[Event]:
        """Yield what happens, the last of it a VariantEnded: done, stopped or diverged.

        Errors of TensorFlow, and of this program, are raised.
        """
        for event in self._go_all_the_way():
            self._progress.count(event)
            yield event

    def _go_all_the_way(self) -> Iterator[Event]:
        try:
            yield from self._build_and_train()
        except Stopped:
            self._keep_state()
            yield self._end(Status.STOPPED)
        except Diverged as error:
            yield self._end(Status.DIVERGED, str(error))
        else:
            yield self._end(Status.DONE)

    def _end(self, status: Status, reason: str | None = None) -> VariantEnded:
        """State how the variant ended, with the weights that it has by now."""
        return self._make(
            VariantEnded,
            status=status,
            reason=reason,
            steps=self._progress.steps,
            seconds_per_step=self._progress.times.median,
            train_seconds=self._progress.times.total,
            weights_sha256=self._weights_sha256(),
        )

    def _weights_sha256(self) -> str | None:
        if self._trained is not None:
            return self._trained[0].weights_sha256()
        return weights_sha256(self._state.vectors) if self._state else None

    def _build_and_train(self) -> Iterator[Event]:
        config, variant, state = self._context.config, self._variant, self._state
        with self._context.tracing:
            self._reins.raise_if_stopped()
            yield self._enter(Phase.BUILDING)
            kernels = initial_kernels(variant.convolution_initializer, config.seed)
            network = build_network(variant.norm, kernels)
            adam = build_adam(network.parameters, config.learning_rate)
            if state is not None:
                restore_vectors(network, adam, state.vectors)
            self._trained = network, adam
        with self._context.tracing:
            self._reins.raise_if_stopped()
            yield self._enter(Phase.COMPILING)
            step = TrainingStep(network, adam, config.batch_size)
            evaluator = Evaluator(network)
        yield self._enter(Phase.TRAINING)
        self._progress.mark_place(judged=state is None or state.judged)
        yield from self._train(step, evaluator)
        yield from self._finish(evaluator)

    def _train(self, step: TrainingStep, evaluator: Evaluator) -> Iterator[Event]:
        config, train = self._context.config, self._context.digits.train
        unjudged = self._state is not None and not self._state.judged
        first = self._progress.steps - unjudged
        for index, batch in zip(
            range(first, config.batches),
            walk(len(train), config.batch_size, config.seed, first),
            strict=False,
        ):
            if index == self._progress.steps:
                if index and config.checkpoint_every and index % config.checkpoint_every == 0:
                    self._keep_state()
                yield from self._wait_while_paused()
                self._reins.raise_if_stopped()
                yield from self._update(step, index, batch)
            yield from self._judge(evaluator, index, batch)
        self._keep_state()

    def _update(self, step: TrainingStep, index: int, batch: Indices) -> Iterator[Event]:
        train = self._context.digits.train
        images, labels = train.images[batch], train.labels[batch]
        before = time.perf_counter()
        result = step(images, labels)
        step_seconds = time.perf_counter() - before
        self._progress.add_step(step_seconds)
        yield self._make(
            StepTrained,
            step=index,
            loss=result.loss,
            accuracy=result.accuracy,
            step_seconds=step_seconds,
        )
        if not result.finite:
            raise Diverged(f"not finite at batch {index}, loss {result.loss:.3g}")
        self._progress.mark_place(judged=False)

    def _judge(self, evaluator: Evaluator, index: int, batch: Indices) -> Iterator[Event]:
        """State what follows update `index`, where it is the turn of anything."""
        if index % self._context.config.validate_every == 0:
            yield from self._validate(evaluator, index, final=False)
            yield self._enter(Phase.TRAINING)
        elif index % self._context.config.log_every == 0:
            yield self._judge_batch(evaluator, index, batch)
        self._progress.mark_place(judged=True)

    def _wait_while_paused(self) -> Iterator[Event]:
        if not self._reins.paused:
            return
        yield self._enter(Phase.PAUSED)
        while self._reins.paused:
            time.sleep(_PATIENCE)
        yield self._enter(Phase.TRAINING)
        self._progress.mark_place(judged=True)

    def _judge_batch(self, evaluator: Evaluator, index: int, batch: Indices) -> BatchEvaluated:
        train = self._context.digits.train
        labels = train.labels[batch]
        losses, predictions = evaluator.judge(train.images[batch], labels)
        loss = float(losses.mean(dtype=np.float64))
        accuracy = float((predictions == labels).mean())
        return self._make(BatchEvaluated, step=index, loss=loss, accuracy=accuracy)

    def _validate(self, evaluator: Evaluator, index: int, *, final: bool) -> Iterator[Event]:
        yield self._enter(Phase.VALIDATING)
        score = evaluator.score(self._context.digits.validation, self._reins)
        yield self._make(
            ValidationEvaluated, step=index, loss=score.loss, accuracy=score.accuracy, final=final
        )
        if not math.isfinite(score.loss):
            raise Diverged(f"validation loss {score.loss} after batch {index}")

    def _finish(self, evaluator: Evaluator) -> Iterator[Event]:
        yield from self._validate(evaluator, self._context.config.batches - 1, final=True)
        yield self._enter(Phase.TESTING)
        test = self._context.digits.test
        score = evaluator.score(test, self._reins)
        yield self._make(TestEvaluated, loss=score.loss, accuracy=score.accuracy)
        predictions = tuple(evaluator.predict_one_at_a_time(test.images[:SAMPLES], self._reins))
        correct = tuple(
            prediction == label
            for prediction, label in zip(predictions, test.labels[:SAMPLES].tolist(), strict=True)
        )
        yield self._make(
            HundredScored,
            accuracy=sum(correct) / len(correct),
            predictions=predictions,
            correct=correct,
        )

    def _keep_state(self) -> None:
        """Hand over where training can go on, unless that was done before."""
        if self._keep is None or self._trained is None:
            return
        state = self._progress.take_state(partial(take_vectors, *self._trained))
        if state is not None:
            self._keep(state)

    def _enter(self, phase: Phase) -> PhaseEntered:
        return self._make(PhaseEntered, phase=phase)

    def _make(self, event: type[E], **facts: Any) -> E:
        return event(seconds=self._context.clock(), variant=self._variant.name, **facts)
