"""A run that trains now, in a thread of its own, for a screen that looks at it when it can."""

import os
import threading
import time
from collections import deque
from collections.abc import Iterator
from pathlib import Path
from typing import IO

from bn_tui.config import ExperimentConfig
from bn_tui.control import Control
from bn_tui.engine.runtime import peak_memory_bytes
from bn_tui.errors import BnTuiError
from bn_tui.events import Event, RunEnded, Status, VariantEnded
from bn_tui.insight.summary import RunSummary
from bn_tui.records.recorder import Recorder
from bn_tui.session import Consumer, Ending

#: How long a stopped run may take to end before it is left behind, in seconds.
_PATIENCE = 3.0

#: How far the trainers stand back behind the screen: Linux keeps it for each thread.
_NICENESS = 5

#: How long to wait for what the run's thread is writing, in seconds.
_WRITING = 0.5


class LiveRun:
    """Trains from the moment it is made, and no consumer's slowness holds it up.

    Attributes:
        out: the folder that keeps it, as `prepare_folder` leaves it.
        error: what kept it from training or cut it short, where that can be mended.
        fault: what broke it, where it was no fault of the settings, the data or the output.
    """

    origin = ""
    replay = None

    def __init__(
        self,
        config: ExperimentConfig,
        noise: IO[bytes],
        *,
        out: Path | None = None,
    ) -> None:
        self.config = config
        self.out = out
        self.control = Control()
        self.ending = Ending()
        self.summary = RunSummary()
        self.error: BnTuiError | None = None
        self.fault: BaseException | None = None
        self._noise = noise
        self._events: deque[Event] = deque()
        self._consumers: list[Consumer] = [self.ending]
        if out is not None:
            self._consumers.append(Recorder(out))
        self._writing = threading.Lock()
        self._closed = False
        self._began: float | None = None
        self._stopped_at: float | None = None
        self._thread = threading.Thread(target=self._run, name="run", daemon=True)
        self._thread.start()

    @property
    def ended(self) -> bool:
        """Whether no event will follow those that `take` still gives."""
        return not self._thread.is_alive()

    def take(self, limit: int) -> list[Event]:
        """Give the next events, at most `limit`, without waiting.

        Raises:
            BaseException: the fault that broke the run; what was not taken yet is lost.
        """
        if self.fault is not None:
            raise self.fault
        return [self._events.popleft() for _ in range(min(limit, len(self._events)))]

    def now(self) -> float:
        """Seconds since it began; once it has ended they stand still."""
        return 0.0 if self._began is None else (self._stopped_at or time.monotonic()) - self._began

    def native_output(self, limit: int) -> str:
        """What native code has printed so far, at most the last `limit` bytes of it."""
        descriptor = self._noise.fileno()
        start = max(os.fstat(descriptor).st_size - limit, 0)
        # Not by seeking: whoever prints writes where this file stands.
        return os.pread(descriptor, limit, start).decode(errors="replace")

    def finish(self) -> None:
        """Stop between two steps; where that takes longer than a moment, end it as it is."""
        self.control.stop()
        self._thread.join(_PATIENCE)
        self.close()

    def close(self) -> None:
        """End the record, which takes nothing more; its variants that still train have stopped."""
        self.control.stop()
        if not self._writing.acquire(timeout=_WRITING):
            return
        try:
            if not self._closed and self.error is None:
                for event in self._missing_end():
                    self._hand_out(event)
            self._closed = True
        finally:
            self._writing.release()

    def _missing_end(self) -> Iterator[Event]:
        """What the run would still have said if it had been waited for."""
        if self.summary.started is None:
            return
        for name, variant in self.summary.variants.items():
            if variant.status is None:
                yield VariantEnded(
                    seconds=self.now(), variant=name, status=Status.STOPPED, steps=variant.steps
                )
        yield RunEnded(seconds=self.now(), peak_memory_bytes=peak_memory_bytes())

    def _run(self) -> None:
        # Whatever the run starts inherits this: a screen that is drawn late is a screen that hangs,
        # and drawing takes little of what the trainers have.
        os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), _NICENESS)
        try:
            # Only here, because numpy takes longer to load than a first frame should.
            from bn_tui.engine.experiment import run  # noqa: PLC0415

            self._began = time.monotonic()
            for event in run(self.config, self.control):
                with self._writing:
                    if self._closed:
                        return
                    self._hand_out(event)
                    self._closed = isinstance(event, RunEnded)
        except BnTuiError as error:
            self.error = error
        except BaseException as error:  # noqa: BLE001 -- raised again where the app takes it in
            self.fault = error
        finally:
            self._stopped_at = time.monotonic()
            self.control.stop()

    def _hand_out(self, event: Event) -> None:
        for consumer in self._consumers:
            consumer.handle(event)
        self.summary.add(event)
        self._events.append(event)
