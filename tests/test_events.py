import json
import math
from dataclasses import fields
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bn_tui import events
from bn_tui.events import EVENTS, Event, Phase, RunEnded, StepTrained, from_json, to_json

FINITE = st.floats(allow_nan=False, allow_infinity=False)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | FINITE | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=5,
)
STRATEGIES = {
    bool: st.booleans(),
    int: st.integers(),
    float: st.floats(),
    str: st.text(),
    Phase: st.sampled_from(Phase),
    events.Status: st.sampled_from(events.Status),
    events.Role: st.sampled_from(events.Role),
    events.Unit: st.sampled_from(events.Unit),
    float | None: st.none() | st.floats(),
    str | None: st.none() | st.text(),
    dict[str, Any]: st.dictionaries(st.text(), JSON, max_size=3),
    tuple[float, ...]: st.lists(FINITE, max_size=5).map(tuple),
    tuple[int, ...]: st.lists(st.integers(0, 9), max_size=5).map(tuple),
    tuple[bool, ...]: st.lists(st.booleans(), max_size=5).map(tuple),
}
HUNDRED = to_json(
    events.HundredScored(seconds=1, variant="nn", accuracy=1, predictions=(5,), correct=(True,))
)
STEP = StepTrained(seconds=1.5, variant="nn", step=3, loss=0.5, accuracy=0.25, step_seconds=0.125)


def strategy(event):
    return st.builds(event, **{field.name: STRATEGIES[field.type] for field in fields(event)})


def test_every_event_is_in_the_vocabulary():
    kinds = {kind for kind in vars(events).values() if isinstance(kind, type)}
    stated = {kind for kind in kinds if issubclass(kind, Event)} - {Event, events.VariantEvent}
    assert set(EVENTS.values()) == stated
    assert all(EVENTS[kind.__name__] is kind for kind in stated)


@given(event=st.one_of(map(strategy, EVENTS.values())))
def test_every_event_survives_json(event):
    line = to_json(event)
    assert "\n" not in line
    json.loads(line, parse_constant=pytest.fail)
    again = from_json(line)
    assert type(again) is type(event)
    # NaN is not equal to itself, so by representation: types and bits of every field.
    assert repr(again) == repr(event)


def test_a_line_is_the_name_and_then_the_fields():
    assert to_json(STEP) == (
        '{"event": "StepTrained", "seconds": 1.5, "variant": "nn", "step": 3, "loss": 0.5, '
        '"accuracy": 0.25, "step_seconds": 0.125}'
    )
    assert (
        json.loads(to_json(events.PhaseEntered(seconds=0.0, variant="nn", phase=Phase.TESTING)))[
            "phase"
        ]
        == "testing"
    )


@pytest.mark.parametrize(("value", "text"), [(math.inf, "inf"), (-math.inf, "-inf")])
def test_what_is_not_finite_travels_as_text(value, text):
    line = to_json(RunEnded(seconds=value, peak_memory_bytes=1))
    assert json.loads(line)["seconds"] == text
    assert from_json(line).seconds == value


def test_nan_travels_as_text():
    line = to_json(RunEnded(seconds=math.nan, peak_memory_bytes=1))
    assert json.loads(line)["seconds"] == "nan"
    assert math.isnan(from_json(line).seconds)


def test_events_are_frozen():
    with pytest.raises(AttributeError):
        STEP.step = 4


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("", "Expecting value"),
        ('{"event": "RunEnded", "seco', "Unterminated string"),
        ("[1, 2]", r"expected an event as a JSON object, got '\[1, 2\]'"),
        ("7", "expected an event as a JSON object, got '7'"),
        ("{}", "no event is called None"),
        ('{"event": "Explosion", "seconds": 1}', "no event is called 'Explosion'"),
        ('{"event": "VariantEvent", "seconds": 1, "variant": "nn"}', "'VariantEvent'"),
        ('{"event": ["RunEnded"]}', "no event is called"),
        (
            '{"event": "RunEnded", "seconds": 1}',
            "RunEnded has other fields than expected: peak_memory_bytes",
        ),
        (
            '{"event": "RunEnded", "seconds": 1, "peak_memory_bytes": 1, "mood": "good"}',
            "RunEnded has other fields than expected: mood",
        ),
        ('{"event": "RunEnded", "seconds": "soon", "peak_memory_bytes": 1}', "soon"),
        ('{"event": "RunEnded", "seconds": null, "peak_memory_bytes": 1}', "RunEnded"),
        ('{"event": "PhaseEntered", "seconds": 1, "variant": "nn", "phase": "x"}', "'x'"),
        (HUNDRED.replace("[5]", "5"), "HundredScored"),
    ],
)
def test_a_line_that_is_no_event_is_refused(line, message):
    with pytest.raises(ValueError, match=message):
        from_json(line)
