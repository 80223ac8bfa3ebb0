"""The consumer that keeps a run: `events.jsonl` as it happens, `results.json` at its end."""

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

from bn_tui.errors import OutputError
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
from bn_tui.files import DISK, Disk, write_atomically
from bn_tui.insight.history import RunHistory
from bn_tui.records.continuing import Continuation
from bn_tui.records.folder import EVENTS_FILE, RESULTS_FILE, RunFolder
from bn_tui.records.identity import Identity, describe_data, identify
from bn_tui.records.plan import Plan
from bn_tui.records.sessions import Session, append_session, read_differences

#: Takes what cannot be saved any more, and why.
Report = Callable[[str, str], None]


class Recorder:
    """Writes the events of one run into its folder.

    Nothing is written before all data are there, so that a run refused for its data leaves no
    record behind; and a run that is resumed keeps its record as it was until it has done
    something new. From then on nothing is raised: what cannot be written is reported once, the
    run goes on, and the record stays as far as it came, in whole lines.

    Args:
        path: the run's folder, whose lock is held.
        plan: how the run goes on, where it is resumed; None begins a new one.
        report: called with what cannot be saved any more and why, in any thread.
    """

    def __init__(
        self,
        path: Path,
        *,
        plan: Plan | None = None,
        report: Report | None = None,
        disk: Disk = DISK,
    ) -> None:
        self._folder = RunFolder(path)
        self._continuation = None if plan is None else Continuation(plan)
        self._steps = _first_steps(plan)
        self._report = report
        self._disk = disk
        self._history = RunHistory()
        self._started: RunStarted | None = None
        self._early: list[Event] = []
        self._differences: list[str] = []
        self._file: int | None = None
        self._begun = False
        self._lost = False
        self._length = 0
        #: Held by whoever needs the file to stay open, or closes it.
        self._open = threading.Lock()

    @property
    def differences(self) -> list[str]:
        """In spite of what this process goes on, as far as that is known, because of `force`."""
        return [] if self._continuation is None else self._continuation.differences

    def handle(self, event: Event) -> None:
        """Record one event.

        Raises:
            OutputError: nothing has been recorded yet, and the folder cannot be written.
            ChangedError: the run is resumed, and its environment or data are not what they were.
        """
        if isinstance(event, RunStarted):
            self._started = event
        if self._continuation is not None and not self._continuation.takes(event):
            return
        if self._begun:
            self._history.add(event)
            self._append(event)
        else:
            self._early.append(event)
            if self._is_before_the_work(event):
                return
            self._begin()
        if isinstance(event, RunEnded):
            self._finish()

    def sync(self) -> bool:
        """Bring all events so far to the disk; whether they are all there. Any thread may call."""
        with self._open:
            if self._file is not None and not self._lost:
                try:
                    self._disk.fsync(self._file)
                except OSError as error:
                    self._lose(error)
        return not self._lost

    def _is_before_the_work(self, event: Event) -> bool:
        if self._continuation is not None and self._continuation.is_before_the_work(event):
            return True
        match event:
            case (
                RunStarted()
                | DataProgressed()
                | DataLoaded()
                | PhaseEntered(phase=Phase.LOADING_DATA)
            ):
                return True
            case _:
                return False

    def _begin(self) -> None:
        """Write what the run is, then its record so far."""
        folder = self._folder
        try:
            self._differences = read_differences(folder)
            # First, so that a run that goes on by force is known for it whatever happens.
            append_session(folder, self._describe_session(), self._disk)
            write_atomically(folder.config, [self._identify().encode()], disk=self._disk)
            write_atomically(folder.events, self._first_lines(), disk=self._disk)
            self._file = self._disk.append(folder.events)
        except OSError as error:
            raise OutputError(f"{folder.path}: cannot be written ({error.strerror})") from error
        self._begun = True
        self._early.clear()

    def _identify(self) -> Identity:
        if self._continuation is not None:
            return self._continuation.identity
        loaded = [event for event in self._early if isinstance(event, DataLoaded)]
        return identify(self._start(), {event.role: describe_data(event) for event in loaded})

    def _describe_session(self) -> Session:
        self._differences = list(dict.fromkeys([*self._differences, *self.differences]))
        started = self._start()
        return Session(
            started_at=started.started_at,
            environment=started.environment,
            steps=self._steps or dict.fromkeys(started.config["variants"], 0),
            forced=bool(self.differences),
            differences=self.differences,
        )

    def _start(self) -> RunStarted:
        if self._started is None:
            raise ValueError("a run that has not started cannot be recorded")
        return self._started

    def _first_lines(self) -> Iterator[bytes]:
        """The lines that the record keeps, and then those that are new."""
        kept = self._continuation.lines() if self._continuation is not None else ()
        for event, line in kept:
            self._history.add(event)
            self._length += len(line)
            yield line
        for event in self._early:
            self._history.add(event)
            line = _encode(event)
            self._length += len(line)
            yield line

    def _append(self, event: Event) -> None:
        if self._lost or self._file is None:
            self._close()
            return
        line = _encode(event)
        try:
            self._disk.write(self._file, line)
            self._length += len(line)
        except OSError as error:
            # A part of the line may be there; if it has to stay, it is cut when the run is read.
            with suppress(OSError):
                self._disk.truncate(self._file, self._length)
            self._lose(error)
            self._close()

    def _lose(self, error: OSError) -> None:
        self._lost = True
        self._say(EVENTS_FILE, error)

    def _say(self, what: str, error: OSError) -> None:
        if self._report is not None:
            self._report(what, error.strerror or str(error))

    def _close(self) -> None:
        with self._open:
            file, self._file = self._file, None
            if file is not None:
                with suppress(OSError):  # what was written before has been seen to
                    self._disk.close(file)

    def _finish(self) -> None:
        self.sync()
        self._close()
        results = self._history.as_results() | {
            "forced": bool(self._differences),
            "differences": self._differences,
        }
        text = json.dumps(plain(results), indent=2, allow_nan=False)
        try:
            write_atomically(self._folder.results, [text.encode(), b"\n"], disk=self._disk)
        except OSError as error:
            self._say(RESULTS_FILE, error)


def _encode(event: Event) -> bytes:
    return to_json(event).encode() + b"\n"


def _first_steps(plan: Plan | None) -> dict[str, int]:
    """How many steps of each variant a resumed run has behind it; nothing for a new one."""
    if plan is None:
        return {}
    states = plan.resumption.states
    return {name: states[name].steps if name in states else 0 for name in plan.resumption.events}
