"""Training one variant, as a stream of events; nothing is printed."""

import math
import time
from collections.abc import Callable, Generator, Iterator
from functools import partial
from typing import TYPE_CHECKING

from bn_tui.control import Stopped
from bn_tui.engine.batches import Indices, walk
from bn_tui.engine.event_maker import EventMaker
from bn_tui.engine.judge import Judge
from bn_tui.engine.optimizer import Adam, build_adam
from bn_tui.engine.progress import Progress
from bn_tui.engine.run_context import RunContext
from bn_tui.engine.snapshot import restore_vectors, take_vectors, weights_sha256
from bn_tui.engine.tools import Tools, build_tools, build_variant
from bn_tui.events import (
    Event,
    Phase,
    Status,
    StepTrained,
    ValidationEvaluated,
    VariantEnded,
)
from bn_tui.state import TrainingState
from bn_tui.variants import Variant

if TYPE_CHECKING:
    from bn_tui.engine.network import Network

#: How long a paused trainer waits before it looks again, in seconds. It looks, and is not woken,
#: because whoever steers may be a signal handler, which must not wait for a lock.
_PATIENCE = 0.05


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
        with self._context.turns.take(self._variant.name, self._reins):
            self._reins.raise_if_stopped()
            yield self._events.enter(Phase.BUILDING)
            network = build_variant(self._variant, config)
            adam = build_adam(network.parameters, config.learning_rate)
            if state is not None:
                restore_vectors(network, adam, state.vectors)
            self._trained = network, adam
            self._reins.raise_if_stopped()
            yield self._events.enter(Phase.COMPILING)
            tools = build_tools(network, adam, self._variant, self._context, self._events)
        yield self._events.enter(Phase.TRAINING)
        self._progress.mark_place(judged=state is None or state.judged)
        yield from self._train(tools)
        yield from self._finish(tools)

    def _train(self, tools: Tools) -> Iterator[Event]:
        config, train = self._context.config, self._context.digits.train
        unjudged = self._state is not None and not self._state.judged
        first = self._progress.steps - unjudged
        for index, batch in zip(
            range(first, config.batches),
            walk(len(train), tools.batch_size, config.seed, first),
            strict=False,
        ):
            if index == self._progress.steps:
                if index and config.checkpoint_every and index % config.checkpoint_every == 0:
                    self._keep_state()
                yield from self._wait_while_paused()
                self._reins.raise_if_stopped()
                yield from self._update(tools, index, batch)
            yield from self._judge(tools, index, batch)
        self._keep_state()

    def _update(self, tools: Tools, index: int, batch: Indices) -> Iterator[Event]:
        train = self._context.digits.train
        images, labels = train.images[batch], train.labels[batch]
        look = tools.probes.look(index, images)
        before = time.perf_counter()
        result = tools.step(images, labels)
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
            if math.isfinite(result.loss):
                raise Diverged(f"gradient or moving averages not finite at batch {index}")
            raise Diverged(f"not finite at batch {index}, loss {result.loss:.3g}")
        # Before there is a place to go on from: a run that goes on there has no gradient.
        yield from tools.probes.state(index, look, result.gradient)
        self._progress.mark_place(judged=False)

    def _judge(self, tools: Tools, index: int, batch: Indices) -> Iterator[Event]:
        """State what follows update `index`, where it is the turn of anything."""
        if index % self._context.config.validate_every == 0:
            yield from self._validate(tools.judge, index, final=False)
            yield self._events.enter(Phase.TRAINING)
        elif index % self._context.config.log_every == 0:
            yield tools.judge.judge_batch(index, batch)
        yield from tools.probes.compare(index)
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

    def _finish(self, tools: Tools) -> Iterator[Event]:
        last = self._context.config.batches - 1
        validated = yield from self._validate(tools.judge, last, final=True)
        yield from tools.probes.compare_finally(validated)
        yield self._events.enter(Phase.TESTING)
        yield tools.judge.test()
        yield tools.judge.score_hundred()

    def _keep_state(self) -> None:
        """Hand over where training can go on, unless that was done before."""
        if self._keep is None or self._trained is None:
            return
        state = self._progress.take_state(partial(take_vectors, *self._trained))
        if state is not None:
            self._keep(state)
