"""A record of one variant that is interrupted and resumed, as whoever keeps a run does it."""

import json
from dataclasses import asdict, replace

from bn_tui.control import Control
from bn_tui.engine.trainer import Trainer
from bn_tui.events import Phase, PhaseEntered, plain

TIMES = {"seconds", "step_seconds", "seconds_per_step", "train_seconds", "probe_seconds"}


def row(event):
    """What the record has of an event, times aside."""
    values = {name: value for name, value in asdict(event).items() if name not in TIMES}
    return type(event).__name__, plain(values)


def leave_out_repeats(events, *, resumed):
    """Apply the rule that `Resumption` states, to the events of one variant."""
    for event in events:
        if resumed and isinstance(event, PhaseEntered):
            resumed = event.phase is not Phase.TRAINING
        else:
            yield event


def through_json(state):
    """The state as it comes back from a disk."""
    return replace(state, timings=json.loads(json.dumps(state.timings)))


class Record:
    """The events of one variant, in however many processes they were stated.

    `states` are those that were kept, each with how many events there were by then.
    """

    def __init__(self, variant, make_context):
        self._variant = variant
        self._make_context = make_context
        self.events = []
        self.states = []

    @property
    def rows(self):
        return [row(event) for event in self.events]

    @property
    def latest(self):
        return self.states[-1][0] if self.states else None

    def go_on(self, act=None, *, state=None, **settings):
        """Cut the record at a state (None is the beginning) and train on.

        `act` is called with (event, control) after every event; where it returns True the
        process is killed.
        """
        state = None if state is None else through_json(state)
        del self.events[0 if state is None else state.events :]
        control = Control()
        trainer = Trainer(
            self._variant,
            self._make_context(self._variant.name, control, **settings),
            state=state,
            stated=len(self.events),
            keep=lambda kept: self.states.append((kept, len(self.events))),
        )
        stream = leave_out_repeats(self._follow(trainer, act, control), resumed=state is not None)
        for event in stream:
            self.events.append(event)
        return self

    def _follow(self, trainer, act, control):
        for event in trainer.run():
            yield event
            if act is not None and act(event, control):
                return
