"""What a run goes on from: the state of each variant, and what the record of the run keeps."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class TrainingState:
    """All that one variant needs to go on to the same last bit.

    `steps` updates are done. `events` of the variant's own were stated before this moment; later
    ones are cut on resuming. `judged` is whether what follows the last update, a validation or a
    judgement of its batch, has been stated. `vectors` are little-endian float32 by name.
    `timings` is plain JSON data: what the median of the step times and their sum go on from.
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

    A variant without a state starts anew. Those in `ended` are done or diverged: nothing of
    theirs runs or is stated again. `seconds` is where the run's clock goes on, and `events` how
    many of each variant's own events the record keeps: 0 where it starts anew.
    """

    states: Mapping[str, TrainingState]
    ended: frozenset[str]
    seconds: float
    events: Mapping[str, int]
