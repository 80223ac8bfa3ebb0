"""One variant, in this thread, under a clock that ticks once for each event."""

import math
from functools import partial
from itertools import count, islice

import numpy as np
import pytest
import tensorflow as tf

from bn_tui.config import ExperimentConfig
from bn_tui.control import Control
from bn_tui.datasets.dataset import Split
from bn_tui.engine.architecture import initial_kernels
from bn_tui.engine.batches import walk
from bn_tui.engine.evaluation import sigmoid_cross_entropy
from bn_tui.engine.judge import Digits
from bn_tui.engine.network import build_network
from bn_tui.engine.run_context import RunContext
from bn_tui.engine.trainer import Trainer
from bn_tui.engine.turns import Turns
from bn_tui.events import (
    BatchEvaluated,
    HundredScored,
    Phase,
    PhaseEntered,
    Status,
    StepTrained,
    TestEvaluated,
    ValidationEvaluated,
    VariantEnded,
)
from bn_tui.variants import find_variant

pytestmark = pytest.mark.usefixtures("built_once")

CONFIG = {
    "batches": 6,
    "batch_size": 8,
    "validate_every": 4,
    "log_every": 2,
    "probe_every": 0,
    "seed": 3,
}


@pytest.fixture(scope="module")
def split(digits):
    train, test = digits
    return Digits(
        train=Split(train.images[20:], train.labels[20:]),
        validation=Split(train.images[:20], train.labels[:20]),
        test=test,
    )


@pytest.fixture
def control():
    return Control()


def make_trainer(split, control, variant="plain", **settings):
    context = RunContext(
        config=ExperimentConfig(**CONFIG | settings),
        digits=split,
        control=control,
        clock=partial(next, count(0.0, 1.0)),
        threads=2,
        turns=Turns([variant]),
    )
    return Trainer(find_variant(variant), context)


@pytest.fixture(scope="module")
def stated(split):
    return list(make_trainer(split, Control()).run())


def of_kind(events, kind):
    return [event for event in events if isinstance(event, kind)]


def outline(events):
    """Each event in short: its name, and the phase or step that it is about."""
    return [
        (type(event).__name__, getattr(event, "phase", getattr(event, "step", None)))
        for event in events
    ]


def test_the_events_of_a_variant_in_order(stated):
    assert outline(stated) == [
        ("PhaseEntered", Phase.BUILDING),
        ("PhaseEntered", Phase.COMPILING),
        ("PhaseEntered", Phase.TRAINING),
        ("StepTrained", 0),
        ("PhaseEntered", Phase.VALIDATING),
        ("ValidationEvaluated", 0),
        ("PhaseEntered", Phase.TRAINING),
        ("StepTrained", 1),
        ("StepTrained", 2),
        ("BatchEvaluated", 2),
        ("StepTrained", 3),
        ("StepTrained", 4),
        ("PhaseEntered", Phase.VALIDATING),
        ("ValidationEvaluated", 4),
        ("PhaseEntered", Phase.TRAINING),
        ("StepTrained", 5),
        ("PhaseEntered", Phase.VALIDATING),
        ("ValidationEvaluated", 5),
        ("PhaseEntered", Phase.TESTING),
        ("TestEvaluated", None),
        ("HundredScored", None),
        ("VariantEnded", None),
    ]
    assert [event.seconds for event in stated] == sorted(event.seconds for event in stated)
    assert {event.variant for event in stated} == {"plain"}
    assert [event.final for event in of_kind(stated, ValidationEvaluated)] == [False, False, True]


def test_every_step_is_stated_and_counted(stated):
    steps = of_kind(stated, StepTrained)
    (ended,) = of_kind(stated, VariantEnded)
    assert [step.step for step in steps] == list(range(6))
    assert (ended.status, ended.reason, ended.steps) == (Status.DONE, None, 6)
    seconds = [step.step_seconds for step in steps]
    assert ended.train_seconds == pytest.approx(sum(seconds))
    assert ended.seconds_per_step == pytest.approx(np.median(seconds), rel=5e-4)
    assert len(bytes.fromhex(ended.weights_sha256)) == 32


def test_a_step_s_loss_is_of_its_batch_before_the_update(stated, split):
    batch = next(walk(220, 8, seed=3))
    network = build_network("bias", initial_kernels("glorot_uniform", 3))
    logits = network.infer_logits(tf.constant(split.train.images[batch]))
    labels = split.train.labels[batch]
    expected = float(tf.reduce_mean(sigmoid_cross_entropy(logits, tf.constant(labels))))
    first = of_kind(stated, StepTrained)[0]
    assert first.loss == pytest.approx(expected, abs=1e-6)
    assert first.accuracy == pytest.approx(np.mean(np.argmax(logits, axis=1) == labels))


def test_the_hundred_are_scored_against_their_labels(stated, split):
    (scored,) = of_kind(stated, HundredScored)
    assert len(scored.predictions) == len(scored.correct) == 100
    labels = split.test.labels[:100].tolist()
    assert scored.correct == tuple(map(int.__eq__, scored.predictions, labels))
    assert scored.accuracy == sum(scored.correct) / 100


def test_scores_are_shares_of_their_images(stated):
    (tested,) = of_kind(stated, TestEvaluated)
    shares = [
        *((event.accuracy, 20) for event in of_kind(stated, ValidationEvaluated)),
        *((event.accuracy, 8) for event in of_kind(stated, BatchEvaluated)),
        (tested.accuracy, 120),
    ]
    for accuracy, images in shares:
        assert accuracy * images == pytest.approx(round(accuracy * images))
        assert 0 <= accuracy <= 1


def test_events_carry_plain_numbers(stated):
    for event in stated:
        for name in event.__dataclass_fields__:
            value = getattr(event, name)
            assert type(value) in {float, int, str, bool, tuple, Phase, Status, type(None)}, name
    (scored,) = of_kind(stated, HundredScored)
    assert {type(value) for value in (*scored.predictions, *scored.correct)} == {int, bool}


def test_one_batch_and_thirty_test_images_are_enough(split, control):
    few = Digits(
        split.train, split.validation, Split(split.test.images[:30], split.test.labels[:30])
    )
    stated = list(make_trainer(few, control, batches=1).run())
    validations = of_kind(stated, ValidationEvaluated)
    assert [(event.step, event.final) for event in validations] == [(0, False), (0, True)]
    assert validations[0].loss == validations[1].loss
    (scored,) = of_kind(stated, HundredScored)
    assert len(scored.predictions) == 30
    assert stated[-1].steps == 1


def test_a_stop_before_anything_ends_it_without_weights(split, control):
    control.stop()
    *_, ended = make_trainer(split, control).run()
    assert (ended.status, ended.steps, ended.weights_sha256) == (Status.STOPPED, 0, None)
    assert (ended.seconds_per_step, ended.train_seconds) == (None, None)


def test_a_stop_ends_it_before_the_next_step(split, control):
    events = make_trainer(split, control).run()
    before = list(islice(events, 9))
    assert outline(before)[-1] == ("StepTrained", 2)
    control.stop()
    # What the step in hand still has to say is said.
    *rest, ended = events
    assert outline(rest) == [("BatchEvaluated", 2)]
    assert (ended.status, ended.reason) == (Status.STOPPED, None)
    assert ended.steps == 3
    assert len(ended.weights_sha256) == 64


@pytest.mark.parametrize("phase", [Phase.VALIDATING, Phase.TESTING])
def test_a_stop_while_judging_leaves_no_half_score(split, control, phase):
    stated = []
    for event in make_trainer(split, control, validate_every=100).run():
        stated.append(event)
        if event == PhaseEntered(seconds=event.seconds, variant="plain", phase=phase):
            control.stop()
    assert outline(stated)[-2] == ("PhaseEntered", phase)
    assert stated[-1].status is Status.STOPPED


@pytest.mark.parametrize("learning_rate", [1e6, 1e30])
def test_it_ends_where_it_is_no_longer_finite(split, control, learning_rate):
    """Weights that are not finite count: a ReLU may make a finite loss of them, NaN → 0."""
    stated = list(make_trainer(split, control, learning_rate=learning_rate).run())
    ended = stated[-1]
    assert ended.status is Status.DIVERGED
    assert ended.steps == len(of_kind(stated, StepTrained)) < 6
    assert "\n" not in ended.reason
    assert "batch" in ended.reason
    # A reason says what it is, where the loss of the last update is none.
    named = any(word in ended.reason for word in ("gradient", "validation"))
    assert named == math.isfinite(of_kind(stated, StepTrained)[-1].loss)
    assert not of_kind(stated, TestEvaluated)


def test_a_paused_variant_waits_and_goes_on_to_the_same_weights(split, control, stated):
    stream = make_trainer(split, control).run()
    events = list(islice(stream, 9))
    assert outline(events)[-1] == ("StepTrained", 2)
    control.pause("plain")
    while not isinstance(events[-1], PhaseEntered):
        events.append(next(stream))
    assert events[-1].phase is Phase.PAUSED
    control.resume("plain")
    events.extend(stream)
    assert events[-1].weights_sha256 == stated[-1].weights_sha256
    assert [step.loss for step in of_kind(events, StepTrained)] == [
        step.loss for step in of_kind(stated, StepTrained)
    ]


def test_a_paused_variant_can_be_stopped(split, control):
    stream = make_trainer(split, control).run()
    control.pause("plain")
    phase = next(event for event in stream if getattr(event, "phase", None) is Phase.PAUSED)
    assert phase.variant == "plain"
    control.stop()
    assert [event.status for event in of_kind(stream, VariantEnded)] == [Status.STOPPED]
