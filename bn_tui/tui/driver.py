"""Textual's driver for a terminal that may go away, while file descriptors 1 and 2 lead elsewhere.

Native code prints to those descriptors, so they point at a log while the app runs; the terminal
is where `sys.__stdout__` has been bound to.
"""

import os
import selectors
import signal
import sys
from codecs import getincrementaldecoder
from typing import TYPE_CHECKING, TextIO

from textual import events
from textual._xterm_parser import XTermParser
from textual.app import App
from textual.drivers.linux_driver import LinuxDriver
from textual.geometry import Size

from bn_tui.streams import point_at_nothing
from bn_tui.tui.messages import TerminalClosed
from bn_tui.tui.plain_ascii import to_ascii

if TYPE_CHECKING:
    import asyncio

#: How long to wait for a key before looking whether the app has ended, in seconds.
_PATIENCE = 0.1

#: How long a window's size is left to settle, in seconds: to lay everything out anew takes a
#: tenth of one, which a storm of sizes would make minutes of.
_SETTLING = 0.15


class _Output:
    """What Textual's writing thread writes to; it never fails, or the app would wait for it."""

    def __init__(self, stream: TextIO, *, ascii_only: bool) -> None:
        self._stream = stream
        self._ascii_only = ascii_only

    def write(self, text: str) -> None:
        """Print, in ASCII if need be; where nobody looks any more it is lost."""
        try:
            self._stream.write(to_ascii(text) if self._ascii_only else text)
        except OSError:
            point_at_nothing(self.fileno())

    def flush(self) -> None:
        """Have everything printed."""
        try:
            self._stream.flush()
        except OSError:
            point_at_nothing(self.fileno())

    def fileno(self) -> int:
        """The terminal's descriptor."""
        return self._stream.fileno()


class TerminalDriver(LinuxDriver):
    """Draws on the terminal behind `sys.__stdout__`, and says when its input has ended."""

    def __init__(
        self,
        app: App[object],
        *,
        debug: bool = False,
        mouse: bool = True,
        size: tuple[int, int] | None = None,
    ) -> None:
        super().__init__(app, debug=debug, mouse=mouse, size=size)
        if sys.__stdout__ is None:
            raise RuntimeError("the app needs a terminal to draw on")
        self._output = _Output(sys.__stdout__, ascii_only=app.has_class("-ascii"))
        self._file = self._output  # type: ignore[assignment]
        self._resizing: asyncio.TimerHandle | None = None
        self._answer_signals()

    def _answer_signals(self) -> None:
        # Textual's own handlers draw in the middle of whatever a signal interrupts.
        self._loop.add_signal_handler(signal.SIGTSTP, self._suspend)
        self._loop.add_signal_handler(signal.SIGCONT, self._resume)

    def _suspend(self) -> None:
        """Give the terminal back, and stop with the whole job until somebody has it go on.

        The system stops nothing where no shell could have it go on.
        """
        self._give_back()
        for number in (signal.SIGTSTP, signal.SIGCONT):
            self._loop.remove_signal_handler(number)
        os.kill(0, signal.SIGTSTP)
        self._answer_signals()
        self._take_back()

    def _resume(self) -> None:
        """Draw everything anew, as others have used the terminal while this was stopped."""
        if self._writer_thread is not None:
            # It was stopped from outside, so nothing had been given back.
            self._give_back()
        self._take_back()

    def _give_back(self) -> None:
        self.suspend_application_mode()
        self._writer_thread = None

    def _take_back(self) -> None:
        """Take the terminal, unless this is in the background and has to stop again."""
        self._must_signal_resume = True
        self.resume_application_mode()
        self._app.refresh(layout=True)

    def write(self, data: str) -> None:
        """Draw, unless the terminal has been given back."""
        if self._writer_thread is not None:
            super().write(data)

    def _query_in_band_window_resize(self) -> None:
        """Leave it to the system to say when the window's size has changed.

        Terminals that can tell it themselves would tell every size on the way.
        """

    def start_application_mode(self) -> None:
        """Take the terminal, and follow its size."""
        super().start_application_mode()  # type: ignore[no-untyped-call]
        if self._writer_thread is not None:
            self._loop.add_signal_handler(signal.SIGWINCH, self._resize)

    def _resize(self) -> None:
        """Have the app follow the window, but not every size that it passes through."""
        if self._resizing is None:
            self._resizing = self._loop.call_later(_SETTLING, self._send_size)

    def _send_size(self) -> None:
        self._resizing = None
        size = Size(*self._get_terminal_size())
        self._app.post_message(events.Resize(size, size))

    def _get_terminal_size(self) -> tuple[int, int]:
        # Textual's own looks at file descriptor 1.
        try:
            width, height = os.get_terminal_size(self._output.fileno())
        except OSError:
            return 80, 24
        return width or 80, height or 24

    def run_input_thread(self) -> None:
        """Read keys until the app ends; a terminal that gives nothing any more has closed.

        Textual's own goes on reading at the end of input, which keeps a processor busy.
        """
        parser = XTermParser(self._debug)
        decode = getincrementaldecoder("utf-8")(errors="replace").decode
        with selectors.DefaultSelector() as selector:
            selector.register(self.fileno, selectors.EVENT_READ)
            while not self.exit_event.is_set():
                if selector.select(_PATIENCE):
                    typed = self._read()
                    if not typed:
                        self._app.post_message(TerminalClosed())
                        return
                    for event in parser.feed(decode(typed)):
                        self.process_message(event)
                for event in parser.tick():
                    self.process_message(event)

    def _read(self) -> bytes:
        try:
            return os.read(self.fileno, 4096)
        except OSError:
            return b""
