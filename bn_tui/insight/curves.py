"""A measured quantity over the steps of a run, in memory that stays the same however long it is."""

import math
from bisect import bisect_right
from collections.abc import Sequence

from bn_tui.insight.buckets import Axis, Bucket, bucket_of_one, extend, merge
from bn_tui.insight.columns import ColumnLayout, Columns


class Curve:
    """A series of values by step, in at most `capacity` buckets.

    When they are full, adjacent ones merge, so that each covers twice as many values; no minimum
    and no maximum is lost.

    Raises:
        ValueError: `capacity` is less than 2, which leaves nothing to merge.
    """

    def __init__(self, capacity: int = 2048) -> None:
        if capacity < 2:
            raise ValueError(f"a curve needs at least 2 buckets, got {capacity}")
        self._capacity = capacity
        self._width = 1
        self._buckets: list[Bucket] = []
        self._count = 0
        self._first: float | None = None
        self._minimum: float | None = None
        self._maximum: float | None = None
        self._columns: Columns | None = None

    def add(self, step: int, value: float, seconds: float) -> None:
        """Take in the value at `step`, by which the variant has trained for `seconds`.

        Raises:
            ValueError: `step` is not after the latest one.
        """
        if self.last_step is not None and step <= self.last_step:
            raise ValueError(f"expected a step after {self.last_step}, got {step}")
        self._count += 1
        if math.isfinite(value):
            self._first = value if self._first is None else self._first
            self._minimum = value if self._minimum is None else min(self._minimum, value)
            self._maximum = value if self._maximum is None else max(self._maximum, value)
        if len(self._buckets) == self._capacity and not self._takes_more:
            self._halve()
        if self._takes_more:
            self._buckets[-1] = extend(self._buckets[-1], step, value, seconds)
        else:
            self._buckets.append(bucket_of_one(step, value, seconds))

    @property
    def _takes_more(self) -> bool:
        """Whether the last bucket has room for another value."""
        return bool(self._buckets) and self._buckets[-1].count < self._width

    def _halve(self) -> None:
        pairs = range(0, len(self._buckets), 2)
        self._buckets = [merge(self._buckets[start : start + 2]) for start in pairs]
        self._width *= 2
        self._columns = None

    @property
    def buckets(self) -> Sequence[Bucket]:
        """All of them, in order, as they are now: the next value may change the last."""
        return self._buckets

    @property
    def count(self) -> int:
        """How many values were added."""
        return self._count

    @property
    def last(self) -> float | None:
        """The latest value, finite or not; None before the first."""
        return self._buckets[-1].last if self._buckets else None

    @property
    def last_step(self) -> int | None:
        """The step of the latest value; None before the first."""
        return self._buckets[-1].last_step if self._buckets else None

    @property
    def first(self) -> float | None:
        """The first finite value; None where there is none."""
        return self._first

    @property
    def minimum(self) -> float | None:
        """The least finite value; None where there is none."""
        return self._minimum

    @property
    def maximum(self) -> float | None:
        """The largest finite value; None where there is none."""
        return self._maximum

    def at(self, step: int) -> Bucket | None:
        """Find the bucket that covers a step, or else the nearest before it."""
        index = bisect_right(self._buckets, step, key=lambda bucket: bucket.first_step)
        return self._buckets[index - 1] if index else None

    def resample(
        self,
        columns: int,
        start: float,
        stop: float,
        axis: Axis = Axis.STEP,
        steps_per_epoch: float = 1.0,
    ) -> tuple[Bucket, ...]:
        """Merge what stands from `start` to `stop`, both included, into one bucket a column.

        The columns divide the range evenly, whatever is in them, so curves of the same range
        stand below each other; a column with nothing in it has no bucket.

        Raises:
            ValueError: there is no column.
        """
        if columns < 1:
            raise ValueError(f"expected at least 1 column, got {columns}")

        layout = ColumnLayout(columns, start, stop, axis, steps_per_epoch)
        if self._columns is None or self._columns.layout != layout:
            self._columns = Columns(layout)
        return self._columns.merge(self._buckets)
