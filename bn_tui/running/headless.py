"""A run without a screen: the event stream to the log on a terminal and to the run's folder."""

import os
from typing import NoReturn

from bn_tui.config import ExperimentConfig
from bn_tui.console import JsonLog, TextLog
from bn_tui.control import Control
from bn_tui.errors import ExitCode, OutputError
from bn_tui.events import DataLoaded, Event, Role
from bn_tui.leaving import leaving_on_signals
from bn_tui.records.folder import is_recorded
from bn_tui.running.keeping import KeptTraining, keep
from bn_tui.running.printing import Printing
from bn_tui.running.session import Ending, discard_refused, native_log
from bn_tui.running.wire import Order
from bn_tui.streams import Terminal, native_output_to


def run_headless(order: Order, *, log_format: str, quiet: bool) -> ExitCode:
    """Run to the end, or until a signal, and report; returns the exit code.

    Raises:
        BnTuiError: the data are not to be had, the run cannot go on, or its folder or stdout
            cannot be written.
    """
    with native_log(order.folder) as noise, native_output_to(noise) as terminal:
        log = _make_log(order.config, terminal, log_format, quiet=quiet)
        headless = _Headless(order, Printing(log, terminal))
        with leaving_on_signals(headless.ask_to_leave, headless.leave_at_once):
            return headless.run()


def _make_log(
    config: ExperimentConfig, terminal: Terminal, log_format: str, *, quiet: bool
) -> JsonLog | TextLog:
    if log_format == "json":
        return JsonLog(terminal.stdout)
    bare = config.sequential and len(config.variants) == 1
    return TextLog(terminal.stdout, terminal.stderr, bare=bare, quiet=quiet)


class _Headless:
    """The run, what is printed of it, and the ways out of it."""

    def __init__(self, order: Order, printing: Printing) -> None:
        self._order = order
        self._printing = printing
        self._control = Control()
        self._ending = Ending()

    def run(self) -> ExitCode:
        """Train to the end, and report; returns the exit code.

        Raises:
            BnTuiError: as `run_headless` does.
        """
        printing, folder = self._printing, self._order.folder
        with printing.making_way_for_the_shell(), keep(self._order) as training:
            try:
                self._train(training)
            finally:
                self._control.stop()
                printing.close()
        lost = self._ending.lost
        if lost is not None and self._ending.code is ExitCode.CANNOT_CREATE:
            raise OutputError(f"standard output cannot be written ({lost.strerror})")
        printing.say_beside("".join(f"\n{details}" for details in self._ending.tracebacks))
        if folder is not None and is_recorded(folder):
            printing.say_beside(f"bn-tui: kept in {folder}\n")
        return self._ending.code

    def _train(self, training: KeptTraining) -> None:
        if self._control.stop_requested:
            return  # the signal came before there was anything to stop
        for event in training.recall():
            self._ending.handle(event)
            self._printing.recall(event)
        for event in training.train(self._control):
            self._ending.handle(event)
            self._warn(event)
            try:
                self._printing.handle(event)
            except OSError as error:
                # Nobody reads on, but the run's folder is to be whole.
                self._control.stop()
                self._printing.lose_stdout()
                self._ending.lose_output(error)

    def _warn(self, event: Event) -> None:
        """Say what a person should know of the settings before training begins."""
        if isinstance(event, DataLoaded) and event.role is Role.TRAIN:
            for note in self._order.config.notes:
                self._printing.say_beside(f"bn-tui: {note}\n")

    def ask_to_leave(self, code: ExitCode) -> None:
        """Stop between steps; called within whatever the main thread does."""
        self._ending.code = code
        self._control.stop()
        self._printing.hurry()

    def leave_at_once(self, code: ExitCode) -> NoReturn:
        """End the process, whatever the run is doing."""
        try:
            self._printing.abandon()
            discard_refused(self._order.folder)
        finally:
            os._exit(code)
