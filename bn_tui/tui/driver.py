"""Textual's driver for a terminal that may go away, while file descriptors 1 and 2 lead elsewhere.

Native code prints to those descriptors, so they point at a log while the app runs; the terminal
is where `sys.__stdout__` has been bound to.
"""

import os
import selectors
import sys
from codecs import getincrementaldecoder

from textual._xterm_parser import XTermParser
from textual.app import App
from textual.drivers.linux_driver import LinuxDriver

from bn_tui.tui.messages import TerminalClosed

#: How long to wait for a key before looking whether the app has ended, in seconds.
_PATIENCE = 0.1


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
        self._file = sys.__stdout__
        self._terminal = sys.__stdout__.fileno()

    def _get_terminal_size(self) -> tuple[int, int]:
        # Textual's own looks at file descriptor 1.
        try:
            width, height = os.get_terminal_size(self._terminal)
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
