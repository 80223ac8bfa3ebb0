"""From the history of a run to the charts of it."""

from collections.abc import Hashable, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from math import ceil, log2

from bn_tui.events import Phase
from bn_tui.insight.curves import Axis, Bucket, Curve, smooth
from bn_tui.insight.history import RunHistory, VariantHistory
from bn_tui.tui.drawing import Chart, Line, Stroke
from bn_tui.tui.palette import Palette

#: The fewest batches that an axis spans, so that the first points do not fill it.
_FEWEST_BATCHES = 64

#: How many dots a character has from left to right.
_DOTS_IN_A_COLUMN = 2

#: A loss this many times the first one is past reading; the axis ends there.
_MOST_GROWTH = 4.0


class Quantity(StrEnum):
    """What a chart shows."""

    LOSS = "loss"
    ACCURACY = "accuracy"


@dataclass(frozen=True, slots=True)
class View:
    """How a person wants to look at the curves.

    `smoothing` is the weight of an exponential moving average, 0 for none.
    """

    axis: Axis = Axis.STEP
    log_loss: bool = False
    smoothing: float = 0.0
    cursor: int | None = None


def training_curve(variant: VariantHistory, quantity: Quantity) -> Curve:
    """The curve of what every training step said of its own batch."""
    return variant.training_loss if quantity is Quantity.LOSS else variant.training_accuracy


def validation_curve(variant: VariantHistory, quantity: Quantity) -> Curve:
    """The curve of all validation images in inference mode."""
    return variant.validation_loss if quantity is Quantity.LOSS else variant.validation_accuracy


@dataclass(frozen=True, slots=True)
class Plotter:
    """Makes the charts of one run as a person wants to look at it."""

    history: RunHistory
    palette: Palette
    view: View = View()

    @property
    def x_range(self) -> tuple[float, float]:
        """The range of the x axis, the same for every variant.

        It grows in doublings towards the whole run, so that a long run does not begin as a dot
        at the edge and the axis does not move with every step.
        """
        variants = self.history.variants.values()
        if self.view.axis is Axis.SECONDS:
            return 0.0, max([1.0, *(variant.train_seconds for variant in variants)])
        seen = max([1, *(variant.summary.steps for variant in variants)])
        end = max(_FEWEST_BATCHES, 2 ** ceil(log2(seen * 1.2)))
        last_step = max(min(self.history.summary.batches, end) - 1, 1)
        return 0.0, last_step / self._steps_per_unit

    def y_range(self, quantity: Quantity) -> tuple[float, float]:
        """The range of the y axis, the same for every variant, so that charts can be compared."""
        if quantity is Quantity.ACCURACY:
            return 0.0, 1.0
        curves = [
            curve
            for variant in self.history.variants.values()
            for curve in (variant.training_loss, variant.validation_loss)
        ]
        first = max((curve.buckets[0].maximum for curve in curves if curve.minimum), default=1.0)
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
            cursor_x=self._cursor_x(names, quantity),
            waiting=waiting_words(self.history, names),
        )

    def version(self, names: Sequence[str], quantity: Quantity, columns: int) -> Hashable:
        """Give what a chart of so many columns depends on.

        A step that is too near the one before for a dot of its own does not change it.
        """
        first, last = self.x_range
        variants = [self.history.variants[name] for name in names if name in self.history.variants]
        dots = [self._dots(variant, columns / (last - first)) for variant in variants]
        return self.view, first, last, self.y_range(quantity), tuple(dots)

    def _dots(self, variant: VariantHistory, columns_per_unit: float) -> tuple[int, int, bool]:
        steps, validations = variant.training_loss, variant.validation_loss
        latest = steps.at(variant.summary.steps)
        place = 0.0 if latest is None else self._place(latest) * columns_per_unit
        ended = variant.summary.status is not None
        return int(place * _DOTS_IN_A_COLUMN), validations.count, ended

    @property
    def _steps_per_unit(self) -> float:
        started, data = self.history.summary.started, self.history.summary.train_data
        if self.view.axis is not Axis.EPOCH or started is None or data is None:
            return 1.0
        return data.training_images / int(started.config["batch_size"])

    def _lines(self, name: str, quantity: Quantity, columns: int) -> list[Line]:
        variant = self.history.variants.get(name)
        if variant is None:
            return []
        curve = training_curve(variant, quantity)
        training = self._line(name, Stroke.BAND, self._resample(curve, 2 * columns))
        marks = self._resample(validation_curve(variant, quantity), columns)
        validation = self._line(name, Stroke.MARKS, marks)
        # Marks have one value each: where a column has several validations, the highest stands.
        validation = replace(validation, lows=validation.highs)
        if not self.view.smoothing:
            return [training, validation]
        averages = tuple(smooth(curve.buckets, self.view.smoothing))
        smoothed = self._line(name, Stroke.LINE, curve.buckets)
        smoothed = replace(smoothed, lows=averages, highs=averages, dim=False)
        return [training, smoothed, validation]

    def _place(self, bucket: Bucket) -> float:
        return bucket.position(self.view.axis, self._steps_per_unit)

    def _resample(self, curve: Curve, columns: int) -> Sequence[Bucket]:
        return curve.resample(columns, *self.x_range, self.view.axis, self._steps_per_unit)

    def _line(self, name: str, stroke: Stroke, buckets: Sequence[Bucket]) -> Line:
        look = self.palette.look(name)
        return Line(
            label=name,
            hue=look.hue,
            stroke=stroke,
            marker=look.marker,
            xs=tuple(self._place(bucket) for bucket in buckets),
            lows=tuple(bucket.minimum for bucket in buckets),
            highs=tuple(bucket.maximum for bucket in buckets),
            dim=stroke is not Stroke.MARKS,
        )

    def _cursor_x(self, names: Sequence[str], quantity: Quantity) -> float | None:
        if self.view.cursor is None:
            return None
        for name in names:
            bucket = training_curve(self.history.variants[name], quantity).at(self.view.cursor)
            if bucket is not None:
                return self._place(bucket)
        return None


def waiting_words(history: RunHistory, names: Sequence[str]) -> str:
    """What a chart without a point waits for."""
    if history.progress is not None:
        return history.progress.task
    if not names:
        return "every variant is hidden"
    variant = history.variants.get(names[0])
    if variant is None:
        return "starting"
    if variant.summary.status is not None:
        return f"{variant.summary.status} before the first batch"
    if variant.summary.phase is Phase.TRAINING:
        return "the first batch"
    return variant.summary.phase
