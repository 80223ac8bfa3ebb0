"""From a variant's curves to the lines that are drawn of them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from math import isfinite, nan

from bn_tui.insight.buckets import Bucket, smooth
from bn_tui.insight.curves import Curve
from bn_tui.tui.drawing import Line, Stroke
from bn_tui.tui.palette import PRECISE_MARKER, Look
from bn_tui.tui.x_axis import XAxis
from bn_tui.variants import Statistics

#: How far the markers of precise statistics stand apart, in columns, so that they leave the line
#: beside them to be seen.
_COLUMNS_PER_POINT = 4


@dataclass(frozen=True, slots=True)
class Pen:
    """Draws one variant over so many columns of an axis."""

    variant: str
    look: Look
    axis: XAxis
    columns: int

    def band(self, curve: Curve) -> Line:
        """All that was measured, from the least to the greatest."""
        return self._line(Stroke.BAND, self._resample(curve, 2 * self.columns), dim=True)

    def average(self, curve: Curve, weight: float) -> Line:
        """The moving average of a curve: of each column, what it has come to at its end."""
        start, stop = self.axis.range
        buckets = curve.buckets
        averages = smooth(buckets, weight)
        xs = list(map(self.axis.position, buckets))
        span = stop - start or 1.0
        columns = 2 * self.columns
        ends = {int((x - start) / span * columns): index for index, x in enumerate(xs)}.values()
        values = tuple(averages[index] for index in ends)
        line = self._line(Stroke.LINE, [buckets[index] for index in ends])
        return replace(line, lows=values, highs=values)

    def marks(self, curve: Curve, stroke: Stroke) -> Line:
        """A marker at each value; where a column has several, the highest stands."""
        line = self._line(stroke, self._resample(curve, self.columns))
        return replace(line, lows=line.highs)

    def judgements(self, curves: Mapping[Statistics, Curve]) -> list[Line]:
        """The same weights with each kind of statistics, all in one hue, each in its own stroke."""
        return [
            self._line(Stroke.LINE, self._resample(curves[Statistics.MOVING], 2 * self.columns)),
            self._line(Stroke.DASHES, self._resample(curves[Statistics.BATCH], 2 * self.columns)),
            self._points(curves[Statistics.PRECISE]),
        ]

    def _points(self, curve: Curve) -> Line:
        """A marker every few columns, each at the very value that was measured there."""
        buckets = self._resample(curve, max(self.columns // _COLUMNS_PER_POINT, 1))
        values = tuple(bucket.last if isfinite(bucket.last) else nan for bucket in buckets)
        line = self._line(Stroke.POINTS, buckets)
        return replace(line, marker=PRECISE_MARKER, lows=values, highs=values)

    def gap(self, curves: Mapping[Statistics, Curve], tint: str) -> Line:
        """How far moving averages are behind the better of the others, as shaded ground."""
        moving, *others = (
            self._resample(curves[statistics], 2 * self.columns)
            for statistics in (Statistics.MOVING, Statistics.BATCH, Statistics.PRECISE)
        )
        lows = [bucket.mean for bucket in moving]
        highs = [max(bucket.mean for bucket in pair) for pair in zip(*others, strict=True)]
        shaded = [
            (low, high) if high > low else (nan, nan) for low, high in zip(lows, highs, strict=True)
        ]
        line = self._line(Stroke.GROUND, moving)
        return replace(
            line,
            hue=tint,
            lows=tuple(low for low, _ in shaded),
            highs=tuple(high for _, high in shaded),
        )

    def _resample(self, curve: Curve, columns: int) -> Sequence[Bucket]:
        axis = self.axis
        return curve.resample(columns, *axis.range, axis.kind, axis.steps_per_unit)

    def _line(self, stroke: Stroke, buckets: Sequence[Bucket], *, dim: bool = False) -> Line:
        return Line(
            label=self.variant,
            hue=self.look.hue,
            stroke=stroke,
            marker=self.look.marker,
            xs=tuple(map(self.axis.position, buckets)),
            lows=tuple(bucket.minimum for bucket in buckets),
            highs=tuple(bucket.maximum for bucket in buckets),
            dim=dim,
        )
