"""Runs that are read from their folder, for the same screens as one that trains."""

import math
import time
from collections import deque
from collections.abc import Callable
from pathlib import Path

from bn_tui.config import ExperimentConfig
from bn_tui.control import Control
from bn_tui.errors import BnTuiError, NoInputError, UsageError
from bn_tui.events import Event, RunEnded
from bn_tui.records.catalog import is_locked
from bn_tui.records.describing import read_start
from bn_tui.records.folder import RunFolder, open_folder
from bn_tui.records.native_log import read_native_log
from bn_tui.records.reading import EventReader
from bn_tui.records.sessions import tell_forced

#: How often it is asked whether the process that writes a run is still there, in seconds.
_LOCK_INTERVAL = 1.0

#: The slowest and the fastest that a replay is set to, in steps of twice.
SLOWEST, FASTEST = 1 / 8, 1024

Clock = Callable[[], float]


class RecordedRun:
    """A run that is over, all at once; nothing steers it.

    Attributes:
        control: nobody's reins.
        error: what cannot be read of it.

    Raises:
        NoInputError: the folder holds no run.
        DataFormatError: what it holds cannot be read.
    """

    replay: "ReplayedRun | None" = None
    recalling = True

    def __init__(self, folder: Path) -> None:
        self.folder = open_folder(folder).path
        self.config = ExperimentConfig.from_dict(read_start(folder).config, folder)
        self.control = Control()
        self.error: BnTuiError | None = None
        self._reader = EventReader(folder)
        self._seconds = 0.0
        self._over = False

    @property
    def origin(self) -> str:
        """What it is, for the line at the top."""
        return "recorded"

    @property
    def ended(self) -> bool:
        """Whether no event will follow those that `take` still gives."""
        return True

    def take(self, limit: int) -> list[Event]:
        """Give the next events, at most `limit`, without waiting."""
        events = self._read(limit)
        if events:
            self._seconds = events[-1].seconds
            self._over = isinstance(events[-1], RunEnded)
        return events

    def _read(self, limit: int) -> list[Event]:
        if self.error is not None:
            return []
        try:
            return list(tell_forced(RunFolder(self.folder), self._reader.read(limit)))
        except BnTuiError as error:
            self.error = error
        except OSError as error:
            self.error = NoInputError(f"{self.folder}: cannot be read ({error.strerror})")
        return []

    def now(self) -> float:
        """Seconds since it began, as its events count them."""
        return self._seconds

    def native_output(self, limit: int) -> str:
        """What native code had printed, at most the last `limit` bytes of it."""
        return read_native_log(self.folder, limit)


class FollowedRun(RecordedRun):
    """A run that another process writes; it has ended when that process is gone."""

    def __init__(self, folder: Path, clock: Clock = time.monotonic) -> None:
        super().__init__(folder)
        self._clock = clock
        self._written = True
        self._asked = self._told = clock()

    @property
    def origin(self) -> str:
        """What it is, for the line at the top."""
        return "recorded" if self.ended else "live from another process"

    @property
    def ended(self) -> bool:
        """Whether no event will follow those that `take` still gives."""
        return self._over or not self._written or self.error is not None

    def take(self, limit: int) -> list[Event]:
        """Give the next events, at most `limit`, without waiting."""
        now = self._clock()
        if now - self._asked >= _LOCK_INTERVAL:
            self._asked = now
            # Before reading: what was written last is read after the writer has gone.
            self._written = is_locked(self.folder)
        events = super().take(limit)
        if events:
            self._told = now
        return events

    def now(self) -> float:
        """Seconds since it began: since its last event, they have gone on."""
        return self._seconds if self.ended else self._seconds + self._clock() - self._told


class ReplayedRun(RecordedRun):
    """A run that is over, played as it happened, `speed` times as fast.

    Raises:
        UsageError: the speed is not finite, or not above 0.
    """

    def __init__(self, folder: Path, speed: float = 1.0, clock: Clock = time.monotonic) -> None:
        if not (math.isfinite(speed) and speed > 0):
            raise UsageError(f"--replay {speed:g}: expected a finite number above 0, such as 4")
        super().__init__(folder)
        self.replay = self
        self.paused = False
        self._speed = speed
        self._clock = clock
        self._since: float | None = None
        self._last = 0.0
        self._ahead: deque[Event] = deque()

    @property
    def origin(self) -> str:
        """What it is, for the line at the top."""
        state = ", over" if self.ended else ", paused" if self.paused else ""
        return f"replay ×{self._speed:g}{state}"

    @property
    def ended(self) -> bool:
        """Whether no event will follow those that `take` still gives."""
        return self._since is not None and not self._ahead and not self._look_ahead()

    def take(self, limit: int) -> list[Event]:
        """Give the events that have happened by now, at most `limit`."""
        now = self._go_on()
        events: list[Event] = []
        while len(events) < limit and (self._ahead or self._look_ahead()):
            if self._ahead[0].seconds > now:
                break
            events.append(self._ahead.popleft())
            self._last = events[-1].seconds
        return events

    def now(self) -> float:
        """Seconds since it began, as its events count them."""
        return self._last if self.ended else self._go_on()

    def toggle_pause(self) -> None:
        """Stand still, or go on."""
        self._go_on()
        self.paused = not self.paused

    def change_speed(self, steps: int) -> None:
        """Play twice as fast for each step, or half as fast for each below 0."""
        self._go_on()
        self._speed = min(max(self._speed * 2.0**steps, SLOWEST), FASTEST)

    def begin_again(self) -> None:
        """Play it from its beginning."""
        self._reader.close()
        self._reader = EventReader(self.folder)
        self._ahead.clear()
        self._seconds, self._since, self.paused = 0.0, None, False

    def _look_ahead(self) -> bool:
        """Read on; tell whether there was anything."""
        events = self._read(256)
        self._ahead.extend(events)
        return bool(events)

    def _go_on(self) -> float:
        """Count on to this moment; the first asking is the beginning."""
        clock = self._clock()
        if self._since is not None and not self.paused:
            self._seconds += self._speed * (clock - self._since)
        self._since = clock
        return self._seconds


def open_run(folder: Path, replay: float | None = None) -> RecordedRun:
    """Open a run that is kept: as it is, as it is being written, or as it happened.

    Raises:
        UsageError: a run that is being written cannot be replayed, or not at that speed.
        NoInputError: the folder holds no run.
        DataFormatError: what it holds cannot be read.
    """
    if is_locked(folder):
        if replay is not None:
            raise UsageError(f"--replay: {folder.name} is being written; open it without")
        return FollowedRun(folder)
    return RecordedRun(folder) if replay is None else ReplayedRun(folder, replay)
