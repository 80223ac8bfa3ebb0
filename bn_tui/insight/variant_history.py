"""All that the screens draw of one variant: what it has come to, and how it came there."""

from collections import deque
from dataclasses import dataclass, field

from bn_tui.events import (
    HundredScored,
    LayersProbed,
    PhaseEntered,
    StatisticsCompared,
    StepTrained,
    ValidationEvaluated,
    VariantEvent,
)
from bn_tui.insight.curves import Curve
from bn_tui.insight.judgements import Judgements
from bn_tui.insight.layers import LayerHistory
from bn_tui.insight.summary import VariantSummary
from bn_tui.step_times import StepTimes

#: How many of the latest steps' times are kept.
_MOST_RECENT = 100


def _two() -> deque[ValidationEvaluated]:
    return deque(maxlen=2)


@dataclass(slots=True)
class VariantHistory:
    """How one variant came to where it is; its memory does not grow with the run.

    `summary` is the very object of the run's summary, and `step_times` are the steps' own times.
    Wall time, without pauses, is `stepping_seconds` from step to step and `validating_seconds` in
    `validations`; `recent_stepping_seconds` are those of the latest steps, one by one.
    `latest_validations` are at most two, of different steps.
    `judgements` are of the same weights with each kind of statistics, `layers` what each layer
    looked like.
    """

    summary: VariantSummary
    training_loss: Curve = field(default_factory=Curve)
    training_accuracy: Curve = field(default_factory=Curve)
    validation_loss: Curve = field(default_factory=Curve)
    validation_accuracy: Curve = field(default_factory=Curve)
    judgements: Judgements = field(default_factory=Judgements)
    layers: LayerHistory = field(default_factory=LayerHistory)
    predictions: tuple[int, ...] | None = None
    step_times: StepTimes = field(default_factory=StepTimes)
    stepping_seconds: float = 0.0
    validating_seconds: float = 0.0
    validations: int = 0
    latest_validations: deque[ValidationEvaluated] = field(default_factory=_two)
    recent_stepping_seconds: deque[float] = field(
        default_factory=lambda: deque(maxlen=_MOST_RECENT)
    )
    _since: float = 0.0

    @property
    def train_seconds(self) -> float:
        """The sum of the steps' own times so far, which is the x of every curve in seconds."""
        return self.step_times.total or 0.0

    @property
    def probe_seconds(self) -> float:
        """What all looks inside have taken."""
        return self.summary.probe_seconds

    @property
    def judged(self) -> bool:
        """Whether its weights have been judged with several kinds of statistics."""
        return self.judgements.last is not None

    def add(self, event: VariantEvent) -> None:
        """Take in one event of this variant, once the summary has."""
        match event:
            case PhaseEntered():
                self._since = event.seconds
            case StepTrained():
                self._add_step(event)
            case ValidationEvaluated():
                self._add_validation(event)
            case StatisticsCompared():
                self.judgements.add(event, self.train_seconds)
            case LayersProbed():
                self.layers.add(event)
            case HundredScored():
                self.predictions = event.predictions

    def _add_step(self, event: StepTrained) -> None:
        self.step_times.add(event.step_seconds)
        if self.training_loss.count:
            # Not of the first, which is slow, and what came before it is no step.
            elapsed = event.seconds - self._since
            self.stepping_seconds += elapsed
            self.recent_stepping_seconds.append(elapsed)
        self._since = event.seconds
        self._add_point(self.training_loss, event.step, event.loss)
        self._add_point(self.training_accuracy, event.step, event.accuracy)

    def _add_validation(self, event: ValidationEvaluated) -> None:
        self.validating_seconds += event.seconds - self._since
        self.validations += 1
        if self.latest_validations and self.latest_validations[-1].step == event.step:
            self.latest_validations.pop()
        self.latest_validations.append(event)
        self._since = event.seconds
        self._add_point(self.validation_loss, event.step, event.loss)
        self._add_point(self.validation_accuracy, event.step, event.accuracy)

    def _add_point(self, curve: Curve, step: int, value: float) -> None:
        # The final validation may follow another of the same weights: one point is enough.
        if curve.last_step is None or step > curve.last_step:
            curve.add(step, value, self.train_seconds)
