"""A run with a screen: the event stream to the app and to the run's folder."""

import sys
import threading
import time
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from bn_tui.config import ExperimentConfig
from bn_tui.console import render_table
from bn_tui.control import Control
from bn_tui.engine.runtime import Terminal, native_output_to
from bn_tui.errors import BnTuiError, ExitCode
from bn_tui.events import Event
from bn_tui.insight.summary import RunSummary
from bn_tui.records.recorder import Recorder
from bn_tui.session import Consumer, Ending, native_log
from bn_tui.tui.app import BnTuiApp

#: How long a stopped run may take to end before the process leaves without it, in seconds.
_PATIENCE = 3.0


class LiveRun:
    """A run in a thread of its own, which no consumer's slowness holds up."""

    def __init__(self, config: ExperimentConfig, out: Path | None, noise: IO[bytes]) -> None:
        self.config = config
        self.control = Control()
        self.ending = Ending()
        self.summary = RunSummary()
        self.error: BnTuiError | None = None
        self._fault: BaseException | None = None
        self._noise = noise
        self._events: deque[Event] = deque()
        self._consumers: list[Consumer] = [self.ending]
        if out is not None:
            self._consumers.append(Recorder(out))
        self._began = time.monotonic()
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
            BaseException: what broke the run, where it was no fault of the settings or the data.
        """
        if self._fault is not None:
            raise self._fault
        return [self._events.popleft() for _ in range(min(limit, len(self._events)))]

    def now(self) -> float:
        """Seconds since it began; once it has ended they stand still."""
        return (self._stopped_at or time.monotonic()) - self._began

    def native_output(self) -> str:
        """What native code has printed so far."""
        self._noise.seek(0)
        return self._noise.read().decode(errors="replace")

    def stop(self) -> None:
        """Stop between two steps, and wait a moment for that."""
        self.control.stop()
        self._thread.join(_PATIENCE)

    def _run(self) -> None:
        # Only here, because numpy takes longer to load than a first frame should.
        from bn_tui.engine.experiment import run  # noqa: PLC0415

        try:
            for event in run(self.config, self.control):
                for consumer in self._consumers:
                    consumer.handle(event)
                self.summary.add(event)
                self._events.append(event)
        except BnTuiError as error:
            self.error = error
        except BaseException as error:  # noqa: BLE001 -- raised again where the app takes it in
            self._fault = error
        finally:
            self._stopped_at = time.monotonic()
            self.control.stop()


def run_app(config: ExperimentConfig, *, out: Path | None) -> ExitCode:
    """Show the app until the person leaves or a signal comes; returns the exit code.

    `out` is a folder as `prepare_folder` leaves it. What the last run has come to is printed
    where the screen was.

    Raises:
        BnTuiError: the data are not to be had, or `out` cannot be written.
    """
    runs: list[LiveRun] = []
    with native_log(out) as noise, native_output_to(noise) as terminal:

        def launch(config: ExperimentConfig) -> LiveRun:
            for run in runs:
                run.stop()
            runs.append(LiveRun(config, None if runs else out, noise))
            return runs[-1]

        app = BnTuiApp(launch, config, ascii_only=not _speaks_unicode(terminal))
        with _errors_on(terminal):
            code = app.run()
        for run in runs:
            run.stop()
        if runs and code is not None:
            _report(runs[-1], out, terminal)
    return _exit_code(app, code, runs[-1] if runs else None)


def _exit_code(app: BnTuiApp, code: ExitCode | None, run: LiveRun | None) -> ExitCode:
    if code is None:
        return ExitCode(app.return_code or ExitCode.FAILED)
    if run is None or code is not ExitCode.OK:
        return code
    if run.error is not None:
        raise run.error
    return run.ending.code


def _report(run: LiveRun, out: Path | None, terminal: Terminal) -> None:
    """Leave the final table in the scrollback, with the run's folder."""
    if run.summary.started is None:
        return
    terminal.stdout.write(render_table(run.summary))
    if out is not None:
        terminal.stdout.write(f"kept in {out}\n")
    run.ending.print_tracebacks(terminal.stderr)


def _speaks_unicode(terminal: Terminal) -> bool:
    return terminal.stdout.encoding.lower().replace("-", "") == "utf8"


@contextmanager
def _errors_on(terminal: Terminal) -> Iterator[None]:
    """Have the app say on the terminal what broke it, once the screen is closed."""
    before = sys.stdout, sys.stderr
    sys.stdout, sys.stderr = terminal.stdout, terminal.stderr
    try:
        yield
    finally:
        sys.stdout, sys.stderr = before
