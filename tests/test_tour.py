"""What the tour says of its recorded run is what that run has measured."""

import re

import pytest

from bn_tui.events import (
    HundredScored,
    LayersProbed,
    StatisticsCompared,
    StepTrained,
    TestEvaluated,
    ValidationEvaluated,
    VariantEnded,
)
from bn_tui.looking_back.touring import open_step
from bn_tui.tour import STEPS

PLAIN_AGAINST_BN, LAG, MISTAKE = STEPS


def told(step, kind, variant):
    """The events of one kind that a step's run has of a variant, by step where they have one."""
    events = open_step(step).take(100_000)
    return [event for event in events if isinstance(event, kind) and event.variant == variant]


def at(events, step):
    return next(event for event in events if event.step == step)


@pytest.mark.parametrize("step", STEPS, ids=lambda step: step.title)
def test_a_step_says_four_to_six_sentences_that_fit(step):
    assert 4 <= len(re.findall(r"[.?](?: |$)", step.text)) <= 6
    assert step.text.isascii()
    assert len(step.text) < 530


def test_plain_does_not_learn_because_its_signal_dies():
    trained = {
        name: at(told(PLAIN_AGAINST_BN, StepTrained, name), 102).accuracy
        for name in PLAIN_AGAINST_BN.variants
    }
    assert trained == {"plain": pytest.approx(0.1, abs=0.05), "manual": 0.8594}
    differences = at(told(PLAIN_AGAINST_BN, LayersProbed, "plain"), 0).image_deviation
    assert differences[0] == pytest.approx(0.16, abs=0.005)
    assert differences[18] == pytest.approx(1e-7, rel=0.15)
    assert told(PLAIN_AGAINST_BN, StatisticsCompared, "manual") == []
    for step, least, most in ((300, 0.0, 0.12), (400, 0.2, 0.3), (600, 0.95, 1.0)):
        validated = at(told(PLAIN_AGAINST_BN, ValidationEvaluated, "manual"), step)
        assert least <= validated.accuracy <= most


def test_the_averages_lag_and_the_network_does_not():
    compared = told(LAG, StatisticsCompared, "manual")
    early, late = at(compared, 100), at(compared, 400)
    said = (early.moving_accuracy, early.batch_accuracy, early.precise_accuracy)
    assert [f"{accuracy:.2f}" for accuracy in said] == ["0.08", "0.90", "0.90"]
    assert (early.starting_share, late.starting_share) == (
        pytest.approx(0.36, abs=0.005),
        pytest.approx(0.02, abs=0.005),
    )
    first = at(told(LAG, LayersProbed, "manual"), 400)
    assert first.input_deviation[0] ** 2 == pytest.approx(0.001, rel=0.1)
    assert first.moving_variance[0] / first.input_deviation[0] ** 2 == pytest.approx(20, rel=0.1)


def test_the_mistake_is_told_by_single_images_alone():
    scores, samples, weights = (
        {name: told(MISTAKE, kind, name)[-1] for name in MISTAKE.variants}
        for kind in (TestEvaluated, HundredScored, VariantEnded)
    )
    assert {name: score.accuracy for name, score in scores.items()} == {
        "manual": 0.9634,
        "batch-at-inference": 0.9688,
    }
    assert sum(samples["manual"].correct) == 98
    assert set(samples["batch-at-inference"].predictions) == {2}
    assert len({ended.weights_sha256 for ended in weights.values()}) == 1
    validated = told(MISTAKE, ValidationEvaluated, "batch-at-inference")
    assert at(validated, 100).accuracy > 0.85
