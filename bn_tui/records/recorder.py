"""The consumer that keeps a run: `events.jsonl` as it happens, `results.json` at its end."""

import json
import os
from pathlib import Path
from typing import TextIO

from bn_tui.errors import OutputError, UsageError
from bn_tui.events import (
    DataLoaded,
    DataProgressed,
    Event,
    Phase,
    PhaseEntered,
    RunEnded,
    RunStarted,
    plain,
    to_json,
)
from bn_tui.files import write_atomically
from bn_tui.insight.summary import RunSummary

EVENTS_FILE = "events.jsonl"
RESULTS_FILE = "results.json"
NATIVE_LOG_FILE = "native.log"
_FILES = (EVENTS_FILE, RESULTS_FILE, NATIVE_LOG_FILE)


def prepare_folder(folder: Path) -> None:
    """Create the folder of a new run.

    Raises:
        UsageError: it is a file.
        OutputError: it cannot be created or written, or holds a run already.
    """
    try:
        if folder.exists() and not folder.is_dir():
            raise UsageError(f"--out {folder}: expected a folder, new or empty, got a file")
        taken = [name for name in _FILES if (folder / name).exists()]
        if taken:
            raise OutputError(f"--out {folder}: holds {taken[0]} already; name a new folder")
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise OutputError(f"--out {folder}: cannot be created ({error.strerror})") from error
    if not os.access(folder, os.W_OK | os.X_OK):
        raise OutputError(f"--out {folder}: cannot be written (permission denied)")


class Recorder:
    """Writes the events of one run into its folder.

    Nothing is written before all data are there, so that a run refused for its data leaves no
    record behind.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._summary = RunSummary()
        self._early: list[Event] = []
        self._events: TextIO | None = None

    def handle(self, event: Event) -> None:
        """Record one event.

        Raises:
            OutputError: it cannot be written.
        """
        self._summary.add(event)
        try:
            self._write(event)
            if isinstance(event, RunEnded):
                self._finish()
        except OSError as error:
            raise OutputError(f"{self._folder}: cannot be written ({error.strerror})") from error

    def _write(self, event: Event) -> None:
        if self._events is None:
            self._early.append(event)
            if _is_before_the_work(event):
                return
            # Line by line, so that a run that is cut off leaves whole events behind.
            self._events = (self._folder / EVENTS_FILE).open("x", buffering=1, encoding="utf-8")
            lines = [to_json(early) for early in self._early]
            self._early.clear()
        else:
            lines = [to_json(event)]
        self._events.writelines(f"{line}\n" for line in lines)

    def _finish(self) -> None:
        if self._events is not None:
            self._events.close()
        results = json.dumps(plain(self._summary.as_results()), indent=2, allow_nan=False)
        write_atomically(self._folder / RESULTS_FILE, [results.encode(), b"\n"])


def _is_before_the_work(event: Event) -> bool:
    match event:
        case (
            RunStarted() | DataProgressed() | DataLoaded() | PhaseEntered(phase=Phase.LOADING_DATA)
        ):
            return True
        case _:
            return False
