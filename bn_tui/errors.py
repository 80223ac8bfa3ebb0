"""What can go wrong in a way that a person can mend, and the exit code each one ends with.

The codes follow BSD's `sysexits.h` where it has one, and 128 + signal number where a signal
ended the run.
"""

import difflib
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from enum import IntEnum
from typing import ClassVar


class ExitCode(IntEnum):
    """Every code that bn-tui exits with; `bn-tui --help` prints this table."""

    OK = 0
    FAILED = 1
    USAGE = 2
    DATA_FORMAT = 65
    NO_INPUT = 66
    DATA_UNAVAILABLE = 69
    CANNOT_CREATE = 73
    LOCKED = 75
    CHANGED = 78
    HUNG_UP = 129
    INTERRUPTED = 130
    READER_GONE = 141
    TERMINATED = 143

    @property
    def meaning(self) -> str:
        """One line for `--help`."""
        return _MEANINGS[self]


_MEANINGS = {
    ExitCode.OK: "every variant finished, or was stopped alone in the app",
    ExitCode.FAILED: "a variant failed or diverged, the others finished; or bn-tui itself broke",
    ExitCode.USAGE: "an option or argument was refused; nothing was started",
    ExitCode.DATA_FORMAT: "a data file, or a file of a run, is not what it says it is",
    ExitCode.NO_INPUT: "a run folder is not there, or holds no run",
    ExitCode.DATA_UNAVAILABLE: "a data set asked for by name could not be reached",
    ExitCode.CANNOT_CREATE: "the output could not be created or written",
    ExitCode.LOCKED: "another process writes this run",
    ExitCode.CHANGED: "settings, data or environment are not those of the run to be resumed",
    ExitCode.HUNG_UP: "stopped because the terminal went away",
    ExitCode.INTERRUPTED: "stopped by Ctrl-C, or left before the end; what there was is reported",
    ExitCode.READER_GONE: "whoever read the output has closed it, as `| head` does",
    ExitCode.TERMINATED: "stopped by SIGTERM; what there was is reported",
}


def suggest(text: str, names: Iterable[str]) -> str:
    """Give the nearest of the names as a hint to put into a message; nothing if none is near."""
    nearest = difflib.get_close_matches(text.lower(), list(names), n=1)
    return f" (did you mean {nearest[0]}?)" if nearest else ""


class BnTuiError(Exception):
    """An error with a message for a person: one line, what was wrong and what is accepted."""

    exit_code: ClassVar[ExitCode] = ExitCode.FAILED


@contextmanager
def about(option: str, value: str) -> Iterator[None]:
    """Say in front of an error's message which option it is about, and what was given."""
    try:
        yield
    except BnTuiError as error:
        raise type(error)(f"{option} {value or repr(value)}: {error}") from error


class UsageError(BnTuiError):
    """A setting outside what is accepted."""

    exit_code = ExitCode.USAGE


class DataFormatError(BnTuiError):
    """A file that is not what it says it is; the message names the file, expected and got."""

    exit_code = ExitCode.DATA_FORMAT


class NoInputError(BnTuiError):
    """A run folder that is not there, or holds no run."""

    exit_code = ExitCode.NO_INPUT


class DataUnavailableError(BnTuiError):
    """A data set asked for by name that no mirror gave; the message names the URLs tried."""

    exit_code = ExitCode.DATA_UNAVAILABLE


class EngineError(BnTuiError):
    """TensorFlow cannot be loaded, or not with the settings asked for."""


class OutputError(BnTuiError):
    """An output folder or file that cannot be created or written."""

    exit_code = ExitCode.CANNOT_CREATE


class LockedError(BnTuiError):
    """A run that another process is writing; the message names the process."""

    exit_code = ExitCode.LOCKED


class ChangedError(BnTuiError):
    """A run that cannot go on as it was; the message names each difference, was → is."""

    exit_code = ExitCode.CHANGED
