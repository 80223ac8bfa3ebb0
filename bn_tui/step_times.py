"""How long the steps of a run took, in memory that does not grow with their number."""

import math
from collections import Counter
from collections.abc import Mapping
from typing import Any, Self

#: Bins to a factor of e: each is 0.1 % wide, and its middle within 0.05 % of all that it counts.
BINS = 1000

#: What counts as the shortest step and the longest, in seconds: a clock may not tell the end from
#: the beginning, and a record may hold whatever number somebody has written there.
_SHORTEST, _LONGEST = 1e-9, 86_400.0


class StepTimes:
    """The number, the sum and the median of step times, counted in logarithmic bins.

    Bin b counts the times from exp(b / BINS) to exp((b + 1) / BINS) seconds, so that from a
    nanosecond to a day there are at most 33,000 counts, however many steps there are.
    """

    def __init__(self, total: float = 0.0, counts: Mapping[int, int] | None = None) -> None:
        self._total = total
        self._counts = Counter(counts)

    def add(self, seconds: float) -> None:
        """Take in one more step."""
        self._total += seconds
        counted = min(max(_SHORTEST, seconds), _LONGEST)  # in this order, for what is no number
        self._counts[math.floor(math.log(counted) * BINS)] += 1

    @property
    def total(self) -> float | None:
        """The sum of all, in seconds; None where there are none."""
        return self._total if self._counts else None

    @property
    def median(self) -> float | None:
        """The median in seconds, within 0.05 %; None where there are none."""
        if not self._counts:
            return None
        last = self._counts.total() - 1
        return (self._rank(last // 2) + self._rank((last + 1) // 2)) / 2

    def _rank(self, rank: int) -> float:
        """The middle of the bin that the `rank`-th shortest (from 0) is in."""
        for bin_, count in sorted(self._counts.items()):
            rank -= count
            if rank < 0:
                return math.exp((bin_ + 0.5) / BINS)
        raise IndexError(rank)

    def as_dict(self) -> dict[str, Any]:
        """Everything as plain data, for JSON."""
        return {"sum": self._total, "bins": sorted(map(list, self._counts.items()))}

    @classmethod
    def from_dict(cls, timings: Mapping[str, Any]) -> Self:
        """Go on from what `as_dict` gave.

        Raises:
            ValueError: it is something else.
        """
        try:
            counts = {int(bin_): int(count) for bin_, count in timings["bins"]}
            return cls(float(timings["sum"]), counts)
        except (KeyError, TypeError, ValueError) as error:
            raise ValueError(f"these are no step times: {str(timings)[:80]}") from error
