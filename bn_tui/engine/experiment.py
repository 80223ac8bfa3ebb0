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
        while ended < len(self._config.variants):
            for event in self._take():
                ended += isinstance(event, VariantEnded)
                yield event
        yield RunEnded(seconds=self._seconds(), peak_memory_bytes=_peak_memory_bytes())

    def _take(self) -> Iterator[Event]:
        """Wait a moment for the next event; a stop before anything trains ends every variant."""
        if self._control.stop_requested and not self._training.is_set():
            yield from map(self._never_trained, self._config.variants)
            return
        try:
            item = self._queue.get(timeout=_PATIENCE)
        except queue.Empty:
            return
        if isinstance(item, Exception):
            raise item
        yield item

    def _prepare(self) -> None:
        """Load the data, then TensorFlow, then start the variants; all of it takes seconds."""
        try:
            train, test = self._load_data()
            runtime.start_tensorflow(self._threads)
        except Exception as error:  # noqa: BLE001 -- raised again where the events are consumed
            self._queue.put(error)
            return
        # Only here, because both load TensorFlow.
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
        if self._config.sequential:
            self._start_thread("variants", self._train, context, *self._config.variants)
        else:
            for name in self._config.variants:
                self._start_thread(name, self._train, context, name)

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
            trainer = Trainer(VARIANTS[name], context)
            try:
                for event in trainer.run():
                    self._queue.put(event)
            except Exception as error:  # noqa: BLE001 -- the others go on; this one says why
                traceback.print_exc()
                self._queue.put(trainer.end(Status.FAILED, _in_one_line(error)))

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

    def _never_trained(self, variant: str) -> VariantEnded:
        return VariantEnded(
            seconds=self._seconds(),
            variant=variant,
            status=Status.STOPPED,
            reason="",
            steps=0,
            seconds_per_step=0.0,
            train_seconds=0.0,
            weights_sha256="",
        )

    def _seconds(self) -> float:
        return time.monotonic() - self._began

    def _start_thread(self, name: str, target: Callable[..., None], *arguments: object) -> None:
        # Daemons: a person who has stopped the run does not wait for a download or an import.
        threading.Thread(target=target, args=arguments, name=name, daemon=True).start()


def _in_one_line(error: Exception) -> str:
    lines = str(error).strip().splitlines()
    return f"{type(error).__name__}: {lines[0]}" if lines else type(error).__name__


def _peak_memory_bytes() -> int:
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak if sys.platform == "darwin" else peak * 1024
