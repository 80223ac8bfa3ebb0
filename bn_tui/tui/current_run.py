"""The run that the screens show: what it has come to, and which one follows it."""

import time
from collections.abc import Callable

from bn_tui.config import ExperimentConfig
from bn_tui.control import Control
from bn_tui.errors import BnTuiError
from bn_tui.insight.history import RunHistory
from bn_tui.insight.journal import Journal
from bn_tui.tui.run import Run

#: How many events are taken at once, and for how many seconds in a row, so that a flood of them
#: never holds up a key.
_AT_ONCE = 100
_LONGEST = 0.03


class CurrentRun:
    """One run at a time, started by `launch`, and all that its events have said.

    Before the first is launched there is nothing to steer, and `control` is nobody's.
    """

    def __init__(self, launch: Callable[[ExperimentConfig], Run], config: ExperimentConfig) -> None:
        self._launch = launch
        self._run: Run | None = None
        self._next: ExperimentConfig | None = None
        self._nobody = Control()
        self.config = config
        self.history = RunHistory()
        self.journal = Journal()

    def start(self, config: ExperimentConfig) -> None:
        """Start a run with these settings in the place of the one before."""
        self.config, self.history, self.journal = config, RunHistory(), Journal()
        self._next = None
        self._run = self._launch(config)

    def replace(self, config: ExperimentConfig) -> bool:
        """Start a run with these settings; one that trains is stopped first.

        Returns:
            Whether it has started; if not, `take_in` will see to it.
        """
        if self._run is not None and self.training:
            self._next = config
            self.control.stop()
        else:
            self.start(config)
        return self._next is None

    def take_in(self) -> bool:
        """Take in what has happened since, and go on to the next run where this one has ended.

        Returns:
            Whether there may be something new to show; while it trains, that is the time.
        """
        if self._run is None:
            return False
        moved = self.training
        until = time.perf_counter() + _LONGEST
        while time.perf_counter() < until and (events := self._run.take(_AT_ONCE)):
            moved = True
            for event in events:
                self.history.add(event)
                self.journal.add(event)
        if self._next is not None and not self.training:
            self.start(self._next)
            return True
        return moved

    @property
    def control(self) -> Control:
        """Its reins."""
        return self._nobody if self._run is None else self._run.control

    @property
    def replacing(self) -> bool:
        """Whether another run will follow as soon as this one has stopped."""
        return self._next is not None

    @property
    def training(self) -> bool:
        """Whether something would be cut short, be it a run that is only about to start."""
        return self._run is None or not (self._run.ended or self.history.ended)

    @property
    def error(self) -> BnTuiError | None:
        """What kept it from training or cut it short, where something did."""
        return None if self._run is None else self._run.error

    @property
    def seconds(self) -> float:
        """Seconds since it began."""
        return 0.0 if self._run is None else self._run.now()

    def native_output(self, limit: int) -> str:
        """What native code has printed so far, at most the last `limit` bytes of it."""
        return "" if self._run is None else self._run.native_output(limit)
