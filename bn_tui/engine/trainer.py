"""Training one variant, as a stream of events: no threads, and nothing is printed."""

import math
import threading
import time
from collections.abc import Callable, Generator, Iterator
from dataclasses import dataclass
from functools import partial

from bn_tui.config import ExperimentConfig
from bn_tui.control import Control, Stopped
from bn_tui.engine.architecture import initial_kernels
from bn_tui.engine.batches import Indices, walk
from bn_tui.engine.comparer import Comparer
from bn_tui.engine.evaluation import Evaluator
from bn_tui.engine.event_maker import EventMaker
from bn_tui.engine.inspector import Inspector
from bn_tui.engine.judge import Digits, Judge
from bn_tui.engine.network import Network, build_network
from bn_tui.engine.norms import NormSettings
from bn_tui.engine.optimizer import Adam, build_adam
from bn_tui.engine.probes import PRECISE_IMAGES, Probes
from bn_tui.engine.progress import Progress
from bn_tui.engine.snapshot import restore_vectors, take_vectors, weights_sha256
from bn_tui.engine.training_step import TrainingStep
from bn_tui.events import (
    Event,
    Phase,
    Status,
    StepTrained,
    ValidationEvaluated,
    VariantEnded,
)
from bn_tui.state import TrainingState
from bn_tui.variants import Statistics, Variant

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
        config, state = self._context.config, self._state
        with self._context.tracing:
            self._reins.raise_if_stopped()
            yield self._events.enter(Phase.BUILDING)
            network = self._build_network()
            adam = build_adam(network.parameters, config.learning_rate)
            if state is not None:
                restore_vectors(network, adam, state.vectors)
            self._trained = network, adam
        with self._context.tracing:
            self._reins.raise_if_stopped()
            yield self._events.enter(Phase.COMPILING)
            step = TrainingStep(network, adam, self._batch_size)
            judge = self._build_judge(network)
            probes = self._build_probes(network, judge.evaluator)
        yield self._events.enter(Phase.TRAINING)
        self._progress.mark_place(judged=state is None or state.judged)
        yield from self._train(step, judge, probes)
        yield from self._finish(judge, probes)

    @property
    def _batch_size(self) -> int:
        return self._variant.batch_size or self._context.config.batch_size

    def _build_network(self) -> Network:
        config, variant = self._context.config, self._variant
        momentum = config.bn_momentum if variant.momentum is None else variant.momentum
        return build_network(
            variant.norm,
            initial_kernels(variant.convolution_initializer, config.seed),
            wiring=variant.wiring,
            settings=NormSettings(momentum, config.bn_epsilon),
        )

    def _build_judge(self, network: Network) -> Judge:
        inference = self._variant.wiring.inference
        probed = self._context.config.probe_every > 0 and network.keeps_statistics
        measures = probed or inference is not Statistics.MOVING
        precise_images = self._context.digits.train.images[:PRECISE_IMAGES] if measures else None
        return Judge(
            self._context.digits,
            Evaluator(network, precise_images),
            self._reins,
            self._events,
            precise=inference is Statistics.PRECISE,
        )

    def _build_probes(self, network: Network, evaluator: Evaluator) -> Probes:
        every = self._context.config.probe_every
        inspector = comparer = None
        if every:
            inspector = Inspector(network, self._batch_size, self._events)
        if every and network.keeps_statistics:
            validation = self._context.digits.validation
            comparer = Comparer(network, evaluator, validation, self._reins, self._events)
        return Probes(every, inspector, comparer)

    def _train(self, step: TrainingStep, judge: Judge, probes: Probes) -> Iterator[Event]:
        config, train = self._context.config, self._context.digits.train
        unjudged = self._state is not None and not self._state.judged
        first = self._progress.steps - unjudged
        for index, batch in zip(
            range(first, config.batches),
            walk(len(train), self._batch_size, config.seed, first),
            strict=False,
        ):
            if index == self._progress.steps:
                if index and config.checkpoint_every and index % config.checkpoint_every == 0:
                    self._keep_state()
                yield from self._wait_while_paused()
                self._reins.raise_if_stopped()
                yield from self._update(step, probes, index, batch)
            yield from self._judge(judge, probes, index, batch)
        self._keep_state()

    def _update(
        self, step: TrainingStep, probes: Probes, index: int, batch: Indices
    ) -> Iterator[Event]:
        train = self._context.digits.train
        images, labels = train.images[batch], train.labels[batch]
        look = probes.look(index, images)
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
        # Before there is a place to go on from: a run that goes on there has no gradient.
        yield from probes.state(index, look, result.gradient)
        self._progress.mark_place(judged=False)

    def _judge(self, judge: Judge, probes: Probes, index: int, batch: Indices) -> Iterator[Event]:
        """State what follows update `index`, where it is the turn of anything."""
        if index % self._context.config.validate_every == 0:
            yield from self._validate(judge, index, final=False)
            yield self._events.enter(Phase.TRAINING)
        elif index % self._context.config.log_every == 0:
            yield judge.judge_batch(index, batch)
        yield from probes.compare(index)
        self._progress.mark_place(judged=True)

    def _wait_while_paused(self) -> Iterator[Event]:
        if not self._reins.paused:
            return
        yield self._events.enter(Phase.PAUSED)
        while self._reins.paused:
            time.sleep(_PATIENCE)
        yield self._events.enter(Phase.TRAINING)
        self._progress.mark_place(judged=True)

    def _validate(
        self, judge: Judge, index: int, *, final: bool
    ) -> Generator[Event, None, ValidationEvaluated]:
        yield self._events.enter(Phase.VALIDATING)
        validated = judge.validate(index, final=final)
        yield validated
        if not math.isfinite(validated.loss):
            raise Diverged(f"validation loss {validated.loss} after batch {index}")
        return validated

    def _finish(self, judge: Judge, probes: Probes) -> Iterator[Event]:
        last = self._context.config.batches - 1
        validated = yield from self._validate(judge, last, final=True)
        yield from probes.compare_finally(validated)
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
