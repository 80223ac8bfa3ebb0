"""All variants of a run, interrupted and resumed: their records are those of a run without."""

import threading
from dataclasses import replace
from functools import cache

import pytest
from engine.resumable import leave_out_repeats, row, through_json
from engine.streams import ends, of_kind

from bn_tui.control import Control
from bn_tui.engine import experiment
from bn_tui.events import RunEnded, RunStarted, Status, StepTrained, VariantEvent
from bn_tui.state import Resumption
from bn_tui.variants import VARIANTS, Kind

pytestmark = pytest.mark.usefixtures("built_once")

ALL = tuple(name for name in VARIANTS if VARIANTS[name].kind is Kind.ORIGINAL)


@pytest.fixture(scope="module")
def run(configure):
    """Settings → every event; each run is made once."""
    return cache(lambda **settings: list(experiment.run(configure(**settings), Control())))


class Keeper:
    """Keeps the events of a run as they are consumed, and the states among them."""

    def __init__(self):
        self.events = []
        self.states = {}
        self.moments = []

    def keep(self, state):
        """Note the state, the thread, and how many events of its variant there were."""
        self.states[state.variant] = through_json(state)
        count = len(of_kind(self.events, VariantEvent, state.variant))
        self.moments.append((state, threading.current_thread(), count))

    def consume(self, config, resumption=None, until=None):
        """Consume a run; `until` is called with (event, control) and ends it by returning True.

        Its trainers have ended then, as those of a process that is killed have.
        """
        control, others = Control(), set(threading.enumerate())
        stream = experiment.run(config, control, resumption=resumption, keep=self.keep)
        for event in stream:
            self.events.append(event)
            if until is not None and until(event, control):
                stream.close()
                break
        for trainer in set(threading.enumerate()) - others:
            trainer.join(60)
        return self

    def resumption(self, ended=()):
        """What the latest states make of it, as whoever keeps a run does it."""
        states = {name: state for name, state in self.states.items() if name not in ended}
        return Resumption(
            states=states,
            ended=frozenset(ended),
            seconds=self.events[-1].seconds,
            events={name: state.events for name, state in states.items()},
        )


def rows_of(keeper, variant):
    return [row(event) for event in of_kind(keeper.events, VariantEvent, variant)]


def joined(before, after, resumption, variant):
    """The record of a variant: what is kept of a run, and what a resumed one has to add."""
    kept = rows_of(before, variant)[: resumption.events.get(variant, 0)]
    new = of_kind(after.events, VariantEvent, variant)
    new = leave_out_repeats(new, resumed=variant in resumption.states)
    return kept + [row(event) for event in new]


@pytest.mark.parametrize(
    ("ending", "sequential"), [("stopped", False), ("killed", False), ("killed", True)]
)
def test_all_variants_go_on_to_the_same_last_bit(configure, run, ending, sequential):
    config = configure(variants=ALL, checkpoint_every=1, sequential=sequential)

    def interrupt(event, control):
        if isinstance(event, StepTrained) and (event.variant, event.step) == ("manual", 3):
            control.stop()
            return ending == "killed"
        return False

    before = Keeper().consume(config, until=interrupt)
    resumption = before.resumption()
    assert 0 < resumption.states["manual"].steps < 6
    after = Keeper().consume(config, resumption)
    for variant in ALL:
        whole = of_kind(run(variants=ALL, sequential=sequential), VariantEvent, variant)
        rows = joined(before, after, resumption, variant)
        assert rows == [row(event) for event in whole]


def test_states_come_among_the_events_in_the_thread_that_consumes_them(configure):
    keeper = Keeper().consume(configure(variants=("plain", "manual"), checkpoint_every=2))
    for state, thread, count in keeper.moments:
        assert thread is threading.current_thread()
        assert state.events == count
    for name in ("plain", "manual"):
        kept = [state for state, *_ in keeper.moments if state.variant == name]
        assert kept[-1].steps == 6
        assert all(state.judged for state in kept)


def test_what_has_ended_says_nothing_and_does_nothing(configure):
    config = configure(variants=("plain", "manual", "nn"))
    before = Keeper().consume(config)
    threads = []

    def look(event, _):
        threads.extend(thread.name for thread in threading.enumerate())

    resumption = before.resumption(ended=("plain", "nn"))
    after = Keeper().consume(config, resumption, until=look)
    assert {event.variant for event in of_kind(after.events, VariantEvent)} == {"manual"}
    assert "manual" in threads
    assert "plain" not in threads
    assert joined(before, after, resumption, "manual") == rows_of(before, "manual")


def test_where_all_has_ended_nothing_is_loaded(configure):
    resumption = Resumption({}, frozenset(["plain", "nn"]), 7.0, {"plain": 9, "nn": 9})
    keeper = Keeper().consume(configure(variants=("plain", "nn")), resumption)
    assert [type(event) for event in keeper.events] == [RunStarted, RunEnded]


def test_one_without_a_state_starts_anew_beside_another(configure):
    config = configure(variants=("plain", "manual"), checkpoint_every=2)
    before = Keeper().consume(config)
    del before.states["plain"]
    resumption = before.resumption()
    after = Keeper().consume(config, resumption)
    for variant in config.variants:
        assert joined(before, after, resumption, variant) == rows_of(before, variant)
    for state, *_ in after.moments:
        assert state.variant == "plain"


def test_the_clock_goes_on(configure):
    resumption = Resumption({}, frozenset(), 5000.0, {"plain": 0})
    events = Keeper().consume(configure(variants=("plain",), batches=1), resumption).events
    assert all(5000.0 <= event.seconds < 5600.0 for event in events)


def test_a_stop_before_it_trains_counts_the_steps_there_are(configure):
    config = configure(variants=("plain",))
    before = Keeper().consume(config)

    def stop_at_once(_event, control):
        control.stop()

    after = Keeper().consume(config, before.resumption(), until=stop_at_once)
    ended = ends(after.events)["plain"]
    assert (ended.status, ended.steps) == (Status.STOPPED, 6)
    assert after.states == {}


def test_a_state_of_something_else_fails_that_variant_alone(configure):
    config = configure(variants=("plain", "manual"))
    before = Keeper().consume(config)
    before.states["plain"] = replace(before.states["manual"], variant="plain")
    after = Keeper().consume(config, before.resumption())
    assert ends(after.events)["plain"].reason.startswith("ValueError: parameters: expected")
    assert ends(after.events)["manual"].status is Status.DONE


def test_an_error_of_whoever_keeps_them_is_raised_to_the_consumer(configure):
    def fail(_):
        raise OSError("no space")

    with pytest.raises(OSError, match="no space"):
        list(experiment.run(configure(variants=("plain",)), Control(), keep=fail))
