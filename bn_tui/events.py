"""The vocabulary: every fact that a run can state, one frozen dataclass each.

Events carry plain Python values, so a stream of them can be written, read back and replayed
without TensorFlow and without a clock. `seconds` is always the time since the run began, from a
monotonic clock. A float that is not finite travels as "nan", "inf" or "-inf" in JSON.
"""

import json
import math
from collections.abc import Callable
from dataclasses import dataclass, fields
from enum import StrEnum
from typing import Any


class Phase(StrEnum):
    """What a variant is doing."""

    WAITING = "waiting"
    LOADING_DATA = "loading data"
    BUILDING = "building"
    COMPILING = "compiling"
    TRAINING = "training"
    VALIDATING = "validating"
    TESTING = "testing"


class Status(StrEnum):
    """How a variant ended."""

    DONE = "done"
    STOPPED = "stopped"
    DIVERGED = "diverged"
    FAILED = "failed"


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
    unit: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DataLoaded(Event):
    """A data set is in memory. `role` is "train" or "test"; counts are images."""

    role: str
    name: str
    source: str
    sha256: str
    training_images: int
    validation_images: int
    test_images: int


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
class TestEvaluated(VariantEvent):
    """All test images, judged in inference mode after the last update."""

    __test__ = False  # the name is the field's; it is no test class

    loss: float
    accuracy: float


@dataclass(frozen=True, slots=True, kw_only=True)
class HundredScored(VariantEvent):
    """The first 100 test images (or all of fewer), scored one at a time: batches of one image."""

    accuracy: float
    predictions: tuple[int, ...]
    correct: tuple[bool, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class VariantEnded(VariantEvent):
    """The variant is over; nothing more of it follows.

    `steps` updates were made in `train_seconds`; `seconds_per_step` is their median (0 without
    any). `weights_sha256` is over parameters, then moving statistics, as little-endian float32.
    `reason` is one line, empty where the variant is done or was stopped.
    """

    status: Status
    reason: str
    steps: int
    seconds_per_step: float
    train_seconds: float
    weights_sha256: str


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
        PhaseEntered,
        StepTrained,
        BatchEvaluated,
        ValidationEvaluated,
        TestEvaluated,
        HundredScored,
        VariantEnded,
        RunEnded,
    )
}

_DECODERS: dict[Any, Callable[[Any], Any]] = {
    float: float,
    Phase: Phase,
    Status: Status,
    tuple[int, ...]: tuple,
    tuple[bool, ...]: tuple,
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
    """Read back what `to_json` wrote.

    Raises:
        ValueError: the line is no JSON object, or no event of this vocabulary.
    """
    values = json.loads(line)
    if not isinstance(values, dict):
        raise ValueError(f"expected an event as a JSON object, got {line[:80]!r}")  # noqa: TRY004
    name = values.pop("event", None)
    if not isinstance(name, str) or name not in EVENTS:
        raise ValueError(f"no event is called {name!r}")
    event = EVENTS[name]
    expected = {field.name: field.type for field in fields(event)}
    if values.keys() != expected.keys():
        difference = ", ".join(sorted(values.keys() ^ expected.keys()))
        raise ValueError(f"{name} has other fields than expected: {difference}")
    try:
        return event(**{key: _DECODERS.get(expected[key], _same)(values[key]) for key in values})
    except TypeError as error:
        raise ValueError(f"{name}: {error}") from error


def _same(value: Any) -> Any:
    return value
