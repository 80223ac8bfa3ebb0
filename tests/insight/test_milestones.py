import math

import pytest

from bn_tui.events import Status
from bn_tui.insight.curves import Curve
from bn_tui.insight.milestones import find_milestones, steps_to


def validated(*accuracies, capacity=2048):
    curve = Curve(capacity)
    for index, accuracy in enumerate(accuracies):
        curve.add(100 * index, accuracy, 0.0)
    return curve


@pytest.mark.parametrize(
    ("accuracy", "step"), [(0.1, 0), (0.9, 200), (0.93, 200), (0.95, 400), (0.99, None)]
)
def test_the_first_step_with_at_least_the_accuracy_counts(accuracy, step):
    assert steps_to(validated(0.1, math.nan, 0.93, 0.5, 0.95), accuracy) == step


def test_nothing_validated_reaches_nothing():
    assert steps_to(Curve(), 0.0) is None


def test_in_a_bucket_of_several_it_was_reached_by_the_last():
    curve = validated(0.1, 0.2, 0.96, 0.3, 0.97, capacity=2)
    assert steps_to(curve, 0.95) == 300


def validate(story, name, *accuracies, status=None):
    for index, accuracy in enumerate(accuracies):
        story.validate(name, 100 * index, accuracy)
    if status:
        story.end(name, status)


def test_before_the_first_milestone_nothing_is_said(story):
    story.start("plain", "layers")
    assert find_milestones(story.history) is None
    validate(story, "plain", 0.1, 0.8999)
    assert find_milestones(story.history) is None


def test_one_milestone_of_one_variant(story):
    story.start("plain", "layers")
    validate(story, "layers", 0.1, 0.9)
    assert find_milestones(story.history) == "layers reached 90 % validation accuracy by batch 100."


def test_both_milestones_of_several_variants(story):
    story.start("layers", "manual")
    validate(story, "layers", 0.1, 0.92, 0.94, 0.96)
    validate(story, "manual", 0.1, 0.5, 0.92, 0.96)
    assert find_milestones(story.history) == (
        "layers and manual reached 90 % validation accuracy by batches 100 and 200, "
        "and 95 % by batch 300."
    )


def test_a_milestone_that_only_some_reached(story):
    story.start("plain", "layers", "manual")
    validate(story, "plain", 0.1, 0.1, status=Status.DONE)
    validate(story, "layers", 0.1, 0.92, status=Status.DONE)
    validate(story, "manual", 0.1, 0.5, 0.96)
    assert find_milestones(story.history) == (
        "layers and manual reached 90 % validation accuracy by batches 100 and 200, "
        "and manual 95 % by batch 200; plain did not reach 90 %."
    )


def test_only_what_has_ended_is_said_not_to_have_come(story):
    story.start("plain", "layers", "manual")
    validate(story, "plain", 0.1, status=Status.STOPPED)
    validate(story, "layers", 0.1)
    validate(story, "manual", status=Status.FAILED)  # never validated: nothing is known
    assert find_milestones(story.history) == "plain did not reach 90 % validation accuracy."
