"""A measured quantity over the steps of a run, in memory that stays the same however long it is."""

import math
from collections.abc import Sequence

from bn_tui.insight.buckets import Axis, Bucket, bucket_of_one, extend, merge
from bn_tui.insight.columns import ColumnLayout, Columns
from bn_tui.insight.parts import Parts


class Curve:
    """A series of values by step, in at most `capacity` buckets.

    When they are full, adjacent ones merge, so that each covers twice as many values; no minimum
    and no maximum is lost.

    Raises:
        ValueError: `capacity` is less than 2, which leaves nothing to merge.
    """

    def __init__(self, capacity: int = 2048) -> None:
        self._parts = Parts(capacity, merge, extend)
        self._count = 0
        self._last_step: int | None = None
        self._first: float | None = None
        self._minimum: float | None = None
        self._maximum: float | None = None
        self._columns: Columns | None = None

    def add(self, step: int, value: float, seconds: float) -> None:
        """Take in the value at `step`, by which the variant has trained for `seconds`.

        Raises:
            ValueError: `step` is not after the latest one.
        """
        if self._last_step is not None and step <= self._last_step:
            raise ValueError(f"expected a step after {self._last_step}, got {step}")
        self._count += 1
        self._last_step = step
        if math.isfinite(value):
            self._first = value if self._first is None else self._first
            self._minimum = value if self._minimum is None else min(self._minimum, value)
            self._maximum = value if self._maximum is None else max(self._maximum, value)
        if self._parts.add(bucket_of_one(step, value, seconds)):
            self._columns = None

    @property
    def buckets(self) -> Sequence[Bucket]:
        """All of them, in order, as they are now: the next value may change the last."""
        return self._parts.all

    @property
    def count(self) -> int:
        """How many values were added."""
        return self._count

    @property
    def last(self) -> float | None:
        """The latest value, finite or not; None before the first."""
        return self.buckets[-1].last if self.buckets else None

    @property
    def last_step(self) -> int | None:
        """The step of the latest value; None before the first."""
        return self._last_step

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

    def latest_mean(self, count: int) -> float | None:
        """Average the latest finite values: `count` of them, or as many as share their buckets.

        None where there are fewer.
        """
        latest: list[Bucket] = []
        for bucket in reversed(self.buckets):
            latest.append(bucket)
            count -= bucket.finite
            if count <= 0:
                return merge(latest[::-1]).mean
        return None

    def at(self, step: int) -> Bucket | None:
        """Find the bucket that covers a step, or else the nearest before it."""
        return self._parts.at(step)

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
        return self._columns.merge(self.buckets)
