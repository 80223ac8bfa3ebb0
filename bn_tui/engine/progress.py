"""How far one variant has come: its steps, their times, and what the record has of it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from bn_tui.events import Event, Phase, PhaseEntered
from bn_tui.state import TrainingState
from bn_tui.step_times import StepTimes


@dataclass(frozen=True, slots=True)
class _Place:
    """A moment that training can go on from; the fields are those of TrainingState."""

    steps: int
    events: int
    judged: bool


class Progress:
    """Counts what one variant does and states, and knows the latest place to go on from.

    Args:
        variant: its name.
        state: where it goes on; None begins anew.
        stated: how many events the record has of it before the first one counted here.

    Attributes:
        steps: how many updates are done.
        times: how long they took.
    """

    def __init__(self, variant: str, state: TrainingState | None, stated: int) -> None:
        self.steps = state.steps if state else 0
        self.times = StepTimes.from_dict(state.timings) if state else StepTimes()
        self._variant = variant
        self._stated = stated
        self._repeating = state is not None
        self._place: _Place | None = None
        self._taken = _Place(state.steps, state.events, state.judged) if state else None

    def count(self, event: Event) -> None:
        """Take in the next event; a repeat, as `Resumption` has it, is not of the record."""
        if self._repeating and isinstance(event, PhaseEntered):
            self._repeating = event.phase is not Phase.TRAINING
        else:
            self._stated += 1

    def add_step(self, seconds: float) -> None:
        """Note one more update."""
        self.steps += 1
        self.times.add(seconds)

    def mark_place(self, *, judged: bool) -> None:
        """Note that training can go on from here; what is half done later does not count."""
        self._place = _Place(self.steps, self._stated, judged)

    def take_state(self, vectors: Callable[[], Mapping[str, bytes]]) -> TrainingState | None:
        """Make the state of the latest place, whose `vectors` are still there.

        None where there is no place yet, or its state was taken before.
        """
        place = self._place
        if place is None or place == self._taken:
            return None
        self._taken = place
        return TrainingState(
            variant=self._variant,
            steps=place.steps,
            events=place.events,
            judged=place.judged,
            vectors=vectors(),
            timings=self.times.as_dict(),
        )
