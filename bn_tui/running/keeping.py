"""A run and the folder that keeps it: the events of both, as one stream.

What a run needs of the disk is seen to here, so that whoever shows the events need not know
whether anything is kept, and whether it is the first process that works on it.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from queue import SimpleQueue

from bn_tui.control import Control
from bn_tui.engine.experiment import run
from bn_tui.events import (
    DataLoaded,
    DataProgressed,
    Event,
    RunEnded,
    RunStarted,
    SamplesChosen,
    SavingFailed,
)
from bn_tui.records.checkpoints import Checkpointer
from bn_tui.records.folder import RunFolder, lock, open_folder
from bn_tui.records.plan import Plan
from bn_tui.records.recorder import Recorder
from bn_tui.records.resuming import plan
from bn_tui.running.wire import Order


class KeptTraining:
    """A run that is about to be trained, from its start or from where it stopped."""

    def __init__(self, order: Order, plan: Plan | None) -> None:
        self._order = order
        self._plan = plan
        self.config = order.config if plan is None else plan.config
        self._failures: SimpleQueue[tuple[str, str]] = SimpleQueue()

    @property
    def notes(self) -> tuple[str, ...]:
        """What a person should know of how it goes on."""
        return () if self._plan is None else self._plan.notes

    def recall(self) -> Iterator[Event]:
        """Give what its record keeps, which was stated by the processes before."""
        return iter(()) if self._plan is None else self._plan.events()

    def train(self, control: Control) -> Iterator[Event]:
        """Train it, keep it, and give what is new.

        Raises:
            BnTuiError: nothing was trained: the data are not to be had, the folder cannot be
                written, or what the run goes on with is not what it was.
        """
        if self._order.folder is None:
            yield from run(self.config, control)
            return
        plan = self._plan
        recorder = Recorder(self._order.folder, plan=plan, report=self._report)
        checkpointer = Checkpointer(
            RunFolder(self._order.folder),
            recorder.sync,
            report=self._report,
            resumed=None if plan is None else plan.checkpoint,
        )
        resumption = None if plan is None else plan.resumption
        recalled = plan is not None and plan.keeps_the_beginning
        try:
            events = run(self.config, control, resumption=resumption, keep=checkpointer.keep)
            for event in events:
                if isinstance(event, RunEnded):
                    checkpointer.close()  # what cannot be saved is said before the end
                for failure in self._take_failures(event.seconds):
                    recorder.handle(failure)
                    yield failure
                recorder.handle(event)
                # What could not be written of this very event; the record may have ended with it.
                yield from self._take_failures(event.seconds)
                if not (recalled and _begins(event)):
                    yield event
        finally:
            checkpointer.close()

    def _report(self, what: str, reason: str) -> None:
        self._failures.put((what, reason))

    def _take_failures(self, seconds: float) -> Iterator[SavingFailed]:
        while not self._failures.empty():
            what, reason = self._failures.get()
            yield SavingFailed(seconds=seconds, what=what, reason=reason)


def _begins(event: Event) -> bool:
    """Whether an event is about the beginning of a run, which is there once."""
    return isinstance(event, RunStarted | DataProgressed | DataLoaded | SamplesChosen)


@contextmanager
def keep(order: Order) -> Iterator[KeptTraining]:
    """Make a run ready, and let no other process write its folder meanwhile.

    Raises:
        BnTuiError: another process writes it, or it cannot go on.
    """
    if order.folder is None:
        yield KeptTraining(order, None)
        return
    with lock(order.folder):
        if order.resumes:
            going_on = plan(open_folder(order.folder), order.changes, force=order.force)
            yield KeptTraining(order, going_on)
        else:
            yield KeptTraining(order, None)
