"""The run that the screens show: what it has come to, and which one follows it."""

import time
from collections.abc import Callable
from pathlib import Path

from bn_tui.config import ExperimentConfig
from bn_tui.control import Control
from bn_tui.errors import BnTuiError, OutputError
from bn_tui.events import Event, RunStarted
from bn_tui.insight.history import RunHistory
from bn_tui.insight.journal import Journal
from bn_tui.tui.run import Replay, Run

#: How many events are taken at once, and for how many seconds in a row, so that a flood of them
#: never holds up a key.
_AT_ONCE = 100
_LONGEST = 0.03


class CurrentRun:
    """One run at a time, and all that its events have said.

    Before the first is shown there is nothing to steer, and `control` is nobody's. `launch`
    trains one with the settings that it is given; without it, runs are only looked at.
    """

    def __init__(
        self, launch: Callable[[ExperimentConfig], Run] | None, config: ExperimentConfig
    ) -> None:
        self._launch = launch
        self._run: Run | None = None
        self._next: Callable[[], None] | None = None
        self._refusal: BnTuiError | None = None
        self._nobody = Control()
        self.config = config
        self.history = RunHistory()
        self.journal = Journal()
        #: Whether there was more to take in than there was time for.
        self.behind = False

    @property
    def can_launch(self) -> bool:
        """Whether runs can be started here."""
        return self._launch is not None

    @property
    def shows_run(self) -> bool:
        """Whether there is a run to look at."""
        return self._run is not None

    def start(self, config: ExperimentConfig) -> None:
        """Start a run with these settings in the place of the one before.

        Where it cannot be started the one before stays, and `error` says why.
        """
        if self._launch is None:
            raise RuntimeError("nothing trains where runs are only looked at")
        self._next = None
        try:
            run = self._launch(config)
        except BnTuiError as error:
            self._refusal = error
        except OSError as error:
            self._refusal = OutputError(f"the run cannot be started ({error.strerror})")
        else:
            self._forget(config)
            self._run = run

    def show(self, run: Run) -> None:
        """Show a run that was recorded in the place of the one before."""
        self._forget(run.config)
        self._run = run

    def _forget(self, config: ExperimentConfig) -> None:
        self.config, self.history, self.journal = config, RunHistory(), Journal()
        self._next = None
        self._refusal = None

    def replace(self, config: ExperimentConfig) -> bool:
        """Start a run with these settings; one that trains is stopped first.

        Returns:
            Whether it has started; if not, `take_in` will see to it.
        """
        return self._replace(lambda: self.start(config))

    def replace_by(self, run: Run) -> bool:
        """Show a run that was recorded; as `replace`."""
        return self._replace(lambda: self.show(run))

    def _replace(self, begin: Callable[[], None]) -> bool:
        if self._run is not None and self.training:
            self._next = begin
            self.control.stop()
        else:
            begin()
        return self._next is None

    def take_in(self) -> bool:
        """Take in what has happened since, and go on to the next run where this one has ended.

        Returns:
            Whether there may be something new to show; while it goes on, that is the time.
        """
        if self._run is None:
            return False
        moved = self.goes_on
        until = time.perf_counter() + _LONGEST
        events: list[Event] = []
        while time.perf_counter() < until and (events := self._run.take(_AT_ONCE)):
            moved = True
            for event in events:
                self._add(event)
        self.behind = bool(events)
        if self._never_starts:
            self.history.give_up(self.config.variants)
            moved = True
        if self._was_interrupted:
            self.history.interrupt()
            moved = True
        if self._next is not None and not self.training:
            self._next()
            return True
        return moved

    @property
    def _never_starts(self) -> bool:
        """Whether something has kept it from training, and the history does not know yet."""
        broken = self._run is not None and self._run.error is not None
        known = any(each.summary.never_started for each in self.history.variants.values())
        over = not self.goes_on and not self.behind
        return broken and over and self.steerable and not self.has_trained and not known

    @property
    def _was_interrupted(self) -> bool:
        """Whether its record just ends, and the history does not know yet."""
        told = self.goes_on or self.behind or self.steerable or self.history.ended
        known = any(each.summary.interrupted for each in self.history.variants.values())
        return not told and bool(self.history.variants) and not known

    def _add(self, event: Event) -> None:
        if isinstance(event, RunStarted) and self.history.summary.started is not None:
            # A run that is followed has been resumed, or one that is played begins again.
            self.history, self.journal = RunHistory(), Journal()
        self.history.add(event)
        self.journal.add(event, self.history.turns)

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
        if self._run is None:
            return self.can_launch
        return self.steerable and self.goes_on

    def trains_in(self, folder: Path) -> bool:
        """Whether it trains here, and is kept in this folder."""
        kept = None if self._run is None else self._run.folder
        return kept is not None and self.training and kept.resolve() == folder.resolve()

    @property
    def goes_on(self) -> bool:
        """Whether more may happen to it, here or elsewhere."""
        return self._run is not None and not (self._run.ended or self.history.ended)

    @property
    def has_trained(self) -> bool:
        """Whether any variant has made a step."""
        return any(variant.summary.steps for variant in self.history.variants.values())

    @property
    def origin(self) -> str:
        """Where it comes from, in words; nothing where it trains here."""
        return "" if self._run is None else self._run.origin

    @property
    def recalling(self) -> bool:
        """Whether what it gives next was recorded before."""
        return self._run is not None and self._run.recalling

    @property
    def steerable(self) -> bool:
        """Whether it trains here, and not elsewhere or long ago."""
        return self._run is not None and not self._run.origin

    @property
    def replay(self) -> Replay | None:
        """How it is played, where it is played as it happened."""
        return None if self._run is None else self._run.replay

    @property
    def error(self) -> BnTuiError | None:
        """What kept it from training or cut it short, where something did."""
        return self._refusal or (None if self._run is None else self._run.error)

    @property
    def refused(self) -> bool:
        """Whether `error` kept another run from starting, and says nothing of this one."""
        return self._refusal is not None and self._run is not None

    @property
    def seconds(self) -> float:
        """Seconds since it began."""
        return 0.0 if self._run is None else self._run.now()

    def native_output(self, limit: int) -> str:
        """What native code has printed so far, at most the last `limit` bytes of it."""
        return "" if self._run is None else self._run.native_output(limit)
