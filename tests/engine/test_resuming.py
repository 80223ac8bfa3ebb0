"""One variant, stopped or killed anywhere and resumed: its record is that of a run without."""

import tracemalloc
from functools import cache, partial
from itertools import count

import numpy as np
import pytest
from engine.resumable import Record

from bn_tui.config import ExperimentConfig
from bn_tui.control import Control
from bn_tui.datasets.dataset import Split
from bn_tui.engine import tools
from bn_tui.engine.judge import Digits
from bn_tui.engine.run_context import RunContext
from bn_tui.engine.trainer import Trainer
from bn_tui.engine.training_step import StepResult
from bn_tui.engine.turns import Turns
from bn_tui.events import (
    BatchEvaluated,
    LayersProbed,
    Phase,
    PhaseEntered,
    Status,
    StepTrained,
    TestEvaluated,
    ValidationEvaluated,
)
from bn_tui.variants import VARIANTS

pytestmark = pytest.mark.usefixtures("built_once")

#: Six batches of eight are more than the 30 images, so that an epoch ends on the way.
CONFIG = {
    "batches": 6,
    "batch_size": 8,
    "validate_every": 4,
    "log_every": 2,
    "probe_every": 0,
    "checkpoint_every": 2,
    "seed": 3,
}


def entered(phase, nth=1):
    """The event that is the `nth` entry into a phase."""
    seen = count(1)
    return lambda event: (
        isinstance(event, PhaseEntered) and event.phase is phase and next(seen) == nth
    )


def stated(kind, step=None):
    """The event of this kind, about this step."""
    return lambda event: isinstance(event, kind) and step in (None, getattr(event, "step", None))


#: Where a variant is stopped: at which event, and what its state must be (steps, judged).
STOPS = {
    "before the first step": (lambda: entered(Phase.TRAINING), (0, True)),
    "while the first batch is validated": (lambda: entered(Phase.VALIDATING), (1, False)),
    "between validation and training": (lambda: stated(ValidationEvaluated, 0), (1, True)),
    "after a step": (lambda: stated(StepTrained, 2), (3, True)),
    "after a judged batch": (lambda: stated(BatchEvaluated, 2), (3, True)),
    "exactly at a checkpoint": (lambda: stated(StepTrained, 3), (4, True)),
    "while a later batch is validated": (lambda: entered(Phase.VALIDATING, 2), (5, False)),
    "after the last step": (lambda: stated(StepTrained, 5), (6, True)),
    "in the final validation": (lambda: entered(Phase.VALIDATING, 3), (6, True)),
    "in the final test": (lambda: entered(Phase.TESTING), (6, True)),
    "among the hundred": (lambda: stated(TestEvaluated), (6, True)),
}


def stop_at(is_there):
    def act(event, control):
        if is_there(event):
            control.stop()

    return act


def kill_at(is_there):
    return lambda event, _control: is_there(event)


@pytest.fixture(scope="module")
def digits_split(digits):
    train, test = digits
    return Digits(
        train=Split(train.images[20:50], train.labels[20:50]),
        validation=Split(train.images[:20], train.labels[:20]),
        test=test,
    )


@pytest.fixture(scope="module")
def make_context(digits_split):
    def make_context(variant, control, **settings):
        return RunContext(
            config=ExperimentConfig(**CONFIG | settings),
            digits=digits_split,
            control=control,
            clock=partial(next, count(0.0, 1.0)),
            threads=2,
            turns=Turns([variant]),
        )

    return make_context


@pytest.fixture(scope="module")
def record(make_context):
    """Variant → an empty record of it."""
    return lambda variant="plain": Record(VARIANTS[variant], make_context)


@pytest.fixture(scope="module")
def whole(record):
    """(variant, settings) → the record of a run without interruption; each is made once."""
    return cache(lambda variant="plain", **settings: record(variant).go_on(**settings))


@pytest.mark.parametrize("place", STOPS)
def test_a_stop_anywhere_leaves_no_trace(record, whole, place):
    make_predicate, expected = STOPS[place]
    stopped = record().go_on(stop_at(make_predicate()))
    assert stopped.events[-1].status is Status.STOPPED
    assert (stopped.latest.steps, stopped.latest.judged) == expected
    stopped.go_on(state=stopped.latest)
    assert stopped.rows == whole().rows
    assert stopped.events[-1].status is Status.DONE


@pytest.mark.parametrize("nth", [12, 18])
def test_killed_at_an_event_it_goes_on_from_the_latest_state(record, whole, nth):
    events = count(1)
    killed = record().go_on(kill_at(lambda _: next(events) == nth))
    assert len(killed.events) == nth
    killed.go_on(state=killed.latest)
    assert killed.rows == whole().rows


@pytest.mark.parametrize("variant", ["layers", "manual"])
def test_a_variant_bears_one_interruption_after_another(record, whole, variant):
    interrupted = record(variant)
    for is_there, expected in (
        (entered(Phase.TRAINING), (0, True)),
        (entered(Phase.VALIDATING), (1, False)),
        (stated(StepTrained, 3), (4, True)),
        (entered(Phase.VALIDATING), (5, False)),
        (entered(Phase.TESTING), (6, True)),
    ):
        interrupted.go_on(stop_at(is_there), state=interrupted.latest)
        assert (interrupted.latest.steps, interrupted.latest.judged) == expected
    interrupted.go_on(state=interrupted.latest)
    assert interrupted.rows == whole(variant).rows
    assert len(interrupted.events[-1].weights_sha256) == 64


# Renorm counts its updates among its statistics, precise ones are taken anew with the weights.
@pytest.mark.parametrize("variant", ["manual", "renorm", "precise"])
def test_probes_are_those_of_a_run_without_interruption(record, whole, variant):
    interrupted = record(variant)
    for is_there, expected in (
        (stated(LayersProbed, 0), (1, False)),
        (stated(ValidationEvaluated, 4), (5, False)),
        (entered(Phase.TESTING), (6, True)),
    ):
        interrupted.go_on(stop_at(is_there), state=interrupted.latest, probe_every=2)
        assert (interrupted.latest.steps, interrupted.latest.judged) == expected
    interrupted.go_on(state=interrupted.latest, probe_every=2)
    assert interrupted.rows == whole(variant, probe_every=2).rows


def test_states_are_where_they_should_be(whole):
    states = whole().states
    assert [(state.steps, state.judged) for state, _ in states] == [(2, True), (4, True), (6, True)]
    # Whoever keeps one has the very events that it counts.
    assert all(state.events == events for state, events in states)


def test_without_checkpoints_there_is_one_before_the_final_scores(whole):
    states = whole(checkpoint_every=0).states
    assert [state.steps for state, _ in states] == [6]


def test_a_stop_at_a_checkpoint_keeps_one_state(record):
    stopped = record().go_on(stop_at(stated(StepTrained, 3)))
    assert [state.steps for state, _ in stopped.states] == [2, 4]


@pytest.mark.parametrize("place", ["after the last step", "in the final test"])
def test_more_batches_are_those_of_a_longer_run(record, whole, place):
    longer = record().go_on(stop_at(STOPS[place][0]()))
    longer.go_on(state=longer.latest, batches=9)
    assert longer.rows == whole(batches=9).rows


def test_a_finished_run_goes_on_from_before_its_final_scores(record, whole):
    finished = record().go_on()
    assert finished.events[-1].status is Status.DONE
    finished.go_on(state=finished.latest, batches=9)
    assert finished.rows == whole(batches=9).rows


def test_any_state_of_a_run_leads_to_its_end(record, whole):
    for state, events in whole().states:
        resumed = record()
        resumed.events = whole().events[:events]
        assert resumed.go_on(state=state).rows == whole().rows


def test_a_pause_stays_in_the_record(record):
    def pause_then(steer):
        def act(event, control):
            if stated(StepTrained, 2)(event):
                control.pause("plain")
            elif entered(Phase.PAUSED)(event):
                steer(control)

        return act

    paused = record().go_on(pause_then(lambda control: control.resume("plain")))
    stopped = record().go_on(pause_then(lambda control: control.stop()))
    assert stopped.latest.steps == 3
    assert stopped.go_on(state=stopped.latest).rows == paused.rows


def test_paused_from_the_start_it_waits_where_it_was(record, whole):
    stopped = record().go_on(stop_at(stated(StepTrained, 2)))

    def act(event, control):
        if entered(Phase.BUILDING)(event):
            control.pause("plain")
        elif entered(Phase.PAUSED)(event):
            control.resume("plain")

    stopped.go_on(act, state=stopped.latest)
    pauses = [at for at, event in enumerate(stopped.events) if entered(Phase.PAUSED)(event)]
    assert len(pauses) == 1
    rows = stopped.rows
    assert rows[: pauses[0]] + rows[pauses[0] + 2 :] == whole().rows


def test_stopped_on_its_way_back_it_is_where_it_was(record, whole):
    stopped = record().go_on(stop_at(stated(StepTrained, 2)))
    before, state = stopped.events[-1], stopped.latest
    for phase in (Phase.BUILDING, Phase.COMPILING):
        stopped.go_on(stop_at(entered(phase)), state=state)
        ended = stopped.events[-1]
        assert (ended.status, ended.steps) == (Status.STOPPED, 3)
        assert ended.weights_sha256 == before.weights_sha256
        assert ended.seconds_per_step == before.seconds_per_step
        assert stopped.latest is state
    assert stopped.go_on(state=state).rows == whole().rows


def test_a_fresh_one_stopped_while_building_has_no_state(record):
    assert record().go_on(stop_at(entered(Phase.BUILDING))).states == []


def test_divergence_comes_back(record):
    wild = {"learning_rate": 1e6}
    whole = record().go_on(**wild)
    assert whole.events[-1].status is Status.DIVERGED
    stopped = record().go_on(stop_at(entered(Phase.VALIDATING)), **wild)
    assert stopped.events[-1].status is Status.STOPPED
    assert stopped.go_on(state=stopped.latest, **wild).rows == whole.rows


def test_step_times_go_on(record):
    stopped = record().go_on(stop_at(stated(StepTrained, 2)))
    stopped.go_on(state=stopped.latest)
    seconds = [event.step_seconds for event in stopped.events if isinstance(event, StepTrained)]
    assert len(seconds) == 6
    assert stopped.events[-1].train_seconds == pytest.approx(sum(seconds))
    assert stopped.events[-1].seconds_per_step == pytest.approx(np.median(seconds), rel=5e-4)


def test_a_state_is_not_touched_by_what_goes_on_from_it(record):
    stopped = record().go_on(stop_at(stated(StepTrained, 2)))
    state = stopped.latest
    before = {name: bytearray(vector) for name, vector in state.vectors.items()}
    stopped.go_on(state=state)
    assert state.vectors == before


def test_a_state_of_another_network_is_refused(record, whole):
    with pytest.raises(ValueError, match=r"^parameters: expected \d+ bytes, got \d+$"):
        record("manual").go_on(state=whole("plain").latest)


def sum_own_memory():
    """Bytes that lines of this program have asked for, whatever other threads do meanwhile."""
    own = tracemalloc.Filter(inclusive=True, filename_pattern="*/bn_tui/*")
    traces = tracemalloc.take_snapshot().filter_traces([own]).traces
    return sum(trace.size for trace in traces)


def test_memory_does_not_grow_with_the_batches(make_context, monkeypatch):
    class NoStep:
        def __init__(self, *_):
            pass

        def __call__(self, *_):
            return StepResult(loss=0.5, accuracy=0.5, finite=True, gradient=None)

    monkeypatch.setattr(tools, "TrainingStep", NoStep)
    settings = {"batches": 20_000, "batch_size": 1, "log_every": 10**6, "validate_every": 10**6}
    context = make_context("plain", Control(), checkpoint_every=1000, **settings)
    used = {}
    try:
        for event in Trainer(VARIANTS["plain"], context, keep=lambda _: None).run():
            if stated(StepTrained, 9_000)(event):
                tracemalloc.start()
            elif stated(StepTrained, 10_000)(event) or stated(StepTrained, 19_000)(event):
                used[event.step] = sum_own_memory()
    finally:
        tracemalloc.stop()
    assert used[19_000] - used[10_000] < 50_000
