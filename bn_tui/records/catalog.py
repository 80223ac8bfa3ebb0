"""The runs that are kept in one folder: which there are, how each stands, and deleting one.

Of a run's events only the beginning and the end are read, however long it is.
"""

import fcntl
import json
import os
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from types import NoneType
from typing import Any

from bn_tui.errors import BnTuiError, LockedError, NoInputError, OutputError, suggest
from bn_tui.events import Event, RunEnded, RunStarted, Status, VariantEvent, from_json
from bn_tui.insight.summary import RunSummary, VariantSummary
from bn_tui.kept_run import KeptRun, KeptState, KeptVariant, shorten
from bn_tui.records.folder import (
    CONFIG_FILE,
    EVENTS_FILE,
    LOCK_FILE,
    RESULTS_FILE,
    open_folder,
    read_own,
)
from bn_tui.records.reading import EventReader

#: Stands for the run that was begun last.
LATEST = "latest"

#: How much of the end of a run's events is read, in bytes: some hundred events, and more only
#: where a variant has said nothing for so long.
_TAIL = 1 << 15
_LONGEST_TAIL = 1 << 19

#: Comes before every run.
_EARLIEST = datetime.fromisoformat("0001-01-01T00:00:00+00:00")

Signature = tuple[Any, ...]


class Catalog:
    """The runs in the folder `root`, which need not be there."""

    def __init__(self, root: Path) -> None:
        self._root = root
        self._known: dict[Path, tuple[Signature, KeptRun]] = {}

    def runs(self) -> list[KeptRun]:
        """Describe every run, the latest first; what has not changed is not read again.

        Raises:
            NoInputError: the folder is there and cannot be read.
        """
        try:
            folders = sorted(filter(_holds_run, self._root.iterdir()), reverse=True)
        except FileNotFoundError:
            folders = []
        except OSError as error:
            raise NoInputError(f"{self._root}: cannot be read ({error.strerror})") from error
        self._known = {folder: self._look_at(folder) for folder in folders}
        runs = [run for _, run in self._known.values()]
        return sorted(runs, key=lambda run: run.started_at or _EARLIEST, reverse=True)

    def find(self, text: str) -> Path:
        """Find the folder of a run by its path, its name or the beginning of it, or as `latest`.

        Raises:
            NoInputError: there is none, or there are several.
        """
        path = Path(text)
        if text and _holds_run(path):
            return path
        names = [run.name for run in self.runs()]
        if text == LATEST and names:
            return self._root / names[0]
        if text in names:
            return self._root / text
        # A name begins with its time, which nobody types; its last words are as good.
        matches = [name for name in names if text and (name.startswith(text) or text in name)]
        if len(matches) == 1:
            return self._root / matches[0]
        raise NoInputError(self._explain(text, path, names, matches))

    def _explain(self, text: str, path: Path, names: list[str], matches: list[str]) -> str:
        if matches:
            return f"run {text}: several are called so: {', '.join(matches[:5])}"
        if text and _is_folder(path):
            return f"run {text}: a folder without {EVENTS_FILE} is no run"
        near = suggest(text, [*names, *map(shorten, names)])
        if not names:
            return f"run {text or repr(text)}: no such folder, and {self._root} keeps no runs"
        return (
            f"run {text or repr(text)}: no such folder, and no run in {self._root} begins so"
            f"{near or '; `bn-tui runs` lists them'}"
        )

    def delete(self, name: str) -> None:
        """Delete a run's folder and all that is in it; where a link leads stays as it is.

        Raises:
            LockedError: another process is writing it.
            NoInputError: there is no such run.
            OutputError: it cannot be deleted.
        """
        folder = self._root / name
        if folder.parent != self._root or folder.is_symlink() or not _holds_run(folder):
            raise NoInputError(f"run {name}: no run of {self._root}")
        # Out of sight at once: a run that is half deleted is none any more.
        hidden = self._root / f".deleted-{name}"
        try:
            with _locking(folder):
                shutil.rmtree(hidden, ignore_errors=True)
                folder.rename(hidden)
            shutil.rmtree(hidden)
        except BlockingIOError as error:
            raise LockedError(f"run {name}: another process is writing it") from error
        except OSError as error:
            raise OutputError(f"run {name}: cannot be deleted ({error.strerror})") from error

    def _look_at(self, folder: Path) -> tuple[Signature, KeptRun]:
        locked = is_locked(folder)
        signature = (locked, _stamp(folder / EVENTS_FILE), _stamp(folder / RESULTS_FILE))
        known = self._known.get(folder)
        if known is not None and known[0] == signature:
            return known
        return signature, describe(folder, locked=locked)


def is_locked(folder: Path) -> bool:
    """Whether a process is writing the run in this folder."""
    try:
        with _locking(folder):
            return False
    except BlockingIOError:
        return True
    except OSError:
        return False


@contextmanager
def _locking(folder: Path) -> Iterator[None]:
    """Hold the run's lock as a reader does, of which there may be several.

    Raises:
        BlockingIOError: a process is writing the run.
    """
    try:
        descriptor = os.open(folder / LOCK_FILE, os.O_RDONLY | os.O_NOFOLLOW)
    except FileNotFoundError:
        yield
        return
    try:
        fcntl.flock(descriptor, fcntl.LOCK_SH | fcntl.LOCK_NB)
        yield
    finally:
        os.close(descriptor)


def describe(folder: Path, *, locked: bool) -> KeptRun:
    """Say what is known of the run in a folder; `locked`, a process is writing it."""
    try:
        return _describe(folder, *_summarize(folder), locked=locked)
    except (BnTuiError, OSError, ValueError, KeyError, TypeError) as error:
        problem = str(error).removeprefix(f"{folder}/")
        return KeptRun(folder.name, folder, KeptState.UNREADABLE, problem=problem)


def _describe(folder: Path, summary: RunSummary, over: bool, *, locked: bool) -> KeptRun:  # noqa: FBT001
    started = summary.started
    variants = {
        name: KeptVariant(
            variant.steps or None,
            variant.status,
            variant.validation_accuracy,
            variant.test_accuracy,
        )
        for name, variant in summary.variants.items()
    }
    stopped = any(variant.status is Status.STOPPED for variant in variants.values())
    state = KeptState.STOPPED if stopped else KeptState.FINISHED
    if not over:
        state = KeptState.INTERRUPTED
    return KeptRun(
        name=folder.name,
        folder=folder,
        state=KeptState.RUNNING if locked else state,
        started_at=None if started is None else _read_time(started.started_at),
        data="" if started is None else Path(str(started.config["data"])).name,
        batches=summary.batches,
        variants=variants,
    )


def _read_time(text: str) -> datetime:
    """Read a time; one without a zone is UTC, as all are written."""
    time = datetime.fromisoformat(text)
    return time if time.tzinfo is not None else time.replace(tzinfo=UTC)


def _summarize(folder: Path) -> tuple[RunSummary, bool]:
    """What the beginning and the end of a run say, and whether it is over."""
    open_folder(folder)  # refuses what leads out of it
    summary = RunSummary()
    summary.add(read_start(folder))
    started, path = summary.started, folder / EVENTS_FILE
    over = _add_tail(summary, path, _TAIL)
    if over:
        _add_results(summary, folder / RESULTS_FILE)
    if started is not None and not all(map(_is_heard_of, summary.variants.values())):
        summary.add(started)  # forget what was read
        over = _add_tail(summary, path, _LONGEST_TAIL)
    return summary, over


def _is_heard_of(variant: VariantSummary) -> bool:
    return bool(variant.steps) or variant.status is not None


def _add_tail(summary: RunSummary, path: Path, size: int) -> bool:
    """Add what the last `size` bytes of the events say; tells whether the run is over."""
    over = False
    for event in _tail(path, size):
        over = isinstance(event, RunEnded)
        if over or (isinstance(event, VariantEvent) and event.variant in summary.variants):
            summary.add(event)
    return over


def read_start(folder: Path) -> RunStarted:
    """Read how a run began; one whose events are not there yet has its settings in config.json.

    Raises:
        DataFormatError: the events are none, or of a newer version.
        NoInputError: the folder holds no run.
    """
    reader = EventReader(folder)
    try:
        events = reader.read(1)
        if events and isinstance(events[0], RunStarted):
            return events[0]
        kept = json.loads(read_own(folder / CONFIG_FILE))
        return RunStarted(
            seconds=0.0,
            schema=1,
            started_at=kept["created_at"],
            config=kept["config"],
            environment=kept["environment"],
        )
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise NoInputError(f"{folder}: holds no run that can be read") from error
    finally:
        reader.close()


def _tail(path: Path, size: int) -> Iterator[Event]:
    """The last events of a file, as far as its last bytes have them."""
    try:
        with path.open("rb") as file:
            start = max(file.seek(0, os.SEEK_END) - size, 0)
            file.seek(start)
            lines = file.read(size).split(b"\n")
    except FileNotFoundError:
        return
    # The first may have been cut, and the last is torn or empty.
    for line in lines[1 if start else 0 : -1]:
        try:
            yield from_json(line.decode())
        except (ValueError, RecursionError):
            continue  # what opens the run says what is wrong


def _add_results(summary: RunSummary, path: Path) -> None:
    """Add what a finished run's variants have scored, however long ago.

    Results that are damaged, or of an end after which the run went on, add nothing.
    """
    try:
        results = json.loads(read_own(path))
        if results["seconds"] != summary.seconds:
            return
        scores = {name: _read_scores(results["variants"][name]) for name in summary.variants}
    except (OSError, ValueError, KeyError, TypeError, RecursionError):
        return  # the end of the events has most of it
    for name, variant in summary.variants.items():
        status, variant.steps, variant.validation_accuracy, variant.test_accuracy = scores[name]
        variant.status = status or variant.status


def _read_scores(
    kept: Mapping[str, Any],
) -> tuple[Status | None, int, float | None, float | None]:
    """Read how a variant ended, if it did, its steps, and its accuracies, 0…1.

    Raises:
        KeyError: something is missing.
        TypeError: something is of another kind.
    """
    status, steps = kept["status"], kept["steps"]
    validation, test = kept["validation_accuracy"], kept["test_accuracy"]
    if type(steps) is not int or not {type(validation), type(test)} <= {float, NoneType}:
        raise TypeError(f"these are no scores: {str(kept)[:80]}")
    return Status(status) if status in list(Status) else None, steps, validation, test


def _holds_run(folder: Path) -> bool:
    if folder.name.startswith(".") and folder.name.strip("."):
        return False
    try:
        return any((folder / name).is_file() for name in (EVENTS_FILE, CONFIG_FILE))
    except OSError:
        return False  # a name that is too long, or a folder that nobody may enter


def _is_folder(path: Path) -> bool:
    try:
        return path.is_dir()
    except OSError:
        return False


def _stamp(path: Path) -> tuple[int, int, int] | None:
    try:
        status = path.stat()
    except OSError:
        return None
    return status.st_ino, status.st_size, status.st_mtime_ns
