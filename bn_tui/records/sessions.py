"""The processes that have worked on a run, one a line in sessions.jsonl."""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from bn_tui.events import Event, ResumptionNoted, RunStarted, plain
from bn_tui.files import Disk
from bn_tui.records.folder import RunFolder, read_own


@dataclass(frozen=True, slots=True)
class Session:
    """One process: when it began, from which step of each variant, and on what.

    `differences` from the run as it was are there where the person insisted, `forced`.
    """

    started_at: str
    environment: Mapping[str, Any]
    steps: Mapping[str, int]
    forced: bool
    differences: Sequence[str]


def append_session(folder: RunFolder, session: Session, disk: Disk) -> None:
    """Add a line, and wait until it is on the disk.

    Raises:
        OSError: it cannot be written.
    """
    line = json.dumps(plain(asdict(session)), allow_nan=False).encode() + b"\n"
    if _is_torn(folder):
        line = b"\n" + line
    file = disk.append(folder.sessions)
    try:
        disk.write(file, line)
        disk.fsync(file)
    finally:
        disk.close(file)


def read_differences(folder: RunFolder) -> list[str]:
    """Give every difference that was forced so far, in order, each once.

    A line that is torn or damaged tells nothing.
    """
    differences: dict[str, None] = {}
    for line in _read(folder).splitlines():
        try:
            session = json.loads(line)
        except (ValueError, RecursionError):
            continue
        stated = session.get("differences") if isinstance(session, dict) else None
        differences |= dict.fromkeys(map(str, stated if isinstance(stated, list) else []))
    return list(differences)


def tell_forced(folder: RunFolder, events: Iterable[Event]) -> Iterator[Event]:
    """Give the events of a record, and behind its beginning what was forced so far.

    Raises:
        OSError: what was forced cannot be read.
    """
    for event in events:
        yield event
        if isinstance(event, RunStarted):
            for difference in read_differences(folder):
                yield ResumptionNoted(seconds=event.seconds, text=difference, forced=True)


def _is_torn(folder: RunFolder) -> bool:
    content = _read(folder)
    return bool(content) and not content.endswith(b"\n")


def _read(folder: RunFolder) -> bytes:
    try:
        return read_own(folder.sessions)
    except FileNotFoundError:
        return b""
