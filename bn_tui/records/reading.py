"""Reading a run's events back, as they are now or while another process writes them.

Nothing is locked, and the file is only ever read: whoever writes it never waits. A last line that
is torn, or is no event, is what a crash leaves and no part of the record; any other line that is
none is damage.
"""

import errno
import os
from collections import deque
from collections.abc import Iterator
from pathlib import Path
from typing import IO

from bn_tui.errors import DataFormatError
from bn_tui.events import SCHEMA, Event, RunStarted, from_json
from bn_tui.records.folder import EVENTS_FILE

_CHUNK = 1 << 16

#: No event is as long; the hundred samples of a run take some 50,000 bytes.
_LONGEST_LINE = 1 << 24


class DamagedLineError(DataFormatError):
    """A line that is no event though others follow it; the message names file and line."""


def read_events(folder: Path) -> Iterator[tuple[Event, bytes]]:
    """Give each event that there is now, with its line; none where there is no file.

    Raises:
        DamagedLineError: a line is no event, and not the last one.
        DataFormatError: the file is a link, or of a newer version.
        OSError: the file cannot be read.
    """
    reader = EventReader(folder, follows=False)
    try:
        while (found := reader.read_line()) is not None:
            yield found
    finally:
        reader.close()


class EventReader:
    """Gives the events of a file one after another, and those appended later once they are there.

    A last line that is torn is left until the rest of it has come, and a last line that is no
    event is passed over for as long as it is the last. One that `follows` the run begins again
    where another file takes the place of the file, as when a run is resumed: RunStarted comes
    once more.
    """

    def __init__(self, folder: Path, *, follows: bool = True) -> None:
        self._path = folder / EVENTS_FILE
        self._follows = follows
        self._file: IO[bytes] | None = None
        self._lines: deque[bytes] = deque()
        self._torn = b""
        self._number = 0

    def read(self, limit: int) -> list[Event]:
        """Give the next events, at most `limit`, without waiting; none where nothing is new.

        Raises:
            DamagedLineError: a line is no event, and not the last one.
            DataFormatError: the file is a link, or of a newer version.
            OSError: the file is there and cannot be read.
        """
        events: list[Event] = []
        try:
            while len(events) < limit and (found := self.read_line()) is not None:
                events.append(found[0])
        except (DataFormatError, OSError):
            if not events:
                raise
            # What came before it is given first; the next call meets it again.
        return events

    def close(self) -> None:
        """Let go of the file."""
        if self._file is not None:
            self._file.close()
            self._file = None

    def __del__(self) -> None:
        self.close()

    def read_line(self) -> tuple[Event, bytes] | None:
        """Give the next event with its line; None where nothing is new. Raises as `read`."""
        while self._lines or self._read_on():
            event = self._decode(self._lines[0])
            if event is not None:
                self._number += 1
                return event, self._lines.popleft() + b"\n"
            if not (self._replaced() and self._open()):
                break
        return None

    def _read_on(self) -> bool:
        """Read until there is another whole line; tell whether there is."""
        if self._file is None and not self._open():
            return False
        while not self._lines:
            if not self._read_chunk() and not (self._replaced() and self._open()):
                return False
        return True

    def _open(self) -> bool:
        self.close()
        try:
            # Not through a link, which may lead out of the run's folder; and no pipe is waited for.
            descriptor = os.open(self._path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
        except FileNotFoundError:
            return False
        except OSError as error:
            if error.errno == errno.ELOOP:
                message = f"{self._path}: expected a file, got a symbolic link"
                raise DataFormatError(message) from error
            raise
        # No buffer of Python's, which would keep the end of a file that grows.
        self._file = os.fdopen(descriptor, "rb", buffering=0)
        self._lines.clear()
        self._torn, self._number = b"", 0
        return True

    def _read_chunk(self) -> bool:
        """Read a part of the file; tell whether there was any."""
        assert self._file is not None  # noqa: S101 -- for mypy: `_read_on` has opened it
        chunk = self._file.read(_CHUNK)
        if not chunk:
            return False
        *whole, self._torn = (self._torn + chunk).split(b"\n")
        self._lines.extend(whole)
        if len(self._torn) > _LONGEST_LINE:
            raise self._error(f"a line of more than {_LONGEST_LINE:,} bytes")
        return True

    def _replaced(self) -> bool:
        """Whether the path leads to another file by now, or to less of this one than was read."""
        assert self._file is not None  # noqa: S101 -- for mypy: `_read_on` has opened it
        if not self._follows:
            return False
        try:
            there = self._path.stat()
        except FileNotFoundError:
            return False
        here = os.fstat(self._file.fileno())
        same = (there.st_ino, there.st_dev) == (here.st_ino, here.st_dev)
        return not same or there.st_size < self._file.tell()

    def _decode(self, line: bytes) -> Event | None:
        """Decode a line; None where it is no event but the last line that there is."""
        try:
            event = from_json(line.decode())
        except (ValueError, RecursionError) as error:
            if len(self._lines) == 1 and not self._torn and not self._read_chunk():
                return None
            raise self._error(str(error)) from error
        if self._number == 0 and not isinstance(event, RunStarted):
            raise self._error(f"a run begins with RunStarted, not {type(event).__name__}")
        if isinstance(event, RunStarted) and event.schema > SCHEMA:
            raise DataFormatError(
                f"{self._path}: written by a newer bn-tui: its events are of version "
                f"{event.schema}, and this one reads up to {SCHEMA}"
            )
        return event

    def _error(self, what: str) -> DamagedLineError:
        return DamagedLineError(f"{self._path}, line {self._number + 1}: {what}")
