"""Everything a run has measured, as one tidy table: a row for each number."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from functools import partial

from bn_tui.events import (
    BatchEvaluated,
    Event,
    HundredScored,
    LayersProbed,
    RunStarted,
    StatisticsCompared,
    StepTrained,
    TestEvaluated,
    ValidationEvaluated,
    VariantEvent,
)
from bn_tui.insight.judgements import judged
from bn_tui.insight.quantities import LAYER_QUANTITIES
from bn_tui.variants import Statistics


class Split(StrEnum):
    """What was measured on.

    TRAIN and LAYERS are the step's batch in training mode, before its update; BATCH is the same
    in inference mode after it. PROBE are the first of the validation images, and all of them at
    the end.
    """

    TRAIN = "train"
    LAYERS = "layers"
    BATCH = "batch"
    PROBE = "probe"
    VALIDATION = "validation"
    TEST = "test"
    SAMPLES = "samples"


@dataclass(frozen=True, slots=True)
class Measurement:
    """One number of one variant.

    Attributes:
        variant: whose.
        split: on what.
        step: after which update, counted from 0; for TRAIN and LAYERS, at which.
        metric: loss, accuracy, images (how many a probe judged), starting_share (how much of the
            moving averages is what they started with), a field of LayersProbed, or
            probe_seconds, what a probe took.
        value: what was measured, which may be NaN or infinite; accuracies and shares are 0…1.
        seconds: when, in seconds of the run.
        statistics: which the norms were given; None is what the variant takes by itself.
        layer: of which, from 1, the first convolution, to 20, the dense one; None is of none.
    """

    variant: str
    split: Split
    step: int
    metric: str
    value: float
    seconds: float
    statistics: Statistics | None = None
    layer: int | None = None


@dataclass(slots=True)
class _Place:
    """Where a variant is in its events."""

    trained: int = 0
    validated: int | None = None


def measurements(events: Iterable[Event]) -> Iterator[Measurement]:
    """Give every number in the order in which it was stated.

    Where the final validation follows another of the same weights, the first stands alone. Test
    and samples are judged after the last update, whose step they get. Variants that the run did
    not name are no part of it.
    """
    places: dict[str, _Place] = {}
    for event in events:
        match event:
            case RunStarted():
                places |= {name: _Place() for name in event.config["variants"]}
            case VariantEvent() if event.variant in places:
                yield from _rows(event, places[event.variant])


def _rows(event: VariantEvent, place: _Place) -> Iterator[Measurement]:
    match event:
        case StepTrained():
            place.trained = event.step
            yield from _pair(event, Split.TRAIN, event.step)
        case BatchEvaluated():
            yield from _pair(event, Split.BATCH, event.step)
        case ValidationEvaluated() if event.step != place.validated:
            place.validated = event.step
            yield from _pair(event, Split.VALIDATION, event.step)
        case StatisticsCompared():
            yield from _compared(event)
        case LayersProbed():
            yield from _probed(event)
        case TestEvaluated():
            yield from _pair(event, Split.TEST, place.trained)
        case HundredScored():
            yield Measurement(
                event.variant,
                Split.SAMPLES,
                place.trained,
                "accuracy",
                event.accuracy,
                event.seconds,
            )


def _pair(
    event: StepTrained | BatchEvaluated | ValidationEvaluated | TestEvaluated,
    split: Split,
    step: int,
) -> Iterator[Measurement]:
    yield Measurement(event.variant, split, step, "loss", event.loss, event.seconds)
    yield Measurement(event.variant, split, step, "accuracy", event.accuracy, event.seconds)


def _compared(event: StatisticsCompared) -> Iterator[Measurement]:
    row = partial(Measurement, event.variant, Split.PROBE, event.step, seconds=event.seconds)
    yield row(metric="images", value=float(event.images))
    for statistics in Statistics:
        loss, accuracy = judged(event, statistics)
        yield row(metric="loss", value=loss, statistics=statistics)
        yield row(metric="accuracy", value=accuracy, statistics=statistics)
    yield row(metric="starting_share", value=event.starting_share, statistics=Statistics.MOVING)
    yield row(metric="probe_seconds", value=event.probe_seconds)


def _probed(event: LayersProbed) -> Iterator[Measurement]:
    row = partial(Measurement, event.variant, Split.LAYERS, event.step, seconds=event.seconds)
    for metric in LAYER_QUANTITIES:
        for layer, value in enumerate(getattr(event, metric), start=1):
            yield row(metric=metric, value=value, layer=layer)
    yield row(metric="probe_seconds", value=event.probe_seconds)
