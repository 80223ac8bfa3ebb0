"""A run: the data, a thread for each variant, and one stream of what all of them state."""

import queue
import resource
import sys
import threading
import time
import traceback
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from bn_tui.config import ExperimentConfig, check_batch_size
from bn_tui.control import Control
from bn_tui.datasets import catalog
from bn_tui.datasets.dataset import Dataset, LoadProgress
from bn_tui.engine import runtime
from bn_tui.events import (
    DataLoaded,
    DataProgressed,
    Event,
    Phase,
    PhaseEntered,
    RunEnded,
    RunStarted,
    Status,
    StepTrained,
    VariantEnded,
)
from bn_tui.variants import VARIANTS

if TYPE_CHECKING:
    from bn_tui.engine.trainer import RunContext

SCHEMA = 1

#: How long to wait for an event before looking whether the run is to stop, in seconds.
_PATIENCE = 0.1


def run(config: ExperimentConfig, control: Control) -> Iterator[Event]:
    """Train every variant of `config` and yield what happens, from RunStarted to RunEnded.

    Each variant has a thread of its own (one after another with `config.sequential`), which
    never waits for whoever consumes the events. A variant that raises ends alone.

    Raises:
        BnTuiError: the data could not be loaded, or do not fit the settings; nothing was trained.
    """
    return _Run(config, control).events()


class _Run:
    def __init__(self, config: ExperimentConfig, control: Control) -> None:
        self._config = config
        self._control = control
        self._threads = runtime.resolve_threads(config.threads)
        self._began = time.monotonic()
        self._tracing = threading.Lock()
        self._training = threading.Event()
        self._trainers: list[threading.Thread] = []
        self._steps = dict.fromkeys(config.variants, 0)
        # Not a SimpleQueue: before Python 3.13 its `get` waits for ever where a signal interrupts
        # it and an import keeps the interpreter until the timeout is over.
        self._queue: queue.Queue[Event | Exception] = queue.Queue()

    def events(self) -> Iterator[Event]:
        yield RunStarted(
            seconds=self._seconds(),
            schema=SCHEMA,
            started_at=datetime.now(UTC).isoformat(timespec="seconds"),
            config=self._config.as_dict(),
            environment=runtime.describe_environment(self._threads),
        )
        for name in self._config.variants:
            yield self._enter(name, Phase.LOADING_DATA)
        self._start_thread("prepare", self._prepare)
        ended = 0
        try:
            while ended < len(self._config.variants):
                for event in self._take():
                    ended += isinstance(event, VariantEnded)
                    yield event
        finally:
            self._control.stop()
        for trainer in self._trainers:
            trainer.join()
        yield RunEnded(seconds=self._seconds(), peak_memory_bytes=_peak_memory_bytes())

    def _take(self) -> Iterator[Event]:
        """Wait a moment for the next event; a stop before anything trains ends every variant."""
        if self._control.stop_requested and not self._training.is_set():
            for name in self._config.variants:
                yield self._end(name, Status.STOPPED)
            return
        try:
            item = self._queue.get(timeout=_PATIENCE)
        except queue.Empty:
            return
        if isinstance(item, Exception):
            raise item
        if isinstance(item, StepTrained):
            self._steps[item.variant] = item.step + 1
        yield item

    def _prepare(self) -> None:
        """Load the data, then TensorFlow, then start the variants; all of it takes seconds."""
        try:
            self._load_and_start()
        except Exception as error:  # noqa: BLE001 -- raised again where the events are consumed
            self._queue.put(error)

    def _load_and_start(self) -> None:
        train, test = self._load_data()
        if self._control.stop_requested:
            return
        runtime.start_tensorflow(self._threads)
        # Only here, because it loads TensorFlow.
        from bn_tui.engine.trainer import Digits, RunContext  # noqa: PLC0415

        if self._control.stop_requested:
            return
        self._training.set()
        context = RunContext(
            self._config,
            Digits(train.train, train.validation, test.test),
            self._control,
            self._seconds,
            self._tracing,
        )
        names = self._config.variants
        for group in [names] if self._config.sequential else [(name,) for name in names]:
            thread = self._start_thread(" then ".join(group), self._train, context, *group)
            self._trainers.append(thread)

    def _load_data(self) -> tuple[Dataset, Dataset]:
        config = self._config
        train = catalog.load(config.data, report=self._report)
        check_batch_size(config.batch_size, len(train.train))
        self._put_loaded("train", train)
        if config.test_data is None:
            return train, train
        test = catalog.load(config.test_data, report=self._report)
        self._put_loaded("test", test)
        return train, test

    def _train(self, context: "RunContext", *names: str) -> None:
        from bn_tui.engine.trainer import Trainer  # noqa: PLC0415 -- loads TensorFlow

        for name in names:
            try:
                for event in Trainer(VARIANTS[name], context).run():
                    self._queue.put(event)
            except Exception as error:  # noqa: BLE001 -- the others go on; this one says why
                traceback.print_exc()
                self._queue.put(self._end(name, Status.FAILED, _in_one_line(error)))

    def _put_loaded(self, role: str, dataset: Dataset) -> None:
        self._queue.put(
            DataLoaded(
                seconds=self._seconds(),
                role=role,
                name=dataset.name,
                source=dataset.source,
                sha256=dataset.sha256,
                training_images=len(dataset.train),
                validation_images=len(dataset.validation),
                test_images=len(dataset.test),
            )
        )

    def _report(self, progress: LoadProgress) -> None:
        self._queue.put(
            DataProgressed(
                seconds=self._seconds(),
                task=progress.task,
                done=progress.done,
                total=progress.total,
                unit=progress.unit,
            )
        )

    def _enter(self, variant: str, phase: Phase) -> PhaseEntered:
        return PhaseEntered(seconds=self._seconds(), variant=variant, phase=phase)

    def _end(self, variant: str, status: Status, reason: str = "") -> VariantEnded:
        """End a variant that has no trainer, or one that cannot be asked any more."""
        return VariantEnded(
            seconds=self._seconds(),
            variant=variant,
            status=status,
            reason=reason,
            steps=self._steps[variant],
            seconds_per_step=0.0,
            train_seconds=0.0,
            weights_sha256="",
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


def _in_one_line(error: Exception) -> str:
    lines = str(error).strip().splitlines()
    return f"{type(error).__name__}: {lines[0]}" if lines else type(error).__name__


def _peak_memory_bytes() -> int:
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak if sys.platform == "darwin" else peak * 1024
