"""What a run has come to so far: the latest of everything, folded from its events."""

from dataclasses import dataclass, field
from typing import Any

from bn_tui.events import (
    DataLoaded,
    Event,
    HundredScored,
    LayersProbed,
    Phase,
    PhaseEntered,
    ResumptionNoted,
    Role,
    RunEnded,
    RunStarted,
    SavingFailed,
    StatisticsCompared,
    Status,
    StepTrained,
    TestEvaluated,
    ValidationEvaluated,
    VariantEnded,
    VariantEvent,
)


@dataclass(slots=True)
class VariantSummary:
    """The latest of one variant; None is what was not measured (yet).

    `steps` counts the updates made; the validation figures are those after `validation_step`.
    `comparison` judges the same weights with each kind of statistics, and `probe_seconds` is what
    all looks inside have taken.
    """

    phase: Phase = Phase.WAITING
    never_started: bool = False
    interrupted: bool = False
    status: Status | None = None
    reason: str | None = None
    details: str | None = None
    steps: int = 0
    validation_step: int | None = None
    validation_loss: float | None = None
    validation_accuracy: float | None = None
    comparison: StatisticsCompared | None = None
    probe_seconds: float = 0.0
    test_accuracy: float | None = None
    hundred_accuracy: float | None = None
    hundred_correct: tuple[bool, ...] | None = None
    seconds_per_step: float | None = None
    train_seconds: float | None = None
    weights_sha256: str | None = None

    @property
    def state(self) -> str:
        """What it is doing, or how it has ended, in words."""
        if self.status is None and self.interrupted:
            return "interrupted"
        return "not started" if self.never_started else self.status or self.phase

    @property
    def probed(self) -> bool:
        """Whether anybody has looked inside."""
        return self.probe_seconds > 0

    def add(self, event: VariantEvent) -> None:
        """Take in one event of this variant."""
        match event:
            case PhaseEntered():
                self.phase = event.phase
            case StepTrained():
                self.steps = event.step + 1
            case ValidationEvaluated():
                self.validation_step = event.step
                self.validation_loss = event.loss
                self.validation_accuracy = event.accuracy
            case StatisticsCompared():
                self.comparison = event
                self.probe_seconds += event.probe_seconds
            case LayersProbed():
                self.probe_seconds += event.probe_seconds
            case TestEvaluated():
                self.test_accuracy = event.accuracy
            case HundredScored():
                self.hundred_accuracy = event.accuracy
                self.hundred_correct = event.correct
            case VariantEnded():
                self._end(event)

    def _end(self, event: VariantEnded) -> None:
        self.status = event.status
        self.reason = event.reason
        self.details = event.details
        self.steps = event.steps
        self.seconds_per_step = event.seconds_per_step
        self.train_seconds = event.train_seconds
        self.weights_sha256 = event.weights_sha256


@dataclass(slots=True)
class RunSummary:
    """The latest of a run, variant by variant in the order asked for."""

    started: RunStarted | None = None
    train_data: DataLoaded | None = None
    test_data: DataLoaded | None = None
    variants: dict[str, VariantSummary] = field(default_factory=dict)
    seconds: float = 0.0
    peak_memory_bytes: int | None = None
    #: The latest reason why something of the run's folder is not saved, by what it is.
    not_saved: dict[str, str] = field(default_factory=dict)
    #: What there is to know of how it was resumed.
    resumption_notes: list[ResumptionNoted] = field(default_factory=list)

    def add(self, event: Event) -> None:
        """Take in the next event of the stream."""
        self.seconds = event.seconds
        match event:
            case VariantEvent():  # first, as most are
                self.variants[event.variant].add(event)
            case RunStarted():
                self.started = event
                self.variants = {name: VariantSummary() for name in event.config["variants"]}
            case DataLoaded(role=Role.TRAIN):
                self.train_data = event
                if not self._tests_elsewhere:
                    self.test_data = event
            case DataLoaded():
                self.test_data = event
            case SavingFailed():
                self.not_saved[event.what] = event.reason
            case ResumptionNoted():
                self.resumption_notes.append(event)
            case RunEnded():
                self.peak_memory_bytes = event.peak_memory_bytes

    @property
    def batches(self) -> int:
        """How many batches each variant was asked to train; 0 before the run has started."""
        return int(self.started.config["batches"]) if self.started else 0

    @property
    def forced(self) -> list[str]:
        """What it was resumed in spite of, because a person insisted."""
        return [note.text for note in self.resumption_notes if note.forced]

    @property
    def _tests_elsewhere(self) -> bool:
        return self.started is not None and self.started.config["test_data"] is not None

    def as_results(self) -> dict[str, Any]:
        """The content of `results.json`, as plain data."""
        if self.started is None:
            raise ValueError("a run that has not started has no results")
        return {
            "schema": self.started.schema,
            "started_at": self.started.started_at,
            "seconds": self.seconds,
            "peak_memory_bytes": self.peak_memory_bytes,
            "config": self.started.config,
            "environment": self.started.environment,
            "data": _describe(self.train_data),
            "test_data": _describe(self.test_data),
            "variants": {name: _results(variant) for name, variant in self.variants.items()},
        }


def _describe(data: DataLoaded | None) -> dict[str, Any] | None:
    if data is None:
        return None
    return {"name": data.name, "source": data.source, "sha256": data.sha256}


def _results(variant: VariantSummary) -> dict[str, Any]:
    comparison = variant.comparison
    return {
        "status": variant.status or variant.phase,
        "reason": variant.reason,
        "steps": variant.steps,
        "validation_step": variant.validation_step,
        "validation_accuracy": variant.validation_accuracy,
        "validation_loss": variant.validation_loss,
        "moving_accuracy": None if comparison is None else comparison.moving_accuracy,
        "batch_accuracy": None if comparison is None else comparison.batch_accuracy,
        "precise_accuracy": None if comparison is None else comparison.precise_accuracy,
        "test_accuracy": variant.test_accuracy,
        "hundred_accuracy": variant.hundred_accuracy,
        "hundred_correct": variant.hundred_correct,
        "seconds_per_step": variant.seconds_per_step,
        "train_seconds": variant.train_seconds,
        "probe_seconds": variant.probe_seconds if variant.probed else None,
        "weights_sha256": variant.weights_sha256,
    }
