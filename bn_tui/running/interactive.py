"""A run with a screen: the event stream to the app and to the run's folder."""

import asyncio
import gc
import os
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, NoReturn

from bn_tui.config import ExperimentConfig
from bn_tui.errors import ExitCode, LockedError
from bn_tui.leaving import leaving_on_signals, remember_terminal
from bn_tui.looking_back.kept_runs import KeptRuns
from bn_tui.records.folder import is_recorded, make_folder
from bn_tui.running.live_run import LiveRun
from bn_tui.running.session import discard_refused, native_log
from bn_tui.running.wire import Order
from bn_tui.streams import Terminal, native_output_to, point_at_nothing, speaks_unicode

if TYPE_CHECKING:
    from bn_tui.tui.app import BnTuiApp


def run_app(order: Order) -> ExitCode:
    """Show the app until the person leaves or a signal comes; returns the exit code.

    What the last run has come to is printed where the screen was.

    Raises:
        BnTuiError: the data are not to be had, the run cannot go on, or its folder cannot be
            written.
    """
    with native_log(order.folder) as noise, native_output_to(noise) as terminal:
        showing = _Showing(order, terminal)
        with leaving_on_signals(showing.ask_to_leave, showing.leave_at_once):
            showing.begin()
            with _errors_on(terminal):
                code = asyncio.run(showing.show())
            return showing.end(code)


class _Showing:
    """The app, its runs one after another, and the ways out of it."""

    def __init__(self, order: Order, terminal: Terminal) -> None:
        self._order = order
        self._terminal = terminal
        self._runs: list[LiveRun] = []
        self._first: LiveRun | None = None
        self._signalled: ExitCode | None = None
        self._loop: asyncio.AbstractEventLoop | None = None
        self._restore_terminal = remember_terminal(sys.stdin.fileno())
        self._app: BnTuiApp | None = None

    def begin(self) -> None:
        """Start the first run, which is on its way while the screen loads.

        Nothing is started where a signal came before.
        """
        if self._signalled is None:
            self._first = self._launch(self._order)

    async def show(self) -> ExitCode | None:
        """Show the app; returns the code that it was left with, None where it broke."""
        # Only here, so that the first run has begun by then.
        from bn_tui.tui.app import BnTuiApp  # noqa: PLC0415

        ascii_only = not speaks_unicode(self._terminal.stdout)
        self._app = app = BnTuiApp(
            self._give_run,
            self._order.config,
            ascii_only=ascii_only,
            open_ahead=True,
            library=KeptRuns(),
        )
        self._loop = asyncio.get_running_loop()
        try:
            return self._signalled or await app.run_async()
        finally:
            self._loop = None

    def ask_to_leave(self, code: ExitCode) -> None:
        """Stop what trains, and have the app end; called within whatever the main thread does."""
        self._signalled = code
        for run in self._runs:
            run.control.stop()
        if self._loop is not None and self._app is not None:
            self._loop.call_soon_threadsafe(self._app.leave, code)

    def leave_at_once(self, code: ExitCode) -> NoReturn:
        """End the records and the process, whatever the app is doing."""
        try:
            for run in self._runs:
                run.abandon()
            self._discard_refused()
        finally:
            if self._loop is not None:
                point_at_nothing(self._terminal.stdout.fileno())
                self._restore_terminal()
            os._exit(code)

    def end(self, code: ExitCode | None) -> ExitCode:
        """Stop the runs, and report the last one where the screen was.

        Raises:
            BnTuiError: it could not be run or kept.
        """
        for run in self._runs:
            run.finish()
        self._discard_refused()
        try:
            self._report()
        except OSError:
            # Nobody reads on: the terminal has gone.
            point_at_nothing(self._terminal.stdout.fileno())
            point_at_nothing(self._terminal.stderr.fileno())
        if self._signalled is not None:
            return self._signalled
        if not self._runs or code not in (None, ExitCode.OK):
            return ExitCode.FAILED if code is None else code
        last = self._runs[-1]
        if last.error is not None:
            raise last.error
        return ExitCode.FAILED if code is None else last.ending.code

    def _give_run(self, config: ExperimentConfig) -> LiveRun:
        """Give the app the run that has begun, once its first frame stands; later others."""
        first, self._first = self._first, None
        if first is None:
            return self._launch(self._order_another(config))
        # Modules and style sheets stay as long as the app, and to look through them for garbage
        # holds up a key by 50 ms each time.
        gc.freeze()
        return first

    def _order_another(self, config: ExperimentConfig) -> Order:
        """Have another run kept in a folder of its own, where runs are kept at all."""
        folder = None if self._order.folder is None else make_folder()
        return Order(config=config, folder=folder)

    def _launch(self, order: Order) -> LiveRun:
        self._runs.append(LiveRun(order))
        return self._runs[-1]

    def _discard_refused(self) -> None:
        """Leave no folder of a run that ended before anything of it was recorded."""
        for run in self._runs:
            if not isinstance(run.error, LockedError):  # else the folder is another process's
                discard_refused(run.folder)

    def _report(self) -> None:
        """Leave in the scrollback what there is of the runs, and what broke the last one."""
        with_data = [run for run in self._runs if run.summary.train_data is not None]
        if with_data:
            self._print_results(with_data)
        for run in dict.fromkeys([*with_data[-1:], *self._runs[-1:]]):
            run.ending.print_tracebacks(self._terminal.stderr)

    def _print_results(self, runs: Sequence[LiveRun]) -> None:
        """Print the table of the last run, and where each is kept."""
        # Only here, because a first frame needs no table.
        from bn_tui.console import render_table  # noqa: PLC0415

        stdout = self._terminal.stdout
        stdout.write(render_table(runs[-1].summary))
        for run in runs:
            if run.folder is not None and is_recorded(run.folder):
                which = "" if run is runs[-1] else "an earlier run is "
                stdout.write(f"{which}kept in {run.folder}\n")


@contextmanager
def _errors_on(terminal: Terminal) -> Iterator[None]:
    """Have the app say on the terminal what broke it, once the screen is closed."""
    before = sys.stdout, sys.stderr
    sys.stdout, sys.stderr = terminal.stdout, terminal.stderr
    try:
        yield
    finally:
        sys.stdout, sys.stderr = before
