"""All that a variant needs to go on from where it was, to the same last bit."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class TrainingState:
    """One variant between two updates.

    Attributes:
        variant: its name.
        steps: how many updates were done.
        events: how many of the variant's own events were stated before this moment.
        judged: whether what follows the last update has been stated.
        vectors: little-endian float32: parameters, statistics, first_moment, second_moment,
            beta_1_power and beta_2_power.
        timings: plain JSON data from which the figures of time go on.
    """

    variant: str
    steps: int
    events: int
    judged: bool
    vectors: Mapping[str, bytes]
    timings: Mapping[str, Any]
