"""The vocabulary: every fact that a run can state, one frozen dataclass each.

Events carry plain Python values, so a stream of them can be written, read back and replayed
without TensorFlow and without a clock. `seconds` is always the time since the run began, from a
monotonic clock. A float that is not finite travels as "nan", "inf" or "-inf" in JSON.
"""

import json
import math
from collections.abc import Callable
from dataclasses import MISSING, dataclass, fields
from enum import StrEnum
from types import NoneType
from typing import Any, get_args, get_origin

#: The version of the vocabulary: it grows when an event says something else than before.
SCHEMA = 2


class Phase(StrEnum):
    """What a variant is doing."""

    WAITING = "waiting"
    LOADING_DATA = "loading data"
    LOADING_TENSORFLOW = "loading TensorFlow"
    BUILDING = "building"
    COMPILING = "compiling"
    TRAINING = "training"
    VALIDATING = "validating"
    TESTING = "testing"
    PAUSED = "paused"


class Status(StrEnum):
    """How a variant ended."""

    DONE = "done"
    STOPPED = "stopped"
    DIVERGED = "diverged"
    FAILED = "failed"


class Role(StrEnum):
    """What a data set is for."""

    TRAIN = "train"
    TEST = "test"


class Unit(StrEnum):
    """What a progress counts."""

    BYTES = "bytes"
    IMAGES = "images"


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """Something that happened, `seconds` after the run began."""

    seconds: float


@dataclass(frozen=True, slots=True, kw_only=True)
class VariantEvent(Event):
    """Something that happened to one variant."""

    variant: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RunStarted(Event):
    """The first event of every stream.

    `config` is the ExperimentConfig as plain data; `environment` names versions, threads and the
    processor; `started_at` is the wall-clock time in ISO 8601, UTC.
    """

    schema: int
    started_at: str
    config: dict[str, Any]
    environment: dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class DataProgressed(Event):
    """A download or a drawing has come to `done` of `total`, in `unit`."""

    task: str
    done: int
    total: int
    unit: Unit


@dataclass(frozen=True, slots=True, kw_only=True)
class DataLoaded(Event):
    """A data set is in memory; counts are images.

    The class counts say how many images of each digit 0…9 there are, so that a network which
    answers one digit for everything can be told by its accuracy.
    """

    role: Role
    name: str
    source: str
    sha256: str
    training_images: int
    validation_images: int
    test_images: int
    validation_class_counts: tuple[int, ...]
    test_class_counts: tuple[int, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class SamplesChosen(Event):
    """The first 100 test images (or all of fewer), which each variant is asked one at a time.

    `pixels` are [N, side, side] as bytes (0 is paper, 255 is ink), compressed by zlib and then
    in base64, so that a recorded run can still show them.
    """

    labels: tuple[int, ...]
    side: int
    pixels: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PhaseEntered(VariantEvent):
    """The variant began something else."""

    phase: Phase


@dataclass(frozen=True, slots=True, kw_only=True)
class StepTrained(VariantEvent):
    """Update `step` (counted from 0) is done.

    `loss` and `accuracy` are of the step's batch, in training mode, before the update;
    `step_seconds` is how long the step took.
    """

    step: int
    loss: float
    accuracy: float
    step_seconds: float


@dataclass(frozen=True, slots=True, kw_only=True)
class BatchEvaluated(VariantEvent):
    """The batch that update `step` trained on, judged in inference mode after the update."""

    step: int
    loss: float
    accuracy: float


@dataclass(frozen=True, slots=True, kw_only=True)
class ValidationEvaluated(VariantEvent):
    """All validation images, judged in inference mode after update `step`.

    `final` marks the one after the last update.
    """

    step: int
    loss: float
    accuracy: float
    final: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class StatisticsCompared(VariantEvent):
    """The same weights, after update `step`, judged three times; only where a norm has statistics.

    On the first `images` validation images, in inference mode: with the moving averages, with the
    statistics of the judged images themselves, in batches of at most 250, and with precise ones:
    mean and variance of training images, recomputed with these weights (Wu and Johnson, 2021,
    https://arxiv.org/abs/2105.07576). Losses are means over the images, accuracies 0…1.
    `starting_share` is how much of the moving averages is still their starting value: momentum to
    the power of the updates that they have had. `final` marks the one after the last update, on
    all validation images. `probe_seconds` is how long it took.
    """

    step: int
    images: int
    moving_loss: float
    moving_accuracy: float
    batch_loss: float
    batch_accuracy: float
    precise_loss: float
    precise_accuracy: float
    starting_share: float
    final: bool
    probe_seconds: float


@dataclass(frozen=True, slots=True, kw_only=True)
class LayersProbed(VariantEvent):
    """What update `step` looked like inside the network.

    Each tuple has a number for each normalised layer, from the first convolution to the dense
    layer, and none where the variant has no such thing. Taken before the update, in training mode,
    on the batch that it is made with, of `images` images:

    `input_*` describe what enters the norm (the bias, where there is none): percentiles, mean and
    standard deviation over images, positions and channels. `image_deviation` is the part of that
    deviation which is between images: over them, at each position and channel, in the root mean
    square over these. `output_deviation` is the deviation of what leaves the norm. `dead_share` is
    the share of channels whose ReLU gives 0 for every image and position.

    `mean_distance` is the mean over channels of |μ_moving − μ_batch| / √(σ²_batch + ε), and
    `variance_log_ratio` that of ln((σ²_moving + ε) / (σ²_batch + ε)). `moving_mean` is the mean
    over channels of |μ_moving|, `moving_variance` that of σ²_moving. `gamma_*` and `beta_*`
    describe the scale and the shift over channels. All of these are as the batch finds them.

    Of the update itself: `gradient_norm` is the L2 norm of the gradient of the layer's kernel,
    `bias_gradient_norm` that of its bias.

    `probe_seconds` is how long the look took.
    """

    step: int
    images: int
    input_p15: tuple[float, ...]
    input_p50: tuple[float, ...]
    input_p85: tuple[float, ...]
    input_mean: tuple[float, ...]
    input_deviation: tuple[float, ...]
    image_deviation: tuple[float, ...] = ()
    output_deviation: tuple[float, ...]
    dead_share: tuple[float, ...]
    mean_distance: tuple[float, ...]
    variance_log_ratio: tuple[float, ...]
    moving_mean: tuple[float, ...]
    moving_variance: tuple[float, ...]
    gamma_mean: tuple[float, ...]
    gamma_deviation: tuple[float, ...]
    beta_mean: tuple[float, ...]
    beta_deviation: tuple[float, ...]
    gradient_norm: tuple[float, ...]
    bias_gradient_norm: tuple[float, ...]
    probe_seconds: float


@dataclass(frozen=True, slots=True, kw_only=True)
class TestEvaluated(VariantEvent):
    """All test images, judged in inference mode after the last update."""

    __test__ = False  # the name is the field's; it is no test class

    loss: float
    accuracy: float


@dataclass(frozen=True, slots=True, kw_only=True)
class HundredScored(VariantEvent):
    """The images of SamplesChosen, scored one at a time: batches of one image."""

    accuracy: float
    predictions: tuple[int, ...]
    correct: tuple[bool, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class VariantEnded(VariantEvent):
    """The variant is over; nothing more of it follows.

    `steps` updates were made in `train_seconds`; `seconds_per_step` is their median,
    to 0.05 %. `weights_sha256` is over parameters, then moving statistics, as little-endian
    float32. `reason` is one line, and `details` the traceback where the variant failed; None is
    what there is not.
    """

    status: Status
    steps: int
    reason: str | None = None
    details: str | None = None
    seconds_per_step: float | None = None
    train_seconds: float | None = None
    weights_sha256: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SavingFailed(Event):
    """A file of the run's folder, or its checkpoints, cannot be written; training goes on.

    `what` names it within the folder, and `reason` is one line.
    """

    what: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ResumptionNoted(Event):
    """Something that a person should know of how a run goes on in another process, in one line.

    `forced` is what it goes on in spite of, because the person insists. It is told and not
    recorded: the record of a run that was resumed is that of one that nobody disturbed.
    """

    text: str
    forced: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class RunEnded(Event):
    """The last event of every stream that was not cut off."""

    peak_memory_bytes: int


EVENTS: dict[str, type[Event]] = {
    event.__name__: event
    for event in (
        RunStarted,
        DataProgressed,
        DataLoaded,
        SamplesChosen,
        PhaseEntered,
        StepTrained,
        BatchEvaluated,
        ValidationEvaluated,
        StatisticsCompared,
        LayersProbed,
        TestEvaluated,
        HundredScored,
        VariantEnded,
        SavingFailed,
        ResumptionNoted,
        RunEnded,
    )
}


def to_json(event: Event) -> str:
    """One line of strict JSON: the event's name under "event", then its fields."""
    values = {field.name: plain(getattr(event, field.name)) for field in fields(event)}
    return json.dumps({"event": type(event).__name__, **values}, allow_nan=False)


def plain(value: Any) -> Any:
    """What strict JSON can say: a float that is not finite becomes its name."""
    match value:
        case float() if not math.isfinite(value):
            return str(value)
        case dict():
            return {key: plain(item) for key, item in value.items()}
        case list() | tuple():
            return [plain(item) for item in value]
        case _:
            return value


def from_json(line: str) -> Event:
    """Read back what `to_json` wrote; a field with a default may be missing.

    Raises:
        ValueError: the line is no JSON object, or no event of this vocabulary.
    """
    values = json.loads(line)
    if not isinstance(values, dict):
        raise ValueError(f"expected an event as a JSON object, got {line[:80]!r}")  # noqa: TRY004
    name = values.pop("event", None)
    if not isinstance(name, str) or name not in EVENTS:
        raise ValueError(f"no event is called {name!r}")
    decoders = _DECODERS[name]
    if values.keys() != decoders.keys():
        wrong = (values.keys() - decoders.keys()) | (_REQUIRED[name] - values.keys())
        if wrong:
            raise ValueError(f"{name} has other fields than expected: {', '.join(sorted(wrong))}")
    try:
        return EVENTS[name](**{key: decoders[key](value) for key, value in values.items()})
    except (TypeError, ValueError) as error:
        raise ValueError(f"{name}: {error}") from error


Decoder = Callable[[Any], Any]


def _decoder(kind: Any) -> Decoder:
    """What turns JSON back into a field of this type.

    Raises:
        TypeError: no event has had such a field yet.
    """
    if kind is float:
        return _decode_float
    if isinstance(kind, type) and issubclass(kind, StrEnum):
        return kind
    if kind in (bool, int, str):
        return _instance_of(kind)
    arguments = get_args(kind)
    if get_origin(kind) is tuple:
        return _tuple_of(_decoder(arguments[0]))
    if get_origin(kind) is dict:
        return _instance_of(dict)
    if arguments[1:] == (NoneType,):
        return _optional(_decoder(arguments[0]))
    raise TypeError(f"no decoder for a field of type {kind}")


def _decode_float(value: Any) -> float:
    if type(value) is float:  # nearly always, and there are many
        return value
    if isinstance(value, bool) or not isinstance(value, float | int | str):
        raise TypeError(f"expected a number, got {value!r}")
    return float(value)


def _instance_of(kind: type) -> Decoder:
    def decode(value: Any) -> Any:
        if type(value) is not kind:
            raise TypeError(f"expected {kind.__name__}, got {value!r}")
        return value

    return decode


def _tuple_of(decode_item: Decoder) -> Decoder:
    def decode(value: Any) -> Any:
        if not isinstance(value, list):
            raise TypeError(f"expected a list, got {value!r}")
        return tuple(map(decode_item, value))

    return decode


def _optional(decode_value: Decoder) -> Decoder:
    return lambda value: None if value is None else decode_value(value)


_DECODERS = {
    name: {field.name: _decoder(field.type) for field in fields(event)}
    for name, event in EVENTS.items()
}
_REQUIRED = {
    name: {field.name for field in fields(event) if field.default is MISSING}
    for name, event in EVENTS.items()
}
