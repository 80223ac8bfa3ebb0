"""Buckets merged into the columns of a chart, where more keep coming at the end."""

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from bn_tui.insight.buckets import Axis, Bucket, merge


@dataclass(frozen=True, slots=True)
class ColumnLayout:
    """So many columns that divide an axis evenly from `start` to `stop`, both included.

    Raises:
        ValueError: there is no column.
    """

    columns: int
    start: float
    stop: float
    axis: Axis
    steps_per_epoch: float

    def __post_init__(self) -> None:
        if self.columns < 1:
            raise ValueError(f"expected at least 1 column, got {self.columns}")

    def position(self, bucket: Bucket) -> float:
        """Where on the axis a bucket stands."""
        return bucket.position(self.axis, self.steps_per_epoch)

    def columns_of(self, buckets: Sequence[Bucket]) -> list[int]:
        """The column of each bucket, none of which is beside them all."""
        start, last, position = self.start, self.columns - 1, self.position
        scale = self.stop - start or 1.0
        return [
            min(int((position(bucket) - start) / scale * self.columns), last) for bucket in buckets
        ]


class Columns:
    """One bucket for each column that has any; the others are left out.

    Only the last of a curve's buckets may still grow and move on, so the columns before the one
    that it is in are merged once.
    """

    def __init__(self, layout: ColumnLayout) -> None:
        self.layout = layout
        self._merged: list[Bucket] = []
        #: For each of them the number of the first bucket that went into it.
        self._firsts: list[int] = []

    def merge(self, buckets: Sequence[Bucket]) -> tuple[Bucket, ...]:
        """Merge the same buckets as before, of which the last may have grown, and those since."""
        position = self.layout.position
        if self._firsts:
            start = self._firsts.pop()
            self._merged.pop()
        else:
            start = bisect_left(buckets, self.layout.start, key=position)
        stop = bisect_right(buckets, self.layout.stop, lo=start, key=position)
        new = buckets[start:stop]
        columns = self.layout.columns_of(new)
        ends = [end for end in range(1, len(new)) if columns[end] != columns[end - 1]]
        bounds = list(pairwise([0, *ends, len(new)])) if new else []
        self._merged += [merge(new[first:end]) for first, end in bounds]
        self._firsts += [start + first for first, _ in bounds]
        return tuple(self._merged)
