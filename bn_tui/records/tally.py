"""What a record has of each variant, counted in one reading."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

from bn_tui.events import (
    Event,
    Phase,
    PhaseEntered,
    RunEnded,
    RunStarted,
    SamplesChosen,
    StepTrained,
    VariantEnded,
    VariantEvent,
)


@dataclass(frozen=True, slots=True)
class Mark:
    """A place in a variant's events: how many there are up to it, and what they have come to."""

    events: int = 0
    steps: int = 0
    phase: Phase = Phase.WAITING
    seconds: float = 0.0


@dataclass(slots=True)
class VariantTally:
    """What a record has of one variant; `wanted` are the counts of events to mark."""

    name: str
    wanted: Collection[int]
    last: Mark = field(default_factory=Mark)
    marks: dict[int, Mark] = field(default_factory=dict)
    end: VariantEnded | None = None

    def add(self, event: VariantEvent) -> None:
        """Take in the variant's next event."""
        before = self.last
        self.last = Mark(
            events=before.events + 1,
            steps=before.steps + isinstance(event, StepTrained),
            phase=event.phase if isinstance(event, PhaseEntered) else before.phase,
            seconds=event.seconds,
        )
        self.end = event if isinstance(event, VariantEnded) else None
        if self.last.events in self.wanted:
            self.marks[self.last.events] = self.last


class Tally:
    """What a record has; `wanted` are the counts of events to mark, by variant.

    Attributes:
        lines: how many events there are.
        started: the first event, where it is there.
        begun: when the last of what comes before the variants' work was stated, in seconds;
            None where it is not all there.
        over: the last event of a record that was not cut off.
    """

    def __init__(self, wanted: Mapping[str, Collection[int]]) -> None:
        self.lines = 0
        self.started: RunStarted | None = None
        self.begun: float | None = None
        self.over: RunEnded | None = None
        self.variants = {name: VariantTally(name, counts) for name, counts in wanted.items()}

    def add(self, event: Event) -> None:
        """Take in the next event."""
        self.lines += 1
        match event:
            case RunStarted():
                self.started = event
            case SamplesChosen():
                self.begun = event.seconds
            case RunEnded():
                self.over = event
            case VariantEvent() if event.variant in self.variants:
                self.variants[event.variant].add(event)
