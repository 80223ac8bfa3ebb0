"""What a run has whether or not there is a screen: who is told, how it ends, where noise goes."""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Protocol, TextIO

from bn_tui.errors import ExitCode, LockedError
from bn_tui.events import Event, SavingFailed, Status, VariantEnded
from bn_tui.records.folder import discard_unused
from bn_tui.records.native_log import open_native_log


class Consumer(Protocol):
    """Whoever is handed every event."""

    def handle(self, event: Event) -> None:
        """Take in the next event."""


@dataclass(slots=True)
class Ending:
    """How the run is going to end, as far as is known."""

    code: ExitCode = ExitCode.OK
    lost: OSError | None = None
    tracebacks: list[str] = field(default_factory=list)

    def handle(self, event: Event) -> None:
        """Note what this event means for the exit code; a signal's code stands above it."""
        if isinstance(event, SavingFailed) and self.code in (ExitCode.OK, ExitCode.FAILED):
            self.code = ExitCode.CANNOT_CREATE
        if not isinstance(event, VariantEnded):
            return
        if event.details:
            self.tracebacks.append(event.details)
        if event.status in (Status.FAILED, Status.DIVERGED) and self.code is ExitCode.OK:
            self.code = ExitCode.FAILED

    def lose_output(self, error: OSError) -> None:
        """Note that stdout cannot be written any more; a signal's code stands above this too."""
        self.lost = error
        if self.code in (ExitCode.OK, ExitCode.FAILED):
            gone = isinstance(error, BrokenPipeError)
            self.code = ExitCode.READER_GONE if gone else ExitCode.CANNOT_CREATE

    def print_tracebacks(self, stderr: TextIO) -> None:
        """Say what went wrong inside the variants that failed."""
        for details in self.tracebacks:
            stderr.write(f"\n{details}")


@contextmanager
def native_log(folder: Path | None) -> Iterator[IO[bytes]]:
    """The file that takes what native code prints: kept in the run's folder, or for its time.

    A run that was refused before anything was recorded leaves nothing behind in its folder.

    Raises:
        OutputError: the folder cannot be written.
    """
    if folder is None:
        with tempfile.TemporaryFile() as unkept:
            yield unkept
        return
    log = open_native_log(folder)
    try:
        with log:
            yield log
    except LockedError:
        raise  # the folder is another process's
    except BaseException:
        discard_refused(folder)
        raise
    else:
        discard_refused(folder)


def discard_refused(folder: Path | None) -> None:
    """Leave nothing behind of a run that ends before anything of it was recorded."""
    if folder is not None:
        with suppress(OSError):  # it may be gone, and is of no use then
            discard_unused(folder)
