"""The record of a run that is to be handed on: its events, as far as they were written whole."""

import os
import re
from collections.abc import Iterator
from dataclasses import dataclass, fields
from datetime import datetime
from pathlib import Path

from bn_tui.config import ExperimentConfig, restore
from bn_tui.errors import DataFormatError, NoInputError, UsageError
from bn_tui.events import SCHEMA, Event, RunStarted, from_json
from bn_tui.insight.history import RunHistory
from bn_tui.records.folder import EVENTS_FILE, RunFolder
from bn_tui.records.sessions import tell_forced

#: What the summaries of a run need of its settings.
_NEEDED = {"variants", "batches", "validate_every", "test_data"}

# Names become folders of TensorBoard's, so none may lead elsewhere.
_NAME = re.compile(r"\w[\w-]*(:\d+)?")


@dataclass(frozen=True, slots=True)
class Record:
    """A run folder whose events can be read, as often as wanted.

    Raises:
        DataFormatError: by `events`, and what uses them: a line is no event.
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
        return _read(self.folder / EVENTS_FILE)

    def told(self) -> Iterator[Event]:
        """Give the same for whoever shows them: what was forced follows the beginning."""
        return tell_forced(RunFolder(self.folder), self.events())

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
        DataFormatError: it holds no whole event, is from a newer version, or is none of a run.
    """
    path = folder / EVENTS_FILE
    if not folder.is_dir():
        raise NoInputError(f"{folder}: expected the folder of a run, found no folder")
    if not path.is_file():
        raise NoInputError(f"{folder}: expected the folder of a run, found no {EVENTS_FILE}")
    started = next(_read(path), None)
    if not isinstance(started, RunStarted):
        raise DataFormatError(f"{path}: expected RunStarted as its first line, found none")
    if started.schema > SCHEMA:
        raise DataFormatError(
            f"{path}: is of version {started.schema}, this bn-tui reads up to {SCHEMA}"
        )
    try:
        datetime.fromisoformat(started.started_at)
        config = _settings(started)
    except (TypeError, ValueError, UsageError) as error:
        raise DataFormatError(f"{path}: is not the record of a run ({error})") from error
    return Record(folder, started, config)


def _settings(started: RunStarted) -> ExperimentConfig:
    """The settings of the run; what is not known yet is left out."""
    if missing := _NEEDED - started.config.keys():
        raise ValueError(f"it does not say {', '.join(sorted(missing))}")
    names = started.config["variants"]
    if strange := [name for name in names if not _NAME.fullmatch(name)]:
        raise ValueError(f"it names a variant {strange[0]!r}")
    known = {field.name for field in fields(ExperimentConfig)}
    values = {name: value for name, value in started.config.items() if name in known}
    return restore(values)


def _read(path: Path) -> Iterator[Event]:
    """Give the events of a file; a last line that is torn, or is no event, is left out."""
    wrong: DataFormatError | None = None
    try:
        # Not through a link, which may lead out of the run's folder.
        with os.fdopen(os.open(path, os.O_RDONLY | os.O_NOFOLLOW), "rb") as lines:
            for number, line in enumerate(lines, start=1):
                if wrong is not None:
                    raise wrong
                try:
                    event = from_json(line.decode())
                except (ValueError, RecursionError) as error:
                    wrong = DataFormatError(f"{path}, line {number}: {error}")
                else:
                    if line.endswith(b"\n"):
                        yield event
    except OSError as error:
        raise NoInputError(f"{path}: cannot be read ({error.strerror})") from error
