"""When a variant is looked into, and that looking changes nothing."""

import pytest
from engine.test_trainer import make_trainer, of_kind, outline, split  # noqa: F401 -- a fixture

from bn_tui.control import Control
from bn_tui.engine.comparer import PROBE_IMAGES
from bn_tui.events import (
    LayersProbed,
    StatisticsCompared,
    StepTrained,
    ValidationEvaluated,
    VariantEnded,
)

pytestmark = pytest.mark.usefixtures("built_once")


@pytest.fixture(scope="module")
def train(split):  # noqa: F811
    def train(variant, **settings):
        return list(make_trainer(split, Control(), variant, **settings).run())

    return train


@pytest.fixture(scope="module")
def probed(train):
    return train("manual", probe_every=2)


def test_a_look_is_stated_with_its_step_and_a_comparison_after_all_else(probed):
    names = [
        (name, step)
        for name, step in outline(probed)
        if name not in ("PhaseEntered", "TestEvaluated", "HundredScored", "VariantEnded")
    ]
    assert names == [
        ("StepTrained", 0),
        ("LayersProbed", 0),
        ("ValidationEvaluated", 0),
        ("StatisticsCompared", 0),
        ("StepTrained", 1),
        ("StepTrained", 2),
        ("LayersProbed", 2),
        ("BatchEvaluated", 2),
        ("StatisticsCompared", 2),
        ("StepTrained", 3),
        ("StepTrained", 4),
        ("LayersProbed", 4),
        ("ValidationEvaluated", 4),
        ("StatisticsCompared", 4),
        ("StepTrained", 5),
        ("ValidationEvaluated", 5),
        ("StatisticsCompared", 5),
    ]


def test_what_is_still_the_start_is_momentum_to_the_power_of_the_updates(probed):
    compared = of_kind(probed, StatisticsCompared)
    shares = [event.starting_share for event in compared]
    assert shares == pytest.approx([0.99, 0.99**3, 0.99**5, 0.99**6], rel=1e-12)
    assert [event.final for event in compared] == [False, False, False, True]
    assert all(event.images == min(20, PROBE_IMAGES) for event in compared)


def test_the_moving_judgement_is_the_validation_s(probed):
    validated = {event.step: event for event in of_kind(probed, ValidationEvaluated)}
    for compared in of_kind(probed, StatisticsCompared):
        if compared.step in validated:
            expected = validated[compared.step]
            assert compared.moving_loss == pytest.approx(expected.loss, abs=1e-6)
            assert compared.moving_accuracy == expected.accuracy
        assert compared.batch_loss != compared.moving_loss != compared.precise_loss


def test_weights_are_the_same_to_the_last_bit_without_probes(train, probed):
    without = train("manual", probe_every=0)
    assert not of_kind(without, LayersProbed) + of_kind(without, StatisticsCompared)
    (ended,), (ended_without,) = of_kind(probed, VariantEnded), of_kind(without, VariantEnded)
    assert ended.weights_sha256 == ended_without.weights_sha256
    losses = [[event.loss for event in of_kind(run, StepTrained)] for run in (probed, without)]
    assert losses[0] == losses[1]


def test_without_statistics_there_is_nothing_to_compare_and_batches_may_be_its_own(train):
    events = train("group:2", probe_every=3)
    probed = of_kind(events, LayersProbed)
    assert [(event.step, event.images) for event in probed] == [(0, 2), (3, 2)]
    assert {len(event.gradient_norm) for event in probed} == {20}
    assert {event.mean_distance for event in probed} == {()}
    assert of_kind(events, StatisticsCompared) == []
