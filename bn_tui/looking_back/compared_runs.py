"""Several kept runs as one, so that every screen shows them side by side."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TypeVar

from bn_tui.comparison import ComparedConfig, compare, line_name
from bn_tui.control import Control
from bn_tui.errors import BnTuiError
from bn_tui.events import (
    SCHEMA,
    DataLoaded,
    Event,
    ResumptionNoted,
    Role,
    RunStarted,
    SamplesChosen,
    StepTrained,
    VariantEvent,
)
from bn_tui.kept_run import shorten
from bn_tui.looking_back.recorded_run import RecordedRun, open_run
from bn_tui.records.describing import read_start
from bn_tui.records.reading import EventReader

#: How many events a run may begin with before its data are loaded; a download states many.
_MOST_EARLY = 5000

_Fact = TypeVar("_Fact", bound=Event)


class ComparedRuns:
    """Runs that are kept, each variant of each under the name of both; nothing steers them.

    What all of them share, such as the data and the samples, is stated where it is the same in
    all. A run that is being written by another process is followed.

    Raises:
        NoInputError: one of the folders holds no run.
        DataFormatError: what one holds cannot be read.
    """

    replay = None
    recalling = True
    folder = None

    def __init__(self, folders: Sequence[Path]) -> None:
        self._folders = tuple(folders)
        self._names = name_runs([folder.resolve().name for folder in folders])
        self.control = Control()
        self._begin()

    def _begin(self) -> None:
        self._runs: tuple[RecordedRun, ...] = tuple(map(open_run, self._folders))
        beginnings = [_Beginning.read(folder) for folder in self._folders]
        configs = dict(zip(self._names, (run.config for run in self._runs), strict=True))
        self.config: ComparedConfig = compare(configs, [each.trained for each in beginnings])
        self._common = _state_common(self.config, beginnings)
        self._starts = [0] * len(self._runs)
        self._turn = 0

    @property
    def origin(self) -> str:
        """What they are, for the line at the top."""
        return f"{len(self._runs)} runs"

    @property
    def ended(self) -> bool:
        """Whether no event will follow those that `take` still gives."""
        return all(run.ended for run in self._runs)

    @property
    def error(self) -> BnTuiError | None:
        """What cannot be read of them."""
        return next((run.error for run in self._runs if run.error is not None), None)

    def take(self, limit: int) -> list[Event]:
        """Give the next events, at most `limit`, without waiting, of one run after another."""
        if self._common:
            common, self._common = self._common, []
            return common
        dry = 0
        while dry < len(self._runs):
            place = self._turn
            self._turn = (place + 1) % len(self._runs)
            taken = self._runs[place].take(limit)
            dry = 0 if taken else dry + 1
            self._starts[place] += sum(isinstance(event, RunStarted) for event in taken)
            if self._starts[place] > 1:  # it has been resumed: its events have begun again
                self._begin()
                return self.take(limit)
            if events := self._rename(taken, self._names[place]):
                return events
        return []

    def _rename(self, events: list[Event], run: str) -> list[Event]:
        renamed: list[Event] = []
        for event in events:
            match event:
                case VariantEvent():
                    renamed.append(replace(event, variant=line_name(event.variant, run)))
                case ResumptionNoted():
                    renamed.append(replace(event, text=f"{run}, {event.text}"))
        return renamed

    def now(self) -> float:
        """Seconds since it began, of the run that has taken longest."""
        return max(run.now() for run in self._runs)

    def native_output(self, limit: int) -> str:
        """Nothing: each run has its own."""
        del limit
        return ""


@dataclass(frozen=True, slots=True)
class _Beginning:
    """What a run states before it trains."""

    started: RunStarted
    trained: DataLoaded | None = None
    tested: DataLoaded | None = None
    samples: SamplesChosen | None = None

    @classmethod
    def read(cls, folder: Path) -> "_Beginning":
        beginning = cls(read_start(folder))
        reader = EventReader(folder)
        try:
            for _ in range(_MOST_EARLY):
                match reader.read(1):
                    case [DataLoaded(role=Role.TRAIN) as data]:
                        beginning = replace(beginning, trained=data)
                        if beginning.started.config["test_data"] is None:
                            beginning = replace(beginning, tested=data)
                    case [DataLoaded() as data]:
                        beginning = replace(beginning, tested=data)
                    case [SamplesChosen() as samples]:
                        return replace(beginning, samples=samples)
                    case [] | [StepTrained()]:
                        break
        finally:
            reader.close()
        return beginning


def _state_common(config: ComparedConfig, beginnings: Sequence[_Beginning]) -> list[Event]:
    """State of all runs together what is the same in each of them."""
    first = beginnings[0]
    # Where they are not tested on the same images, none of them is "the" test set.
    tested = _shared([each.tested for each in beginnings], "sha256")
    trained = _shared([each.trained for each in beginnings], "sha256")
    elsewhere = tested is not None and tested.role is Role.TEST
    test_data = tested.name if elsewhere and tested else None if tested else "several"
    started = replace(
        first.started,
        seconds=0.0,
        schema=SCHEMA,
        config=config.as_dict() | {"test_data": test_data},
    )
    samples = _shared([each.samples for each in beginnings], "pixels")
    common = [trained, tested if elsewhere else None, samples]
    return [started, *(replace(event, seconds=0.0) for event in common if event is not None)]


def _shared(events: Sequence[_Fact | None], identity: str) -> _Fact | None:
    """The first event, where all are there and have the same identity; else None."""
    identities = {None if event is None else getattr(event, identity) for event in events}
    return events[0] if len(identities) == 1 else None


def name_runs(names: Sequence[str]) -> tuple[str, ...]:
    """Give each run a short name that no other one has."""
    short = list(map(shorten, names))
    chosen = short if len(set(short)) == len(short) else list(names)
    seen: Counter[str] = Counter()
    unique = []
    for name in chosen:
        seen[name] += 1
        unique.append(name if seen[name] == 1 else f"{name}-{seen[name]}")
    return tuple(unique)
