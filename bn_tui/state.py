"""What a run goes on from: the state of each variant, as plain bytes and numbers."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class TrainingState:
    """All that one variant needs to go on to the same last bit.

    It is always of a moment in Phase.TRAINING, between two updates; the place among the data and
    the order of images follow from `steps` and the seed.

    Attributes:
        variant: its name.
        steps: how many updates are done.
        events: how many of the variant's own events (VariantEvent) were stated before this moment,
            repeats left out; the record cuts later ones when the run goes on from here.
        judged: whether what follows the last update, a validation or a judgement of its batch, is
            among them; where it is not, it is done first.
        vectors: little-endian float32 by name: parameters, statistics (empty where the norm has
            none), first_moment, second_moment, beta_1_power, beta_2_power.
        timings: plain JSON data: what the median of the step times and their sum go on from.
    """

    variant: str
    steps: int
    events: int
    judged: bool
    vectors: Mapping[str, bytes]
    timings: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Resumption:
    """Where a run goes on.

    A variant with a state states again how its process comes back to training: of it, every
    PhaseEntered up to and including the first TRAINING is a repeat and not of the record, and
    everything else is. Without these, the kept events and the new ones are those of a run that
    was never interrupted, apart from times.

    Attributes:
        states: variant → what it goes on from; one without a state starts anew.
        ended: the variants that are finished, done or diverged: nothing of theirs runs or is
            stated again.
        seconds: where the run's clock goes on.
        events: variant → how many of its own events the record keeps, 0 where it starts anew.
    """

    states: Mapping[str, TrainingState]
    ended: frozenset[str]
    seconds: float
    events: Mapping[str, int]
