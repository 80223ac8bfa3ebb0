"""The events of one variant, each with its name and the time."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

from bn_tui.events import Phase, PhaseEntered, VariantEvent

E = TypeVar("E", bound=VariantEvent)


@dataclass(frozen=True, slots=True)
class EventMaker:
    """Makes the events of one variant; `clock` tells the seconds since the run began."""

    variant: str
    clock: Callable[[], float]

    def make(self, event: type[E], **facts: Any) -> E:
        """State these facts, now."""
        return event(seconds=self.clock(), variant=self.variant, **facts)

    def enter(self, phase: Phase) -> PhaseEntered:
        """State that the variant begins something else."""
        return self.make(PhaseEntered, phase=phase)
