"""A run: the data, a thread for each variant, and one stream of what all of them state."""

import queue
import threading
import time
import traceback
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from bn_tui.config import ExperimentConfig
from bn_tui.control import Control, Stopped
from bn_tui.engine import runtime
from bn_tui.engine.loading import DataLoading
from bn_tui.engine.parcels import Parcel, Sender
from bn_tui.engine.turns import Turns
from bn_tui.events import (
    SCHEMA,
    Event,
    Phase,
    PhaseEntered,
    RunEnded,
    RunStarted,
    Status,
    StepTrained,
    VariantEnded,
)
from bn_tui.state import Resumption, TrainingState
from bn_tui.variants import find_variant

if TYPE_CHECKING:
    from bn_tui.engine.run_context import RunContext

#: How long to wait for an event before looking whether the run is to stop, in seconds.
_PATIENCE = 0.1

#: How long a trainer may take to notice a stop, in seconds: one that is in a step of minutes is
#: left behind.
_LONGEST_STOP = 2.5


def run(
    config: ExperimentConfig,
    control: Control,
    *,
    resumption: Resumption | None = None,
    keep: Callable[[TrainingState], None] | None = None,
) -> Iterator[Event]:
    """Train every variant of `config` and yield what happens, from RunStarted to RunEnded.

    Each variant has a thread of its own (one after another with `config.sequential`), which
    never waits for whoever consumes the events. A variant that raises ends alone. After a stop
    the end comes within seconds: a thread that does not notice is left to itself.

    Args:
        config: the settings; those of a resumed run may have more batches than before.
        control: how whoever watches steers it.
        resumption: where the run goes on; None begins it anew. What its process does until it
            trains is stated as ever, and `Resumption` says what of that is a repeat.
        keep: takes the states that it can be resumed from, in the thread that consumes the
            events: every `checkpoint_every` steps, before the final scores, and at a stop. Each
            comes when all events before it have been consumed; where those are consumed late,
            some are left out, but never the latest.

    Raises:
        BnTuiError: the data could not be loaded, or do not fit the settings; nothing was trained.
    """
    return _Run(config, control, resumption or _ANEW, keep).events()


_ANEW = Resumption(states={}, ended=frozenset(), seconds=0.0, events={})


class _Run:
    def __init__(
        self,
        config: ExperimentConfig,
        control: Control,
        resumption: Resumption,
        keep: Callable[[TrainingState], None] | None,
    ) -> None:
        self._config = config
        self._control = control
        self._states = resumption.states
        self._names = tuple(name for name in config.variants if name not in resumption.ended)
        self._keep = keep
        self._threads = runtime.resolve_threads(config.threads)
        self._began = time.monotonic() - resumption.seconds
        self._training = threading.Event()
        self._trainers: list[threading.Thread] = []
        self._going = {  # variant → steps, until it ends
            name: self._states[name].steps if name in self._states else 0 for name in self._names
        }
        self._phases = 0  # how many of its own each variant has entered without a trainer
        self._stop_seen: float | None = None
        # Not a SimpleQueue: before Python 3.13 its `get` waits for ever where a signal interrupts
        # it and an import keeps the interpreter until the timeout is over.
        self._queue: queue.Queue[Event | Parcel | Exception] = queue.Queue()

    def events(self) -> Iterator[Event]:
        yield RunStarted(
            seconds=self._seconds(),
            schema=SCHEMA,
            started_at=datetime.now(UTC).isoformat(timespec="seconds"),
            config=self._config.as_dict(),
            environment=runtime.describe_environment(self._threads),
        )
        if self._going:
            self._enter_all(Phase.LOADING_DATA)
            self._start_thread("prepare", self._prepare)
        try:
            while self._going:
                for event in self._take():
                    self._follow(event)
                    yield event
        finally:
            self._control.stop()
        if not self._is_overdue():
            for trainer in self._trainers:
                trainer.join()
        yield RunEnded(seconds=self._seconds(), peak_memory_bytes=runtime.peak_memory_bytes())

    def _take(self) -> Iterator[Event]:
        """Wait a moment for the next event.

        A stop before anything trains, or that a trainer does not notice, ends its variant here;
        what is in the queue when it is overdue comes first, because the last states are.
        """
        if self._control.stop_requested and (
            not self._training.is_set() or (self._is_overdue() and self._queue.empty())
        ):
            for name in tuple(self._going):
                yield self._end(name, Status.STOPPED, self._going[name])
            return
        try:
            item = self._queue.get(timeout=_PATIENCE)
        except queue.Empty:
            return
        match item:
            case Exception():
                raise item
            case Parcel():
                self._unpack(item)
            case _:
                yield item

    def _unpack(self, parcel: Parcel) -> None:
        state = parcel.take()
        if state is not None and self._keep is not None:
            self._keep(state)

    def _is_overdue(self) -> bool:
        """Whether the trainers, which have been asked to stop, take too long."""
        if self._stop_seen is None:
            self._stop_seen = time.monotonic()
        return time.monotonic() > self._stop_seen + _LONGEST_STOP

    def _follow(self, event: Event) -> None:
        if isinstance(event, StepTrained):
            self._going[event.variant] = event.step + 1
        elif isinstance(event, VariantEnded):
            del self._going[event.variant]

    def _prepare(self) -> None:
        """Load the data, then TensorFlow, then start the variants; all of it takes seconds."""
        try:
            self._load_and_start()
        except Stopped:
            pass  # whoever consumes the events ends the variants
        except Exception as error:  # noqa: BLE001 -- raised again where the events are consumed
            self._queue.put(error)

    def _load_and_start(self) -> None:
        loading = DataLoading(self._config, self._control, self._seconds, self._queue.put)
        train, test = loading.load()
        self._enter_all(Phase.LOADING_TENSORFLOW)
        self._control.raise_if_stopped()
        runtime.start_tensorflow(self._threads)
        # Only here, because they load TensorFlow.
        from bn_tui.engine.judge import Digits  # noqa: PLC0415
        from bn_tui.engine.run_context import RunContext  # noqa: PLC0415

        self._control.raise_if_stopped()
        self._training.set()
        self._enter_all(Phase.WAITING)
        context = RunContext(
            self._config,
            Digits(train.train, train.validation, test.test),
            self._control,
            self._seconds,
            self._threads,
            Turns(self._names),
        )
        names = self._names
        for group in [names] if self._config.sequential else [(name,) for name in names]:
            thread = self._start_thread(" then ".join(group), self._train, context, *group)
            self._trainers.append(thread)

    def _train(self, context: "RunContext", *names: str) -> None:
        for name in names:
            try:
                self._train_one(context, name)
            finally:
                # Or the others would wait for one that has failed before its turn.
                context.turns.leave(name)

    def _train_one(self, context: "RunContext", name: str) -> None:
        # Only here, because they load TensorFlow.
        from bn_tui.engine.failures import describe_failure  # noqa: PLC0415
        from bn_tui.engine.trainer import Trainer  # noqa: PLC0415

        state = self._states.get(name)
        steps = state.steps if state else 0
        try:
            trainer = Trainer(
                find_variant(name),
                context,
                state=state,
                stated=state.events if state else self._phases,
                keep=Sender(self._queue.put).send if self._keep else None,
            )
            for event in trainer.run():
                if isinstance(event, StepTrained):
                    steps = event.step + 1
                self._queue.put(event)
        except Exception as error:  # noqa: BLE001 -- the others go on; this one says why
            reason, details = describe_failure(error), traceback.format_exc()
            self._queue.put(self._end(name, Status.FAILED, steps, reason, details=details))

    def _enter_all(self, phase: Phase) -> None:
        self._phases += 1
        for name in self._names:
            self._queue.put(PhaseEntered(seconds=self._seconds(), variant=name, phase=phase))

    def _end(
        self,
        variant: str,
        status: Status,
        steps: int,
        reason: str | None = None,
        *,
        details: str | None = None,
    ) -> VariantEnded:
        """End a variant that has no trainer, or one that cannot be asked any more."""
        return VariantEnded(
            seconds=self._seconds(),
            variant=variant,
            status=status,
            steps=steps,
            reason=reason,
            details=details,
        )

    def _seconds(self) -> float:
        return time.monotonic() - self._began

    def _start_thread(
        self, name: str, target: Callable[..., None], *arguments: object
    ) -> threading.Thread:
        # Daemons: a person who has stopped the run does not wait for a download or an import.
        thread = threading.Thread(target=target, args=arguments, name=name, daemon=True)
        thread.start()
        return thread
