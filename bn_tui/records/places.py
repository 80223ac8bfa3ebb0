"""Where each variant of a recorded run goes on: at one of its checkpoints, or anew."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from bn_tui.insight.lines import count_batches
from bn_tui.insight.phrases import enumerate_words
from bn_tui.records.checkpoint import Checkpoint
from bn_tui.records.tally import Mark, Tally, VariantTally
from bn_tui.state import TrainingState


@dataclass(frozen=True, slots=True)
class Place:
    """Where a variant goes on.

    Attributes:
        mark: the last of its record that stays.
        state: what it goes on from; None where it starts anew, or has ended.
        loses_work: whether it starts anew though it has trained before.
    """

    mark: Mark
    state: TrainingState | None = None
    loses_work: bool = False

    def describe(self) -> str:
        """Say in words from where it trains."""
        return "anew" if self.state is None else f"after {count_batches(self.state.steps)}"


def find_places(
    tally: Tally,
    ended: frozenset[str],
    checkpoints: Sequence[Checkpoint],
    batches: int,
    faults: list[str],
) -> dict[str, Place]:
    """Find where every variant goes on; those that have `ended` stay as they are.

    `faults` are those of checkpoints; where a record does not reach one, they get a line more.
    """
    # Without a record, that there are checkpoints at all tells that something was trained.
    has_trained = tally.begun is None and bool(faults or checkpoints)
    return {
        name: Place(variant.last)
        if name in ended
        else _find_place(variant, checkpoints, batches, faults, has_trained=has_trained)
        for name, variant in tally.variants.items()
    }


def _find_place(
    variant: VariantTally,
    checkpoints: Sequence[Checkpoint],
    batches: int,
    faults: list[str],
    *,
    has_trained: bool,
) -> Place:
    """Find the latest checkpoint that the record of a variant reaches."""
    loses_work = has_trained or variant.last.steps > 0
    for saved in checkpoints:
        state = saved.states.get(variant.name)
        if state is None:
            continue
        mark = variant.marks.get(state.events)
        if mark is not None and mark.steps == state.steps <= batches:
            return Place(mark, state)
        loses_work = True
        faults.append(
            f"{variant.name}: the record does not reach checkpoint {saved.generation}, "
            f"after {count_batches(state.steps)}"
        )
    return Place(Mark(), loses_work=loses_work)


def describe(places: Mapping[str, Place]) -> str:
    """Say from where the variants that have not ended train."""
    if not places:
        return "all variants have ended"
    return enumerate_words(f"{name} {place.describe()}" for name, place in places.items())


def merge(checkpoints: Sequence[Checkpoint], places: Mapping[str, Place]) -> Checkpoint | None:
    """Take the states that are gone on from, and of the ended variants the latest ones.

    They are saved again together with what is new.
    """
    if not checkpoints:
        return None
    states: dict[str, TrainingState] = {}
    for name, place in places.items():
        found = [saved.states[name] for saved in checkpoints if name in saved.states]
        fitting = [old for old in found if old.events <= place.mark.events]
        if place.state is not None or fitting:
            states[name] = place.state or fitting[0]
    return Checkpoint(checkpoints[0].generation, states)
