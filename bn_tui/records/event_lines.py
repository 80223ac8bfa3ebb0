"""Reading the events of a run that nobody writes now, up to the first line that is none."""

import os
from collections.abc import Iterator
from pathlib import Path

from bn_tui.events import Event, from_json

#: No event is as long; the hundred samples of a run take some 50,000 bytes.
_LONGEST_LINE = 1 << 24


def read_events(path: Path) -> Iterator[tuple[Event, bytes]]:
    """Give each event with its line; a torn or damaged line ends the record.

    Where there is no file there are no events.

    Raises:
        OSError: the file cannot be read.
    """
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_CLOEXEC)
    except FileNotFoundError:
        return
    with os.fdopen(descriptor, "rb") as file:
        while (line := file.readline(_LONGEST_LINE)).endswith(b"\n"):
            try:
                event = from_json(line.decode())
            except (ValueError, RecursionError):
                return
            yield event, line
