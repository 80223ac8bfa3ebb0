"""Leaving on a signal in time, even where whoever is asked to leave hangs."""

import os
import signal
import termios
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from queue import SimpleQueue
from types import FrameType

from bn_tui.errors import ExitCode

#: The signals that end a run, and the exit code of each.
SIGNALS = {
    signal.SIGINT: ExitCode.INTERRUPTED,
    signal.SIGTERM: ExitCode.TERMINATED,
    signal.SIGHUP: ExitCode.HUNG_UP,
}

#: The terminal that controls the process, whatever its own name is.
_TERMINAL = "/dev/tty"

#: How long leaving in order may take after a signal, in seconds.
_LONGEST = 3.9

#: What a screen may have switched on: mouse, its encodings, focus, paste, resizes, the keyboard
#: protocol, frames, the other screen; and what it may have switched off: wrapping, the cursor.
_RESET = (
    b"\x1b[?1000l\x1b[?1003l\x1b[?1006l\x1b[?1015l\x1b[?1016l\x1b[?1004l\x1b[?2004l\x1b[?2048l"
    b"\x1b[<u\x1b[?2026l\x1b[?1049l\x1b[?7h\x1b[?25h\x1b[m"
)

Leave = Callable[[ExitCode], None]


@contextmanager
def leaving_on_signals(ask: Leave, leave_at_once: Leave) -> Iterator[None]:
    """Have signals end the process while the body runs, each with its code.

    The first one calls `ask`, a second one `leave_at_once`, and so does a thread where the body
    has not ended some seconds after the first. A signal that whoever started the process has it
    ignore, as nohup does, stays ignored.

    Args:
        ask: called within whatever the main thread does; it may take no lock, and wait only for
            what the main thread waits for already.
        leave_at_once: does not return.
    """
    # Its `put` may interrupt itself, which no lock and no Event allows.
    asked: SimpleQueue[ExitCode | None] = SimpleQueue()
    left = threading.Event()
    asked_before: list[ExitCode] = []

    def handle(number: int, _frame: FrameType | None) -> None:
        code = SIGNALS[signal.Signals(number)]
        if asked_before and number == signal.SIGHUP:
            return  # a window that is closed sends it twice: the shell does, and the system
        if asked_before:
            leave_at_once(code)
        asked_before.append(code)
        asked.put(code)
        ask(code)

    def watch() -> None:
        code = asked.get()
        if code is not None and not left.wait(_LONGEST):
            leave_at_once(code)

    watchdog = threading.Thread(target=watch, name="watchdog", daemon=True)
    watchdog.start()
    before = {
        number: signal.signal(number, handle)
        for number in SIGNALS
        if signal.getsignal(number) is not signal.SIG_IGN
    }
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
        left.set()
        asked.put(None)
        watchdog.join()


def remember_terminal(descriptor: int) -> Callable[[], None]:
    """Give what sets the terminal as it is now, without waiting for whoever draws on it.

    A terminal that takes nothing more is left as drawn, but echoes what is typed again; where
    there is none any more, nothing happens.
    """
    attributes = termios.tcgetattr(descriptor)

    def restore() -> None:
        with suppress(OSError, termios.error):
            termios.tcsetattr(descriptor, termios.TCSANOW, attributes)
        tell_terminal(_RESET)

    return restore


def tell_terminal(sequence: bytes) -> None:
    """Write to the terminal, where there is one and it takes that without a wait."""
    with suppress(OSError):
        # An end of its own, because the others wait where nobody takes what is printed.
        own = os.open(_TERMINAL, os.O_WRONLY | os.O_NONBLOCK | os.O_NOCTTY)
        os.write(own, sequence)
