"""The x axis that all charts of a run share: what it counts, how far it goes, where points are."""

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil, exp2, inf, log2, nextafter

from bn_tui.insight.buckets import Axis, Bucket
from bn_tui.insight.curves import Curve
from bn_tui.insight.history import RunHistory
from bn_tui.variants import find_variant

#: The fewest batches and seconds that an axis spans, so that the first points do not fill it.
_FEWEST_BATCHES = 64
_FEWEST_SECONDS = 1.0

#: How many times what there is an axis makes room for.
_ROOM = 1.2


@dataclass(frozen=True, slots=True)
class XAxis:
    """Counts steps, epochs or seconds of training.

    A place on it is a number in its own unit. Where only one variant can be asked, it is the
    first in order that has come so far, or the one furthest ahead.
    """

    history: RunHistory
    kind: Axis = Axis.STEP

    @property
    def steps_per_unit(self) -> float:
        """How many steps there are in an epoch, where that is what is counted; else 1."""
        if self.kind is not Axis.EPOCH:
            return 1.0
        started, data = self.history.summary.started, self.history.summary.train_data
        if started is None or data is None:
            return 1.0
        own = find_variant(started.config["variants"][0]).batch_size
        return data.training_images / (own or int(started.config["batch_size"]))

    @property
    def range(self) -> tuple[float, float]:
        """From the first point of any variant to where there is room for some more.

        It grows in doublings towards the whole run, so that a long run does not begin as a dot
        at the edge and the axis does not move with every step. How many seconds the whole run
        takes is estimated, and rounded up so that it changes seldom.
        """
        curves = [
            curve
            for variant in self.history.variants.values()
            for curve in (variant.training_loss, variant.validation_loss)
        ]
        firsts = [self.position(curve.buckets[0]) for curve in curves if curve.count]
        return min(firsts, default=0.0), self._end

    @property
    def _end(self) -> float:
        if self.kind is Axis.SECONDS:
            return self._last_second
        batches = self.history.summary.batches
        steps = max([1, *(each.summary.steps for each in self.history.variants.values())])
        end = max(_FEWEST_BATCHES, _round_up(_ROOM * steps))
        return max(min(batches, end) - 1, 1) / self.steps_per_unit

    @property
    def _last_second(self) -> float:
        seen = expected = _FEWEST_SECONDS
        for variant in self.history.variants.values():
            seconds, steps = variant.train_seconds, variant.summary.steps
            seen = max(seen, seconds)
            left = 1.0 if variant.summary.status else self.history.summary.batches / max(steps, 1)
            expected = max(expected, seconds * left)
        ended = all(each.summary.status for each in self.history.variants.values())
        return seen if ended else min(_round_up(_ROOM * seen), _round_up(expected, per_doubling=4))

    def position(self, bucket: Bucket) -> float:
        """Where a bucket stands."""
        return bucket.position(self.kind, self.steps_per_unit)

    def under_way(self, curve: Curve, x: float) -> Bucket | None:
        """Find the bucket that was being filled at x; None past the end of the curve."""
        buckets = curve.buckets
        index = bisect_left(buckets, x, key=self.position)
        return buckets[index] if index < len(buckets) else None

    def done_by(self, curve: Curve, x: float) -> Bucket | None:
        """Find the latest bucket that was full by x; None before the first."""
        buckets = curve.buckets
        index = bisect_right(buckets, x, key=self.position)
        return buckets[index - 1] if index else None

    @property
    def has_points(self) -> bool:
        """Whether any variant has trained a step."""
        return any(variant.training_loss.count for variant in self.history.variants.values())

    def nearest(self, x: float) -> float:
        """Give the point nearest to x, which may be infinite for the first and the last."""
        points = self._points(x)
        index = bisect_left(points, x, key=self.position)
        near = map(self.position, points[max(index - 1, 0) : index + 1])
        return min(near, key=lambda point: abs(point - x))

    def before(self, x: float) -> float:
        """Give the point next to the left of x; the first, where there is none."""
        points = self._points(x)
        return self.position(points[max(bisect_left(points, x, key=self.position) - 1, 0)])

    def after(self, x: float) -> float:
        """Give the point next to the right of x; the last, where there is none."""
        points = self._points(nextafter(x, inf))
        index = bisect_right(points, x, key=self.position)
        return self.position(points[min(index, len(points) - 1)])

    def neighbour(self, cursor: float | None, direction: int) -> float:
        """Give the point on one side of a cursor; without one, the far end of the axis."""
        if cursor is None:
            return inf
        return self.after(cursor) if direction > 0 else self.before(cursor)

    def stride(self, cursor: float | None, share: float) -> float:
        """Give what is a share of the axis away from a cursor, and a point at least.

        Without a cursor that is the far end of the axis.
        """
        if cursor is None:
            return inf
        first, last = self.range
        target = cursor + share * (last - first)
        return max(target, self.after(cursor)) if share > 0 else min(target, self.before(cursor))

    def convert(self, x: float, kind: Axis) -> float:
        """Give the place on another axis of the step that was under way at x."""
        return XAxis(self.history, kind).position(self.bucket_at(x))

    def bucket_at(self, x: float) -> Bucket:
        """Give the steps that were under way at x, the last of all past the end."""
        points = self._points(x)
        return points[min(bisect_left(points, x, key=self.position), len(points) - 1)]

    def _points(self, x: float) -> Sequence[Bucket]:
        """The training steps of the variant that is asked at x.

        Raises:
            ValueError: no variant has trained a step.
        """
        variants = self.history.variants.values()
        trained = [each.training_loss.buckets for each in variants if each.training_loss.count]
        so_far = [points for points in trained if self.position(points[-1]) >= x]
        if so_far:
            return so_far[0]
        return max(trained, key=lambda points: self.position(points[-1]))


def _round_up(value: float, per_doubling: int = 1) -> float:
    """The next power of 2, or of a root of it."""
    return exp2(ceil(per_doubling * log2(value)) / per_doubling)
