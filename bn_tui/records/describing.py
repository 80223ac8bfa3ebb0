"""What a kept run has come to, as the beginning and the end of its events tell it."""

import json
import os
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path
from types import NoneType
from typing import Any

from bn_tui.errors import BnTuiError, NoInputError
from bn_tui.events import Event, RunEnded, RunStarted, Status, VariantEvent, from_json
from bn_tui.insight.summary import RunSummary, VariantSummary
from bn_tui.kept_run import KeptRun, KeptState, KeptVariant
from bn_tui.records.folder import CONFIG_FILE, EVENTS_FILE, RESULTS_FILE, open_folder, read_own
from bn_tui.records.reading import EventReader

#: How much of the end of a run's events is read, in bytes: some hundred events, and more only
#: where a variant has said nothing for so long.
_TAIL = 1 << 15
_LONGEST_TAIL = 1 << 19


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
        str(name): KeptVariant(
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
