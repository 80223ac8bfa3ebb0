"""A run without a screen: the event stream to the log on a terminal and to the run's folder."""

import os
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from types import FrameType

from bn_tui.config import ExperimentConfig
from bn_tui.console import JsonLog, TextLog
from bn_tui.control import Control
from bn_tui.errors import ExitCode, OutputError
from bn_tui.events import DataLoaded, Event, Role
from bn_tui.leaving import SIGNALS
from bn_tui.records.folder import is_recorded
from bn_tui.running.keeping import keep
from bn_tui.running.session import Ending, discard_refused, native_log
from bn_tui.running.wire import Order
from bn_tui.streams import Terminal, native_output_to, point_at_nothing


@dataclass(frozen=True, slots=True)
class _Notes:
    """Says on stderr what a person should know of the settings."""

    config: ExperimentConfig
    terminal: Terminal

    def handle(self, event: Event) -> None:
        """Speak up before training begins."""
        if isinstance(event, DataLoaded) and event.role is Role.TRAIN:
            for note in self.config.notes:
                _say_beside(self.terminal, f"bn-tui: {note}\n")


def run_headless(order: Order, *, log_format: str, quiet: bool) -> ExitCode:
    """Run to the end, or until a signal, and report; returns the exit code.

    Raises:
        BnTuiError: the data are not to be had, the run cannot go on, or its folder or stdout
            cannot be written.
    """
    ending = Ending()
    with native_log(order.folder) as noise, native_output_to(noise) as terminal:
        log = _make_log(order.config, terminal, log_format, quiet=quiet)
        _consume(order, log, ending, terminal)
        _say_beside(terminal, "".join(f"\n{details}" for details in ending.tracebacks))
        if order.folder is not None and is_recorded(order.folder):
            _say_beside(terminal, f"bn-tui: kept in {order.folder}\n")
    return ending.code


def _say_beside(terminal: Terminal, text: str) -> None:
    """Write to stderr; where nobody reads that, nothing that is written there fails any more."""
    try:
        terminal.stderr.write(text)
    except OSError:
        point_at_nothing(terminal.stderr.fileno())


def _make_log(
    config: ExperimentConfig, terminal: Terminal, log_format: str, *, quiet: bool
) -> JsonLog | TextLog:
    if log_format == "json":
        return JsonLog(terminal.stdout)
    bare = config.sequential and len(config.variants) == 1
    return TextLog(terminal.stdout, terminal.stderr, bare=bare, quiet=quiet)


def _consume(order: Order, log: JsonLog | TextLog, ending: Ending, terminal: Terminal) -> None:
    control = Control()
    notes = _Notes(order.config, terminal)
    with _stopped_by_signals(order, control, ending, log), keep(order) as training:
        for event in training.recall():
            ending.handle(event)
            log.recall(event)
        try:
            for event in training.train(control):
                ending.handle(event)
                notes.handle(event)
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
    order: Order, control: Control, ending: Ending, log: JsonLog | TextLog
) -> Iterator[None]:
    """Stop the run between steps on the first signal; leave at once on the second.

    A signal that whoever started the process has it ignore, as nohup does, stays ignored.
    """

    def stop(number: int, _frame: FrameType | None) -> None:
        code = SIGNALS[signal.Signals(number)]
        if control.stop_requested and number == signal.SIGHUP:
            return  # a window that is closed sends it twice: the shell does, and the system
        if control.stop_requested:
            try:
                log.close()
                discard_refused(order.folder)
            finally:
                os._exit(code)
        ending.code = code
        control.stop()

    def suspend(_number: int, _frame: FrameType | None) -> None:
        log.close()  # the cursor is back while the shell has the terminal
        os.kill(os.getpid(), signal.SIGSTOP)

    before = {
        number: signal.signal(number, suspend if number is signal.SIGTSTP else stop)
        for number in (*SIGNALS, signal.SIGTSTP)
        if signal.getsignal(number) is not signal.SIG_IGN
    }
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
