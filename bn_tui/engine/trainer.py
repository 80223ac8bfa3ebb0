"""Training one variant, as a stream of events: no threads, and nothing is printed."""

import math
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial

from bn_tui.config import ExperimentConfig
from bn_tui.control import Control, Stopped
from bn_tui.engine.architecture import initial_kernels
from bn_tui.engine.batches import Indices, walk
from bn_tui.engine.evaluation import Evaluator
from bn_tui.engine.event_maker import EventMaker
from bn_tui.engine.judge import Digits, Judge
from bn_tui.engine.network import Network, build_network
from bn_tui.engine.optimizer import Adam, build_adam
from bn_tui.engine.progress import Progress
from bn_tui.engine.snapshot import restore_vectors, take_vectors, weights_sha256
from bn_tui.engine.training_step import TrainingStep
from bn_tui.events import Event, Phase, Status, StepTrained, VariantEnded
from bn_tui.state import TrainingState
from bn_tui.variants import Variant

#: How long a paused trainer waits before it looks again, in seconds. It looks, and is not woken,
#: because whoever steers may be a signal handler, which must not wait for a lock.
_PATIENCE = 0.05


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
        self._events = EventMaker(variant.name, context.clock)
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
        return self._events.make(
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
            yield self._events.enter(Phase.BUILDING)
            kernels = initial_kernels(variant.convolution_initializer, config.seed)
            network = build_network(variant.norm, kernels)
            adam = build_adam(network.parameters, config.learning_rate)
            if state is not None:
                restore_vectors(network, adam, state.vectors)
            self._trained = network, adam
        with self._context.tracing:
            self._reins.raise_if_stopped()
            yield self._events.enter(Phase.COMPILING)
            step = TrainingStep(network, adam, config.batch_size)
            evaluator = Evaluator(network)
        judge = Judge(self._context.digits, evaluator, self._reins, self._events)
        yield self._events.enter(Phase.TRAINING)
        self._progress.mark_place(judged=state is None or state.judged)
        yield from self._train(step, judge)
        yield from self._finish(judge)

    def _train(self, step: TrainingStep, judge: Judge) -> Iterator[Event]:
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
            yield from self._judge(judge, index, batch)
        self._keep_state()

    def _update(self, step: TrainingStep, index: int, batch: Indices) -> Iterator[Event]:
        train = self._context.digits.train
        images, labels = train.images[batch], train.labels[batch]
        before = time.perf_counter()
        result = step(images, labels)
        step_seconds = time.perf_counter() - before
        self._progress.add_step(step_seconds)
        yield self._events.make(
            StepTrained,
            step=index,
            loss=result.loss,
            accuracy=result.accuracy,
            step_seconds=step_seconds,
        )
        if not result.finite:
            raise Diverged(f"not finite at batch {index}, loss {result.loss:.3g}")
        self._progress.mark_place(judged=False)

    def _judge(self, judge: Judge, index: int, batch: Indices) -> Iterator[Event]:
        """State what follows update `index`, where it is the turn of anything."""
        if index % self._context.config.validate_every == 0:
            yield from self._validate(judge, index, final=False)
            yield self._events.enter(Phase.TRAINING)
        elif index % self._context.config.log_every == 0:
            yield judge.judge_batch(index, batch)
        self._progress.mark_place(judged=True)

    def _wait_while_paused(self) -> Iterator[Event]:
        if not self._reins.paused:
            return
        yield self._events.enter(Phase.PAUSED)
        while self._reins.paused:
            time.sleep(_PATIENCE)
        yield self._events.enter(Phase.TRAINING)
        self._progress.mark_place(judged=True)

    def _validate(self, judge: Judge, index: int, *, final: bool) -> Iterator[Event]:
        yield self._events.enter(Phase.VALIDATING)
        validated = judge.validate(index, final=final)
        yield validated
        if not math.isfinite(validated.loss):
            raise Diverged(f"validation loss {validated.loss} after batch {index}")

    def _finish(self, judge: Judge) -> Iterator[Event]:
        yield from self._validate(judge, self._context.config.batches - 1, final=True)
        yield self._events.enter(Phase.TESTING)
        yield judge.test()
        yield judge.score_hundred()

    def _keep_state(self) -> None:
        """Hand over where training can go on, unless that was done before."""
        if self._keep is None or self._trained is None:
            return
        state = self._progress.take_state(partial(take_vectors, *self._trained))
        if state is not None:
            self._keep(state)
