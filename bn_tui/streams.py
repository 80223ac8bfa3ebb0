"""The process's own output: where it leads nowhere, and where native code prints."""

import locale
import os
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import IO, TextIO


def reopen_closed() -> None:
    """Point stdout and stderr at nothing where whoever started the process has closed them.

    Else the next file to be opened takes their descriptor, and what is printed goes into it.
    """
    for descriptor, name in ((1, "stdout"), (2, "stderr")):
        if getattr(sys, name) is None:
            point_at_nothing(descriptor)
            setattr(sys, name, os.fdopen(descriptor, "w"))


def find_missing_screen() -> str | None:
    """Say why there is no screen to draw on; None where there is one."""
    if sys.stdin is None or not (sys.stdin.isatty() and sys.stdout.isatty()):
        return "no terminal"
    terminal = os.environ.get("TERM", "")
    return f"TERM={terminal} is no screen" if terminal in ("", "dumb") else None


def speaks_unicode(stream: TextIO) -> bool:
    """Whether a person's terminal has every character.

    The locale is asked too, because Python's own streams have UTF-8 in LC_ALL=C as well.
    """
    encodings = stream.encoding, locale.getencoding()
    return all(encoding.lower().replace("-", "") == "utf8" for encoding in encodings)


def point_at_nothing(descriptor: int) -> None:
    """Let whatever is written to the descriptor from now on be lost, so that no write fails."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    if nowhere != descriptor:
        os.dup2(nowhere, descriptor)
        os.close(nowhere)


@dataclass(frozen=True, slots=True)
class Terminal:
    """The streams that still reach the person while native output is captured."""

    stdout: TextIO
    stderr: TextIO


@contextmanager
def native_output_to(log: IO[bytes]) -> Iterator[Terminal]:
    """Send whatever is printed to file descriptors 1 and 2 to `log`; yields the way around it.

    TensorFlow's C++ prints there whatever the log level, and Python's warnings follow.
    `sys.__stdout__` and `sys.__stderr__` are rebound to the streams, because Textual draws there.
    At the end they are closed and everything is as before; but where a thread that was started
    meanwhile still runs, what it loads may print on, so the descriptors stay with `log`, and
    `sys.stdout` and `sys.stderr` become the streams.
    """
    sys.stdout.flush()
    sys.stderr.flush()
    threads = set(threading.enumerate())
    kept = os.dup(1), os.dup(2)
    terminal = Terminal(_reopen(kept[0], sys.stdout), _reopen(kept[1], sys.stderr))
    originals = sys.__stdout__, sys.__stderr__
    sys.__stdout__, sys.__stderr__ = terminal.stdout, terminal.stderr  # type: ignore[assignment, misc]
    os.dup2(log.fileno(), 1)
    os.dup2(log.fileno(), 2)
    try:
        yield terminal
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        if threads.issuperset(threading.enumerate()):
            for descriptor, copy in zip((1, 2), kept, strict=True):
                os.dup2(copy, descriptor)
            sys.__stdout__, sys.__stderr__ = originals  # type: ignore[misc]
            terminal.stdout.close()
            terminal.stderr.close()
        else:
            sys.stdout, sys.stderr = terminal.stdout, terminal.stderr


def _reopen(descriptor: int, like: TextIO) -> TextIO:
    """Open a stream of its own on `descriptor`, in the encoding of `like`, that never fails."""
    return os.fdopen(descriptor, "w", buffering=1, encoding=like.encoding, errors="replace")
