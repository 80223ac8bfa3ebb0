"""From the history of a run to the charts of it."""

from collections.abc import Hashable, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from bn_tui.events import Phase
from bn_tui.insight.buckets import Axis
from bn_tui.insight.curves import Curve
from bn_tui.insight.history import RunHistory
from bn_tui.insight.variant_history import VariantHistory
from bn_tui.tui.drawing import Chart, Line, Stroke
from bn_tui.tui.palette import Palette
from bn_tui.tui.pens import Pen
from bn_tui.tui.x_axis import XAxis
from bn_tui.variants import Statistics

#: A loss this many times the first one is past reading; the axis ends there.
_MOST_GROWTH = 4.0


class Quantity(StrEnum):
    """What a chart shows."""

    LOSS = "loss"
    ACCURACY = "accuracy"


#: The weights that a person may smooth with, from none to the heaviest.
SMOOTHINGS = (0.0, 0.6, 0.9, 0.97, 0.99)


@dataclass(frozen=True, slots=True)
class View:
    """How a person wants to look at the curves.

    `smoothing` is the weight of an exponential moving average, 0 for none; `hidden` are the
    variants that are left out, and `cursor` is a place on the axis. `shaded` is the variant whose
    moving averages are shown to lag, None for each.
    """

    axis: Axis = Axis.STEP
    log_loss: bool = False
    smoothing: float = 0.0
    hidden: frozenset[str] = frozenset()
    cursor: float | None = None
    shaded: str | None = None


def training_curve(variant: VariantHistory, quantity: Quantity) -> Curve:
    """The curve of what every training step said of its own batch."""
    return variant.training_loss if quantity is Quantity.LOSS else variant.training_accuracy


def validation_curve(variant: VariantHistory, quantity: Quantity) -> Curve:
    """The curve of all validation images in inference mode."""
    return variant.validation_loss if quantity is Quantity.LOSS else variant.validation_accuracy


def judged_curves(variant: VariantHistory, quantity: Quantity) -> dict[Statistics, Curve]:
    """The curves of the same weights with each kind of statistics; empty without a comparison."""
    if not variant.judged:
        return {}
    return {
        statistics: curves.loss if quantity is Quantity.LOSS else curves.accuracy
        for statistics, curves in variant.judgements.curves.items()
    }


@dataclass(frozen=True, slots=True)
class Plotter:
    """Makes the charts of one run as a person wants to look at it."""

    history: RunHistory
    palette: Palette
    view: View = View()

    @property
    def axis(self) -> XAxis:
        """What the charts count from left to right."""
        return XAxis(self.history, self.view.axis)

    @property
    def x_range(self) -> tuple[float, float]:
        """The range of the x axis, the same for every variant."""
        return self.axis.range

    def y_range(self, quantity: Quantity) -> tuple[float, float]:
        """The range of the y axis, the same for every variant, so that charts can be compared.

        A hidden variant has no say, so that hiding one that diverged shows the others larger.
        """
        if quantity is Quantity.ACCURACY:
            return 0.0, 1.0
        shown = [
            variant
            for name, variant in self.history.variants.items()
            if name not in self.view.hidden
        ]
        curves = [
            curve
            for each in shown
            for curve in (
                each.training_loss,
                each.validation_loss,
                *judged_curves(each, Quantity.LOSS).values(),
            )
        ]
        # Not of validation: it first looks at weights that may have diverged at once.
        starts = [variant.training_loss.first for variant in shown]
        first = max((start for start in starts if start is not None), default=1.0)
        highest = max((curve.maximum for curve in curves if curve.maximum), default=first)
        top = min(highest, _MOST_GROWTH * first)
        if not self.view.log_loss:
            return 0.0, top
        return min((curve.minimum for curve in curves if curve.minimum), default=top / 10), top

    def chart(self, names: Sequence[str], quantity: Quantity, columns: int) -> Chart:
        """Put the training and the validation curve of each named variant on one pair of axes."""
        lines = [line for name in names for line in self._lines(name, quantity, columns)]
        return Chart(
            lines=tuple(lines),
            x_range=self.x_range,
            y_range=self.y_range(quantity),
            log_y=self.view.log_loss and quantity is Quantity.LOSS,
            x_label=self.view.axis,
            waiting=waiting_words(self.history, names),
        )

    def version(self, names: Sequence[str], quantity: Quantity, columns: int) -> Hashable:
        """Give what a chart of so many columns depends on, which is all but the cursor.

        A step that is too near the one before for a dot of its own does not change it.
        """
        view = replace(self.view, cursor=None)
        first, last = self.x_range
        variants = [self.history.variants[name] for name in names if name in self.history.variants]
        dots_per_unit = columns * self.palette.glyphs.across / ((last - first) or 1.0)
        dots = tuple(self._dots(variant, dots_per_unit) for variant in variants)
        return view, tuple(names), first, last, self.y_range(quantity), dots

    def _dots(self, variant: VariantHistory, dots_per_unit: float) -> tuple[int, int, int, bool]:
        steps, validations = variant.training_loss.buckets, variant.validation_loss
        dots = int(self.axis.position(steps[-1]) * dots_per_unit) if steps else -1
        judgements = variant.judgements.starting_share.count
        return dots, validations.count, judgements, variant.summary.status is not None

    def _lines(self, name: str, quantity: Quantity, columns: int) -> list[Line]:
        variant = self.history.variants.get(name)
        if variant is None:
            return []
        pen = Pen(name, self.palette.look(name), self.axis, columns)
        curve, validation = training_curve(variant, quantity), validation_curve(variant, quantity)
        judged = judged_curves(variant, quantity)
        band = pen.band(curve)
        if judged or self.view.smoothing:
            band = replace(band, hue=self.palette.fade(band.hue))
        lines = [band]
        if self.view.smoothing:
            lines.append(pen.average(curve, self.view.smoothing))
        if not judged:
            return [*lines, pen.marks(validation, Stroke.MARKS)]
        if quantity is Quantity.ACCURACY and self.view.shaded in (None, name):
            lines.append(pen.gap(judged, self.palette.tint(pen.look.hue)))
        return [*lines, *pen.judgements(judged), pen.marks(validation, Stroke.POINTS)]


def waiting_words(history: RunHistory, names: Sequence[str]) -> str:
    """What a chart without a point waits for: of several variants, the first that goes on."""
    if not names:
        return "every variant is hidden"
    if history.progress is not None:
        return history.progress.task
    summaries = [history.variants[name].summary for name in names if name in history.variants]
    if not summaries:
        return "starting"
    summary = next((each for each in summaries if each.status is None), summaries[0])
    if summary.status is not None:
        return f"{summary.status} before the first batch"
    trains = summary.phase is Phase.TRAINING and not summary.never_started
    return "waiting for the first batch" if trains else summary.state
