"""Everything a run has measured, as one tidy table: a row for each number."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum

from bn_tui.events import (
    BatchEvaluated,
    Event,
    HundredScored,
    RunStarted,
    StepTrained,
    TestEvaluated,
    ValidationEvaluated,
    VariantEvent,
)


class Split(StrEnum):
    """What was measured on: only TRAIN is in training mode, before the step's update."""

    TRAIN = "train"
    BATCH = "batch"
    VALIDATION = "validation"
    TEST = "test"
    SAMPLES = "samples"


@dataclass(frozen=True, slots=True)
class Measurement:
    """One number of one variant.

    Attributes:
        variant: whose.
        split: on what.
        step: after which update, counted from 0; for TRAIN, at which.
        metric: loss or accuracy.
        value: what was measured, which may be NaN or infinite; an accuracy is 0…1.
        seconds: when, in seconds of the run.
    """

    variant: str
    split: Split
    step: int
    metric: str
    value: float
    seconds: float


def measurements(events: Iterable[Event]) -> Iterator[Measurement]:
    """Give every number in the order in which it was stated.

    Where the final validation follows another of the same weights, the first stands alone. Test
    and samples are judged after the last update, whose step they get. Variants that the run did
    not name are no part of it.
    """
    variants: set[str] = set()
    trained: dict[str, int] = {}
    validated: dict[str, int] = {}
    for event in events:
        if isinstance(event, RunStarted):
            variants.update(event.config["variants"])
        if not isinstance(event, VariantEvent) or event.variant not in variants:
            continue
        if isinstance(event, StepTrained):
            trained[event.variant] = event.step
        if isinstance(event, ValidationEvaluated):
            if validated.get(event.variant) == event.step:
                continue
            validated[event.variant] = event.step
        yield from _rows(event, trained.get(event.variant, 0))


def _rows(event: VariantEvent, last_step: int) -> Iterator[Measurement]:
    match event:
        case StepTrained():
            yield from _pair(event, Split.TRAIN, event.step)
        case BatchEvaluated():
            yield from _pair(event, Split.BATCH, event.step)
        case ValidationEvaluated():
            yield from _pair(event, Split.VALIDATION, event.step)
        case TestEvaluated():
            yield from _pair(event, Split.TEST, last_step)
        case HundredScored():
            yield Measurement(
                event.variant, Split.SAMPLES, last_step, "accuracy", event.accuracy, event.seconds
            )


def _pair(
    event: StepTrained | BatchEvaluated | ValidationEvaluated | TestEvaluated,
    split: Split,
    step: int,
) -> Iterator[Measurement]:
    yield Measurement(event.variant, split, step, "loss", event.loss, event.seconds)
    yield Measurement(event.variant, split, step, "accuracy", event.accuracy, event.seconds)
