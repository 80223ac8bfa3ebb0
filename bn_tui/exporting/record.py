"""The record of a run that is to be handed on: its events, as far as they were written whole."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from bn_tui.config import ExperimentConfig
from bn_tui.errors import DataFormatError, NoInputError
from bn_tui.events import Event, RunStarted
from bn_tui.insight.history import RunHistory
from bn_tui.records.folder import EVENTS_FILE, RunFolder, open_folder
from bn_tui.records.reading import read_events
from bn_tui.records.sessions import tell_forced


@dataclass(frozen=True, slots=True)
class Record:
    """A run folder whose events can be read, as often as wanted.

    Raises:
        DataFormatError: by `events`, and what uses them: a line is no event.
        NoInputError: likewise: a file cannot be read.
    """

    folder: Path
    started: RunStarted
    config: ExperimentConfig

    @property
    def name(self) -> str:
        """What the run's folder is called."""
        return self.folder.resolve().name

    @property
    def began(self) -> datetime:
        """When the run began."""
        return datetime.fromisoformat(self.started.started_at)

    def events(self) -> Iterator[Event]:
        """Give the events one by one; a last line that was torn is left out."""
        return _read(self.folder)

    def told(self) -> Iterator[Event]:
        """Give the same for whoever shows them: what was forced follows the beginning."""
        return _blame(self.folder, tell_forced(RunFolder(self.folder), self.events()))

    def history(self) -> RunHistory:
        """Tell what the run has come to."""
        history = RunHistory()
        for event in self.told():
            history.add(event)
        return history


def open_record(folder: Path) -> Record:
    """Open the record of a run; of its events only the first is read.

    Raises:
        NoInputError: the folder is not there, holds no run, or cannot be read.
        DataFormatError: it holds no whole event, is from a newer version, or is none of a run; or
            something in it is a link.
    """
    path = folder / EVENTS_FILE
    if not folder.is_dir():
        raise NoInputError(f"{folder}: expected the folder of a run, found no folder")
    if not path.is_file():
        raise NoInputError(f"{folder}: expected the folder of a run, found no {EVENTS_FILE}")
    open_folder(folder)  # refuses what leads out of it
    started = next(_read(folder), None)
    if not isinstance(started, RunStarted):
        raise DataFormatError(f"{path}: expected RunStarted as its first line, found none")
    try:
        datetime.fromisoformat(started.started_at)
    except ValueError as error:
        raise DataFormatError(f"{path}: is not the record of a run ({error})") from error
    return Record(folder, started, ExperimentConfig.from_dict(started.config, path))


def _read(folder: Path) -> Iterator[Event]:
    return _blame(folder, (event for event, _ in read_events(folder)))


def _blame(folder: Path, events: Iterator[Event]) -> Iterator[Event]:
    """Have what cannot be read be no fault of whatever the events are written to."""
    try:
        yield from events
    except OSError as error:
        raise NoInputError(f"{folder}: cannot be read ({error.strerror})") from error
