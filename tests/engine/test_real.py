"""What the published runs show, on real MNIST: two variants, 200 batches of 64."""

import json

import numpy as np
import pytest

from bn_tui.config import ExperimentConfig
from bn_tui.control import Control
from bn_tui.engine import experiment
from bn_tui.events import StepTrained, TestEvaluated, ValidationEvaluated

pytestmark = pytest.mark.real


@pytest.fixture(scope="module")
def events(mnist_folder):
    config = ExperimentConfig(
        variants=("plain", "manual"), batches=200, data=str(mnist_folder), threads=2
    )
    return list(experiment.run(config, Control()))


@pytest.fixture(scope="module")
def shares(data_folder):
    """The share of each digit: what a network scores that always answers the same."""
    return json.loads((data_folder / "constant_class.json").read_text())


def of_kind(events, kind, variant):
    return [event for event in events if isinstance(event, kind) and event.variant == variant]


def last_training_accuracy(events, variant):
    return np.mean([step.accuracy for step in of_kind(events, StepTrained, variant)[-25:]])


def is_a_share(accuracy, shares):
    return np.isclose(accuracy, shares, rtol=0, atol=1e-9).any()


def test_batch_norm_learns_within_200_batches(events):
    assert last_training_accuracy(events, "manual") > 0.8


def test_plain_answers_one_constant_digit(events, shares):
    assert 0.05 <= last_training_accuracy(events, "plain") <= 0.2
    validation = of_kind(events, ValidationEvaluated, "plain")[-1]
    (test,) = of_kind(events, TestEvaluated, "plain")
    assert is_a_share(validation.accuracy, shares["val"])
    assert is_a_share(test.accuracy, shares["test"])
    assert 0.323 < validation.loss < 0.329


def test_the_moving_averages_lag_behind_the_learning(events, shares):
    at_100 = of_kind(events, ValidationEvaluated, "manual")[1]
    learned = [step.accuracy for step in of_kind(events, StepTrained, "manual")[90:110]]
    assert at_100.step == 100
    assert is_a_share(at_100.accuracy, shares["val"])
    assert np.mean(learned) > 0.6
