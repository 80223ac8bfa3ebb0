"""The log on a terminal or in a pipe, whose reader may have gone, or reads nothing any more."""

import os
import select
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

from bn_tui.console import JsonLog, TextLog
from bn_tui.events import Event
from bn_tui.leaving import handling_signals, tell_terminal
from bn_tui.streams import Terminal, point_at_nothing

#: How long a reader may take nothing, once everything is to end, in seconds.
_PATIENCE = 1.0

#: Takes a progress line away and gives the cursor back.
_CLEAR = b"\r\x1b[2K\x1b[?25h"


class Printing:
    """Prints a run's events, and what a person should know beside them."""

    def __init__(self, log: JsonLog | TextLog, terminal: Terminal) -> None:
        self._log = log
        self._terminal = terminal
        self._prints = False
        self._hurries = False

    def handle(self, event: Event) -> None:
        """Print what an event is worth.

        Raises:
            OSError: stdout cannot be written.
        """
        with self._under_way():
            self._log.handle(event)

    def recall(self, event: Event) -> None:
        """Take in what an earlier process has printed."""
        with self._under_way():
            self._log.recall(event)

    def say_beside(self, text: str) -> None:
        """Write to stderr; where nobody reads that, nothing that is written there fails again."""
        with self._under_way():
            try:
                self._terminal.stderr.write(text)
            except OSError:
                point_at_nothing(self._terminal.stderr.fileno())

    def close(self) -> None:
        """Take the progress line away."""
        with self._under_way():
            self._log.close()

    @contextmanager
    def _under_way(self) -> Iterator[None]:
        if self._hurries:
            self._give_up_who_reads_nothing()
        self._prints = True
        try:
            yield
        finally:
            self._prints = False

    def lose_stdout(self) -> None:
        """Print nowhere from now on."""
        point_at_nothing(self._terminal.stdout.fileno())

    def hurry(self) -> None:
        """Wait for nobody from now on who reads nothing; called in a signal handler.

        What the signal has interrupted, which may have waited for long, is written again.
        """
        self._hurries = True
        if self._prints:
            self._give_up_who_reads_nothing()

    def _give_up_who_reads_nothing(self) -> None:
        for stream in (self._terminal.stdout, self._terminal.stderr):
            if not select.select([], [stream], [], _PATIENCE)[1]:
                point_at_nothing(stream.fileno())

    def abandon(self) -> None:
        """Leave the terminal as it was, without waiting for whoever prints."""
        if self._terminal.stdout.isatty():
            tell_terminal(_CLEAR)

    @contextmanager
    def making_way_for_the_shell(self) -> Iterator[None]:
        """Have the cursor back while the process is suspended, from within its own handler."""

        def suspend(_number: int, _frame: FrameType | None) -> None:
            self._log.close()
            os.kill(os.getpid(), signal.SIGSTOP)

        with handling_signals({signal.SIGTSTP: suspend}):
            yield
