"""The x axis that charts share, and the points on it that a cursor stops at."""

from math import inf

import pytest

from bn_tui.events import (
    DataLoaded,
    Role,
    RunStarted,
    Status,
    StepTrained,
    ValidationEvaluated,
    VariantEnded,
)
from bn_tui.insight.buckets import Axis
from bn_tui.insight.history import RunHistory
from bn_tui.tui.x_axis import XAxis


def tell(batches=800, **variants):
    """A run of variants with so many steps, each of so many seconds: plain=(100, 0.04)."""
    history = RunHistory()
    config = {"variants": list(variants), "batches": batches, "batch_size": 50, "test_data": None}
    history.add(RunStarted(seconds=0, schema=1, started_at="", config=config, environment={}))
    facts = dict.fromkeys(("name", "source", "sha256"), "")
    counts = dict.fromkeys(("training_images", "validation_images", "test_images"), 5000)
    classes = dict.fromkeys(("validation_class_counts", "test_class_counts"), (500,) * 10)
    history.add(DataLoaded(seconds=0, role=Role.TRAIN, **facts, **counts, **classes))
    for variant, (steps, step_seconds) in variants.items():
        for step in range(steps):
            history.add(train(variant, step, step_seconds))
    return history


def train(variant, step, step_seconds):
    figures = {"loss": 0.5, "accuracy": 0.5, "step_seconds": step_seconds}
    return StepTrained(seconds=0, variant=variant, step=step, **figures)


def end(history, *variants):
    for variant in variants:
        steps = history.summary.variants[variant].steps
        history.add(VariantEnded(seconds=0, variant=variant, status=Status.DONE, steps=steps))


@pytest.mark.parametrize(
    ("steps", "end"), [(0, 63), (1, 63), (53, 63), (54, 127), (107, 255), (427, 799), (800, 799)]
)
def test_steps_have_room_that_doubles_until_it_is_the_whole_run(steps, end):
    assert XAxis(tell(plain=(steps, 0.1))).range == (0, end)


def test_a_run_of_few_batches_has_no_more_room_than_it_needs():
    assert XAxis(tell(batches=10, plain=(3, 0.1))).range == (0, 9)
    assert XAxis(tell(batches=1, plain=(1, 0.1))).range == (0, 1)
    assert XAxis(RunHistory()).range == (0, 1)


def test_epochs_are_steps_in_another_unit():
    axis = XAxis(tell(plain=(800, 0.1)), Axis.EPOCH)
    assert axis.steps_per_unit == 100
    assert axis.range == (0, 7.99)


def test_the_axis_begins_at_the_first_point():
    history = tell(plain=(4097, 0.01), layers=(10, 0.5), batches=5000)
    assert history.variants["plain"].training_loss.buckets[0].last_step == 3
    assert XAxis(history).range[0] == 0  # layers has not merged any
    assert XAxis(history, Axis.SECONDS).range[0] == pytest.approx(0.04)
    alone = tell(plain=(4097, 0.01), batches=5000)
    assert XAxis(alone).range[0] == 3
    event = {"loss": 0.5, "accuracy": 0.5, "final": False}
    validated = tell(batches=5000, plain=(1, 0.01))
    validated.add(ValidationEvaluated(seconds=0, variant="plain", step=0, **event))
    for step in range(1, 4097):
        validated.add(train("plain", step, 0.01))
    assert XAxis(validated).range[0] == 0


def test_seconds_have_room_for_what_the_slowest_is_expected_to_take():
    history = tell(plain=(400, 0.1), layers=(400, 0.15))
    first, last = XAxis(history, Axis.SECONDS).range
    assert first == pytest.approx(0.1)
    assert 120 <= last < 120 * 2**0.25
    early = XAxis(tell(plain=(10, 0.1)), Axis.SECONDS)
    assert early.range[1] == 2  # 80 are expected, but that would leave next to nothing to see
    assert XAxis(tell(plain=(0, 0.1)), Axis.SECONDS).range == (0, 1)


def test_once_all_have_ended_seconds_need_no_more_room():
    history = tell(plain=(400, 0.1), layers=(100, 0.2))
    end(history, "plain")
    assert XAxis(history, Axis.SECONDS).range[1] > 40
    end(history, "layers")
    assert XAxis(history, Axis.SECONDS).range[1] == pytest.approx(40)


def test_the_points_of_steps_are_the_steps():
    axis = XAxis(tell(plain=(30, 0.1), layers=(50, 0.1)))
    assert [axis.nearest(x) for x in (-inf, -3, 0.4, 0.6, 29.4, 41.6, inf)] == [
        0,
        0,
        0,
        1,
        29,
        42,
        49,
    ]
    assert (axis.before(0), axis.before(1), axis.before(49)) == (0, 0, 48)
    assert (axis.after(0), axis.after(48), axis.after(49)) == (1, 49, 49)
    # Past the end of the first variant, those of the next go on.
    assert (axis.after(29), axis.before(30)) == (30, 29)


def test_merged_steps_are_one_point():
    axis = XAxis(tell(batches=5000, plain=(4097, 0.1)))
    assert axis.after(3) == 7
    assert axis.before(4096) == 4095
    assert (axis.nearest(8), axis.nearest(10)) == (7, 11)
    bucket = axis.bucket_at(7)
    assert (bucket.first_step, bucket.last_step) == (4, 7)


def test_a_step_has_a_place_on_every_axis_and_comes_back():
    history = tell(plain=(100, 0.1), layers=(200, 0.2))
    steps = XAxis(history)
    for step, seconds in ((0, 0.1), (99, 10), (100, 20.2)):
        assert steps.convert(step, Axis.EPOCH) == step / 100
        there = steps.convert(step, Axis.SECONDS)
        assert there == pytest.approx(seconds)
        assert XAxis(history, Axis.SECONDS).convert(there, Axis.STEP) == step


def test_before_the_first_step_there_is_no_point():
    axis = XAxis(tell(plain=(0, 0.1)))
    assert not axis.has_points
    assert XAxis(tell(plain=(1, 0.1))).has_points
    with pytest.raises(ValueError, match="empty"):
        axis.nearest(0)
