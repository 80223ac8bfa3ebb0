"""The same weights judged three times, over the steps of one variant."""

from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass, field

from bn_tui.events import StatisticsCompared
from bn_tui.insight.curves import Curve
from bn_tui.variants import Statistics


@dataclass(frozen=True, slots=True)
class JudgedCurves:
    """Validation loss and accuracy (0…1) with one kind of statistics."""

    loss: Curve = field(default_factory=Curve)
    accuracy: Curve = field(default_factory=Curve)


def _judged_curves() -> Mapping[Statistics, JudgedCurves]:
    return {statistics: JudgedCurves() for statistics in Statistics}


def _two() -> deque[StatisticsCompared]:
    return deque(maxlen=2)


@dataclass(slots=True)
class Judgements:
    """What moving averages, the batch's own and precise statistics make of the same weights.

    `starting_share` is how much of the moving averages is still their starting value, 0…1;
    `latest` are at most two comparisons, of different steps, and `last` is the latest one: none
    before the first, and where a norm has no statistics.
    """

    curves: Mapping[Statistics, JudgedCurves] = field(default_factory=_judged_curves)
    starting_share: Curve = field(default_factory=Curve)
    latest: deque[StatisticsCompared] = field(default_factory=_two)

    @property
    def last(self) -> StatisticsCompared | None:
        """The latest comparison."""
        return self.latest[-1] if self.latest else None

    def add(self, event: StatisticsCompared, train_seconds: float) -> None:
        """Take in the next comparison, by which the variant has trained for `train_seconds`."""
        if self.last is None or event.step > self.last.step:
            for statistics, curves in self.curves.items():
                loss, accuracy = judged(event, statistics)
                curves.loss.add(event.step, loss, train_seconds)
                curves.accuracy.add(event.step, accuracy, train_seconds)
            self.starting_share.add(event.step, event.starting_share, train_seconds)
        else:
            self.latest.pop()
        self.latest.append(event)

    @property
    def gap(self) -> float | None:
        """How much accuracy moving averages now lack to the better of the others, at least 0.

        None before the first comparison.
        """
        if self.last is None:
            return None
        moving = self.last.moving_accuracy
        return max(self.last.batch_accuracy, self.last.precise_accuracy, moving) - moving


def judged(event: StatisticsCompared, statistics: Statistics) -> tuple[float, float]:
    """Give the loss and the accuracy that a comparison found with one kind of statistics."""
    match statistics:
        case Statistics.MOVING:
            return event.moving_loss, event.moving_accuracy
        case Statistics.BATCH:
            return event.batch_loss, event.batch_accuracy
        case Statistics.PRECISE:
            return event.precise_loss, event.precise_accuracy


def lag_of(event: StatisticsCompared) -> float | None:
    """How much better the same weights are judged with the batch's and with precise statistics.

    The gain in accuracy, −1…1, over the moving averages. None where these have had no update:
    what stands still does not lag.
    """
    if event.starting_share == 1.0:
        return None
    return min(event.batch_accuracy, event.precise_accuracy) - event.moving_accuracy
