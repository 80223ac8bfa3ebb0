"""A run that trains now, in a process of its own, for a screen that looks at it when it can."""

import signal
import subprocess
import sys
import threading
import time
from collections import deque
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, suppress
from io import BufferedReader, FileIO
from itertools import islice
from pathlib import Path
from typing import IO

from bn_tui.errors import BnTuiError, BrokenRunError, NoInputError, recreate
from bn_tui.events import Event, RunEnded
from bn_tui.insight.summary import RunSummary
from bn_tui.records.native_log import open_native_log, read_native_log
from bn_tui.running.session import Ending
from bn_tui.running.wire import Breakdown, Order, Recall, Refusal, RemoteControl, read_answer

#: The process that trains; -P, because the folder that a person is in has nothing to do with it.
WORKER = (sys.executable, "-P", "-m", "bn_tui.running.worker")

#: How long a stopped run may take to end before its process is, in seconds: the experiment gives
#: up on its trainers before.
_PATIENCE = 3.5

#: The same where whoever asks cannot wait.
_IMPATIENCE = 0.5

#: How many events are taken at once where nobody waits for them.
_AT_ONCE = 1000


class LiveRun:
    """Trains from the moment it is made, and no consumer's slowness holds it up.

    One that goes on begins with what its record keeps, read from its folder as it is taken. What
    its process prints goes there, too. `command` is what starts the process, which speaks
    as `wire` has it.

    Attributes:
        folder: what keeps it, if anything does.
        error: what kept it from training or cut it short.
        ending: how it is going to end, as far as has been taken.
        summary: what has been taken.

    Raises:
        OutputError: the folder cannot be written.
    """

    origin = ""
    replay = None

    def __init__(self, order: Order, *, command: Sequence[str] = WORKER) -> None:
        self.config = order.config
        self.folder = order.folder
        self.ending = Ending()
        self.summary = RunSummary()
        self.error: BnTuiError | None = None
        self._recorded: Iterator[Event] | None = None
        self._events: deque[Event] = deque()
        self._over = False
        self._began: float | None = None
        self._stopped_at: float | None = None
        self._process = _start(command, order.folder)
        commands = _pipe(self._process.stdin)
        # One that has died at once says so by the end of its answers.
        with suppress(BrokenPipeError):
            commands.write(order.to_line().encode())
        self.control = RemoteControl(commands)
        self._thread = threading.Thread(target=self._listen, name="run", daemon=True)
        self._thread.start()

    @property
    def ended(self) -> bool:
        """Whether no event will follow those that `take` still gives."""
        return not self._thread.is_alive()

    def take(self, limit: int) -> list[Event]:
        """Give the next events, at most `limit`, without waiting."""
        events = self._take_recorded(limit)
        events += [
            self._events.popleft() for _ in range(min(limit - len(events), len(self._events)))
        ]
        for event in events:
            self.ending.handle(event)
            self.summary.add(event)
        return events

    @property
    def recalling(self) -> bool:
        """Whether what `take` gives next was recorded before, so that nobody waits for more."""
        return self._recorded is not None

    def _take_recorded(self, limit: int) -> list[Event]:
        if self._recorded is None:
            return []
        try:
            events = list(islice(self._recorded, limit))
        except BnTuiError as error:
            events, self.error = [], error
        except OSError as error:
            events, self.error = [], NoInputError(f"{self.folder}: cannot be read ({error})")
        if len(events) < limit:
            self._recorded = None
        return events

    def now(self) -> float:
        """Seconds since it began; once it has ended they stand still."""
        return 0.0 if self._began is None else (self._stopped_at or time.monotonic()) - self._began

    def native_output(self, limit: int) -> str:
        """What native code has printed so far, at most the last `limit` bytes of it."""
        return "" if self.folder is None else read_native_log(self.folder, limit)

    def finish(self, patience: float = _PATIENCE) -> None:
        """Stop between two steps, and take in all that has happened.

        Where stopping takes longer than a moment, the process is ended.
        """
        self._stop(patience)
        while self.take(_AT_ONCE):
            pass

    def abandon(self) -> None:
        """Stop in a hurry, whatever has not been taken in."""
        self._stop(_IMPATIENCE)

    def _stop(self, patience: float) -> None:
        self.control.stop()
        self._thread.join(patience)
        if self._thread.is_alive():
            self._process.kill()
            self._thread.join(patience)

    def _listen(self) -> None:
        """Take in what the process says, until it has ended."""
        with BufferedReader(_pipe(self._process.stdout)) as answers:
            for line in answers:
                if not line.endswith(b"\n"):
                    break  # it has died in the middle
                try:
                    self._take_in(read_answer(line.decode()))
                except ValueError as error:
                    said = line.decode(errors="replace").strip()
                    self._break(f"it said {said[:80]!r}", str(error))
        exit_code = self._process.wait()
        self._stopped_at = time.monotonic()
        silent = not self._over and self.error is None
        if silent and not self.control.stop_requested:
            self._break(_describe_end(exit_code), self.native_output(_MOST_NOISE))
        self.control.stop()
        _pipe(self._process.stdin).close()

    def _take_in(self, answer: Event | Recall | Refusal | Breakdown) -> None:
        match answer:
            case Recall(excerpt) if self.folder is not None:
                self._recorded = (event for event, _ in excerpt.read(self.folder))
            case Refusal(message, code):
                self.error = recreate(message, code)
            case Breakdown(traceback):
                self._break(traceback.rstrip().splitlines()[-1], traceback)
            case Event():
                self._add(answer)

    def _add(self, event: Event) -> None:
        # Both processes read the same monotonic clock. An event may come late: it began when the
        # least late of them says.
        began = time.monotonic() - event.seconds
        self._began = began if self._began is None else min(self._began, began)
        self._over |= isinstance(event, RunEnded)
        self._events.append(event)

    def _break(self, reason: str, details: str) -> None:
        self.error = BrokenRunError(f"the training process broke: {reason}")
        self.ending.tracebacks.append(details)


#: How much of what it has printed is told of a process that has died, in bytes.
_MOST_NOISE = 2000


def _start(command: Sequence[str], folder: Path | None) -> subprocess.Popen[bytes]:
    with ExitStack() as stack:
        noise: IO[bytes] | int = subprocess.DEVNULL
        if folder is not None:
            noise = stack.enter_context(open_native_log(folder))
        # Without buffers, which would be locked where a signal interrupts whoever writes.
        return subprocess.Popen(  # noqa: S603 -- ours
            command, bufsize=0, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=noise
        )


def _pipe(stream: IO[bytes] | None) -> FileIO:
    if not isinstance(stream, FileIO):
        raise TypeError("the training process has no pipes")
    return stream


def _describe_end(code: int) -> str:
    if code >= 0:
        return f"it ended with code {code}"
    name = signal.Signals(-code).name
    memory = ", perhaps for want of memory" if -code == signal.SIGKILL else ""
    return f"it was ended by {name}{memory}"
