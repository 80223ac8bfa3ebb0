"""Leaving on a signal in time, even where whoever is asked to leave hangs."""

import os
import signal
import termios
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
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

#: Called with a signal, between two steps of whatever the main thread does.
Handler = Callable[[int, FrameType | None], None]


@dataclass(slots=True)
class _HeldBack:
    """A signal that waits; not by masking it, as libraries have threads that do not mask it."""

    came: bool = False

    def __call__(self, _number: int, _frame: FrameType | None) -> None:
        self.came = True


@contextmanager
def holding_back_signals() -> Iterator[None]:
    """Have the signals that end a run wait for `handling_signals`, or for the end of the body."""
    held = {number: _HeldBack() for number in SIGNALS}
    with handling_signals(held):
        yield
    for number, waiting in held.items():
        if waiting.came:
            os.kill(os.getpid(), number)


@contextmanager
def handling_signals(handlers: Mapping[signal.Signals, Handler]) -> Iterator[None]:
    """Answer signals while the body runs, those that were held back first.

    A signal that whoever started the process has it ignore, as nohup does, stays ignored.
    """
    before = {
        number: signal.signal(number, handler)
        for number, handler in handlers.items()
        if signal.getsignal(number) is not signal.SIG_IGN
    }
    try:
        for number, waiting in before.items():
            if isinstance(waiting, _HeldBack) and waiting.came:
                waiting.came = False
                handlers[number](number, None)
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


@contextmanager
def leaving_on_signals(ask: Leave, leave_at_once: Leave) -> Iterator[None]:
    """Have signals end the process while the body runs, each with its code.

    The first one calls `ask`, a second one `leave_at_once`, and so does a thread where the body
    has not ended some seconds after the first.

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
    try:
        with handling_signals(dict.fromkeys(SIGNALS, handle)):
            yield
    finally:
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
