"""What a variant measured last, or at one place of the axis, and how far that is from another."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import isfinite

from bn_tui.events import Phase
from bn_tui.insight.buckets import Bucket
from bn_tui.insight.variant_history import VariantHistory
from bn_tui.tui.plots import Plotter, Quantity, training_curve, validation_curve
from bn_tui.tui.x_axis import XAxis
from bn_tui.variants import Statistics

#: Of each quantity, in the order of Quantity, what training says and then what validation says.
Figures = tuple[float | None, ...]

_NOTHING: Figures = (None,) * (2 * len(Quantity))
_UNJUDGED: Figures = (None,) * len(Statistics)


@dataclass(frozen=True, slots=True)
class Reading:
    """What a variant had measured by `step`; None is nothing.

    `judged` are the accuracies with each kind of statistics, in the order of Statistics.
    """

    step: int | None = None
    figures: Figures = _NOTHING
    judged: Figures = _UNJUDGED

    def minus(self, other: "Reading") -> Figures:
        """Give how much larger each figure is than the other's, where both are finite."""
        return tuple(
            one - two if one is not None and two is not None and isfinite(one - two) else None
            for one, two in zip(self.figures, other.figures, strict=True)
        )


def read_last(variant: VariantHistory | None) -> Reading:
    """Read the latest of everything."""
    if variant is None:
        return Reading()
    figures = tuple(
        curve.last
        for quantity in Quantity
        for curve in (training_curve(variant, quantity), validation_curve(variant, quantity))
    )
    judged = tuple(curves.accuracy.last for curves in variant.judgements.curves.values())
    return Reading(variant.training_loss.last_step, figures, judged)


def read_at(variant: VariantHistory | None, axis: XAxis, x: float) -> Reading:
    """Read the step that was under way at x, and the latest validation and judgements by then.

    Of steps that were merged, read their mean; of a variant that has not come so far, nothing.
    """
    step = None if variant is None else axis.under_way(variant.training_loss, x)
    if variant is None or step is None:
        return Reading()
    buckets = [
        bucket
        for quantity in Quantity
        for bucket in (
            axis.under_way(training_curve(variant, quantity), x),
            axis.done_by(validation_curve(variant, quantity), x),
        )
    ]
    judged = [axis.done_by(curves.accuracy, x) for curves in variant.judgements.curves.values()]
    return Reading(step.last_step, tuple(map(_value, buckets)), tuple(map(_value, judged)))


@dataclass(frozen=True, slots=True)
class Entry:
    """A row of the legend: a variant, and what there is to say of it."""

    variant: str
    state: str
    reading: Reading
    differences: Figures | None
    hidden: bool
    selected: bool


def read_entries(names: Sequence[str], plotter: Plotter, selected: str | None) -> list[Entry]:
    """Read what every variant had measured at the cursor, or has by now.

    At a cursor all but the first say how far they are from it.
    """
    view, variants = plotter.view, plotter.history.variants
    readings = {
        name: read_last(variants.get(name))
        if view.cursor is None
        else read_at(variants.get(name), plotter.axis, view.cursor)
        for name in names
    }
    first = readings[names[0]]
    return [
        Entry(
            variant=name,
            state=variants[name].summary.state if name in variants else Phase.WAITING,
            reading=reading,
            differences=None if view.cursor is None or reading is first else reading.minus(first),
            hidden=name in view.hidden,
            selected=name == selected,
        )
        for name, reading in readings.items()
    ]


def _value(bucket: Bucket | None) -> float | None:
    if bucket is None:
        return None
    return bucket.last if bucket.count == 1 else bucket.mean
