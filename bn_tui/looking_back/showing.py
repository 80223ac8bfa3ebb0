"""Looking back: `bn-tui runs`, `open` and `tour`, with a screen where there is one."""

# ruff: noqa: PLC0415 -- a list for a pipe needs no screen, and a refusal nothing

import asyncio
import json
import os
import sys
import textwrap
from collections.abc import Sequence
from typing import TYPE_CHECKING, NoReturn, TextIO

from bn_tui.errors import ExitCode, UsageError
from bn_tui.kept_run import KeptRun
from bn_tui.looking_back.kept_runs import KeptRuns
from bn_tui.streams import find_missing_screen, speaks_unicode
from bn_tui.tour import STEPS

if TYPE_CHECKING:
    from bn_tui.tui.app import BnTuiApp
    from bn_tui.tui.run import Run

#: How wide the words of the tour are, without a screen.
_WIDTH = 76


def open_runs(runs: Sequence[str], *, replay: float | None = None) -> ExitCode:
    """Show one run, or several on the same axes; `replay` plays one so many times as fast.

    Raises:
        BnTuiError: a run is not there or cannot be read, or several are to be replayed.
    """
    library = KeptRuns()
    if replay is not None and len(runs) > 1:
        raise UsageError("--replay plays one run; name one")
    opened = library.open(runs) if replay is None else library.replay(runs[0], replay)
    if (missing := find_missing_screen()) is not None:
        raise UsageError(f"open shows runs on a screen: {missing}; export hands them on as files")
    return _show(opened, library)


def list_runs(*, as_json: bool = False, screen: bool | None = None) -> ExitCode:
    """List the runs that are kept, on a screen or, where there is none, as lines.

    Args:
        as_json: one JSON array for tools instead.
        screen: whether there is a screen; None asks the terminal.

    Raises:
        BnTuiError: they cannot be listed.
        OSError: stdout cannot be written.
    """
    library = KeptRuns()
    if as_json:
        json.dump([run.as_dict() for run in library.runs()], sys.stdout, indent=2)
        sys.stdout.write("\n")
    elif screen if screen is not None else find_missing_screen() is None:
        return _show(None, library)
    else:
        print_runs(library.runs(), library.place, sys.stdout)
    return ExitCode.OK


def print_runs(runs: Sequence[KeptRun], place: str, stdout: TextIO) -> None:
    """Print a line for each run: when, its name, state and data, and each variant's score."""
    if not runs:
        stdout.write(f"no runs are kept in {place} yet\n")
    rows = [_write(run) for run in runs]
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    for row in rows:
        line = "  ".join(f"{cell:<{width}}" for cell, width in zip(row, widths, strict=True))
        stdout.write(f"{line.rstrip()}\n")


def _write(run: KeptRun) -> tuple[str, ...]:
    when = "-" if run.started_at is None else f"{run.started_at.astimezone():%Y-%m-%d %H:%M}"
    scores = []
    for name, variant in (run.variants or {}).items():
        score = "-" if variant.steps is None else f"{variant.steps}/{run.batches}"
        if variant.test_accuracy is not None:
            score = f"{variant.test_accuracy:.4f}"
        elif variant.status is not None:
            score = variant.status
        scores.append(f"{name} {score}")
    return when, run.name, run.state, run.data or "-", run.problem or ", ".join(scores)


def show_tour(*, screen: bool | None = None) -> ExitCode:
    """Walk through the tour on a screen or, where there is none, print what it says.

    `screen` is whether there is one; None asks the terminal.
    """
    if not (screen if screen is not None else find_missing_screen() is None):
        print_tour(sys.stdout)
        return ExitCode.OK
    from bn_tui.looking_back.touring import open_step
    from bn_tui.tui.tour_app import TourApp

    return _show_app(TourApp(STEPS, open_step, ascii_only=not speaks_unicode(sys.stdout)))


def print_tour(stdout: TextIO) -> None:
    """Print the words of every step."""
    for number, step in enumerate(STEPS, start=1):
        stdout.write(f"{number}. {step.title}\n")
        stdout.write(f"{textwrap.indent(textwrap.fill(step.text, _WIDTH), '   ')}\n\n")
    stdout.write("In a terminal, bn-tui tour shows the recorded run that this tells of.\n")


def _show(run: "Run | None", library: KeptRuns) -> ExitCode:
    """Show runs that are kept until the person leaves or a signal comes.

    Raises:
        BnTuiError: the run could not be read to its end.
    """
    from bn_tui.config import ExperimentConfig
    from bn_tui.tui.app import BnTuiApp

    config = ExperimentConfig() if run is None else run.config
    code = _show_app(
        BnTuiApp(
            None, config, ascii_only=not speaks_unicode(sys.stdout), opened=run, library=library
        )
    )
    if run is not None and run.error is not None and code is ExitCode.OK:
        raise run.error
    return code


def _show_app(app: "BnTuiApp") -> ExitCode:
    """Show an app until the person leaves or a signal comes."""
    from bn_tui.leaving import leaving_on_signals

    showing = _Showing(app)
    with leaving_on_signals(showing.ask_to_leave, showing.leave_at_once):
        return asyncio.run(showing.show())


class _Showing:
    """The app, and the ways out of it."""

    def __init__(self, app: "BnTuiApp") -> None:
        from bn_tui.leaving import remember_terminal

        self._app = app
        self._loop: asyncio.AbstractEventLoop | None = None
        self._signalled: ExitCode | None = None
        self._restore_terminal = remember_terminal(sys.stdin.fileno())

    async def show(self) -> ExitCode:
        """Show the app; returns the code that it was left with."""
        if self._signalled is None:
            self._loop = asyncio.get_running_loop()
            try:
                code = await self._app.run_async()
            finally:
                self._loop = None
            if self._signalled is None:
                return ExitCode.FAILED if code is None else code
        return self._signalled

    def ask_to_leave(self, code: ExitCode) -> None:
        """Have the app end; called within whatever the main thread does."""
        self._signalled = code
        if self._loop is not None:
            self._loop.call_soon_threadsafe(self._app.leave, code)

    def leave_at_once(self, code: ExitCode) -> NoReturn:
        """End the process, whatever the app is doing."""
        self._restore_terminal()
        os._exit(code)
