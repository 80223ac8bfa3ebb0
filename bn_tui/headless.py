"""A run without a screen: the event stream to the log on a terminal and to the run's folder."""

import os
import signal
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import FrameType
from typing import IO, Protocol, TextIO

from bn_tui.config import ExperimentConfig
from bn_tui.console import JsonLog, TextLog
from bn_tui.control import Control
from bn_tui.engine.experiment import run
from bn_tui.engine.runtime import Terminal, native_output_to
from bn_tui.errors import (
    DataFormatError,
    DataUnavailableError,
    ExitCode,
    OutputError,
    UsageError,
)
from bn_tui.events import DataLoaded, Event, Status, VariantEnded
from bn_tui.records.recorder import NATIVE_LOG_FILE, Recorder
from bn_tui.streams import point_at_nothing

_SIGNALS = {
    signal.SIGINT: ExitCode.INTERRUPTED,
    signal.SIGTERM: ExitCode.TERMINATED,
    signal.SIGHUP: ExitCode.HUNG_UP,
}


class Consumer(Protocol):
    """Whoever is handed every event."""

    def handle(self, event: Event) -> None:
        """Take in the next event."""


@dataclass(slots=True)
class _Ending:
    """How the run is going to end, as far as is known."""

    code: ExitCode = ExitCode.OK
    a_variant_failed: bool = False
    lost: OSError | None = None

    def handle(self, event: Event) -> None:
        """Note what this event means for the exit code; a signal's code stands above it."""
        if not isinstance(event, VariantEnded):
            return
        self.a_variant_failed |= event.status is Status.FAILED
        if event.status in (Status.FAILED, Status.DIVERGED) and self.code is ExitCode.OK:
            self.code = ExitCode.FAILED

    def lose_output(self, error: OSError) -> None:
        """Note that stdout cannot be written any more; a signal's code stands above this too."""
        self.lost = error
        if self.code in (ExitCode.OK, ExitCode.FAILED):
            gone = isinstance(error, BrokenPipeError)
            self.code = ExitCode.READER_GONE if gone else ExitCode.CANNOT_CREATE


@dataclass(frozen=True, slots=True)
class _Notes:
    """Says what a person should know of the settings, once it is sure that they will be used."""

    config: ExperimentConfig
    stderr: TextIO

    def handle(self, event: Event) -> None:
        """Speak up before training begins."""
        if self.config.batch_size == 1 and isinstance(event, DataLoaded) and event.role == "train":
            self.stderr.write(
                "bn-tui: --batch-size 1: batch norm normalises with the statistics of one image\n"
            )


def run_headless(
    config: ExperimentConfig, *, out: Path | None, log_format: str, quiet: bool
) -> ExitCode:
    """Run to the end, or until a signal, and report; returns the exit code.

    `out` is a folder as `prepare_folder` leaves it.

    Raises:
        BnTuiError: the data are not to be had, or `out` or stdout cannot be written.
    """
    with _native_log(out) as native_log:
        ending = _Ending()
        with native_output_to(native_log) as terminal:
            _consume(
                config, out, _make_log(config, terminal, log_format, quiet=quiet), ending, terminal
            )
        if ending.a_variant_failed:
            _show(native_log)
    return ending.code


def _make_log(
    config: ExperimentConfig, terminal: Terminal, log_format: str, *, quiet: bool
) -> JsonLog | TextLog:
    if log_format == "json":
        return JsonLog(terminal.stdout)
    bare = config.sequential and len(config.variants) == 1
    return TextLog(terminal.stdout, terminal.stderr, bare=bare, quiet=quiet)


def _consume(
    config: ExperimentConfig,
    out: Path | None,
    log: JsonLog | TextLog,
    ending: _Ending,
    terminal: Terminal,
) -> None:
    control = Control()
    consumers: list[Consumer] = [ending, _Notes(config, terminal.stderr)]
    if out is not None:
        consumers.append(Recorder(out))
    with _stopped_by_signals(control, ending, log):
        try:
            for event in run(config, control):
                for consumer in consumers:
                    consumer.handle(event)
                try:
                    log.handle(event)
                except OSError as error:
                    # Nobody reads on, but the run's folder is to be whole.
                    control.stop()
                    point_at_nothing(terminal.stdout.fileno())
                    ending.lose_output(error)
        finally:
            control.stop()
            log.close()
    if ending.lost is not None and ending.code is ExitCode.CANNOT_CREATE:
        raise OutputError(f"standard output cannot be written ({ending.lost.strerror})")


@contextmanager
def _stopped_by_signals(
    control: Control, ending: _Ending, log: JsonLog | TextLog
) -> Iterator[None]:
    """Stop the run between steps on the first signal; leave at once on the second.

    A signal that whoever started the process has it ignore, as nohup does, stays ignored.
    """

    def stop(number: int, _frame: FrameType | None) -> None:
        code = _SIGNALS[signal.Signals(number)]
        if control.stop_requested:
            try:
                log.close()
            finally:
                os._exit(code)
        ending.code = code
        control.stop()

    def suspend(_number: int, _frame: FrameType | None) -> None:
        log.close()  # the cursor is back while the shell has the terminal
        os.kill(os.getpid(), signal.SIGSTOP)

    before = {
        number: signal.signal(number, suspend if number is signal.SIGTSTP else stop)
        for number in (*_SIGNALS, signal.SIGTSTP)
        if signal.getsignal(number) is not signal.SIG_IGN
    }
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


@contextmanager
def _native_log(out: Path | None) -> Iterator[IO[bytes]]:
    """The file that takes what native code prints: kept in the run's folder, or for its time."""
    if out is None:
        with tempfile.TemporaryFile() as log:
            yield log
        return
    try:
        log = (out / NATIVE_LOG_FILE).open("w+b")
    except OSError as error:
        raise OutputError(f"--out {out}: cannot be written ({error.strerror})") from error
    try:
        with log:
            yield log
    except (DataFormatError, DataUnavailableError, UsageError):
        # Refused before anything was done: the folder is as good as new.
        (out / NATIVE_LOG_FILE).unlink()
        raise


def _show(native_log: IO[bytes]) -> None:
    """Print what was captured: where a variant failed, its traceback is in there."""
    native_log.seek(0)
    sys.stderr.write("\n" + native_log.read().decode(errors="replace"))
